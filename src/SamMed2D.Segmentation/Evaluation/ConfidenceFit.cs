using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Fits a <see cref="ConfidenceModel"/> to traced structures. Every structure weighs the same, however many slices it has.</summary>
internal static class ConfidenceFit
{
    /// <summary>Fits the four regressions, that of blends on the answers of that of steps.</summary>
    /// <param name="traces">At least one structure.</param>
    /// <param name="modelId">The model that was traced.</param>
    /// <param name="provenance">What it was traced on.</param>
    public static ConfidenceModel Fit(IReadOnlyList<TracedStructure> traces, string modelId, string provenance)
    {
        double[] key = Regress(traces, s => s.Kind == StepKind.Key, s => [s.Features.PredictedIou, s.Features.Stability], 2, s => s.IsGood);
        StepWeights steps = FitSteps(traces, s => s.IsGood);
        double[] blend = Regress(traces, s => s.Kind == StepKind.Blend, s => [s.PassesBy(steps), s.PassAgreement], 2, s => s.IsGood);
        return new()
        {
            ModelId = modelId,
            Provenance = provenance,
            StopBelow = 0,
            Key = new(key[0], key[1], key[2]),
            Step = steps,
            Presence = FitSteps(traces, s => s.IsPresent),
            Blend = new(blend[0], blend[1], blend[2]),
        };
    }

    private static StepWeights FitSteps(IReadOnlyList<TracedStructure> traces, Func<TracedSlice, bool> outcomeOf)
    {
        double[] step = Regress(traces, s => s.Kind is StepKind.Up or StepKind.Down, s => RowOf(s.Features), 7, outcomeOf);
        return new(step[0], step[1], step[2], step[3], step[4], step[5], step[6], step[7]);
    }

    private static double[] RowOf(SliceFeatures f) => [f.PredictedIou, f.Stability, f.Overlap, f.Agreement, f.AreaChange, f.Similarity, Math.Log(f.Distance)];

    private static double[] Regress(
        IReadOnlyList<TracedStructure> traces, Func<TracedSlice, bool> isMeant, Func<TracedSlice, double[]> rowOf, int features, Func<TracedSlice, bool> outcomeOf)
    {
        List<double[]> rows = [];
        List<bool> outcomes = [];
        List<double> weights = [];
        foreach (TracedStructure trace in traces)
        {
            TracedSlice[] slices = [.. trace.Slices.Where(isMeant)];
            foreach (TracedSlice slice in slices)
            {
                rows.Add(rowOf(slice));
                outcomes.Add(outcomeOf(slice));
                weights.Add(1.0 / slices.Length);
            }
        }
        if (rows.Count == 0) return new double[features + 1]; // nothing known: half
        double scale = rows.Count / weights.Sum(); // as many as there are slices, so that the pull stays small beside them
        return LogisticRegression.Fit(rows, outcomes, [.. weights.Select(w => w * scale)]);
    }
}
