using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Segmentation.Tests.Evaluation;

public sealed class BootstrapTests
{
    [Fact]
    public void Mean_ConstantData_HasNoWidth() =>
        Assert.Equal(new MeanInterval(0.5, 0.5, 0.5), Bootstrap.Mean([("a", 0.5), ("a", 0.5), ("b", 0.5), ("c", 0.5)]));

    [Fact]
    public void Mean_OneSubject_HasNoWidthHoweverItsValuesSpread() =>
        Assert.Equal(new MeanInterval(0.5, 0.5, 0.5), Bootstrap.Mean([("a", 0), ("a", 1)]));

    [Fact]
    public void Mean_TwoSubjects_SpansBoth()
    {
        // Of the draws of two subjects a quarter are both the one and a quarter both the other, far more than the tails of 2.5 %.
        MeanInterval mean = Bootstrap.Mean([("a", 0), ("b", 1)]);
        Assert.Equal(new MeanInterval(0.5, 0, 1), mean);
    }

    [Fact]
    public void Mean_ManySubjects_AgreesWithTheNormalInterval()
    {
        // 200 subjects of 0 or 1 in equal parts: the standard error is 0.5/√200 = 0.0354, the interval 0.5 ± 1.96 of it.
        MeanInterval mean = Bootstrap.Mean([.. Enumerable.Range(0, 200).Select(n => ($"s{n}", (double)(n % 2)))]);
        Assert.Equal(0.5, mean.Mean, 12);
        Assert.InRange(mean.Low, 0.5 - 0.0693 - 0.01, 0.5 - 0.0693 + 0.01);
        Assert.InRange(mean.High, 0.5 + 0.0693 - 0.01, 0.5 + 0.0693 + 0.01);
    }

    [Fact]
    public void Mean_SameSeed_DrawsTheSame()
    {
        (string, double)[] values = [.. Enumerable.Range(0, 20).Select(n => ($"s{n}", n * n / 400.0))];
        Assert.Equal(Bootstrap.Mean(values, seed: 7), Bootstrap.Mean(values, seed: 7));
        Assert.NotEqual(Bootstrap.Mean(values, seed: 7), Bootstrap.Mean(values, seed: 8));
    }
}
