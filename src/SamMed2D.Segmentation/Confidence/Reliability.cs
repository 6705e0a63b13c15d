namespace SamMed2D.Segmentation.Confidence;

/// <summary>A confidence that was given, and whether the mask was right.</summary>
/// <param name="Confidence">0 to 1.</param>
/// <param name="IsGood">Whether the mask was right.</param>
public readonly record struct Judgement(double Confidence, bool IsGood);

/// <summary>The judgements of one range of confidence.</summary>
/// <param name="Low">The range's lower end.</param>
/// <param name="Count">How many there are.</param>
/// <param name="MeanConfidence">The mean of what was said; null where there is none.</param>
/// <param name="GoodShare">The share that was right; null where there is none.</param>
public readonly record struct ReliabilityBin(double Low, int Count, double? MeanConfidence, double? GoodShare);

/// <summary>How far confidences are to be trusted.</summary>
/// <param name="Bins">Ten ranges of equal width.</param>
/// <param name="ExpectedError">Expected calibration error: the mean distance between what was said and what was so, weighted by counts.</param>
/// <param name="BrierScore">The mean squared distance between confidence and outcome; always saying the mean share gives share·(1 - share).</param>
/// <param name="GoodShare">The share that was right, of all.</param>
/// <param name="RankShare">The probability that a right mask was given more confidence than a wrong one (the area under the ROC curve); 0.5 where all are alike.</param>
public sealed record Reliability(IReadOnlyList<ReliabilityBin> Bins, double ExpectedError, double BrierScore, double GoodShare, double RankShare)
{
    private const int BinCount = 10;

    /// <summary>Measures judgements.</summary>
    /// <param name="judgements">At least one.</param>
    public static Reliability Of(IReadOnlyList<Judgement> judgements)
    {
        int[] counts = new int[BinCount], good = new int[BinCount];
        double[] sums = new double[BinCount];
        double brier = 0;
        foreach ((double confidence, bool isGood) in judgements)
        {
            int bin = Math.Clamp((int)(confidence * BinCount), 0, BinCount - 1);
            counts[bin]++;
            sums[bin] += confidence;
            if (isGood) good[bin]++;
            brier += Math.Pow(confidence - (isGood ? 1 : 0), 2);
        }
        double error = 0;
        List<ReliabilityBin> bins = [];
        for (int n = 0; n < BinCount; n++)
        {
            bins.Add(new((double)n / BinCount, counts[n], counts[n] > 0 ? sums[n] / counts[n] : null, counts[n] > 0 ? (double)good[n] / counts[n] : null));
            error += Math.Abs(sums[n] - good[n]) / judgements.Count;
        }
        return new(bins, error, brier / judgements.Count, (double)good.Sum() / judgements.Count, RankShareOf(judgements));
    }

    // The rank-sum statistic of Mann and Whitney, equals sharing their ranks.
    private static double RankShareOf(IReadOnlyList<Judgement> judgements)
    {
        Judgement[] sorted = [.. judgements.OrderBy(j => j.Confidence)];
        double ranks = 0;
        long good = sorted.Count(j => j.IsGood), bad = sorted.Length - good;
        if (good == 0 || bad == 0) return 0.5;
        for (int first = 0; first < sorted.Length;)
        {
            int end = first;
            while (end < sorted.Length && sorted[end].Confidence == sorted[first].Confidence) end++;
            double rank = (first + 1 + end) / 2.0;
            for (int n = first; n < end; n++)
                if (sorted[n].IsGood) ranks += rank;
            first = end;
        }
        return (ranks - good * (good + 1) / 2.0) / ((double)good * bad);
    }
}
