using SamMed2D.Core.Geometry;
using SamMed2D.Core.Metrics;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Tests.Metrics;

public class SegmentScoreTests
{
    [Fact]
    public void Of_ConcentricSpheres_GivesTheirGapAndVolumes()
    {
        const double inner = 20, outer = 23;
        SegmentScore score = Score(Sphere(inner), Sphere(outer), toleranceMm: 1);
        double a = inner * inner * inner, b = outer * outer * outer;
        Assert.Equal(2 * a / (a + b), score.Dice, 0.003);
        Assert.Equal(a / b, score.Iou, 0.003);
        Assert.Equal(4 * Math.PI / 3 * a / 1000, score.ReferenceMl, 0.2);
        Assert.Equal(100 * (b - a) / a, score.VolumeErrorPercent, 0.7);
        // The nearest of many stairs is nearer than the smooth surface, by about half a voxel.
        Assert.InRange(score.MeanSurfaceDistanceMm, outer - inner - 0.6, outer - inner);
        Assert.Equal(outer - inner, score.Hd95Mm, 0.7);
        Assert.Equal(0, score.Nsd);
        Assert.Equal(1, Score(Sphere(inner), Sphere(outer), toleranceMm: 4).Nsd);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Of_BoxMovedAlongAnAxis_MeasuresTheMoveInMillimetres(int axis)
    {
        double[] spacing = [0.5, 1.5, 4];
        int[] size = [20, 16, 12], from = [5, 5, 3], moved = [5, 5, 3];
        moved[axis] += 2;
        VolumeGeometry grid = Grid(40, 30, 20, spacing[0], spacing[1], spacing[2]);
        SegmentScore score = Score(Box(grid, from, size), Box(grid, moved, size), toleranceMm: 1.99 * spacing[axis]);
        double share = (size[axis] - 2.0) / size[axis];
        Assert.Equal(share, score.Dice, 1e-12);
        Assert.Equal(share / (2 - share), score.Iou, 1e-12);
        // The two ends lie two voxels off; the sides touch but for the strip beyond the other's end.
        Assert.Equal(2 * spacing[axis], SurfaceDistances.Measure(Pair(Box(grid, from, size), Box(grid, moved, size))).HausdorffMm(100), 1e-5);
        Assert.True(score.Nsd is > 0.3 and < 1);
        Assert.Equal(1, Score(Box(grid, from, size), Box(grid, moved, size), toleranceMm: 2 * spacing[axis]).Nsd);
    }

    [Fact]
    public void Measure_Box_HasTheAreaOfABoxWithBevelledEdges()
    {
        const double i = 0.7, j = 1.2, k = 3;
        const int ni = 8, nj = 6, nk = 5;
        LabelMap box = Box(Grid(20, 20, 20, i, j, k), [3, 4, 5], [ni, nj, nk]);
        double faces = 2 * ((ni - 1) * i * (nj - 1) * j + (ni - 1) * i * (nk - 1) * k + (nj - 1) * j * (nk - 1) * k);
        double edges = 4 * ((ni - 1) * i * Half(j, k) + (nj - 1) * j * Half(i, k) + (nk - 1) * k * Half(i, j));
        double corners = 8 * Math.Sqrt(i * i * j * j + i * i * k * k + j * j * k * k) / 8;
        Assert.Equal(faces + edges + corners, SurfaceDistances.Measure(Pair(box, box)).ReferenceAreaMm2, 1e-9);

        static double Half(double a, double b) => Math.Sqrt(a * a + b * b) / 2;
    }

    [Fact]
    public void Of_EqualMasks_IsPerfect()
    {
        SegmentScore score = Score(Sphere(9), Sphere(9), 2);
        Assert.Equal((1, 1, 0, 1, 0, 0), (score.Dice, score.Iou, score.Hd95Mm, score.Nsd, score.MeanSurfaceDistanceMm, score.VolumeErrorPercent));
    }

    [Fact]
    public void Of_EmptyMasks_FollowsTheStatedRule()
    {
        LabelMap empty = new(Sphere(9).Geometry, [new(1, "a", default)]);
        SegmentScore both = Score(empty, empty, 2), one = Score(Sphere(9), empty, 2), other = Score(empty, Sphere(9), 2);
        Assert.True(double.IsNaN(both.Dice) && double.IsNaN(both.Iou) && double.IsNaN(both.Nsd) && double.IsNaN(both.Hd95Mm) && double.IsNaN(both.MeanSurfaceDistanceMm));
        Assert.Equal((0, 0, 0), (one.Dice, one.Iou, one.Nsd));
        Assert.Equal((0, 0, 0), (other.Dice, other.Iou, other.Nsd));
        Assert.True(double.IsPositiveInfinity(one.Hd95Mm) && double.IsPositiveInfinity(other.MeanSurfaceDistanceMm));
        Assert.Equal(-100, one.VolumeErrorPercent);
    }

    [Fact]
    public void Measure_RandomMasks_EqualsTheNaiveTwin() =>
        Gen.Select(Gen.Int[0, 9999], Gen.Double[0.4, 3].Array[3]).Sample((seed, spacing) =>
        {
            Random random = new(seed);
            VolumeGeometry grid = Grid(6, 5, 4, spacing[0], spacing[1], spacing[2]);
            LabelMap a = Noise(grid, random), b = Noise(grid, random);
            SurfaceDistances measured = SurfaceDistances.Measure(Pair(a, b));
            (List<(double Distance, double Area)> ab, List<(double Distance, double Area)> ba) = Naive(a, b, spacing);
            double area = ab.Sum(e => e.Area) + ba.Sum(e => e.Area);
            Assert.Equal(ab.Sum(e => e.Area), measured.ReferenceAreaMm2, 1e-9);
            Assert.Equal((Mean(ab) + Mean(ba)) / 2, measured.MeanMm, 1e-5);
            Assert.Equal(ab.Concat(ba).Where(e => e.Distance <= 1.0001).Sum(e => e.Area) / area, measured.Nsd(1.0001), 1e-9);
            Assert.Equal(Math.Max(ab.Max(e => e.Distance), ba.Max(e => e.Distance)), measured.HausdorffMm(100), 1e-5);
            Assert.Equal(Math.Max(Percentile(ab, 0.8), Percentile(ba, 0.8)), measured.HausdorffMm(80), 1e-5);
        }, iter: 100);

    private static double Mean(List<(double Distance, double Area)> elements) => elements.Sum(e => e.Distance * e.Area) / elements.Sum(e => e.Area);

    // The distance at which the area reached passes the share; ties of the share itself do not occur with random spacings.
    private static double Percentile(List<(double Distance, double Area)> elements, double share)
    {
        double total = elements.Sum(e => e.Area);
        return elements.Select(e => e.Distance).Where(d => elements.Where(e => e.Distance <= d + 1e-9).Sum(e => e.Area) >= share * total).Min();
    }

    private static (List<(double, double)> Ab, List<(double, double)> Ba) Naive(LabelMap a, LabelMap b, double[] spacing)
    {
        Dictionary<(int, int, int), int> codesA = Codes(a), codesB = Codes(b);
        SurfelAreas areas = new(spacing[0], spacing[1], spacing[2]);
        return (Directed(codesA, codesB), Directed(codesB, codesA));

        List<(double, double)> Directed(Dictionary<(int, int, int), int> from, Dictionary<(int, int, int), int> to) =>
            [.. from.Select(e => (to.Keys.Min(t => Distance(e.Key, t)), areas[e.Value]))];

        double Distance((int I, int J, int K) p, (int I, int J, int K) q) => Math.Sqrt(
            Math.Pow((p.I - q.I) * spacing[0], 2) + Math.Pow((p.J - q.J) * spacing[1], 2) + Math.Pow((p.K - q.K) * spacing[2], 2));
    }

    private static Dictionary<(int, int, int), int> Codes(LabelMap map)
    {
        Dictionary<(int, int, int), int> codes = [];
        for (int k = 0; k <= map.Geometry.SizeK; k++)
            for (int j = 0; j <= map.Geometry.SizeJ; j++)
                for (int i = 0; i <= map.Geometry.SizeI; i++)
                {
                    int code = 0;
                    for (int bit = 0; bit < 8; bit++)
                    {
                        VoxelIndex voxel = new(i - 1 + (bit & 1), j - 1 + (bit >> 1 & 1), k - 1 + (bit >> 2));
                        if (map.Geometry.Contains(voxel) && map.Labels[(int)map.Geometry.OffsetOf(voxel)] == 1) code |= 1 << bit;
                    }
                    if (code is not (0 or 255)) codes[(i, j, k)] = code;
                }
        return codes;
    }

    private static SegmentScore Score(LabelMap reference, LabelMap prediction, double toleranceMm) => SegmentScore.Of(reference, 1, prediction, 1, toleranceMm);

    private static MaskPair Pair(LabelMap a, LabelMap b) => MaskPair.Create(a, 1, b, 1);

    private static VolumeGeometry Grid(int i, int j, int k, double x, double y, double z) => new(i, j, k, new(x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0));

    private static LabelMap Sphere(double radius) =>
        Fill(Grid(60, 60, 60, 1, 1, 1), v => (v.I - 30) * (v.I - 30) + (v.J - 30) * (v.J - 30) + (v.K - 30) * (v.K - 30) <= radius * radius);

    private static LabelMap Box(VolumeGeometry grid, int[] from, int[] size) => Fill(grid, v =>
        v.I >= from[0] && v.I < from[0] + size[0] && v.J >= from[1] && v.J < from[1] + size[1] && v.K >= from[2] && v.K < from[2] + size[2]);

    private static LabelMap Noise(VolumeGeometry grid, Random random)
    {
        LabelMap map = Fill(grid, _ => random.NextDouble() < 0.4);
        map.MutableLabels[random.Next((int)grid.VoxelCount)] = 1;
        return map;
    }

    private static LabelMap Fill(VolumeGeometry grid, Func<VoxelIndex, bool> inside)
    {
        LabelMap map = new(grid, [new(1, "a", default)]);
        for (int n = 0; n < map.Labels.Length; n++)
            map.MutableLabels[n] = inside(new(n % grid.SizeI, n / grid.SizeI % grid.SizeJ, n / grid.SizeI / grid.SizeJ)) ? (ushort)1 : (ushort)0;
        return map;
    }
}
