using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Evaluation;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Tests.Evaluation;

public class CalibrationTests
{
    // Ten pixels on slices 3 to 7 of 0 to 10; found on all of them, rightly inside. The model is sure inside and unsure outside.
    private static TracedStructure Rod(string subject = "a", double outside = 0.2) => new(subject, "rod", 3, 7, 5, 50,
        [.. Enumerable.Range(0, 11).Select(slice => Slice(slice < 5 ? StepKind.Down : slice > 5 ? StepKind.Up : StepKind.Key, slice, slice is >= 3 and <= 7, slice is >= 3 and <= 7 ? 0.9 : outside))], []);

    private static TracedSlice Slice(StepKind kind, int slice, bool isTrue, double iou) =>
        new(kind, slice, new(iou, 1, 1, 1, 0, 1, Math.Max(Math.Abs(slice - 5), 1)), default, 0, 0, 10, isTrue ? 10 : 0, isTrue ? 10 : 0);

    private static readonly ConfidenceModel s_byIou = new()
    {
        ModelId = "m",
        Provenance = "tests",
        StopBelow = 0,
        Key = new(0, 1, 0),
        Step = new(-5, 10, 0, 0, 0, 0, 0, 0), // 0.2 gives 0.047, 0.9 gives 0.982
        Presence = new(-5, 10, 0, 0, 0, 0, 0, 0),
        Blend = new(0, 1, 0),
    };

    [Fact]
    public void StopCurve_NoLimitAndAGoodOne_AreAsCountedByHand()
    {
        StopPoint none = StopCurve.At([Rod()], 0, (_, _) => false);
        Assert.Equal((2.0 * 50 / (110 + 50), 3.0, 3.0, 0.0), (none.Dice, none.LeakMedian, none.LeakMean, none.LossMean));
        IReadOnlyList<StopPoint> curve = StopCurve.Of([Rod()], (_, slice) => slice.ConfidenceBy(s_byIou));
        StopPoint best = StopCurve.Best(curve);
        Assert.Equal((1.0, 0.0, 0.0), (best.Dice, best.LeakMean, best.LossMean));
        Assert.Equal(0.975, best.Limit, 9); // the strictest of equals
        Assert.Equal(none with { Limit = 0.025 }, curve[1]);
    }

    [Fact]
    public void StopCurve_StopsInside_CountsTheLossOfBothEnds()
    {
        // Slices 4 and 6 are rejected: only the key slice is left, two slices are lost at either end.
        StopPoint point = StopCurve.At([Rod()], 0.5, (_, slice) => slice.Slice is 4 or 6);
        Assert.Equal((2.0 * 10 / (10 + 50), 0.0, 2.0), (point.Dice, point.LeakMean, point.LossMean));
    }

    [Fact]
    public void Of_TracesThatTellRightFromWrong_FitsRanksAndStops()
    {
        Calibration found = Calibration.Of([Rod("a"), Rod("b", 0.3)], [Rod("c", 0.25)], "m", "tests");
        Assert.Equal(1, found.Rows[0].Reliability.RankShare);
        Assert.True(found.Model.Step.PredictedIou > 0);
        Assert.True(found.Model.Presence.PredictedIou > 0);
        Assert.InRange(found.Model.StopBelow, 0.1, 0.9);
        Assert.Equal(1, found.Stops.Single(s => s.Name == "test: presence").Point.Dice);
        string markdown = CalibrationReport.ToMarkdown(found);
        Assert.Contains("| test: none | 0.625 | 3.0 | 3.00 | 0.00 |", markdown);
        Assert.Contains("| test scans | 11 | 0.455 |", markdown);
        Assert.Contains("| test scans, by a fit to the others alone | 11 |", markdown);
        Assert.Equal(1 + 2 * 40, CalibrationReport.ToStopsCsv(found).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    public void IsGood_DiceOfEightTenths_IsRightAndLessIsNot()
    {
        TracedSlice even = Slice(StepKind.Up, 6, true, 1) with { Found = 10, True = 10, Both = 8 };
        Assert.True(even.IsGood);
        Assert.False((even with { Both = 7 }).IsGood);
        Assert.False((even with { Found = 5, True = 0, Both = 0 }).IsGood);
        Assert.False((even with { Found = 0, True = 0, Both = 0 }).IsGood);
    }

    [Fact]
    public void IsPresent_HalfOfTheMaskIsTheObject_IsThereHoweverPoorTheMask()
    {
        TracedSlice half = Slice(StepKind.Up, 6, true, 1) with { Found = 10, True = 90, Both = 5 };
        Assert.True(half.IsPresent);
        Assert.False(half.IsGood);
        Assert.False((half with { Both = 4 }).IsPresent);
        Assert.False((half with { Found = 0, Both = 0 }).IsPresent);
    }

    [Fact]
    public void Finish_ScansOfARod_TracesBothEndsAndTenSlicesBeyond()
    {
        using OracleSegmenter model = new();
        CalibrationProtocol protocol = new(model, 1);
        protocol.Add(Scan("fit"), isTest: false, TestContext.Current.CancellationToken);
        protocol.Add(Scan("test"), isTest: true, TestContext.Current.CancellationToken);
        Calibration found = protocol.Finish("fit.csv");
        // The picture shows the rod on all slices, the reference on 13 to 15 of 30: ten slices beyond either end are wrong.
        Assert.Equal("test: none", found.Stops[4].Name);
        Assert.Equal(10, found.Stops[4].Point.LeakMean);
        Assert.Equal(2.0 * 3 / (23 + 3), found.Stops[4].Point.Dice, 12);
        Assert.Contains("2 structures, 2 subjects of fit.csv", found.Model.Provenance);
        Assert.Equal("oracle", found.Model.ModelId);
        Assert.Throws<InvalidOperationException>(() => new CalibrationProtocol(model, 1).Finish("fit.csv"));
    }

    [Fact]
    public void VariantComparison_AnOracle_IsRightInEveryWay()
    {
        using OracleSegmenter model = new();
        VariantComparison comparison = new(model, 1);
        comparison.Add(Scan("a"), cancellation: TestContext.Current.CancellationToken);
        string table = comparison.ToMarkdown();
        foreach (PropagationVariant way in PropagationVariant.All) Assert.Contains($"| {way.Name} | 1.000 (1.000) | 1.000 (1.000) |", table);
        Assert.Contains("| floor: key mask carried by registration | 1.000 (1.000) |  | |", table);
        Assert.Equal(1, comparison.StructureCount);
    }

    private static LabelledScan Scan(string subject)
    {
        VolumeGeometry grid = new(16, 12, 30, Affine.Identity);
        byte[] voxels = new byte[grid.VoxelCount];
        Array.Fill(voxels, (byte)60); // over the black corner, else it would pass for air and not widen the window
        voxels[0] = 0;
        ushort[] labels = new ushort[grid.VoxelCount];
        for (int k = 0; k < 30; k++)
            for (int j = 4; j < 8; j++)
                for (int i = 5; i < 10; i++)
                {
                    long at = grid.OffsetOf(new(i, j, k));
                    voxels[at] = 200;
                    if (k is >= 13 and <= 15) labels[at] = 5;
                }
        return new("scan", subject, new Volume<byte>(grid, voxels, IntensityScale.Identity, new()), new LabelMap(grid, labels, [new(5, "rod", default)]));
    }
}
