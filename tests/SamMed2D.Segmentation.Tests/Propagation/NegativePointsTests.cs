using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Propagation;

public class NegativePointsTests
{
    [Fact]
    public void Find_AnyLabels_TakesOnePointInEachOfTheLargestOthers() => Gen.Select(Gen.Int[0, 100_000], Gen.Int[1, 4]).Sample((seed, count) =>
    {
        Random random = new(seed);
        VolumeGeometry geometry = new(12, 9, 5, Affine.FromColumns(new(-1, 0, 0), new(0, 1, 0), new(0, 0, 2), default));
        LabelMap labels = new(geometry, []);
        for (int n = 0; n < labels.Labels.Length; n++) labels.MutableLabels[n] = (ushort)random.Next(6);
        SliceFrame frame = new(geometry, (SliceAxis)random.Next(3));
        int slice = random.Next(frame.SliceCount), x0 = random.Next(frame.Width), y0 = random.Next(frame.Height);
        PixelRectangle box = new(x0, y0, random.Next(x0 + 1, frame.Width + 1), random.Next(y0 + 1, frame.Height + 1));
        IReadOnlyList<PromptPoint> points = NegativePoints.Find(labels, frame, slice, 2, box, count);
        int[] areas = new int[6];
        for (int y = box.Y0 - 1; y <= box.Y1; y++)
            for (int x = box.X0 - 1; x <= box.X1; x++)
                if (x >= 0 && x < frame.Width && y >= 0 && y < frame.Height) areas[LabelAt(x, y)]++;
        int[] expected = [.. new[] { 1, 3, 4, 5 }.Where(l => areas[l] > 0).OrderByDescending(l => areas[l]).Take(count)];
        Assert.Equal(expected.Select(l => areas[l]), points.Select(p => areas[LabelAt((int)p.X, (int)p.Y)])); // equals may stand for one another
        Assert.Equal(points.Count, points.Select(p => LabelAt((int)p.X, (int)p.Y)).Distinct().Count());
        Assert.All(points, p => Assert.False(p.IsForeground));
        Assert.All(points, p => Assert.InRange(p.X, box.X0 - 1, box.X1));

        int LabelAt(int x, int y) => labels.Labels[(int)geometry.OffsetOf(frame.PixelToVoxel(x, y, slice))];
    }, iter: 100);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void Run_NeighbourInTheBox_IsAPointOffTheObject(int count)
    {
        // Two rods that touch, the second one known already.
        SyntheticScan scan = SyntheticScan.Create((i, j, k) => Math.Abs(j - 12) > 5 ? (byte)40 : i is >= 3 and <= 10 ? (byte)200 : i is >= 11 and <= 19 ? (byte)120 : (byte)40);
        LabelMap known = new(scan.Geometry, [new(7, "neighbour", default)]);
        for (int n = 0; n < known.Labels.Length; n++)
            if (scan.Volume.Voxels[n] == 120) known.MutableLabels[n] = 7;
        List<PromptSet> asked = [];
        ThresholdSegmenter model = new() { OnPredict = (_, prompts, _) => asked.Add(prompts) };
        PropagationOptions options = new() { Strategy = PromptStrategy.Mask | PromptStrategy.Box, NegativeCount = count, MinPredictedIou = 0 };
        Propagator propagator = new(model, scan.Volume, new(0, 255), [scan.Segment("rod", 1, new(9, 15), (12, SyntheticScan.Box(13, 5, 21, 18)))], options, known);
        Assert.Equal(7, propagator.Run(TestContext.Current.CancellationToken).Count());
        Assert.Empty(asked[0].Points); // the user's own prompts stay as they are
        Assert.All(asked.Skip(1), prompts => Assert.Equal(Math.Min(count, 1), prompts.Points.Count));
        SliceFrame frame = new(scan.Geometry, SliceAxis.K);
        foreach (PromptPoint point in asked.SelectMany(p => p.Points))
            Assert.Equal((false, 7), (point.IsForeground, (int)known.Labels[(int)scan.Geometry.OffsetOf(frame.PixelToVoxel((int)point.X, (int)point.Y, 12))]));
    }
}
