using SamMed2D.Core.Prompts;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Tests.Propagation;

/// <summary>Each rule is provoked by a scan in which exactly that goes wrong on slice 15, under the default limits.</summary>
public class StopReasonTests
{
    private static readonly PropagationStep s_nothingWrong = new()
    {
        Segment = new(1, "a", default),
        Slice = 1,
        Kind = StepKind.Up,
        PredictedIou = 1,
        Overlap = 1,
        Similarity = 1,
        AreaPixels = 10,
        IsKept = true,
    };

    public static TheoryData<StopReason, string> Cases => new()
    {
        { StopReason.EmptyMask, "gone" },
        { StopReason.LowPredictedIou, "faded" },
        { StopReason.LowOverlap, "shifted" },
        { StopReason.AreaJump, "grown" },
        { StopReason.AreaJump, "shrunk" },
        { StopReason.CentroidLeft, "elsewhere" },
        { StopReason.VolumeEnd, "same" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Run_ChangeOnSlice15_StopsThereForThatReason(StopReason reason, string change)
    {
        SyntheticScan scan = SyntheticScan.Create((i, j, k) =>
        {
            (double x, double half, byte grey) = (12, 4.5, (byte)200);
            if (k >= 15)
                (x, half, grey) = change switch
                {
                    "gone" => (x, 0, grey),
                    "faded" => (x, half, (byte)220),
                    "shifted" => (x + 6, half, grey),
                    "grown" => (x, 10, grey),
                    "shrunk" => (x, 1.5, grey),
                    "elsewhere" => (x + 9, half, grey),
                    _ => (x, half, grey),
                };
            return Math.Abs(i - x) < half && Math.Abs(j - 12) < half ? grey : (byte)40;
        }, size: 26);
        var (labels, steps, ends) = scan.Run(new() { Reach = 8 }, new() { Strategy = PromptStrategy.Mask, CompensateMotion = false, GreyWeight = 0 }, scan.Segment("a", 1, null, (10, SyntheticScan.Box(7, 7, 19, 19))));
        PropagationEnd up = ends.Single(e => e.Kind == StepKind.Up);
        Assert.Equal((reason, reason == StopReason.VolumeEnd ? 25 : 14), (up.Reason, up.LastSlice));
        Assert.Equal((StopReason.VolumeEnd, 0), ends.Where(e => e.Kind == StepKind.Down).Select(e => (e.Reason, e.LastSlice)).Single());
        PropagationStep last = steps.Single(s => s.Kind == StepKind.Up && s.Stop is not null);
        Assert.Equal(reason == StopReason.VolumeEnd, last.IsKept);
        bool labelledAt15 = labels.Labels.Slice(15 * 26 * 26, 26 * 26).Contains((ushort)1);
        Assert.Equal(reason == StopReason.VolumeEnd, labelledAt15);
    }

    [Fact]
    public void Run_GreyValuesChange_StopsForAppearance()
    {
        SyntheticScan scan = SyntheticScan.Create((i, j, k) => Math.Abs(i - 12) < 4.5 && Math.Abs(j - 12) < 4.5 ? (byte)(k < 15 ? 200 : 229) : (byte)40, size: 26);
        var (_, steps, ends) = scan.Run(
            new() { Reach = 8 }, new() { Strategy = PromptStrategy.Mask, CompensateMotion = false, GreyWeight = 0, MinPredictedIou = 0 }, scan.Segment("a", 1, null, (10, SyntheticScan.Box(7, 7, 19, 19))));
        PropagationEnd up = ends.Single(e => e.Kind == StepKind.Up);
        Assert.Equal((StopReason.AppearanceChanged, 14), (up.Reason, up.LastSlice));
        Assert.Equal(1, steps.Single(s => s.Slice == 14).Similarity!.Value, 1e-6);
        Assert.Equal(0.25, steps.Single(s => s.Slice == 15).Similarity!.Value, 1e-6); // bins 12 and 14 share only their edge
    }

    [Theory]
    [InlineData(10, 10, null)]
    [InlineData(46, 10, null)] // three times and the allowance
    [InlineData(47, 10, StopReason.AreaJump)]
    [InlineData(10, 47, StopReason.AreaJump)]
    [InlineData(0, 10, StopReason.EmptyMask)]
    public void Judge_Area_AllowsFactorAndAFewPixels(int area, int previous, StopReason? expected) =>
        Assert.Equal(expected, StopRules.Judge(LineOf(area), LineOf(previous), isOpen: true, s_nothingWrong, new() { MaxAreaRatio = 3 }));

    [Theory]
    [InlineData(0.3, true, StopReason.LowConfidence)]
    [InlineData(0.5, true, null)]
    [InlineData(0.3, false, null)] // between key slices the object goes on
    public void Judge_Confidence_StopsUnderTheLimit(double confidence, bool isOpen, StopReason? expected) =>
        Assert.Equal(expected, StopRules.Judge(LineOf(10), LineOf(10), isOpen, s_nothingWrong with { Confidence = confidence }, new() { MinConfidence = 0.4 }));

    [Theory]
    [InlineData(0.3, true, StopReason.LowPresence)]
    [InlineData(0.5, true, null)]
    [InlineData(0.3, false, null)]
    public void Judge_Presence_StopsUnderTheLimitHoweverSureTheMask(double presence, bool isOpen, StopReason? expected) =>
        Assert.Equal(expected, StopRules.Judge(LineOf(10), LineOf(10), isOpen, s_nothingWrong with { Presence = presence, Confidence = 1 - presence }, new() { MinPresence = 0.4 }));

    [Fact]
    public void Judge_ConfidenceUnknown_DoesNotStop() =>
        Assert.Null(StopRules.Judge(LineOf(10), LineOf(10), isOpen: true, s_nothingWrong, new() { MinConfidence = 0.9, MinPresence = 0.9 }));

    [Theory]
    [InlineData("mask", PromptStrategy.Mask)]
    [InlineData("BOX", PromptStrategy.Box)]
    [InlineData("box+mask", PromptStrategy.Mask | PromptStrategy.Box)]
    [InlineData("mask+box+points", PromptStrategy.Mask | PromptStrategy.Box | PromptStrategy.Points)]
    public void TryParse_Strategy_IsReadInAnyOrder(string text, PromptStrategy expected)
    {
        Assert.True(PromptStrategies.TryParse(text, out PromptStrategy strategy));
        Assert.Equal(expected, strategy);
        Assert.True(PromptStrategies.TryParse(strategy.ToName(), out PromptStrategy again));
        Assert.Equal(strategy, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("mask+")]
    [InlineData("mask+mask")]
    [InlineData("masks")]
    public void TryParse_NoStrategy_IsRefused(string text) => Assert.False(PromptStrategies.TryParse(text, out _));

    private static MaskShape LineOf(int area)
    {
        MaskShape shape = new(64, 1);
        float[] probabilities = new float[64];
        Array.Fill(probabilities, 1, 0, area);
        shape.Set(new MaskPrompt(64, 1, probabilities));
        return shape;
    }
}
