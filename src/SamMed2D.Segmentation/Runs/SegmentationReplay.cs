using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Runs;

/// <summary>Runs again what a record says: each run of the chain with its prompts, window and rules, each from the labels of the one before.</summary>
public static class SegmentationReplay
{
    /// <summary>The name of the source that stands for edits by hand, which cannot be run again.</summary>
    internal const string HandEdit = "--edit";

    /// <summary>Does all the work of a record.</summary>
    /// <param name="segmenter">The model; it stays the caller's.</param>
    /// <param name="volume">The scan; it stays the caller's.</param>
    /// <param name="record">What to do.</param>
    /// <param name="maskFolder">Where the mask files lie that the prompts name.</param>
    /// <param name="readMask">Gives the label map of a file.</param>
    /// <param name="progress">Told the slices done and planned, anew in each run.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    /// <exception cref="UnsupportedInputException">The record was made from another scan or with another model, or a mask file has changed, or labels were edited by hand.</exception>
    /// <exception cref="InvalidPromptException">The record's prompts do not fit the scan.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static ReplayResult Run(
        IPromptableSegmenter segmenter, Volume volume, SegmentationRecord record, string maskFolder, Func<string, LabelMap> readMask,
        ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        record.RequireScan(volume);
        record.RequireModel(segmenter.Description);
        SegmentationResult? result = null;
        int? firstDifferent = null;
        for (int number = 0; number < record.Runs.Count; number++)
        {
            RunRecord run = record.Runs[number];
            if (run.Prompts is [{ Name: HandEdit }])
                throw new UnsupportedInputException(record.File, $"cannot be replayed: step {number + 1} of {record.Runs.Count} was an edit by hand, and such edits are kept in the labels alone");
            LabelMap ReadUnchanged(string file) => RequireUnchanged(readMask(file), file, run);
            PromptDocument document = PromptDocument.Combine(run.Prompts.Select(p => PromptShorthand.Parse(p, maskFolder, ReadUnchanged)));
            SegmentationRequest request = SegmentationRequest.Create(volume, run.Window, run.WindowName, document, ReadUnchanged, run.Axis, result?.ToState());
            result = SegmentationRun.Run(segmenter, request with { Options = run.Options, Editable = run.Editable }, progress, cancellation);
            if (result.Runs[^1].LabelsSha256 != run.LabelsSha256) firstDifferent ??= number;
        }
        return new(result!, firstDifferent);
    }

    private static LabelMap RequireUnchanged(LabelMap labels, string file, RunRecord run)
    {
        string name = Path.GetFileName(file), hash = VoxelHash.Of(labels);
        return run.Masks.Any(m => m.File == name && m.LabelsSha256 == hash) ? labels : throw new UnsupportedInputException(
            file, "is not the mask that the record was made with: its voxels differ; give the folder that holds the original with --masks");
    }
}

/// <summary>What a replay found.</summary>
/// <param name="Result">The last run, made again.</param>
/// <param name="FirstDifferentRun">The first run of the chain, from 0, whose voxels are not those of the record; null where all are the same.</param>
public sealed record ReplayResult(SegmentationResult Result, int? FirstDifferentRun)
{
    /// <summary>Whether the last run's voxels are those of the record.</summary>
    public bool IsSame(SegmentationRecord record) => Result.Runs[^1].LabelsSha256 == record.Runs[^1].LabelsSha256;
}
