using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// Propagates labelled structures with every rule switched off and notes what was measured and what was right on each slice: from that, confidences are
/// fitted and rules are tried out without running the model again.
/// </summary>
internal sealed class PropagationTracer(IPromptableSegmenter segmenter, PropagationOptions options, int mostStructures)
{
    /// <summary>How many slices beyond the structure's ends are looked at.</summary>
    public const int Beyond = 10;

    private static readonly Segment s_found = new(StructureJudge.FoundLabel, "found", RgbColor.ForLabel(1));

    private readonly PropagationOptions _unruled = options with
    {
        MinPredictedIou = 0,
        MinOverlap = 0,
        MinSimilarity = 0,
        MinPresence = 0,
        MaxAreaRatio = double.PositiveInfinity,
        CentroidMargin = double.PositiveInfinity,
    };

    /// <summary>Traces a scan's largest structures.</summary>
    public IReadOnlyList<TracedStructure> Trace(LabelledScan scan, CancellationToken cancellation)
    {
        SliceFrame frame = new(scan.Volume.Geometry, scan.Volume.Geometry.NaturalSliceAxis);
        IntensityWindow window = IntensityWindowChoice.Auto.Resolve(scan.Volume);
        List<TracedStructure> traces = [];
        foreach (ushort label in VolumeProtocol.LargestLabels(scan.Labels, mostStructures, 1))
        {
            TrueStructure truth = new(scan.Labels, label, frame);
            traces.Add(new(scan.Subject, $"{scan.Name}: {scan.Labels.FindSegment(label)?.Name ?? $"label {label}"}", truth.First, truth.Last, truth.KeySlice, truth.Slices.Sum(slice => (long)truth[slice].GetArea()),
                TraceRun(scan.Volume, truth, [truth.KeySlice], window, cancellation), TraceRun(scan.Volume, truth, truth.ThreeKeySlices, window, cancellation)));
        }
        return traces;
    }

    private List<TracedSlice> TraceRun(Volume volume, TrueStructure truth, IReadOnlyList<int> keys, IntensityWindow window, CancellationToken cancellation)
    {
        SliceRange range = new(Math.Max(truth.First - Beyond, 0), Math.Min(truth.Last + Beyond, truth.Frame.SliceCount - 1));
        ResolvedSegment asked = new(s_found, truth.Frame.Axis, range, [.. keys.Select(key => new KeySlice(key, new PromptSet { Box = truth.BoxOn(key) }))]);
        Propagator propagator = new(segmenter, volume, window, [asked], _unruled);
        PropagationStep[] steps = [.. propagator.Run(cancellation)];
        Dictionary<(int, StepKind), PropagationStep> passes = steps.Where(s => s.Kind is StepKind.Up or StepKind.Down).ToDictionary(s => (s.Slice, s.Kind));
        ushort[] labels = new ushort[truth.Frame.Width * truth.Frame.Height];
        List<TracedSlice> slices = [];
        foreach (PropagationStep step in steps.Where(s => s.IsKept))
        {
            LabelSlice.Sample(propagator.Labels, truth.Frame, step.Slice, labels);
            (int found, int inTruth, int both) = Count(labels, truth.Find(step.Slice));
            (SliceFeatures?, SliceFeatures?) ways = step.Kind == StepKind.Blend
                ? (FeaturesOf(passes, (step.Slice, StepKind.Up), keys), FeaturesOf(passes, (step.Slice, StepKind.Down), keys))
                : default;
            int above = keys.FirstOrDefault(key => key > step.Slice), below = keys.LastOrDefault(key => key < step.Slice);
            double shareOfDown = step.Kind == StepKind.Blend ? (step.Slice - below) / (double)(above - below) : 0;
            slices.Add(new(step.Kind, step.Slice, FeaturesOf(step, keys) ?? default, ways, shareOfDown, step.Agreement ?? 0, found, inTruth, both));
        }
        return slices;
    }

    private static SliceFeatures? FeaturesOf(Dictionary<(int, StepKind), PropagationStep> passes, (int, StepKind) way, IReadOnlyList<int> keys) =>
        passes.TryGetValue(way, out PropagationStep step) ? FeaturesOf(step, keys) : null;

    /// <summary>What was measured; null where the way ended on the slice with nothing found.</summary>
    private static SliceFeatures? FeaturesOf(PropagationStep step, IReadOnlyList<int> keys)
    {
        if (step.AreaPixels == 0) return null;
        int from = step.Kind == StepKind.Up ? keys.LastOrDefault(key => key < step.Slice) : keys.FirstOrDefault(key => key > step.Slice);
        return new(step.PredictedIou ?? 0, step.Stability ?? 0, step.Overlap ?? 0, step.Agreement ?? step.Overlap ?? 0, step.AreaChange ?? 0, step.Similarity ?? 0,
            Math.Max(Math.Abs(step.Slice - from), 1));
    }

    private static (int Found, int True, int Both) Count(ReadOnlySpan<ushort> labels, MaskPlane? truth)
    {
        int found = 0, inTruth = 0, both = 0;
        ReadOnlySpan<byte> pixels = truth is null ? [] : truth.Pixels;
        for (int n = 0; n < labels.Length; n++)
        {
            int isFound = labels[n] == StructureJudge.FoundLabel ? 1 : 0, isTrue = truth is null ? 0 : pixels[n];
            (found, inTruth, both) = (found + isFound, inTruth + isTrue, both + (isFound & isTrue));
        }
        return (found, inTruth, both);
    }
}
