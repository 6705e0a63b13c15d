using SamMed2D.Training.Runs;

namespace SamMed2D.Training.Tests;

public class ScheduleTests
{
    [Fact]
    public void RateAt_ConstantThenCosine_MeetsItsCorners()
    {
        OptimiserSettings settings = new() { LearningRate = 1, WarmUpSteps = 10, DecayPart = 0.5, FinalPart = 0.02 };

        Assert.Equal(0.1, settings.RateAt(0, 100), 12);
        Assert.Equal(1, settings.RateAt(9, 100), 12);
        Assert.Equal(1, settings.RateAt(50, 100), 12);
        Assert.Equal(0.02 + 0.98 * 0.5, settings.RateAt(75, 100), 12); // half-way down a half cosine
        Assert.Equal(0.02, settings.RateAt(100, 100), 12);
    }

    [Fact]
    public void RateAt_WholeRunDecays_FallsFromTheFirstStep()
    {
        OptimiserSettings settings = new() { LearningRate = 1, WarmUpSteps = 1, DecayPart = 1, FinalPart = 0 };

        for (int step = 0; step < 10; step++)
            Assert.Equal(0.5 * (1 + Math.Cos(Math.PI * step / 10)), settings.RateAt(step, 10), 12);
    }
}
