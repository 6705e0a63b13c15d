using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Tests.Prompts;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Propagation;

public class PropagatorTests
{
    /// <summary>No rule but emptiness stops.</summary>
    private static readonly PropagationOptions s_unruled = new()
    {
        Strategy = PromptStrategy.Mask,
        MinPredictedIou = 0,
        MinOverlap = 0,
        MaxAreaRatio = double.PositiveInfinity,
        CentroidMargin = double.PositiveInfinity,
        CompensateMotion = false,
        GreyWeight = 0,
    };

    private static readonly PromptSet s_ballBox = SyntheticScan.Box(4, 5, 19, 20);

    [Fact]
    public void Run_Ball_FillsItAndStopsAtBothEnds()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        var (labels, steps, ends) = scan.Run(new(), s_unruled, scan.Segment("ball", 3, null, (12, s_ballBox)));
        AssertIsBall(labels, 3);
        Assert.Equal("ball", Assert.Single(labels.Segments).Name);
        Assert.Equal([(StepKind.Down, 5, StopReason.EmptyMask), (StepKind.Up, 19, StopReason.EmptyMask)],
            ends.OrderBy(e => e.LastSlice).Select(e => (e.Kind, e.LastSlice, e.Reason)));
        Assert.Equal(1 + 2 * 8, steps.Count); // the key slice, seven slices each way, and one on which nothing was found
        Assert.All(steps, s => Assert.Equal(s.Stop is null, s.IsKept));
    }

    [Fact]
    public void Run_AnyOrientationAndAxis_GivesTheSameVoxels() =>
        Gen.Select(Gen.Int[0, 5], Gen.Bool.Array[3], Gen.Int[0, 2], Gen.Double[-0.5, 0.5].Array[3]).Sample((permutation, flips, axisNumber, angles) =>
        {
            SliceAxis axis = (SliceAxis)axisNumber;
            VolumeGeometry cube = PromptResolverTests.Oriented(permutation, flips);
            VolumeGeometry grid = new(24, 24, 24, Rotate(cube.IndexToRas, angles));
            SyntheticScan scan = SyntheticScan.Ball(axis: axis, grid: grid);
            string point = $$"""{"version":1,"segments":[{"name":"ball","axis":"{{axis.ToLetter()}}","prompts":[{"points":[[12,11,12,1]]}]}]}""";
            ResolvedSegment segment = PromptResolver.Resolve(PromptDocument.Parse(point, "p.json"), grid, _ => null!)[0];
            var (labels, _, _) = scan.Run(new(), s_unruled, segment);
            AssertIsBall(labels, 1);
        }, iter: 30, threads: 1);

    [Theory]
    [InlineData("mask")]
    [InlineData("mask+box")]
    [InlineData("mask+box+points")]
    public void Run_StrategiesWithTheMask_PassItNativelyWithBoxAndPointsOfThePreviousSlice(string name)
    {
        Assert.True(PromptStrategies.TryParse(name, out PromptStrategy strategy));
        SyntheticScan scan = SyntheticScan.Ball();
        List<PromptSet> seen = [];
        ThresholdSegmenter model = new() { OnPredict = (_, prompts, _) => seen.Add(prompts) };
        var (labels, _, _) = scan.Run(model, s_unruled with { Strategy = strategy, PointCount = 1, EncodeAhead = 0 }, scan.Segment("ball", 1, null, (12, s_ballBox)));
        AssertIsBall(labels, 1);
        PromptSet second = seen[1];
        Assert.Equal(200f, second.Mask!.Native!.Values.Span[0]);
        // The disc of radius 7 on the key slice; y grows against j and x against i on this grid, so (12,11) shows at (11,12).
        Assert.Equal(strategy.HasFlag(PromptStrategy.Box) ? new PromptBox(4, 5, 19, 20) : null, second.Box);
        Assert.Equal(strategy.HasFlag(PromptStrategy.Points) ? [new PromptPoint(11, 12, true)] : [], second.Points);
    }

    [Fact]
    public void Run_BoxStrategy_GivesNoMask()
    {
        SyntheticScan scan = SyntheticScan.Create((i, j, k) => Math.Abs(i - 12) <= 4 && Math.Abs(j - 12) <= 4 ? (byte)200 : (byte)40);
        ThresholdSegmenter model = new() { OnPredict = (_, prompts, _) => Assert.Null(prompts.Mask) };
        var (labels, _, ends) = scan.Run(model, s_unruled with { Strategy = PromptStrategy.Box, BoxMargin = 0.1 }, scan.Segment("tube", 1, null, (12, s_ballBox)));
        Assert.Equal(24 * 81, Count(labels, 1));
        Assert.All(ends, e => Assert.Equal(StopReason.VolumeEnd, e.Reason));
    }

    [Fact]
    public void Run_Range_IsNotLeftAndSaid()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        var (labels, _, ends) = scan.Run(new(), s_unruled, scan.Segment("ball", 1, new(10, 15), (12, s_ballBox)));
        for (int k = 0; k < 24; k++) Assert.Equal(k is >= 10 and <= 15, SliceHas(labels, k, 1));
        Assert.Equal([(10, StopReason.RangeEnd), (15, StopReason.RangeEnd)], ends.Select(e => (e.LastSlice, e.Reason)).Order());
    }

    [Fact]
    public void Run_KeyAtTheRangesEnd_HasNowhereToGoAndSaysSo()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        var (labels, steps, ends) = scan.Run(new(), s_unruled, scan.Segment("ball", 1, new(12, 12), (12, s_ballBox)));
        Assert.Single(steps);
        Assert.True(SliceHas(labels, 12, 1));
        Assert.Equal([StopReason.RangeEnd, StopReason.RangeEnd], ends.Select(e => e.Reason));
    }

    [Fact]
    public void Run_MaxSlices_LimitsEachDirection()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        var (labels, _, ends) = scan.Run(new(), s_unruled with { MaxSlices = 2 }, scan.Segment("ball", 1, null, (12, s_ballBox)));
        for (int k = 0; k < 24; k++) Assert.Equal(k is >= 10 and <= 14, SliceHas(labels, k, 1));
        Assert.All(ends, e => Assert.Equal(StopReason.RangeEnd, e.Reason));
    }

    [Fact]
    public void Run_KeySliceWithoutObject_SaysSoAndWritesNothing()
    {
        SyntheticScan scan = SyntheticScan.Create((_, _, _) => 40);
        ThresholdSegmenter model = new() { Tolerance = -1 };
        var (labels, steps, ends) = scan.Run(model, s_unruled, scan.Segment("a", 1, null, (12, s_ballBox)));
        Assert.Equal(0, Count(labels, 1));
        Assert.Equal((StopReason.EmptyMask, false), (Assert.Single(steps).Stop, steps[0].IsKept));
        Assert.All(ends, e => Assert.Equal((StopReason.EmptyMask, 12), (e.Reason, e.LastSlice)));
    }

    [Fact]
    public void Run_TwoKeySlices_MeetAndAreBlendedByDistance()
    {
        SyntheticScan scan = SyntheticScan.Create((i, j, k) => Math.Abs(i - 12) <= 5 && Math.Abs(j - 12) <= 5 ? (byte)200 : (byte)40);
        var (labels, steps, ends) = scan.Run(new(), s_unruled, scan.Segment("a", 1, new(6, 18), (6, s_ballBox), (18, s_ballBox)));
        Assert.Equal(13 * 121, Count(labels, 1));
        Assert.Equal(2, ends.Count(e => e.Reason == StopReason.MetKeySlice));
        Assert.Equal(Enumerable.Range(7, 11), steps.Where(s => s.Kind == StepKind.Blend).Select(s => s.Slice));
        Assert.Equal(Enumerable.Range(7, 11), steps.Where(s => s.Kind == StepKind.Up).Select(s => s.Slice));
        Assert.Equal(Enumerable.Range(7, 11).Reverse(), steps.Where(s => s.Kind == StepKind.Down).Select(s => s.Slice));
        Assert.All(steps, s => Assert.Equal(s.Kind is StepKind.Key or StepKind.Blend, s.IsKept));
    }

    [Fact]
    public void Run_TwoKeySlicesThatDisagree_EachRulesItsHalf()
    {
        // Two squares side by side, of different grey; the lower key shows the left one, the upper key the right one.
        SyntheticScan scan = SyntheticScan.Create((i, j, k) => Math.Abs(j - 12) > 3 ? (byte)40 : i is >= 4 and <= 8 ? (byte)200 : i is >= 14 and <= 18 ? (byte)120 : (byte)40);
        var (labels, _, _) = scan.Run(new(), s_unruled,
            scan.Segment("a", 1, new(4, 15), (4, SyntheticScan.Box(15, 8, 20, 15)), (15, SyntheticScan.Box(5, 8, 10, 15))));
        for (int k = 4; k <= 15; k++)
        {
            bool left = labels.Labels[(int)scan.Geometry.OffsetOf(new(6, 12, k))] != 0, right = labels.Labels[(int)scan.Geometry.OffsetOf(new(16, 12, k))] != 0;
            Assert.Equal((k < 9.5, k > 9.5), (left, right));
        }
    }

    [Fact]
    public void Run_OneSideOfAGapStops_TheOtherStandsAlone()
    {
        // The object is missing on slice 8, so the walk up from 6 stops there; the walk down from 18 stops there too.
        SyntheticScan scan = SyntheticScan.Create((i, j, k) => k != 8 && Math.Abs(i - 12) <= 5 && Math.Abs(j - 12) <= 5 ? (byte)200 : (byte)40);
        var (labels, _, ends) = scan.Run(new(), s_unruled, scan.Segment("a", 1, new(6, 18), (6, s_ballBox), (18, s_ballBox)));
        for (int k = 6; k <= 18; k++) Assert.Equal(k != 8, SliceHas(labels, k, 1));
        Assert.Equal([(7, StepKind.Up), (9, StepKind.Down)], ends.Where(e => e.Reason == StopReason.EmptyMask).Select(e => (e.LastSlice, e.Kind)).Order());
    }

    [Fact]
    public void Run_ManySegmentsAndKeys_EncodesEachSliceOnce()
    {
        SyntheticScan scan = SyntheticScan.Create((i, j, k) => Math.Abs(j - 12) > 3 ? (byte)40 : i is >= 4 and <= 8 ? (byte)200 : i is >= 14 and <= 18 ? (byte)120 : (byte)40);
        ThresholdSegmenter model = new();
        var (labels, _, _) = scan.Run(model, s_unruled,
            scan.Segment("left", 1, null, (3, SyntheticScan.Box(15, 8, 20, 15)), (20, SyntheticScan.Box(15, 8, 20, 15))),
            scan.Segment("right", 2, null, (12, SyntheticScan.Box(5, 8, 10, 15))));
        Assert.Equal((24 * 35, 24 * 35), (Count(labels, 1), Count(labels, 2)));
        Assert.Equal(Enumerable.Range(0, 24), model.EncodesByFirstPixel.Keys.Order());
        Assert.All(model.EncodesByFirstPixel.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Run_StopsEarly_EncodesNoFurtherThanTheLookAhead()
    {
        SyntheticScan scan = SyntheticScan.Ball(radius: 2);
        ThresholdSegmenter model = new();
        scan.Run(model, s_unruled with { EncodeAhead = 2 }, scan.Segment("ball", 1, null, (12, s_ballBox)));
        Assert.InRange(model.EncodeCount, 7, 11); // slices 9 to 15 are looked at; two more may have been under way each way
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Run_BoundedCache_IsNeverExceededAndTheResultIsTheSame(int embeddings)
    {
        SyntheticScan scan = SyntheticScan.Ball();
        ThresholdSegmenter model = new() { EmbeddingBytes = 100_000 };
        // A picture's pooled buffer is rounded up to a power of two: 1024 for 24².
        long capacity = embeddings * 101_024;
        Propagator propagator = scan.Propagator(model, s_unruled with { CacheBytes = capacity },
            scan.Segment("a", 1, null, (8, s_ballBox)), scan.Segment("b", 2, null, (12, s_ballBox), (16, s_ballBox)));
        int steps = propagator.Run(TestContext.Current.CancellationToken).Count();
        Assert.True(steps > 20);
        Assert.InRange(propagator.PeakCacheBytes, 1, capacity);
        Assert.InRange(model.MostLiveEmbeddings, 1, embeddings);
        Assert.Equal(0, model.LiveEmbeddings);
        int labelled = Count(propagator.Labels, 1) + Count(propagator.Labels, 2);
        Assert.Equal(BallCount(), labelled);
        if (embeddings == 100) Assert.All(model.EncodesByFirstPixel.Values, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Run_EmbeddingLargerThanAllowed_SaysSo()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        Propagator propagator = scan.Propagator(new() { EmbeddingBytes = 3 << 20 }, s_unruled with { CacheBytes = 2 << 20 }, scan.Segment("a", 1, null, (12, s_ballBox)));
        Assert.Contains("3 MB", Assert.Throws<InsufficientMemoryForWorkException>(() => propagator.Run().Count()).Message);
    }

    [Fact]
    public void Create_TooLittleMemory_SaysHowMuchBeforeAnythingRuns()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        ThresholdSegmenter model = new();
        InsufficientMemoryForWorkException error = Assert.Throws<InsufficientMemoryForWorkException>(
            () => new Propagator(model, scan.Volume, new(0, 255), [scan.Segment("a", 1, null, (12, s_ballBox))], s_unruled, availableBytes: 20 << 20));
        Assert.Contains("20 MB are free", error.Message);
        Assert.Equal(0, model.EncodeCount);
    }

    [Fact]
    public void Run_SegmentsMeet_TheHigherProbabilityWinsWhateverTheOrder()
    {
        // Grey falls from left to right without a border; each segment's key point has another grey, so they meet half-way between.
        SyntheticScan scan = SyntheticScan.Create((i, j, k) => Math.Abs(j - 12) <= 4 && i is >= 2 and <= 21 ? (byte)(220 - 8 * (i - 2)) : (byte)0);
        PromptSet At(double i) => new() { Points = [new(23 - i, 11, true)] }; // x runs against i here
        ThresholdSegmenter model = new() { Tolerance = 60, Reach = 24 };
        ResolvedSegment left = scan.Segment("left", 5, new(10, 14), (12, At(4))), right = scan.Segment("right", 2, new(10, 14), (12, At(14)));
        var (first, _, _) = scan.Run(model, s_unruled, left, right);
        var (second, _, _) = scan.Run(model, s_unruled, right, left);
        // Greys 204 and 124: 164 (i = 9) is equally far from both and goes to the one listed first.
        for (int i = 2; i <= 21; i++)
        {
            int expected = Math.Abs(220 - 8 * (i - 2) - 204) < 60 && i < 9 ? 5 : Math.Abs(220 - 8 * (i - 2) - 124) < 60 && i > 9 ? 2 : -1;
            int at = (int)scan.Geometry.OffsetOf(new(i, 12, 12));
            if (expected >= 0) Assert.Equal((expected, expected), (first.Labels[at], second.Labels[at]));
            if (i == 9) Assert.Equal((5, 2), (first.Labels[at], second.Labels[at]));
        }
    }

    [Fact]
    public void Run_SegmentsAlongDifferentAxes_ShareOneLabelMap()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        ResolvedSegment along = scan.Segment("k", 1, new(0, 12), (12, s_ballBox));
        ResolvedSegment across = new(new Segment(2, "i", default), SliceAxis.I, new(0, 23), [new(12, new() { Points = [new(12, 5, true)] })]);
        Propagator propagator = scan.Propagator(new(), s_unruled, along, across);
        propagator.Run(TestContext.Current.CancellationToken).Count();
        Assert.Equal(BallCount(), Count(propagator.Labels, 1) + Count(propagator.Labels, 2));
        Assert.True(Count(propagator.Labels, 1) > 0 && Count(propagator.Labels, 2) > 0);
    }

    private static void AssertIsBall(LabelMap labels, ushort label)
    {
        for (int k = 0; k < 24; k++)
            for (int j = 0; j < 24; j++)
                for (int i = 0; i < 24; i++)
                    Assert.Equal(SyntheticScan.IsInBall(i, j, k) ? label : 0, labels.Labels[(int)labels.Geometry.OffsetOf(new(i, j, k))]);
    }

    private static int BallCount()
    {
        int count = 0;
        for (int n = 0; n < 24 * 24 * 24; n++) count += SyntheticScan.IsInBall(n % 24, n / 24 % 24, n / 576) ? 1 : 0;
        return count;
    }

    private static int Count(LabelMap labels, ushort label) => labels.Labels.Count(label);

    private static bool SliceHas(LabelMap labels, int k, ushort label) => labels.Labels.Slice(k * 576, 576).Contains(label);

    private static Affine Rotate(Affine affine, double[] angles)
    {
        RasVector Turn(RasVector v)
        {
            (double s, double c) = Math.SinCos(angles[0]);
            v = new(c * v.R - s * v.A, s * v.R + c * v.A, v.S);
            (s, c) = Math.SinCos(angles[1]);
            v = new(v.R, c * v.A - s * v.S, s * v.A + c * v.S);
            (s, c) = Math.SinCos(angles[2]);
            return new(c * v.R + s * v.S, v.A, -s * v.R + c * v.S);
        }
        return Affine.FromColumns(Turn(affine.StepI), Turn(affine.StepJ), Turn(affine.StepK), affine.Origin);
    }
}
