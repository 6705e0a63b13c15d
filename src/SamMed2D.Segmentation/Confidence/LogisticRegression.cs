namespace SamMed2D.Segmentation.Confidence;

/// <summary>
/// Logistic regression by Newton's method, with a small pull of the slopes towards 0 so that separable data have an answer
/// (Hastie, Tibshirani and Friedman, "The Elements of Statistical Learning", 4.4).
/// </summary>
internal static class LogisticRegression
{
    private const int MostSteps = 50;
    private const double Settled = 1e-9;

    /// <summary>The intercept and the slopes under which the outcomes are likeliest.</summary>
    /// <param name="rows">The features, all rows of one length; at least one row.</param>
    /// <param name="outcomes">One a row.</param>
    /// <param name="weights">How much each row counts.</param>
    /// <param name="ridge">The pull: half of it times the squared slope of each feature, scaled to deviation 1, is added to the loss.</param>
    /// <returns>The intercept, then a slope a feature.</returns>
    public static double[] Fit(IReadOnlyList<double[]> rows, IReadOnlyList<bool> outcomes, IReadOnlyList<double> weights, double ridge = 1)
    {
        int features = rows[0].Length, size = features + 1;
        (double[] means, double[] deviations) = Measure(rows, weights);
        double[] solution = new double[size];
        for (int step = 0; step < MostSteps; step++)
        {
            double[] gradient = new double[size], row = new double[size];
            double[,] curvature = new double[size, size];
            for (int n = 0; n < rows.Count; n++)
            {
                row[0] = 1;
                for (int f = 0; f < features; f++) row[f + 1] = (rows[n][f] - means[f]) / deviations[f];
                double value = 0;
                for (int f = 0; f < size; f++) value += solution[f] * row[f];
                double probability = ConfidenceModel.Sigmoid(value), error = weights[n] * ((outcomes[n] ? 1 : 0) - probability), spread = weights[n] * probability * (1 - probability);
                for (int f = 0; f < size; f++)
                {
                    gradient[f] += error * row[f];
                    for (int g = 0; g < size; g++) curvature[f, g] += spread * row[f] * row[g];
                }
            }
            const double intercepts = 1e-6; // keeps the intercept finite where all outcomes are alike
            for (int f = 0; f < size; f++)
            {
                double pull = f == 0 ? intercepts : ridge;
                gradient[f] -= pull * solution[f];
                curvature[f, f] += pull;
            }
            double[] change = Solve(curvature, gradient);
            double largest = change.Max(Math.Abs), share = Math.Min(1, 4 / Math.Max(largest, 1e-12)); // a step too far would never come back
            for (int f = 0; f < size; f++) solution[f] += share * change[f];
            if (largest < Settled) break;
        }
        return ToGivenScale(solution, means, deviations);
    }

    private static double[] ToGivenScale(double[] solution, double[] means, double[] deviations)
    {
        double[] given = (double[])solution.Clone();
        for (int f = 0; f < means.Length; f++)
        {
            given[f + 1] = solution[f + 1] / deviations[f];
            given[0] -= given[f + 1] * means[f];
        }
        return given;
    }

    private static (double[] Means, double[] Deviations) Measure(IReadOnlyList<double[]> rows, IReadOnlyList<double> weights)
    {
        int features = rows[0].Length;
        double[] means = new double[features], deviations = new double[features];
        double total = weights.Sum();
        for (int f = 0; f < features; f++)
        {
            for (int n = 0; n < rows.Count; n++) means[f] += weights[n] * rows[n][f] / total;
            for (int n = 0; n < rows.Count; n++) deviations[f] += weights[n] * (rows[n][f] - means[f]) * (rows[n][f] - means[f]) / total;
            deviations[f] = deviations[f] > 1e-12 ? Math.Sqrt(deviations[f]) : 1; // a feature that never varies says nothing
        }
        return (means, deviations);
    }

    /// <summary>Solves a small positive definite system by Gauss' elimination; both arguments are used up.</summary>
    private static double[] Solve(double[,] matrix, double[] right)
    {
        int size = right.Length;
        for (int pivot = 0; pivot < size; pivot++)
            for (int row = pivot + 1; row < size; row++)
            {
                double factor = matrix[row, pivot] / matrix[pivot, pivot];
                for (int column = pivot; column < size; column++) matrix[row, column] -= factor * matrix[pivot, column];
                right[row] -= factor * right[pivot];
            }
        double[] solution = new double[size];
        for (int row = size - 1; row >= 0; row--)
        {
            double sum = right[row];
            for (int column = row + 1; column < size; column++) sum -= matrix[row, column] * solution[column];
            solution[row] = sum / matrix[row, row];
        }
        return solution;
    }
}
