using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Tests.Geometry;

public class VoxelBoxTests
{
    private static readonly Gen<VoxelBox> s_boxes = Gen.Select(Gen.Int[-3, 6], Gen.Int[-3, 6], Gen.Int[-3, 6], Gen.Int[-3, 6], Gen.Int[-3, 6], Gen.Int[-3, 6])
        .Select((a, b, c, d, e, f) => new VoxelBox(new(a, b, c), new(d, e, f)));

    private static bool Has(VoxelBox box, VoxelIndex v) =>
        v.I >= box.First.I && v.J >= box.First.J && v.K >= box.First.K && v.I <= box.Last.I && v.J <= box.Last.J && v.K <= box.Last.K;

    private static IEnumerable<VoxelIndex> All()
    {
        for (int n = 0; n < 1000; n++) yield return new(n % 10 - 3, n / 10 % 10 - 3, n / 100 - 3);
    }

    [Fact]
    public void Intersect_AnyBoxes_HasTheVoxelsOfBoth() => Gen.Select(s_boxes, s_boxes).Sample((a, b) =>
    {
        VoxelBox both = a.Intersect(b);
        foreach (VoxelIndex v in All()) Assert.Equal(Has(a, v) && Has(b, v), Has(both, v));
        Assert.Equal(All().Count(v => Has(both, v)), both.VoxelCount);
        Assert.Equal(both.VoxelCount == 0, both.IsEmpty);
    }, iter: 50);

    [Fact]
    public void Union_AnyBoxes_IsTheSmallestBoxAroundBoth() => Gen.Select(s_boxes, s_boxes).Sample((a, b) =>
    {
        VoxelBox union = a.Union(b);
        VoxelIndex[] voxels = [.. All().Where(v => Has(a, v) || Has(b, v))];
        if (voxels.Length == 0)
        {
            Assert.True(union.IsEmpty);
            return;
        }
        Assert.Equal(new VoxelIndex(voxels.Min(v => v.I), voxels.Min(v => v.J), voxels.Min(v => v.K)), union.First);
        Assert.Equal(new VoxelIndex(voxels.Max(v => v.I), voxels.Max(v => v.J), voxels.Max(v => v.K)), union.Last);
    }, iter: 50);

    [Fact]
    public void Crop_BoxOverTheEdge_KeepsLabelsAtTheirPlace()
    {
        VolumeGeometry geometry = new(7, 6, 5, Affine.FromColumns(new(0, 2, 0), new(-1, 0, 0.5), new(0, 0, 3), new(10, 20, 30)));
        ushort[] voxels = new ushort[geometry.VoxelCount];
        for (int n = 0; n < voxels.Length; n++) voxels[n] = (ushort)n;
        LabelMap labels = new(geometry, voxels, []);
        LabelMap part = labels.Crop(new(new(2, -4, 3), new(4, 3, 99)));
        Assert.Equal((3, 4, 2), (part.Geometry.SizeI, part.Geometry.SizeJ, part.Geometry.SizeK));
        for (int k = 0; k < 2; k++)
            for (int j = 0; j < 4; j++)
                for (int i = 0; i < 3; i++)
                {
                    VoxelIndex whole = geometry.IndexToRas.RasToIndex(part.Geometry.IndexToRas.IndexToRas(new(i, j, k))).ToNearest();
                    Assert.Equal(geometry.OffsetOf(whole), part.Labels[(int)part.Geometry.OffsetOf(new(i, j, k))]);
                }
        Assert.Throws<ArgumentException>(() => labels.Crop(new(new(9, 0, 0), new(12, 3, 3))));
    }
}
