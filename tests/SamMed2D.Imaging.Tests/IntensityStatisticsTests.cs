using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Tests;

public class IntensityStatisticsTests
{
    private static readonly VolumeGeometry s_grid = new(8, 1, 1, Affine.Identity);

    [Fact]
    public void Of_NonFiniteVoxels_LeavesThemOut()
    {
        IntensityStatistics statistics = IntensityStatistics.Of(Make<float>([float.NaN, float.NegativeInfinity, -3, 7, 0, 0, 0, float.PositiveInfinity], new(2, 1)));
        Assert.Equal((-5, 15, 3), (statistics.Minimum, statistics.Maximum, statistics.NonFiniteCount));
        Assert.False(statistics.LooksLikeLabels);
    }

    [Fact]
    public void Of_Labels_CountsThem()
    {
        IntensityStatistics statistics = IntensityStatistics.Of(Make<byte>([0, 0, 0, 0, 0, 5, 5, 117], IntensityScale.Identity));
        Assert.Equal(new Dictionary<int, long> { [5] = 2, [117] = 1 }, statistics.LabelCounts);
    }

    [Fact]
    public void Of_Scan_IsNoLabels() =>
        Assert.False(IntensityStatistics.Of(Make<short>([0, 1, 2, 3, 4, 5, 6, 7], IntensityScale.Identity)).LooksLikeLabels);

    private static Volume<T> Make<T>(T[] voxels, IntensityScale scale) where T : unmanaged, System.Numerics.INumber<T> => new(s_grid, voxels, scale, new VolumeInfo());
}
