namespace SamMed2D.Segmentation.Evaluation;

/// <summary>A mean with its confidence interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">Lower end of the interval.</param>
/// <param name="High">Upper end of the interval.</param>
public readonly record struct MeanInterval(double Mean, double Low, double High)
{
    /// <summary>As tables show it: <c>0.123 [0.100, 0.200]</c>.</summary>
    public string ToText() => FormattableString.Invariant($"{Mean:0.000} [{Low:0.000}, {High:0.000}]");
}

/// <summary>
/// Confidence intervals of means by drawing subjects with replacement (Efron's percentile method). Values of one subject hang together, so whole
/// subjects are drawn; with few subjects the intervals are wide, and rightly so.
/// </summary>
public static class Bootstrap
{
    private const double Tail = 0.025;

    /// <summary>The mean of all values and its 95 % interval.</summary>
    /// <param name="values">Values and whose they are; at least one.</param>
    /// <param name="seed">The same seed draws the same subjects.</param>
    /// <param name="draws">How many times all subjects are drawn anew.</param>
    public static MeanInterval Mean(IReadOnlyList<(string Subject, double Value)> values, int seed = 1, int draws = 2000)
    {
        (double Sum, int Count)[] subjects = [.. values.GroupBy(v => v.Subject).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Sum(v => v.Value), g.Count()))];
        Random random = new(seed);
        double[] means = new double[draws];
        for (int draw = 0; draw < draws; draw++)
        {
            double sum = 0;
            int count = 0;
            for (int n = 0; n < subjects.Length; n++)
            {
                (double Sum, int Count) subject = subjects[random.Next(subjects.Length)];
                (sum, count) = (sum + subject.Sum, count + subject.Count);
            }
            means[draw] = sum / count;
        }
        Array.Sort(means);
        return new(values.Average(v => v.Value), means[(int)(Tail * draws)], means[(int)((1 - Tail) * draws) - 1]);
    }
}
