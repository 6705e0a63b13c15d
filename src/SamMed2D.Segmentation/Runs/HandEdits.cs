using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Runs;

/// <summary>Edits by hand, as records tell them: a run without prompts to run again, whose labels are known by their hash alone.</summary>
internal static class HandEdits
{
    /// <summary>What stands for the model where labels were made by hand alone.</summary>
    public static SegmenterDescription NoModel { get; } = new("", "by hand", "", "", "", "");

    /// <summary>The runs of a state, and one more where its labels are others than the last run left.</summary>
    /// <param name="state">The state.</param>
    /// <param name="window">The window to tell where no run has told one.</param>
    /// <param name="windowName">How it was chosen.</param>
    /// <param name="always">Whether there is to be a run even where nothing was ever labelled.</param>
    public static IReadOnlyList<RunRecord> Note(SegmentationState state, IntensityWindow window, string windowName, bool always = false)
    {
        string hash = VoxelHash.Of(state.Labels);
        RunRecord? last = state.Runs.Count > 0 ? state.Runs[^1] : null;
        if (last?.LabelsSha256 == hash) return state.Runs;
        if (last is null && !always && !state.Labels.Labels.ContainsAnyExcept((ushort)0)) return state.Runs;
        return [.. state.Runs, new()
        {
            Tool = RunRecord.ThisTool,
            Prompts = [new(SegmentationReplay.HandEdit, "")],
            Axis = last?.Axis,
            WindowName = last?.WindowName ?? windowName,
            Window = last?.Window ?? window,
            Options = last?.Options ?? new PropagationOptions { Strategy = PromptStrategy.Mask, MinPredictedIou = 0 },
            Editable = last?.Editable,
            LabelsSha256 = hash,
        }];
    }
}
