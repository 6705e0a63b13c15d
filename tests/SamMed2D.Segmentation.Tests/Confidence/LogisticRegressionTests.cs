using SamMed2D.Segmentation.Confidence;

namespace SamMed2D.Segmentation.Tests.Confidence;

public class LogisticRegressionTests
{
    [Fact]
    public void Fit_DrawnFromAKnownModel_RecoversIt()
    {
        double[] truth = [0.7, 1.5, -2, 0];
        Random random = new(5);
        List<double[]> rows = [];
        List<bool> outcomes = [];
        for (int n = 0; n < 20_000; n++)
        {
            double[] row = [random.NextDouble() * 4 - 2, random.NextDouble() * 2, 100 + 10 * random.NextDouble()];
            rows.Add(row);
            outcomes.Add(random.NextDouble() < 1 / (1 + Math.Exp(-(truth[0] + truth[1] * row[0] + truth[2] * row[1]))));
        }
        double[] fitted = LogisticRegression.Fit(rows, outcomes, [.. rows.Select(_ => 1.0)]);
        Assert.Equal(truth[1], fitted[1], 0.1);
        Assert.Equal(truth[2], fitted[2], 0.1);
        Assert.Equal(0, fitted[3], 0.02);
        Assert.Equal(truth[0], fitted[0] + 105 * fitted[3], 0.1);
    }

    [Fact]
    public void Fit_TwoGroups_SaysTheirShares()
    {
        // One feature of two values: without a pull, the maximum of likelihood gives each group its own share: 1 of 4 and 2 of 3.
        double[] fitted = LogisticRegression.Fit([[0], [0], [0], [0], [1], [1], [1]], [true, false, false, false, true, true, false], [1, 1, 1, 1, 1, 1, 1], ridge: 1e-9);
        Assert.Equal(Math.Log(1 / 3.0), fitted[0], 5);
        Assert.Equal(Math.Log(2) - Math.Log(1 / 3.0), fitted[1], 5);
    }

    [Fact]
    public void Fit_Weights_CountAsRepeats()
    {
        double[] weighted = LogisticRegression.Fit([[0], [1], [1]], [false, true, false], [2, 3, 1]);
        double[] repeated = LogisticRegression.Fit([[0], [0], [1], [1], [1], [1]], [false, false, true, true, true, false], [1, 1, 1, 1, 1, 1]);
        for (int n = 0; n < 2; n++) Assert.Equal(repeated[n], weighted[n], 9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Fit_OneOutcomeOrSeparableData_StaysFinite(bool alike)
    {
        double[] fitted = LogisticRegression.Fit([[0, 7], [1, 7], [2, 7]], [alike, true, true], [1, 1, 1]);
        Assert.All(fitted, value => Assert.True(double.IsFinite(value)));
        Assert.Equal(0, fitted[2]); // never varies
    }
}
