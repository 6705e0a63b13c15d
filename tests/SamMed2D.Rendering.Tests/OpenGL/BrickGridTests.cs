using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Tests.OpenGL;

public class BrickGridTests
{
    private static readonly TransferFunction s_bright = new("bright", new(50, 0, 1, 1, 1), new(60, 1, 1, 1, 1));

    [Fact]
    public void DistanceToVisible_RandomSpots_EqualsTheDefinition() =>
        Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[1, 4], Gen.Int[0, 100000]).Sample((i, j, k, spots, seed) =>
        {
            Random random = new(seed);
            VolumeGeometry geometry = TestVolumes.Centered(i, j, k);
            short[] voxels = new short[geometry.VoxelCount];
            for (int n = 0; n < spots; n++) voxels[random.Next(voxels.Length)] = 100;
            BrickGrid grid = BrickGrid.Create(new Volume<short>(geometry, voxels, IntensityScale.Identity, new()));
            byte[] distance = grid.DistanceToVisible(s_bright);

            List<(int I, int J, int K)> visible = [];
            foreach (VoxelIndex voxel in TestVolumes.VoxelsOf(geometry))
                if (voxels[geometry.OffsetOf(voxel)] > 0)
                    // Interpolation carries a voxel one voxel further.
                    for (int n = 0; n < 27; n++)
                        if (geometry.Contains(new(voxel.I + n % 3 - 1, voxel.J + n / 3 % 3 - 1, voxel.K + n / 9 - 1)))
                            visible.Add(((voxel.I + n % 3 - 1) / 8, (voxel.J + n / 3 % 3 - 1) / 8, (voxel.K + n / 9 - 1) / 8));
            for (int bk = 0; bk < grid.CountK; bk++)
                for (int bj = 0; bj < grid.CountJ; bj++)
                    for (int bi = 0; bi < grid.CountI; bi++)
                    {
                        int expected = visible.Min(v => Math.Max(Math.Abs(v.I - bi), Math.Max(Math.Abs(v.J - bj), Math.Abs(v.K - bk))));
                        Assert.Equal(expected, distance[bi + grid.CountI * (bj + grid.CountJ * bk)]);
                    }
        }, iter: 60);

    [Fact]
    public void IsVisible_PeakBetweenTheEnds_IsSeen()
    {
        TransferFunction peak = new("peak", new(0, 0, 1, 1, 1), new(10, 0.5, 1, 1, 1), new(20, 0, 1, 1, 1));
        Assert.True(BrickGrid.IsVisible(peak, -50, 50));
        Assert.False(BrickGrid.IsVisible(peak, 20, 50));
        Assert.True(BrickGrid.IsVisible(peak, 5, 6));
    }

    [Fact]
    public void Reduce_ByTwo_KeepsPlaceAndMean()
    {
        VolumeGeometry geometry = new(5, 4, 3, TestVolumes.ObliqueLeftHanded);
        Volume volume = TestVolumes.Create(geometry, v => v.I + 10 * v.J + 100 * v.K);
        Volume reduced = VolumeReducer.Reduce(volume, (2, 2, 1));
        Assert.Equal((3, 2, 3), (reduced.Geometry.SizeI, reduced.Geometry.SizeJ, reduced.Geometry.SizeK));
        Assert.Equal(0, reduced.Geometry.IndexToRas.IndexToRas(new(1, 1, 2)).DistanceMm(geometry.IndexToRas.IndexToRas(new(2.5, 2.5, 2))), 1e-9);
        Assert.Equal(Math.Round(2.5 + 25 + 200), reduced.GetIntensity(new(1, 1, 2)));
        Assert.Equal((1, 1, 1), VolumeReducer.FactorsFor(geometry, 5, 60));
        (int i, int j, int k) = VolumeReducer.FactorsFor(geometry, 4, 1000);
        Assert.Equal((2, 1, 1), (i, j, k));
    }
}
