namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Pearson's correlation.</summary>
internal static class Correlation
{
    /// <summary>The correlation of pairs; not a number where one side never varies.</summary>
    public static double Of(IReadOnlyList<(double X, double Y)> pairs)
    {
        if (pairs.Count == 0) return double.NaN;
        double meanX = pairs.Average(pair => pair.X), meanY = pairs.Average(pair => pair.Y);
        double covariance = pairs.Sum(pair => (pair.X - meanX) * (pair.Y - meanY));
        return covariance / Math.Sqrt(pairs.Sum(pair => Math.Pow(pair.X - meanX, 2)) * pairs.Sum(pair => Math.Pow(pair.Y - meanY, 2)));
    }
}
