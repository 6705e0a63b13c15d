using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Runs;

/// <summary>What a run leaves for the next one: the labels and how they came about.</summary>
/// <param name="Labels">The label map, on the scan's grid; a run that continues it copies it.</param>
/// <param name="Segments">What became of each segment.</param>
/// <param name="Runs">The runs that made the labels, the oldest first.</param>
public sealed record SegmentationState(LabelMap Labels, IReadOnlyList<SegmentOutcome> Segments, IReadOnlyList<RunRecord> Runs)
{
    /// <summary>The segment of a name; null where there is none.</summary>
    public SegmentOutcome? Find(string name) => Segments.FirstOrDefault(s => s.Plan.Segment.Name == name);
}

/// <summary>A mask file among the prompts.</summary>
/// <param name="File">Its name without its folder.</param>
/// <param name="LabelsSha256">The identity of its labels, <see cref="VoxelHash.Of(LabelMap)"/>.</param>
public sealed record MaskSource(string File, string LabelsSha256);

/// <summary>All that a run needs to be run again, beside the scan, the model and what it continued; and what came out.</summary>
public sealed record RunRecord
{
    /// <summary>The program and its version.</summary>
    public required string Tool { get; init; }

    /// <summary>The prompts, word for word.</summary>
    public required IReadOnlyList<PromptSource> Prompts { get; init; }

    /// <summary>The mask files that the prompts name.</summary>
    public IReadOnlyList<MaskSource> Masks { get; init; } = [];

    /// <summary>The axis for segments whose prompts name none; null took the grid's natural one.</summary>
    public SliceAxis? Axis { get; init; }

    /// <summary>How the window was chosen.</summary>
    public required string WindowName { get; init; }

    /// <summary>The window.</summary>
    public required IntensityWindow Window { get; init; }

    /// <summary>Strategy, rules and limits, none left open.</summary>
    public required PropagationOptions Options { get; init; }

    /// <summary>The intensities that might be labelled; null for all.</summary>
    public IntensityRange? Editable { get; init; }

    /// <summary>The identity of the label map that came out, <see cref="VoxelHash.Of(LabelMap)"/>.</summary>
    public required string LabelsSha256 { get; init; }

    internal static string ThisTool { get; } = $"sammed2d {typeof(RunRecord).Assembly.GetName().Version?.ToString(3) ?? "0.0.0"}";

    internal static RunRecord Of(SegmentationRequest request, LabelMap labels) => new()
    {
        Tool = ThisTool,
        Prompts = request.Sources,
        Masks = request.Masks,
        Axis = request.Axis,
        WindowName = request.WindowName,
        Window = request.Window,
        Options = request.Options,
        Editable = request.Editable,
        LabelsSha256 = VoxelHash.Of(labels),
    };
}
