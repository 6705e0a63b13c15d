using System.Diagnostics;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Runs;

/// <summary>What to segment, in which scan, by what rules.</summary>
public sealed record SegmentationRequest
{
    /// <summary>The scan; it stays the caller's.</summary>
    public required Volume Volume { get; init; }

    /// <summary>The intensities shown to the model as black and white.</summary>
    public required IntensityWindow Window { get; init; }

    /// <summary>How the window was chosen, for the record.</summary>
    public required string WindowName { get; init; }

    /// <summary>The structures, fitted to the scan's grid.</summary>
    public required IReadOnlyList<ResolvedSegment> Segments { get; init; }

    /// <summary>The prompts as given, for the record.</summary>
    public IReadOnlyList<PromptSource> Sources { get; init; } = [];

    /// <summary>Strategy, rules and limits.</summary>
    public PropagationOptions Options { get; init; } = new();
}

/// <summary>Segments a whole scan and keeps what was done where.</summary>
public static class SegmentationRun
{
    /// <summary>Does all the work of a request.</summary>
    /// <param name="segmenter">The model; it stays the caller's.</param>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Told the slices done and planned; the plan shrinks when a direction stops early.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    /// <exception cref="Core.Errors.InsufficientMemoryForWorkException">The machine has not enough memory to spare.</exception>
    /// <exception cref="Core.Errors.ModelException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static SegmentationResult Run(
        IPromptableSegmenter segmenter, SegmentationRequest request, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Propagator propagator = new(segmenter, request.Volume, request.Window, request.Segments, request.Options);
        List<SliceRecord> slices = [];
        foreach (PropagationStep step in propagator.Run(cancellation))
        {
            slices.Add(SliceRecord.Of(step));
            progress?.Invoke(propagator.VisitsDone, propagator.VisitsPlanned);
        }
        clock.Stop();
        long[] voxels = CountVoxels(propagator.Labels);
        return new()
        {
            Request = request with { Options = propagator.Options },
            Model = segmenter.Description,
            Labels = propagator.Labels,
            Segments = [.. request.Segments.Select(segment => new SegmentOutcome
            {
                Plan = segment,
                Slices = [.. slices.Where(s => s.Label == segment.Segment.Label).OrderBy(s => s.Slice)],
                Ends = [.. propagator.Ends.Where(e => e.Segment.Label == segment.Segment.Label).OrderBy(e => e.KeySlice).ThenByDescending(e => e.Kind)],
                VoxelCount = voxels[segment.Segment.Label],
                VolumeMl = voxels[segment.Segment.Label] * request.Volume.Geometry.VoxelVolumeMm3 / 1000,
            })],
            Elapsed = clock.Elapsed,
            SlicesVisited = propagator.VisitsDone,
            SlicesEncoded = propagator.EncodedSlices,
        };
    }

    private static long[] CountVoxels(LabelMap labels)
    {
        long[] counts = new long[ushort.MaxValue + 1];
        foreach (ushort label in labels.Labels) counts[label]++;
        return counts;
    }
}

/// <summary>What a run found and how it went.</summary>
public sealed record SegmentationResult
{
    /// <summary>What was asked, with the options that were chosen where they were left open.</summary>
    public required SegmentationRequest Request { get; init; }

    /// <summary>The model that was used.</summary>
    public required SegmenterDescription Model { get; init; }

    /// <summary>The label map on the scan's grid.</summary>
    public required LabelMap Labels { get; init; }

    /// <summary>One element per segment of the request, in its order.</summary>
    public required IReadOnlyList<SegmentOutcome> Segments { get; init; }

    /// <summary>How long it took, from the first slice to the last.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>Slice visits; a slice counts once for its key prompts and once for each direction that came by.</summary>
    public required int SlicesVisited { get; init; }

    /// <summary>Slices encoded.</summary>
    public required int SlicesEncoded { get; init; }

    /// <summary>Slice visits a second.</summary>
    public double SlicesPerSecond => SlicesVisited / Math.Max(Elapsed.TotalSeconds, 1e-9);
}

/// <summary>What became of one segment.</summary>
public sealed record SegmentOutcome
{
    /// <summary>What was asked.</summary>
    public required ResolvedSegment Plan { get; init; }

    /// <summary>What was done on each slice, by rising slice; a slice between two key slices has up to three entries.</summary>
    public required IReadOnlyList<SliceRecord> Slices { get; init; }

    /// <summary>Where and why each direction ended, by rising key slice.</summary>
    public required IReadOnlyList<PropagationEnd> Ends { get; init; }

    /// <summary>Voxels of the label map.</summary>
    public required long VoxelCount { get; init; }

    /// <summary>Their volume in millilitres.</summary>
    public required double VolumeMl { get; init; }

    /// <summary>Slices that are part of the result.</summary>
    public int SliceCount => Slices.Where(s => s.IsKept).Select(s => s.Slice).Distinct().Count();

    /// <summary>Slices that deserve a look: part of the result, but the model was in doubt or the mask changed much.</summary>
    public IReadOnlyList<int> SlicesToReview => [.. Slices.Where(s => s.NeedsReview).Select(s => s.Slice).Distinct()];

    /// <summary>The end of the outermost direction.</summary>
    /// <param name="kind"><see cref="StepKind.Up"/> or <see cref="StepKind.Down"/>.</param>
    public PropagationEnd OuterEnd(StepKind kind) =>
        kind == StepKind.Up ? Ends.Last(e => e.Kind == kind) : Ends.First(e => e.Kind == kind);
}
