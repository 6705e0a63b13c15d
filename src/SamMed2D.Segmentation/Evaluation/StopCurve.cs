using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>What a limit of presence does to structures propagated from one box.</summary>
/// <param name="Limit">Propagation stops under this probability that the object is still there.</param>
/// <param name="Dice">Mean Dice of the volumes.</param>
/// <param name="LeakMedian">Median of the slices filled beyond an end, over all ends, counted up to 10.</param>
/// <param name="LeakMean">Their mean.</param>
/// <param name="LossMean">Mean of the structure's slices that were not reached, an end.</param>
public readonly record struct StopPoint(double Limit, double Dice, double LeakMedian, double LeakMean, double LossMean);

/// <summary>Tries limits out on traces.</summary>
internal static class StopCurve
{
    private const int Steps = 40;

    /// <summary>The trade of leak against loss, from no limit to a strict one.</summary>
    public static IReadOnlyList<StopPoint> Of(IReadOnlyList<TracedStructure> traces, Func<TracedStructure, TracedSlice, double> presenceOf) =>
        [.. Enumerable.Range(0, Steps).Select(n => At(traces, (double)n / Steps, (trace, slice) => presenceOf(trace, slice) < (double)n / Steps))];

    /// <summary>The limit with the best mean Dice; of equals the most cautious.</summary>
    public static StopPoint Best(IReadOnlyList<StopPoint> curve) => curve.OrderByDescending(p => p.Dice).ThenByDescending(p => p.Limit).First();

    /// <summary>What any rule does.</summary>
    /// <param name="traces">The structures; at least one.</param>
    /// <param name="limit">Noted in the answer.</param>
    /// <param name="stops">Whether the rule rejects a slice; key slices are not asked about.</param>
    public static StopPoint At(IReadOnlyList<TracedStructure> traces, double limit, Func<TracedStructure, TracedSlice, bool> stops)
    {
        List<double> dice = [], leaks = [], losses = [];
        foreach (TracedStructure trace in traces)
        {
            int low = Reach(trace, StepKind.Down, trace.Key, stops), high = Reach(trace, StepKind.Up, trace.Key, stops);
            long found = 0, both = 0;
            foreach (TracedSlice slice in trace.OneBox)
                if (slice.Slice >= low && slice.Slice <= high) (found, both) = (found + slice.Found, both + slice.Both);
            dice.Add(2.0 * both / (found + trace.TruePixels));
            leaks.AddRange([Math.Max(trace.First - low, 0), Math.Max(high - trace.Last, 0)]);
            losses.AddRange([Math.Max(low - trace.First, 0), Math.Max(trace.Last - high, 0)]);
        }
        leaks.Sort();
        return new(limit, dice.Average(), (leaks[(leaks.Count - 1) / 2] + leaks[leaks.Count / 2]) / 2, leaks.Average(), losses.Average());
    }

    private static int Reach(TracedStructure trace, StepKind kind, int key, Func<TracedStructure, TracedSlice, bool> stops)
    {
        int reached = key;
        IEnumerable<TracedSlice> way = trace.OneBox.Where(s => s.Kind == kind);
        foreach (TracedSlice slice in kind == StepKind.Up ? way.OrderBy(s => s.Slice) : way.OrderByDescending(s => s.Slice))
        {
            if (stops(trace, slice)) break;
            reached = slice.Slice;
        }
        return reached;
    }
}
