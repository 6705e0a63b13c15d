using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Evaluation;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Tests.Evaluation;

public sealed class VolumeProtocolTests
{
    private static readonly VolumeGeometry s_grid = new(16, 12, 10, Affine.Identity);

    // A staircase: on slice k of 2..6 a block 4 rows high and 2·(k - 1) columns wide: 2, 4, 6, 8, 10; the largest slice is 6.
    private static bool IsInStairs(int i, int j, int k) => k is >= 2 and <= 6 && j is >= 4 and < 8 && i >= 2 && i < 2 + 2 * (k - 1);

    private static LabelledScan Scan(Func<int, int, int, bool> isObject, ushort label = 5)
    {
        byte[] voxels = new byte[s_grid.VoxelCount];
        ushort[] labels = new ushort[s_grid.VoxelCount];
        for (int k = 0; k < s_grid.SizeK; k++)
            for (int j = 0; j < s_grid.SizeJ; j++)
                for (int i = 0; i < s_grid.SizeI; i++)
                    if (isObject(i, j, k)) (voxels[s_grid.OffsetOf(new(i, j, k))], labels[s_grid.OffsetOf(new(i, j, k))]) = (200, label);
        return new("scan", "subject", new Volume<byte>(s_grid, voxels, IntensityScale.Identity, new()), new LabelMap(s_grid, labels, [new(label, "stairs", default)]));
    }

    private static StructureResult Measure(IPromptableSegmenter model, Func<int, int, int, bool> isObject, VolumeProtocolOptions? options = null) =>
        Assert.Single(new VolumeProtocol(model, options ?? new() { Window = IntensityWindowChoice.Of(new(0, 255)) })
            .Run(Scan(isObject), cancellation: TestContext.Current.CancellationToken));

    [Fact]
    public void Run_ModelThatIsNeverWrong_IsPerfectByEveryMethodOfTheModel()
    {
        using OracleSegmenter model = new();
        StructureResult result = Measure(model, IsInStairs);
        Assert.Equal(("stairs", 5, 5, 0.12), (result.Name, result.Label, result.SliceCount, result.VolumeMl)); // 4·(2+4+6+8+10) mm³
        foreach (VolumeMethod method in Enum.GetValues<VolumeMethod>().Where(m => !m.IsFloor()))
        {
            VolumeScore score = result.Find(method)!;
            Assert.Equal((1.0, 1.0, 0.0, 0.0), (score.Dice, score.Nsd, score.Hd95Mm, score.VolumeErrorPercent));
            Assert.Equal((0, 0, 0), (score.LeakBelow, score.LeakAbove, score.MissingSlices));
            Assert.All(score.Slices, slice => Assert.Equal(1, slice.Dice));
            Assert.Equal(5, score.Slices.Count);
        }
    }

    [Fact]
    public void Run_OneBox_IsPromptedWithTheTightBoxOfTheLargestSlice()
    {
        using OracleSegmenter model = new();
        Measure(model, IsInStairs, new() { Methods = [VolumeMethod.OneBox], Window = IntensityWindowChoice.Of(new(0, 255)) });
        // The frame is radiological: i grows to the patient's right of the picture's left edge, so columns 2..11 of 16 become 4..13; j likewise 4..7 of 12.
        Assert.Equal(new(4, 4, 14, 8), model.Prompts[0].Box);
        Assert.Null(model.Prompts[0].Mask);
    }

    [Fact]
    public void Run_CopiedMask_ScoresAsCountedByHand()
    {
        using OracleSegmenter model = new();
        VolumeScore score = Measure(model, IsInStairs).Find(VolumeMethod.CopiedMask)!;
        // Five slices of 40 voxels stand for 120 true ones, all inside: Dice 2·120/(120+200).
        Assert.Equal(0.75, score.Dice, 12);
        Assert.Equal(100 * (200 - 120) / 120.0, score.VolumeErrorPercent, 9);
        Assert.Equal([4, 3, 2, 1, 0], score.Slices.Select(s => s.Distance));
        Assert.Equal([2.0 * 8 / 48, 2.0 * 16 / 56, 2.0 * 24 / 64, 2.0 * 32 / 72, 1], score.Slices.Select(s => s.Dice));
    }

    [Fact]
    public void Run_Ellipses_ScoreAsCountedByHand()
    {
        using OracleSegmenter model = new();
        // Blocks of 4×4 pixels: of the inscribed circle of radius 2, the 12 pixels other than the corners have their centres inside.
        StructureResult result = Measure(model, (i, j, k) => k is >= 2 and <= 6 && j is >= 4 and < 8 && i is >= 4 and < 8);
        Assert.Equal(2.0 * 12 / (16 + 12), result.Find(VolumeMethod.CopiedEllipse)!.Dice, 12);
        Assert.Equal(2.0 * 12 / (16 + 12), result.Find(VolumeMethod.EllipseOnEverySlice)!.Dice, 12);
        Assert.Equal(1, result.Find(VolumeMethod.CopiedMask)!.Dice);
        Assert.Equal(1, result.Find(VolumeMethod.Interpolation)!.Dice);
    }

    [Fact]
    public void Run_InterpolationOfCentredStairs_FindsTheStepBetween()
    {
        using OracleSegmenter model = new();
        // Widths 2, 4, 6, 8, 10 round one centre: 15 % of five slices is none, so the key slices are the first and the last, which is the largest.
        VolumeScore score = Measure(model, (i, j, k) => k is >= 2 and <= 6 && j is >= 1 and < 11 && Math.Abs(i - 7.5) < k - 1).Find(VolumeMethod.Interpolation)!;
        Assert.True(score.Dice > 0.95, $"{score.Dice}"); // copying the largest: 2·300/(300+500) = 0.75
        Assert.Equal([0, 1, 2, 1, 0], score.Slices.Select(s => s.Distance));
        Assert.Equal((1.0, 1.0), (score.Slices[0].Dice, score.Slices[4].Dice));
    }

    [Fact]
    public void Run_BlockThatSlides_IsFollowedByRegistrationAndNotByCopying()
    {
        using OracleSegmenter model = new();
        // Six columns wide, one column further on each slice: four of ten columns are left of the copied mask on slices 2 and 6.
        StructureResult result = Measure(model, (i, j, k) => k is >= 2 and <= 6 && j is >= 3 and < 9 && i - k is >= 1 and < 7);
        Assert.InRange(result.Find(VolumeMethod.CopiedMask)!.Dice, 0, 0.7);
        Assert.InRange(result.Find(VolumeMethod.CarriedMask)!.Dice, 0.9, 1);
        Assert.InRange(result.Find(VolumeMethod.ThreeCarriedMasks)!.Dice, 0.9, 1);
    }

    [Fact]
    public void Run_RegionGrownFromAPoint_IsAllThatIsJoinedAndAlike()
    {
        using OracleSegmenter model = new();
        Assert.Equal(1, Measure(model, (i, j, k) => k is >= 2 and <= 6 && j is >= 4 and < 8 && i is >= 4 and < 8).Find(VolumeMethod.RegionGrowing)!.Dice);
        // A second block, of the same grey and of the reference, but not joined to the first: 4·4·5 voxels of 4·4·5 and 2·2·5.
        VolumeScore two = Measure(model, (i, j, k) => k is >= 2 and <= 6 && ((j is >= 4 and < 8 && i is >= 4 and < 8) || (j is >= 4 and < 6 && i is >= 10 and < 12))).Find(VolumeMethod.RegionGrowing)!;
        Assert.Equal(2.0 * 80 / (80 + 100), two.Dice, 12);
    }

    [Fact]
    public void Run_ModelThatLeaks_CountsSlicesOnEachSide()
    {
        using OracleSegmenter model = new();
        // The picture shows a rod through the whole scan, the reference only slices 3..5 of it.
        LabelledScan rod = Scan((i, j, _) => i is >= 4 and < 9 && j is >= 4 and < 9);
        ushort[] labels = rod.Labels.Labels.ToArray();
        for (int n = 0; n < labels.Length; n++)
            if (n / (16 * 12) is < 3 or > 5) labels[n] = 0;
        LabelledScan scan = rod with { Labels = new(s_grid, labels, []) };
        VolumeProtocol protocol = new(model, new() { Methods = [VolumeMethod.OneBox, VolumeMethod.OneBoxToldExtent], Window = IntensityWindowChoice.Of(new(0, 255)) });
        StructureResult result = Assert.Single(protocol.Run(scan, cancellation: TestContext.Current.CancellationToken));
        VolumeScore score = result.Find(VolumeMethod.OneBox)!;
        Assert.Equal(1, result.Find(VolumeMethod.OneBoxToldExtent)!.Dice);
        Assert.Equal("label 5", result.Name);
        Assert.Equal((3, 4, 0), (score.LeakBelow, score.LeakAbove, score.MissingSlices));
        Assert.Equal(2.0 * 3 / (3 + 10), score.Dice, 12);
    }

    [Fact]
    public void Run_MostAndMinimum_ChooseTheLargest()
    {
        using OracleSegmenter model = new();
        ushort[] labels = new ushort[s_grid.VoxelCount];
        labels.AsSpan(0, 50).Fill(1);
        labels.AsSpan(200, 90).Fill(2);
        labels.AsSpan(400, 10).Fill(3);
        LabelledScan scan = Scan((_, _, _) => false) with { Labels = new(s_grid, labels, []) };
        IEnumerable<int> Chosen(int most, int least) => new VolumeProtocol(model, new() { Methods = [VolumeMethod.CopiedMask], MostStructures = most, MinVoxels = least })
            .Run(scan, cancellation: TestContext.Current.CancellationToken).Select(r => (int)r.Label);
        Assert.Equal([2, 1, 3], Chosen(9, 1));
        Assert.Equal([2], Chosen(1, 1));
        Assert.Equal([2, 1], Chosen(9, 11));
    }

    [Fact]
    public void Summaries_SubjectsOfManyAndOfOneStructure_AreWeighedBothWays()
    {
        using OracleSegmenter model = new();
        StructureResult stairs = Measure(model, IsInStairs), block = Measure(model, (i, j, k) => k is 3 or 4 && i is >= 2 and < 6 && j is >= 4 and < 8) with { Subject = "other" };
        VolumeEvaluation evaluation = new(model.Description, 2, [stairs, stairs, stairs, block]);
        MethodSummary copied = evaluation.Summaries.Single(s => s.Method == VolumeMethod.CopiedMask);
        Assert.Equal((0.75 * 3 + 1) / 4, copied.Dice.Mean, 12);
        Assert.Equal((0.75 + 1) / 2, copied.SubjectDice.Mean, 12);
        Assert.Equal((0.75, 1.0), (copied.SubjectDice.Low, copied.SubjectDice.High));
    }

    [Fact]
    public void Report_MarkdownAndCsv_HoldEveryMethodAndStructure()
    {
        using OracleSegmenter model = new();
        VolumeEvaluation evaluation = new(model.Description, 2, [Measure(model, IsInStairs)]);
        string markdown = VolumeReport.ToMarkdown(evaluation);
        Assert.Contains("| model, one box | nothing | 1.000 [1.000, 1.000] | 1.000 [1.000, 1.000] | 1.000 [1.000, 1.000] | 0.0 | 0 | 0 | 0.0 + 0.0 | 0.0 |", markdown);
        Assert.Contains("| floor: key mask copied | key masks, extent | 0.750 [0.750, 0.750] |", markdown);
        Assert.Contains("| floor: key mask copied | 1.000 | 0.889 | 0.750 | 0.452 |", markdown); // by distance: 0, 1, 2, 3-4 (the mean of 4/7 and 1/3)
        string[] lines = VolumeReport.ToCsv(evaluation).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(1 + 12, lines.Length);
        Assert.StartsWith("\"scan\",\"subject\",5,\"stairs\",0.12,5,OneBox,1,1,0,0.12,0,0,0,0,", lines[1]);
    }
}
