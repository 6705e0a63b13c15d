using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>How far the confidences of some slices are to be trusted.</summary>
/// <param name="Name">Which slices.</param>
/// <param name="Reliability">How far.</param>
/// <param name="Slices">How many slices.</param>
public sealed record ReliabilityRow(string Name, Reliability Reliability, int Slices);

/// <summary>What a stop rule does to structures from one box.</summary>
/// <param name="Name">Which rule, on which scans.</param>
/// <param name="Point">What it does.</param>
public sealed record StopRow(string Name, StopPoint Point);

/// <summary>
/// A fitted confidence and how good it is. It is fitted to all scans; what is told of it comes from fits that never saw the subject at hand
/// (leave one subject out), since a fit looks better on what it has seen.
/// </summary>
/// <param name="Model">The fit, with the limit to stop at.</param>
/// <param name="Rows">Trust, by group of slices; the first is of the test scans.</param>
/// <param name="Stops">Rules beside each other.</param>
/// <param name="FitCurve">The trade of leak against loss on the scans to fit to.</param>
/// <param name="TestCurve">The same on the test scans.</param>
public sealed record Calibration(
    ConfidenceModel Model, IReadOnlyList<ReliabilityRow> Rows, IReadOnlyList<StopRow> Stops, IReadOnlyList<StopPoint> FitCurve, IReadOnlyList<StopPoint> TestCurve)
{
    /// <summary>The name of the row of the scans that the report is about.</summary>
    public const string TestScans = "test scans";

    /// <summary>The name of the row of the other scans.</summary>
    public const string FitScans = "scans to fit to";

    /// <summary>Fits to all structures, and judges each by a fit to the other subjects.</summary>
    internal static Calibration Of(IReadOnlyList<TracedStructure> fit, IReadOnlyList<TracedStructure> test, string modelId, string provenance)
    {
        TracedStructure[] all = [.. fit, .. test];
        Dictionary<string, ConfidenceModel> others = all.Select(t => t.Subject).Distinct().ToDictionary(subject => subject, subject => FitWithLimit(Others(all, subject), modelId, provenance));
        double ConfidenceOf(TracedStructure trace, TracedSlice slice) => slice.ConfidenceBy(others[trace.Subject]);
        double PresenceOf(TracedStructure trace, TracedSlice slice) => others[trace.Subject].Presence.ProbabilityOf(slice.Features);
        List<ReliabilityRow> rows = [RowOf(TestScans, test, ConfidenceOf)];
        foreach (StepKind kind in (ReadOnlySpan<StepKind>)[StepKind.Key, StepKind.Up, StepKind.Blend])
            if (test.Any(t => t.Slices.Any(s => GroupOf(s) == kind))) rows.Add(RowOf($"test scans, {NameOf(kind)}", test, ConfidenceOf, kind));
        rows.Add(RowOf(FitScans, fit, ConfidenceOf));
        ConfidenceModel ofFit = ConfidenceFit.Fit(fit, modelId, provenance);
        rows.Add(RowOf("test scans, by a fit to the others alone", test, (_, slice) => slice.ConfidenceBy(ofFit)));
        return new(FitWithLimit(all, modelId, provenance), rows, [.. StopsOf("fit", fit, others), .. StopsOf("test", test, others)],
            StopCurve.Of(fit, PresenceOf), StopCurve.Of(test, PresenceOf));
    }

    private static TracedStructure[] Others(TracedStructure[] all, string subject)
    {
        TracedStructure[] others = [.. all.Where(t => t.Subject != subject)];
        return others.Length > 0 ? others : all; // a single subject has to judge itself
    }

    private static ConfidenceModel FitWithLimit(IReadOnlyList<TracedStructure> traces, string modelId, string provenance)
    {
        ConfidenceModel fitted = ConfidenceFit.Fit(traces, modelId, provenance);
        return fitted with { StopBelow = StopCurve.Best(StopCurve.Of(traces, (_, slice) => fitted.Presence.ProbabilityOf(slice.Features))).Limit };
    }

    private static IEnumerable<StopRow> StopsOf(string scans, IReadOnlyList<TracedStructure> traces, IReadOnlyDictionary<string, ConfidenceModel> others)
    {
        PropagationOptions usual = new PropagationOptions().For(new("", "", "focus", "", "", ""));
        bool IsStoppedByLimits(TracedSlice slice) => slice.Features.PredictedIou < usual.MinPredictedIou || slice.Features.Overlap < usual.MinOverlap
            || slice.Features.Similarity < usual.MinSimilarity || slice.Features.AreaChange > Math.Log(usual.MaxAreaRatio!.Value);
        bool IsStoppedByPresence(TracedStructure trace, TracedSlice slice) => others[trace.Subject].Presence.ProbabilityOf(slice.Features) < others[trace.Subject].StopBelow;
        yield return new($"{scans}: none", StopCurve.At(traces, 0, (_, _) => false));
        yield return new($"{scans}: limits of single measures", StopCurve.At(traces, 0, (_, slice) => IsStoppedByLimits(slice)));
        yield return new($"{scans}: presence", StopCurve.At(traces, 0, IsStoppedByPresence));
        yield return new($"{scans}: both", StopCurve.At(traces, 0, (trace, slice) => IsStoppedByLimits(slice) || IsStoppedByPresence(trace, slice)));
    }

    private static ReliabilityRow RowOf(string name, IReadOnlyList<TracedStructure> traces, Func<TracedStructure, TracedSlice, double> confidenceOf, StepKind? kind = null)
    {
        List<Judgement> judgements = [.. traces.SelectMany(t => t.Slices.Where(s => kind is null || GroupOf(s) == kind).Select(s => new Judgement(confidenceOf(t, s), s.IsGood)))];
        return new(name, Reliability.Of(judgements), judgements.Count);
    }

    private static StepKind GroupOf(TracedSlice slice) => slice.Kind == StepKind.Down ? StepKind.Up : slice.Kind;

    private static string NameOf(StepKind kind) => kind switch
    {
        StepKind.Key => "key slices",
        StepKind.Blend => "blends between key slices",
        _ => "prompted from a neighbour",
    };
}
