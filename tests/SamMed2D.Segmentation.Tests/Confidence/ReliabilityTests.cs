using SamMed2D.Segmentation.Confidence;

namespace SamMed2D.Segmentation.Tests.Confidence;

public class ReliabilityTests
{
    [Fact]
    public void Of_FourJudgements_IsAsCountedByHand()
    {
        Reliability found = Reliability.Of([new(0.95, true), new(0.95, false), new(0.15, false), new(1, true)]);
        // 0.9-1: said 2.9 of 3, so 2 of 3; 0.1-0.2: said 0.15 of 1, so 0.
        Assert.Equal((0.9 + 0.15) / 4, found.ExpectedError, 12);
        Assert.Equal((0.0025 + 0.9025 + 0.0225 + 0) / 4, found.BrierScore, 12);
        Assert.Equal(0.5, found.GoodShare);
        // Pairs of a right and a wrong one: (.95,.95) half, (.95,.15), (1,.95), (1,.15).
        Assert.Equal(3.5 / 4, found.RankShare, 12);
        Assert.Equal((3, 2 / 3.0), (found.Bins[9].Count, found.Bins[9].GoodShare));
        Assert.Equal((0, null, null), (found.Bins[5].Count, found.Bins[5].MeanConfidence, found.Bins[5].GoodShare));
    }

    [Fact]
    public void Of_SaidAsItIs_HasNoError()
    {
        List<Judgement> judgements = [];
        for (int n = 0; n < 10; n++) judgements.Add(new(0.3, n < 3));
        Assert.Equal(0, Reliability.Of(judgements).ExpectedError, 12);
        Assert.Equal(0.5, Reliability.Of(judgements).RankShare);
    }
}
