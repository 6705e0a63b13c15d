using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Tests.Prompts;

public class PromptResolverTests
{
    // Thick along k; LPS-like signs, off the origin.
    private static readonly VolumeGeometry s_grid = new(40, 30, 20, new(-1, 0, 0, 50, 0, -1, 0, 60, 0, 0, 3, -70));

    private static IReadOnlyList<ResolvedSegment> Resolve(string segments, string space = "ijk", VolumeGeometry? grid = null, LabelMap? mask = null) =>
        PromptResolver.Resolve(PromptDocument.Parse($$"""{"version":1,"space":"{{space}}","segments":[{{segments}}]}""", "p.json"), grid ?? s_grid,
            _ => mask ?? throw new InvalidOperationException("no mask was expected"));

    [Fact]
    public void Resolve_FlatBox_IsHalfOpenOnItsSliceAndFreeInRange()
    {
        ResolvedSegment segment = Resolve("""{"name":"a","prompts":[{"box":[[12,8,4],[5,10,4]]}]}""")[0];
        Assert.Equal((SliceAxis.K, new SliceRange(0, 19)), (segment.Axis, segment.Range));
        KeySlice key = Assert.Single(segment.KeySlices);
        Assert.Equal(4, key.Slice);
        // i falls towards the patient's right here, as the picture's x does: nothing is mirrored.
        Assert.Equal(new PromptBox(5, 8, 13, 11), key.Prompts.Box);
    }

    [Fact]
    public void Resolve_AnyBoxOnAnyGrid_CoversExactlyItsVoxels() =>
        Gen.Select(Gen.Int[0, 5].Array[6], Gen.Int[0, 2], Gen.Bool.Array[3], Gen.Int[0, 5]).Sample((c, axisNumber, flips, permutation) =>
        {
            SliceAxis axis = (SliceAxis)axisNumber;
            VolumeGeometry grid = Oriented(permutation, flips);
            c[3 + axisNumber] = c[axisNumber];
            string json = $$"""{"name":"a","axis":"{{axis.ToLetter()}}","prompts":[{"box":[[{{c[0]}},{{c[1]}},{{c[2]}}],[{{c[3]}},{{c[4]}},{{c[5]}}]]}]}""";
            KeySlice key = Resolve(json, grid: grid)[0].KeySlices[0];
            SliceFrame frame = new(grid, axis);
            PromptBox box = key.Prompts.Box!.Value;
            for (int slice = 0; slice < frame.SliceCount; slice++)
                for (int y = 0; y < frame.Height; y++)
                    for (int x = 0; x < frame.Width; x++)
                    {
                        VoxelIndex v = frame.PixelToVoxel(x, y, slice);
                        bool expected = Within(v.I, c[0], c[3]) && Within(v.J, c[1], c[4]) && Within(v.K, c[2], c[5]);
                        bool found = slice == key.Slice && x >= box.X0 && x < box.X1 && y >= box.Y0 && y < box.Y1;
                        Assert.Equal(expected, found);
                    }
        });

    [Fact]
    public void Resolve_BoxWithDepth_MiddleIsKeyAndExtentIsRange()
    {
        ResolvedSegment segment = Resolve("""{"name":"a","prompts":[{"box":[[5,5,4],[9,9,11]]}]}""")[0];
        Assert.Equal(7, Assert.Single(segment.KeySlices).Slice);
        Assert.Equal(new SliceRange(4, 11), segment.Range);
    }

    [Fact]
    public void Resolve_BoxWithDepthAndStatedRange_TakesTheStatedOne() =>
        Assert.Equal(new SliceRange(2, 15), Resolve("""{"name":"a","range":[2,15],"prompts":[{"box":[[5,5,4],[9,9,11]]}]}""")[0].Range);

    [Fact]
    public void Resolve_SeveralPromptsOnASlice_WorkTogether()
    {
        ResolvedSegment segment = Resolve("""
            {"name":"a","prompts":[{"points":[[5,6,9,1],[7,6,3,1]]},{"box":[[3,3,9],[9,9,9]]},{"points":[[8,8,9,0]]}]}
            """)[0];
        Assert.Equal([3, 9], segment.KeySlices.Select(k => k.Slice));
        Assert.Equal([new PromptPoint(5, 6, true), new PromptPoint(8, 8, false)], segment.KeySlices[1].Prompts.Points);
        Assert.NotNull(segment.KeySlices[1].Prompts.Box);
        Assert.Null(segment.KeySlices[0].Prompts.Box);
    }

    [Fact]
    public void Resolve_RasAndLps_MeanTheSamePlaceAsIjk()
    {
        // voxel (12,8,4) lies at R 50-12, A 60-8, S -70+12
        PromptPoint ijk = Resolve("""{"name":"a","prompts":[{"points":[[12,8,4,1]]}]}""")[0].KeySlices[0].Prompts.Points[0];
        ResolvedSegment ras = Resolve("""{"name":"a","prompts":[{"points":[[38,52,-58,1]]}]}""", "ras")[0];
        ResolvedSegment lps = Resolve("""{"name":"a","prompts":[{"points":[[-38,-52,-58,1]]}]}""", "lps")[0];
        foreach (ResolvedSegment segment in (ResolvedSegment[])[ras, lps])
        {
            Assert.Equal(4, segment.KeySlices[0].Slice);
            Assert.Equal(ijk.X, segment.KeySlices[0].Prompts.Points[0].X, 1e-9);
            Assert.Equal(ijk.Y, segment.KeySlices[0].Prompts.Points[0].Y, 1e-9);
        }
    }

    [Fact]
    public void Resolve_SlicerRoi_TakesVoxelsWithCentresInside()
    {
        // centre at voxel (12,8,4): R 38, A 52, S -58. 4 mm along i: voxels 10..14; 3 mm along j: 7..9; 12 mm along k: 2..6.
        const string roi = """{"markups":[{"type":"ROI","name":"a","coordinateSystem":"LPS","center":[-38,-52,-58],"size":[4,3,12]}]}""";
        ResolvedSegment segment = PromptResolver.Resolve(PromptDocument.Parse(roi, "a.mrk.json"), s_grid, _ => null!)[0];
        Assert.Equal(new SliceRange(2, 6), segment.Range);
        Assert.Equal(new PromptBox(10, 7, 15, 10), segment.KeySlices[0].Prompts.Box);
    }

    [Fact]
    public void Resolve_LabelsNotGiven_TakesLowestFree()
    {
        IReadOnlyList<ResolvedSegment> segments = Resolve("""
            {"name":"a","prompts":[{"points":[[1,1,1,1]]}]},{"name":"b","label":1,"prompts":[{"points":[[1,1,1,1]]}]},{"name":"c","prompts":[{"points":[[1,1,1,1]]}]}
            """);
        Assert.Equal([2, 1, 3], segments.Select(s => (int)s.Segment.Label));
        Assert.Equal(RgbColor.ForLabel(2), segments[0].Segment.Color);
    }

    [Fact]
    public void Resolve_Mask_EverySliceItMarksIsAKey()
    {
        LabelMap mask = new(s_grid, []);
        mask.MutableLabels[(int)s_grid.OffsetOf(new(3, 4, 5))] = 9;
        mask.MutableLabels[(int)s_grid.OffsetOf(new(6, 7, 8))] = 9;
        ResolvedSegment segment = Resolve("""{"name":"a","prompts":[{"mask":"m.nii"}]}""", mask: mask)[0];
        Assert.Equal([5, 8], segment.KeySlices.Select(k => k.Slice));
        MaskPrompt prompt = segment.KeySlices[1].Prompts.Mask!;
        Assert.Equal(1, prompt.Probabilities.Span[7 * prompt.Width + 6]);
        Assert.Equal(1, prompt.Probabilities.ToArray().Sum());
    }

    [Fact]
    public void Resolve_MaskOfSeveralLabels_TakesTheSegmentsOwn()
    {
        LabelMap mask = new(s_grid, []);
        mask.MutableLabels[(int)s_grid.OffsetOf(new(3, 4, 5))] = 9;
        mask.MutableLabels[(int)s_grid.OffsetOf(new(6, 7, 8))] = 2;
        Assert.Equal(8, Resolve("""{"name":"a","label":2,"prompts":[{"mask":"m.nii"}]}""", mask: mask)[0].KeySlices.Single().Slice);
        Assert.Contains("2 labels, none of them named 'a' or 3", Assert.Throws<InvalidPromptException>(
            () => Resolve("""{"name":"a","label":3,"prompts":[{"mask":"m.nii"}]}""", mask: mask)).Message);
    }

    [Fact]
    public void Resolve_MaskOfSeveralLabels_TakesTheOneOfTheSegmentsNameBeforeItsLabel()
    {
        LabelMap mask = new(s_grid, [new(1, "b", default), new(2, "a", default), new(3, "c", default)]);
        mask.MutableLabels[(int)s_grid.OffsetOf(new(3, 4, 5))] = 1;
        mask.MutableLabels[(int)s_grid.OffsetOf(new(6, 7, 8))] = 2;
        foreach (string label in (string[])["", "\"label\":1,"])
            Assert.Equal(8, Resolve($$"""{"name":"a",{{label}}"prompts":[{"mask":"m.nii"}]}""", mask: mask)[0].KeySlices.Single().Slice);
        // "c" occurs nowhere, and label 1, which is free here, is another structure there.
        Assert.Contains("2 labels, none of them named 'c'", Assert.Throws<InvalidPromptException>(
            () => Resolve("""{"name":"c","prompts":[{"mask":"m.nii"}]}""", mask: mask)).Message);
    }

    [Fact]
    public void Resolve_MaskOnAnotherGridOrEmpty_Refuses()
    {
        const string json = """{"name":"a","prompts":[{"mask":"m.nii"}]}""";
        Assert.Contains("another grid", Assert.Throws<InvalidPromptException>(
            () => Resolve(json, mask: new(new(4, 4, 4, Affine.Identity), []))).Message);
        Assert.Contains("empty", Assert.Throws<InvalidPromptException>(() => Resolve(json, mask: new(s_grid, []))).Message);
    }

    [Theory]
    [InlineData("""{"name":"a","prompts":[{"points":[[1,1,20,1]]}]}""", "(1, 1, 20) lies outside the scan of 40×30×20 voxels")]
    [InlineData("""{"name":"a","prompts":[{"box":[[-1,1,2],[5,5,2]]}]}""", "(-1, 1, 2) lies outside")]
    [InlineData("""{"name":"a","prompts":[{"points":[[1e300,1,2,1]]}]}""", "lies outside")]
    [InlineData("""{"name":"a","prompts":[{"points":[[5,5,5,1],[5.2,5,5,0]]}]}""", "both on the object and off it")]
    [InlineData("""{"name":"a","prompts":[{"box":[[1,1,5],[9,9,5]]},{"points":[[5,5,5,1]]},{"points":[[5,5.2,5,0]]}]}""", "both on the object and off it")]
    [InlineData("""{"name":"a","prompts":[{"points":[[5,5,5,0]]}]}""", "only points off the object")]
    [InlineData("""{"name":"a","range":[8,9],"prompts":[{"points":[[5,5,5,1]]}]}""", "slice 5, outside its range [8, 9]")]
    [InlineData("""{"name":"a","range":[8,20],"prompts":[{"points":[[5,5,9,1]]}]}""", "slices 0 to 19 along k")]
    [InlineData("""{"name":"a","prompts":[{"box":[[1,1,2],[5,5,2]]},{"box":[[1,1,2],[6,6,2]]}]}""", "slice 2 has a box")]
    [InlineData("""{"name":"a","prompts":[{"box":[[1,7,2],[5,7,9]]}]}""", "flat along j, but slices run along k")]
    [InlineData("""{"name":"a","label":3,"prompts":[{"points":[[5,5,5,1]]}]},{"name":"b","label":3,"prompts":[{"points":[[5,5,5,1]]}]}""", "'a' and 'b' both have label 3")]
    [InlineData("""{"name":"a","prompts":[{"points":[[5,5,5,1]]}]},{"name":"a","prompts":[{"points":[[5,5,5,1]]}]}""", "two segments are named 'a'")]
    public void Resolve_DoesNotFit_SaysWhatAndWhy(string segments, string expected)
    {
        InvalidPromptException error = Assert.Throws<InvalidPromptException>(() => Resolve(segments));
        Assert.Contains(expected, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Resolve_RasOutside_SaysTheVoxelToo() =>
        Assert.Contains("voxel (50, 60, 23.3)", Assert.Throws<InvalidPromptException>(
            () => Resolve("""{"name":"a","prompts":[{"points":[[0,0,0,1]]}]}""", "ras")).Message);

    private static bool Within(int value, int a, int b) => value >= Math.Min(a, b) && value <= Math.Max(a, b);

    /// <summary>A 6×6×6 grid whose axes are permuted and mirrored.</summary>
    internal static VolumeGeometry Oriented(int permutation, bool[] flips)
    {
        RasVector[] units = [new(flips[0] ? -1 : 1, 0, 0), new(0, flips[1] ? -1 : 1, 0), new(0, 0, flips[2] ? -1 : 1)];
        int[] order = permutation switch { 0 => [0, 1, 2], 1 => [0, 2, 1], 2 => [1, 0, 2], 3 => [1, 2, 0], 4 => [2, 0, 1], _ => [2, 1, 0] };
        return new(6, 6, 6, Affine.FromColumns(units[order[0]], units[order[1]], units[order[2]], new(10, -20, 30)));
    }
}
