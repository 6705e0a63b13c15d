using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Registration;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>
/// Carries segments through a scan, slice by slice: the key slices by the user's prompts, their neighbours by the mask before them, both ways,
/// until a rule of <see cref="PropagationOptions"/> stops it. Between two key slices both directions are blended by distance.
/// Where an earlier result is continued, only the spans between its locked slices and the new key slices are made anew; all else stays as it is.
/// All segments of an axis share each slice's embedding. Runs once; one thread at a time.
/// </summary>
public sealed class Propagator
{
    private readonly IPromptableSegmenter _segmenter;
    private readonly Volume _volume;
    private readonly IntensityWindow _window;
    private readonly IReadOnlyList<ResolvedSegment> _segments;
    private readonly PromptStrategy _strategy;
    private readonly long _cacheBytes;
    private readonly LabelComposer _composer;
    private readonly List<PropagationEnd> _ends = [];
    private readonly Queue<Walk> _walkedGaps = new();
    private readonly AxisPlan[] _plans;
    private readonly IntensityRange? _editable;
    private readonly SliceMotion _motion = new();
    private readonly ProbabilityPatch _patch = new(); // of the slice at hand, where it is written at once

    /// <summary>Prepares a run.</summary>
    /// <param name="segmenter">The model; it stays the caller's.</param>
    /// <param name="volume">The scan; it stays the caller's.</param>
    /// <param name="window">The intensities shown to the model as black and white.</param>
    /// <param name="segments">What to segment, from <see cref="PromptResolver"/> on the scan's grid.</param>
    /// <param name="options">Strategy, rules and limits.</param>
    /// <param name="previous">The result that is continued, on the scan's grid; it is copied. Null starts from nothing.</param>
    /// <param name="editable">The intensities that may be labelled; null for all.</param>
    /// <exception cref="Core.Errors.InsufficientMemoryForWorkException">The machine has not enough memory to spare.</exception>
    public Propagator(
        IPromptableSegmenter segmenter, Volume volume, IntensityWindow window, IReadOnlyList<ResolvedSegment> segments, PropagationOptions options,
        LabelMap? previous = null, IntensityRange? editable = null)
        : this(segmenter, volume, window, segments, options, MachineMemory.AvailableBytes(), previous, editable)
    {
    }

    internal Propagator(
        IPromptableSegmenter segmenter, Volume volume, IntensityWindow window, IReadOnlyList<ResolvedSegment> segments, PropagationOptions options, long availableBytes,
        LabelMap? previous = null, IntensityRange? editable = null)
    {
        (_segmenter, _volume, _window, _segments, _editable) = (segmenter, volume, window, segments, editable);
        Options = options.For(segmenter.Description);
        _strategy = Options.Strategy!.Value;
        bool hasFixed = previous is not null || editable is not null || segments.Any(s => s.KeySlices.Any(k => k.Role == KeyRole.Given));
        _cacheBytes = MemoryPlan.CacheBytesFor(volume.Geometry, segments, options, availableBytes, hasFixed);
        _composer = new(volume.Geometry, [.. segments.Select(s => s.Segment)], previous, hasFixed);
        _plans = [.. segments.GroupBy(s => s.Axis).Select(group => new AxisPlan(new SliceFrame(volume.Geometry, group.Key), group, Options))];
    }

    /// <summary>The options with what was chosen for those left open.</summary>
    public PropagationOptions Options { get; }

    /// <summary>The result, on the scan's grid; complete once <see cref="Run"/> has ended.</summary>
    public LabelMap Labels => _composer.Labels;

    /// <summary>Where and why each direction ended, so far.</summary>
    public IReadOnlyList<PropagationEnd> Ends => _ends;

    /// <summary>The slices whose labels are made anew, for each segment of the run; no other slice of it changes.</summary>
    public IReadOnlySet<int> TouchedSlices(Segment segment)
    {
        foreach (AxisPlan plan in _plans)
            if (plan.Touched.TryGetValue(segment, out HashSet<int>? touched)) return touched;
        return new HashSet<int>();
    }

    /// <summary>Slices visited so far.</summary>
    public int VisitsDone { get; private set; }

    /// <summary>Slices to visit in all, as far as is known; it shrinks when a direction stops.</summary>
    public int VisitsPlanned { get; private set; }

    /// <summary>Slices encoded so far, some of them perhaps in vain, ahead of a stop.</summary>
    public int EncodedSlices { get; private set; }

    /// <summary>The most bytes that embeddings took.</summary>
    public long PeakCacheBytes { get; private set; }

    /// <summary>
    /// Does the work while being enumerated, on the caller's thread (encoding runs on one of its own), and tells each step.
    /// Ending the enumeration early stops the work.
    /// </summary>
    /// <param name="cancellation">Stops within a slice.</param>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    /// <exception cref="Core.Errors.ModelException">The model failed.</exception>
    public IEnumerable<PropagationStep> Run(CancellationToken cancellation = default)
    {
        VisitsPlanned = _plans.Sum(p => p.Schedule.Visits.Count);
        FixVoxels();
        foreach (AxisPlan plan in _plans)
            foreach (KeyTask task in plan.Starts)
                if (task.Key.Role == KeyRole.Given) yield return WriteGiven(task, plan.Frame);
        if (!_composer.Fixed.IsEmpty) _composer.FixLabelled(); // given slices are locked from here on
        foreach (AxisPlan plan in _plans)
            foreach (PropagationStep step in RunAxis(plan, cancellation)) yield return step;
    }

    /// <summary>Makes room for what is made anew, and fixes all else that is there.</summary>
    private void FixVoxels()
    {
        if (_composer.Fixed.IsEmpty) return;
        foreach (AxisPlan plan in _plans)
            foreach ((Segment segment, HashSet<int> slices) in plan.Touched)
                foreach (int slice in slices) _composer.Clear(segment, plan.Frame, slice);
        _composer.FixLabelled();
        _editable?.FixOutside(_volume, _composer.Fixed);
    }

    private PropagationStep WriteGiven(KeyTask task, SliceFrame frame)
    {
        Write(task.Segment, frame, task.Key.Slice, task.Key.Prompts.Mask!);
        return new() { Segment = task.Segment, Slice = task.Key.Slice, Kind = StepKind.Key, Prompts = task.Key.Prompts, AreaPixels = _patch.GetArea(), IsKept = true };
    }

    private IEnumerable<PropagationStep> RunAxis(AxisPlan plan, CancellationToken cancellation)
    {
        _ends.AddRange(plan.EndedAtOnce);
        SliceSampler sampler = SliceSampler.Create(_volume, plan.Frame, _window);
        SliceEncoder encoder = new(_segmenter, sampler, plan.Schedule, Options.EncodeAhead, _cacheBytes, cancellation);
        try
        {
            foreach (KeyTask task in plan.Starts) StartFromMask(task, plan.Frame, sampler, encoder);
            for (int number = 0; number < plan.Schedule.Visits.Count; number++)
            {
                Visit visit = plan.Schedule.Visits[number];
                if (visit.Live == 0) continue;
                visit.IsTaken = true;
                using (EmbeddingCache.Lease lease = encoder.Take(number, cancellation))
                {
                    foreach (KeyTask task in visit.Keys) yield return PredictKey(task, lease, plan.Frame, encoder, cancellation);
                    foreach (Walk walk in visit.Walks)
                    {
                        if (walk.Stop is not null) continue;
                        yield return StepTo(visit.Slice, walk, lease, plan.Frame, encoder, out MaskPrediction? spent, cancellation);
                        if (spent is not null) _segmenter.Recycle(spent);
                    }
                    while (_walkedGaps.TryDequeue(out Walk? last))
                        foreach (PropagationStep blend in Blend(last, plan.Frame)) yield return blend;
                }
                VisitsDone++;
            }
        }
        finally
        {
            encoder.Dispose();
            EncodedSlices += encoder.EncodedCount;
            PeakCacheBytes = Math.Max(PeakCacheBytes, encoder.PeakCacheBytes);
        }
    }

    /// <summary>Begins the walks of a key slice whose mask is known: the user's own, or what an earlier run left there.</summary>
    private void StartFromMask(KeyTask task, SliceFrame frame, SliceSampler sampler, SliceEncoder encoder)
    {
        if (task.Walks.Count == 0) return;
        MaskPrompt mask = task.Key.Prompts.Mask ?? SegmentResolver.CutMask(Labels, task.Key.Slice, task.Segment.Label, frame)
            ?? new(frame.Width, frame.Height, new float[frame.Width * frame.Height]);
        byte[] picture = new byte[sampler.PixelCount];
        sampler.Sample(task.Key.Slice, picture.AsSpan());
        MaskShape shape = new(frame.Width, frame.Height);
        shape.Set(mask);
        BeginWalks(task, mask, shape, picture, encoder);
    }

    private bool BeginWalks(KeyTask task, MaskPrompt mask, MaskShape shape, ReadOnlySpan<byte> picture, SliceEncoder encoder)
    {
        bool isEmpty = shape.Area < Math.Max(Options.MinAreaPixels, 1);
        MaskAppearance appearance = new();
        appearance.Set(picture, shape);
        GreyOdds greys = new();
        greys.Set(picture, mask.Probabilities.Span, shape);
        foreach (Walk walk in task.Walks)
        {
            (walk.KeyAppearance, walk.KeyGreys) = (appearance, greys);
            walk.Candidate(mask);
            walk.Accept(task.Key.Slice, mask, picture);
            if (isEmpty) End(walk, StopReason.EmptyMask, encoder);
        }
        return isEmpty;
    }

    private PropagationStep PredictKey(KeyTask task, EmbeddingCache.Lease slice, SliceFrame frame, SliceEncoder encoder, CancellationToken cancellation)
    {
        MaskPrediction prediction = _segmenter.Predict(slice.Embedding, task.Key.Prompts, cancellation);
        MaskShape shape = new(frame.Width, frame.Height);
        MaskPrompt mask = GreyOdds.Refine(prediction.Mask, slice.Picture.Span, Options.GreyWeight, shape);
        bool isEmpty = BeginWalks(task, mask, shape, slice.Picture.Span, encoder);
        if (!isEmpty) Write(task.Segment, frame, task.Key.Slice, mask);
        return new()
        {
            Segment = task.Segment,
            Slice = task.Key.Slice,
            Kind = StepKind.Key,
            Prompts = task.Key.Prompts,
            PredictedIou = prediction.PredictedIou,
            Stability = prediction.StabilityScore,
            Confidence = Options.Confidence?.Key.ConfidenceOf(prediction.PredictedIou, prediction.StabilityScore),
            AreaPixels = shape.Area,
            Stop = isEmpty ? StopReason.EmptyMask : null,
            IsKept = !isEmpty,
        };
    }

    /// <summary>Goes on to a slice; what is spent is no longer needed once the step has been told.</summary>
    private PropagationStep StepTo(
        int slice, Walk walk, EmbeddingCache.Lease lease, SliceFrame frame, SliceEncoder encoder, out MaskPrediction? spent, CancellationToken cancellation)
    {
        ReadOnlySpan<byte> picture = lease.Picture.Span;
        PromptSet prompts = Options.CompensateMotion
            ? NextPrompts.From(walk.Carry(_motion, picture), walk.CarriedShape!, _strategy, Options)
            : NextPrompts.From(walk.Mask!, walk.Shape!, _strategy, Options);
        if (Options.NegativeCount > 0)
        {
            PixelRectangle expected = (Options.CompensateMotion ? walk.CarriedShape! : walk.Shape!).Bounds;
            prompts = prompts with { Points = [.. prompts.Points, .. NegativePoints.Find(Labels, frame, slice, walk.Segment.Label, expected, Options.NegativeCount)] };
        }
        MaskPrediction prediction = _segmenter.Predict(lease.Embedding, prompts, cancellation);
        MaskPrompt mask = prediction.Mask;
        MaskShape shape = walk.Candidate(mask);
        double? agreement = Options.CompensateMotion ? shape.IouWith(walk.CarriedShape!) : null;
        double carriedShare = Options.CompensateMotion ? Options.CarriedShare : 0;
        if (shape.Area > 0 && (carriedShare > 0 || Options.GreyWeight > 0))
        {
            mask = walk.Mix(mask, shape, picture, Options.GreyWeight, carriedShare);
            shape.Set(mask);
        }
        walk.CandidateAppearance.Set(picture, shape);
        PropagationStep step = Measure(slice, walk, shape, prediction, prompts, agreement);
        StopReason? rejected = StopRules.Judge(shape, walk.Shape!, walk.Gap is null, step, Options);
        spent = rejected is null ? walk.Exchange(prediction) : prediction;
        if (rejected is null)
        {
            walk.Accept(slice, mask, picture);
            if (walk.Gap is { } gap) gap.Put(walk.Kind, slice, new(ProbabilityPatch.Of(mask), step.Confidence is { } confidence ? ConfidenceModel.Logit(confidence) : null));
            else Write(walk.Segment, frame, slice, mask);
        }
        if ((rejected ?? (slice == walk.LastSlice ? walk.EndReason : null)) is { } reason) End(walk, reason, encoder);
        return step with { Stop = walk.Stop, IsKept = rejected is null && walk.Gap is null };
    }

    private PropagationStep Measure(int slice, Walk walk, MaskShape shape, MaskPrediction prediction, PromptSet prompts, double? agreement)
    {
        double overlap = shape.IouWith(walk.Shape!), similarity = walk.CandidateAppearance.SimilarityWith(walk.KeyAppearance!);
        double? areaChange = shape.Area > 0 ? Math.Abs(Math.Log((double)shape.Area / walk.Shape!.Area)) : null;
        SliceFeatures features = new(
            prediction.PredictedIou, prediction.StabilityScore, overlap, agreement ?? overlap, areaChange ?? 0, similarity, Math.Abs(slice - walk.KeySlice));
        return new()
        {
            Segment = walk.Segment,
            Slice = slice,
            Kind = walk.Kind,
            Prompts = prompts,
            PredictedIou = prediction.PredictedIou,
            Stability = prediction.StabilityScore,
            Overlap = overlap,
            Similarity = similarity,
            Agreement = agreement,
            AreaChange = areaChange,
            Confidence = areaChange is null ? null : Options.Confidence?.Step.ProbabilityOf(features),
            Presence = areaChange is null ? null : Options.Confidence?.Presence.ProbabilityOf(features),
            AreaPixels = shape.Area,
            IsKept = false,
        };
    }

    private void Write(Segment segment, SliceFrame frame, int slice, MaskPrompt mask)
    {
        _patch.Set(mask);
        _composer.Write(segment, frame, slice, _patch);
    }

    private void End(Walk walk, StopReason reason, SliceEncoder encoder)
    {
        walk.Stop = reason;
        walk.Release();
        foreach (Visit visit in walk.Visits)
        {
            encoder.Unwant(visit);
            if (visit.Live == 0 && !visit.IsTaken) VisitsPlanned--;
        }
        _ends.Add(new(walk.Segment, walk.KeySlice, walk.Kind, walk.LastAccepted, reason));
        if (walk.Gap?.Close() == true) _walkedGaps.Enqueue(walk);
    }

    private IEnumerable<PropagationStep> Blend(Walk walk, SliceFrame frame)
    {
        foreach (BlendedMask blended in walk.Gap!.Blend())
        {
            int area = blended.Patch.GetArea();
            _composer.Write(walk.Segment, frame, blended.Slice, blended.Patch);
            yield return new()
            {
                Segment = walk.Segment,
                Slice = blended.Slice,
                Kind = StepKind.Blend,
                Agreement = blended.Agreement,
                Confidence = blended.LogOdds is { } passes ? Options.Confidence?.Blend.ConfidenceOf(passes, blended.Agreement) : null,
                AreaPixels = area,
                IsKept = area > 0,
            };
        }
    }
}
