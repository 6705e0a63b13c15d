using System.Diagnostics;
using SamMed2D.Core.Geometry;
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

    /// <summary>The intensities that may be labelled; null for all.</summary>
    public IntensityRange? Editable { get; init; }

    /// <summary>What an earlier run left, to be continued; null starts from nothing.</summary>
    public SegmentationState? Previous { get; init; }

    /// <summary>The axis chosen for segments that name none, for the record.</summary>
    public SliceAxis? Axis { get; init; }

    /// <summary>The mask files among the prompts, for the record.</summary>
    public IReadOnlyList<MaskSource> Masks { get; init; } = [];

    /// <summary>Fits prompts to a scan, and keeps what the record needs of them.</summary>
    /// <param name="volume">The scan; it stays the caller's.</param>
    /// <param name="window">The intensities shown to the model as black and white.</param>
    /// <param name="windowName">How the window was chosen.</param>
    /// <param name="document">The prompts.</param>
    /// <param name="readMask">Gives the label map of a mask prompt's file.</param>
    /// <param name="axis">The axis for segments that name none; null takes the grid's natural one.</param>
    /// <param name="previous">What an earlier run left, to be continued; null starts from nothing.</param>
    /// <exception cref="Core.Errors.InvalidPromptException">The prompts do not fit; see <see cref="PromptResolver.Resolve"/>.</exception>
    public static SegmentationRequest Create(
        Volume volume, IntensityWindow window, string windowName, PromptDocument document, Func<string, LabelMap> readMask,
        SliceAxis? axis = null, SegmentationState? previous = null)
    {
        List<MaskSource> masks = [];
        return new()
        {
            Volume = volume,
            Window = window,
            WindowName = windowName,
            Segments = PromptResolver.Resolve(document, volume.Geometry, ReadAndNote, axis, previous),
            Sources = document.Sources,
            Previous = previous,
            Axis = axis,
            Masks = masks,
            Statuses = document.Segments.Where(s => s.Status is not null).ToDictionary(s => s.Name, s => s.Status!.Value),
        };

        LabelMap ReadAndNote(string file)
        {
            LabelMap labels = readMask(file);
            MaskSource source = new(Path.GetFileName(file), VoxelHash.Of(labels));
            if (!masks.Contains(source)) masks.Add(source);
            return labels;
        }
    }

    /// <summary>Whether segments are finished, by name, where the prompts say so.</summary>
    public IReadOnlyDictionary<string, SegmentStatus> Statuses { get; init; } = new Dictionary<string, SegmentStatus>();
}

/// <summary>Segments a whole scan and keeps what was done where.</summary>
public static class SegmentationRun
{
    /// <summary>Does all the work of a request.</summary>
    /// <param name="segmenter">The model; it stays the caller's.</param>
    /// <param name="request">What to do.</param>
    /// <param name="progress">Told the slices done and planned; the plan shrinks when a direction stops early.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    /// <param name="onStep">Told each step and the labels so far, on the working thread; the labels must only be read, and only during the call.</param>
    /// <exception cref="Core.Errors.InsufficientMemoryForWorkException">The machine has not enough memory to spare.</exception>
    /// <exception cref="Core.Errors.ModelException">The model failed.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public static SegmentationResult Run(
        IPromptableSegmenter segmenter, SegmentationRequest request, ProgressCallback? progress = null, CancellationToken cancellation = default,
        Action<PropagationStep, LabelMap>? onStep = null)
    {
        Stopwatch clock = Stopwatch.StartNew();
        Propagator propagator = new(segmenter, request.Volume, request.Window, request.Segments, request.Options, request.Previous?.Labels, request.Editable);
        int run = request.Previous?.Runs.Count ?? 0;
        List<SliceRecord> slices = [];
        foreach (PropagationStep step in propagator.Run(cancellation))
        {
            slices.Add(SliceRecord.Of(step, run));
            onStep?.Invoke(step, propagator.Labels);
            progress?.Invoke(propagator.VisitsDone, propagator.VisitsPlanned);
        }
        progress?.Invoke(propagator.VisitsDone, propagator.VisitsPlanned); // the last visit counts once its steps are taken
        clock.Stop();
        request = request with { Options = propagator.Options };
        return new()
        {
            Request = request,
            Model = segmenter.Description,
            Labels = propagator.Labels,
            Runs = [.. request.Previous?.Runs ?? [], RunRecord.Of(request, propagator.Labels)],
            Segments = OutcomeMerger.Merge(request, propagator, slices),
            Elapsed = clock.Elapsed,
            SlicesVisited = propagator.VisitsDone,
            SlicesEncoded = propagator.EncodedSlices,
        };
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

    /// <summary>One element per segment: those of the run that was continued in their order, then the new ones in the request's.</summary>
    public required IReadOnlyList<SegmentOutcome> Segments { get; init; }

    /// <summary>The runs that made the label map, the oldest first; the last is this one.</summary>
    public required IReadOnlyList<RunRecord> Runs { get; init; }

    /// <summary>What a later run needs to continue this one.</summary>
    public SegmentationState ToState() => new(Labels, Segments, Runs);

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
    /// <summary>What was asked, by all runs together: the key slices hold the prompts of the latest run alone.</summary>
    public required ResolvedSegment Plan { get; init; }

    /// <summary>Slices that the user found right, by rising index; like key slices, they are locked, and some may be key slices too.</summary>
    public IReadOnlyList<int> Accepted { get; init; } = [];

    /// <summary>Whether it is finished.</summary>
    public SegmentStatus Status { get; init; }

    /// <summary>The slices that no later run changes by itself: prompted and accepted ones.</summary>
    public IEnumerable<int> LockedSlices => Plan.KeySlices.Select(k => k.Slice).Union(Accepted);

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

    /// <summary>Slices that deserve a look: part of the result, but the model was in doubt or the mask changed much, and nobody found them, or the whole segment, right since.</summary>
    public IReadOnlyList<int> SlicesToReview => Status == SegmentStatus.Completed ? [] : [.. Slices.Where(s => s.NeedsReview).Select(s => s.Slice).Except(Accepted)];

    /// <summary>The end of the outermost direction.</summary>
    /// <param name="kind"><see cref="StepKind.Up"/> or <see cref="StepKind.Down"/>.</param>
    /// <returns>Null where the outermost slice is locked without having been walked from.</returns>
    public PropagationEnd? OuterEnd(StepKind kind) =>
        kind == StepKind.Up ? Ends.LastOrDefault(e => e.Kind == kind) : Ends.FirstOrDefault(e => e.Kind == kind);
}
