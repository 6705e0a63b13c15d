using SamMed2D.Core.Prompts;
using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Propagation;

/// <summary>A rod of grey 200 that leans two columns a slice: copied masks fall behind, carried ones do not.</summary>
public class MotionTests
{
    private static readonly PropagationOptions s_unruled = new()
    {
        Strategy = PromptStrategy.Mask | PromptStrategy.Box,
        MinPredictedIou = 0,
        MinOverlap = 0,
        MinSimilarity = 0,
        MaxAreaRatio = double.PositiveInfinity,
        CentroidMargin = double.PositiveInfinity,
    };

    // The pictures are radiological: columns run against i, so that the rod goes to lower columns as slices rise.
    private static readonly SyntheticScan s_scan = SyntheticScan.Create((i, j, k) => IsInRod(i, j, k) ? (byte)200 : (byte)(40 + (3 * i + 5 * j) % 16));

    private static bool IsInRod(int i, int j, int k) => Math.Abs(j - 11) <= 3 && Math.Abs(i - (4 + 2 * (k - 8))) <= 3;

    private static List<PropagationStep> Run(PropagationOptions options, ThresholdSegmenter? model = null, params (int Slice, PromptSet Prompts)[] keys) =>
        s_scan.Run(model ?? new(), options, s_scan.Segment("rod", 1, new(8, 14), keys.Length > 0 ? keys : [(8, BoxOn(8))])).Steps;

    private static PromptSet BoxOn(int k)
    {
        int centre = 23 - (4 + 2 * (k - 8));
        return SyntheticScan.Box(centre - 3, 9, centre + 4, 16);
    }

    [Fact]
    public void Run_MovingObject_IsPromptedWhereItWent()
    {
        List<(int Slice, PromptBox Box)> carried = [.. Run(s_unruled with { CarriedShare = 0 }).Where(s => s.Kind == StepKind.Up).Select(s => (s.Slice, s.Prompts!.Value.Box!.Value))];
        List<(int Slice, PromptBox Box)> copied = [.. Run(s_unruled with { CompensateMotion = false, GreyWeight = 0 }).Where(s => s.Kind == StepKind.Up).Select(s => (s.Slice, s.Prompts!.Value.Box!.Value))];
        Assert.Equal(Enumerable.Range(9, 6), carried.Select(s => s.Slice));
        foreach ((int slice, PromptBox box) in carried) Assert.InRange((box.X0 + box.X1) / 2, Centre(slice) - 0.5, Centre(slice) + 0.5);
        foreach ((int slice, PromptBox box) in copied) Assert.Equal(Centre(slice - 1), (box.X0 + box.X1) / 2);

        static double Centre(int slice) => 23 - (4 + 2 * (slice - 8)) + 0.5;
    }

    [Fact]
    public void Run_CarriedMasksAlone_FollowTheObjectWithoutTheModel()
    {
        // With the whole weight on the carried mask the model's answers do not enter the result.
        var (labels, steps, _) = s_scan.Run(new(), s_unruled with { CarriedShare = 1 }, s_scan.Segment("rod", 1, new(8, 14), (8, BoxOn(8))));
        for (int k = 8; k <= 12; k++)
        {
            int right = 0, wrong = 0;
            for (int j = 0; j < 24; j++)
                for (int i = 1; i < 23; i++)
                {
                    bool found = labels.Labels[(int)s_scan.Geometry.OffsetOf(new(i, j, k))] != 0;
                    if (found && IsInRod(i, j, k)) right++;
                    else if (found != IsInRod(i, j, k)) wrong++;
                }
            Assert.True(2.0 * right / (2 * right + wrong) > 0.85, $"slice {k}: {right} right, {wrong} wrong");
        }
        Assert.All(steps.Where(s => s is { Kind: StepKind.Up, Slice: <= 12 }), s => Assert.InRange(s.Agreement!.Value, 0.7, 1));
    }

    [Fact]
    public void Run_WithoutMotion_HasNoAgreementAndPassesTheModelsOwnMask()
    {
        List<PropagationStep> steps = Run(s_unruled with { CompensateMotion = false, GreyWeight = 0 });
        Assert.All(steps.Where(s => s.Kind == StepKind.Up), s => Assert.Null(s.Agreement));
        Assert.All(steps.Where(s => s.Kind == StepKind.Up), s => Assert.NotNull(s.Prompts!.Value.Mask!.Native));
    }

    [Fact]
    public void Run_Twice_GivesTheSameBits()
    {
        ResolvedKeyRun first = RunBetweenKeys(), second = RunBetweenKeys();
        Assert.Equal(first.Labels, second.Labels);
        Assert.Equal(first.Agreements, second.Agreements);
    }

    private sealed record ResolvedKeyRun(ushort[] Labels, double?[] Agreements);

    private static ResolvedKeyRun RunBetweenKeys()
    {
        var (labels, steps, _) = s_scan.Run(new(), s_unruled, s_scan.Segment("rod", 1, new(8, 14), (8, BoxOn(8)), (14, BoxOn(14))));
        return new(labels.Labels.ToArray(), [.. steps.Select(s => s.Agreement)]);
    }

    [Fact]
    public void Run_BetweenKeySlices_RulesDoNotStopAndBlendsTellHowFarBothWaysAgree()
    {
        PropagationOptions strict = s_unruled with { MinSimilarity = 1.1, MinOverlap = 1.1, MinPredictedIou = 1.1 }; // no mask passes
        List<PropagationStep> steps = Run(strict, null, (8, BoxOn(8)), (14, BoxOn(14)));
        Assert.Equal(Enumerable.Range(9, 5), steps.Where(s => s.Kind == StepKind.Blend).Select(s => s.Slice));
        Assert.All(steps.Where(s => s.Kind == StepKind.Blend), s => Assert.InRange(s.Agreement!.Value, 0.5, 1));
        Assert.Equal(StopReason.LowPredictedIou, Run(strict).Single(s => s.Kind == StepKind.Up).Stop); // beyond the last key slice they do
    }

    [Fact]
    public void Run_Confidence_IsTheRegressionOfWhatWasMeasured()
    {
        ConfidenceModel confidence = new()
        {
            ModelId = "threshold-test",
            Provenance = "tests",
            StopBelow = 0,
            Key = new(-1, 2, 0.5),
            Step = new(0.25, 1, -0.5, 0.75, 0.5, -1, 0.3, -0.2),
            Presence = new(-0.5, 0.5, 0.25, -0.75, 1, 2, 0.6, 0.4),
            Blend = new(0.1, 0.8, 0.6),
        };
        List<PropagationStep> steps = Run(s_unruled with { Confidence = confidence }, null, (8, BoxOn(8)), (14, BoxOn(14)));
        PropagationStep key = steps.First(s => s.Kind == StepKind.Key), up = steps.Single(s => s is { Kind: StepKind.Up, Slice: 11 }), down = steps.Single(s => s is { Kind: StepKind.Down, Slice: 11 });
        Assert.Equal(Share(-1 + 2 * key.PredictedIou!.Value + 0.5 * key.Stability!.Value), key.Confidence!.Value, 12);
        double value = 0.25 + up.PredictedIou!.Value - 0.5 * up.Stability!.Value + 0.75 * up.Overlap!.Value + 0.5 * up.Agreement!.Value - up.AreaChange!.Value + 0.3 * up.Similarity!.Value
            - 0.2 * Math.Log(3);
        Assert.Equal(Share(value), up.Confidence!.Value, 12);
        double presence = -0.5 + 0.5 * up.PredictedIou.Value + 0.25 * up.Stability.Value - 0.75 * up.Overlap.Value + up.Agreement.Value + 2 * up.AreaChange.Value + 0.6 * up.Similarity.Value + 0.4 * Math.Log(3);
        Assert.Equal(Share(presence), up.Presence!.Value, 12);
        Assert.Null(key.Presence);
        PropagationStep blend = steps.Single(s => s is { Kind: StepKind.Blend, Slice: 11 }); // half-way: both ways count the same
        double passes = (Math.Log(up.Confidence.Value / (1 - up.Confidence.Value)) + Math.Log(down.Confidence!.Value / (1 - down.Confidence.Value))) / 2;
        Assert.Equal(Share(0.1 + 0.8 * passes + 0.6 * blend.Agreement!.Value), blend.Confidence!.Value, 9);
        Assert.All(Run(s_unruled), s => Assert.True(s is { Confidence: null, Presence: null }));

        static double Share(double odds) => 1 / (1 + Math.Exp(-odds));
    }

    [Fact]
    public void Run_PresenceUnderTheLimit_StopsAndTheUsersLimitWins()
    {
        ConfidenceModel confidence = new() { ModelId = "threshold-test", Provenance = "tests", StopBelow = 0.4, Key = new(0, 0, 0), Step = new(0, 0, 0, 0, 0, 0, 0, 0), Presence = new(-1, 0, 0, 0, 0, 0, 0, 0), Blend = new(0, 0, 0) };
        Assert.Equal(StopReason.LowPresence, Run(s_unruled with { Confidence = confidence }).Last().Stop); // 1/(1+e) = 0.27
        Assert.Equal(StopReason.RangeEnd, Run(s_unruled with { Confidence = confidence, MinPresence = 0.2 }).Last().Stop);
        Assert.Equal(StopReason.RangeEnd, Run(s_unruled with { Confidence = confidence, MinPresence = 0 }).Last().Stop);
        Assert.Equal(StopReason.LowConfidence, Run(s_unruled with { Confidence = confidence, MinPresence = 0, MinConfidence = 0.6 }).Last().Stop);
    }
}
