using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;

namespace SamMed2D.Core.Tests;

public class GeometryTests
{
    private static readonly Gen<Affine> s_affines =
        from e in Gen.Double[-5, 5].Array[9]
        from o in Gen.Double[-200, 200].Array[3]
        let affine = new Affine(e[0], e[1], e[2], o[0], e[3], e[4], e[5], o[1], e[6], e[7], e[8], o[2])
        where affine.IsInvertible && Math.Abs(affine.Determinant) > 0.1
        select affine;

    [Fact]
    public void RasToIndex_AnyInvertibleAffine_InvertsIndexToRas() =>
        Gen.Select(s_affines, Gen.Double[-50, 50].Array[3]).Sample((affine, p) =>
        {
            ContinuousIndex index = new(p[0], p[1], p[2]);
            ContinuousIndex back = affine.RasToIndex(affine.IndexToRas(index));
            Assert.Equal(index.I, back.I, 1e-6);
            Assert.Equal(index.J, back.J, 1e-6);
            Assert.Equal(index.K, back.K, 1e-6);
        });

    [Theory]
    [InlineData(1, 1, 1, "RAS")]
    [InlineData(-1, -1, 1, "LPS")]
    [InlineData(-1, 1, -1, "LAI")]
    public void OrientationCode_AlignedAxes_NamesGrowingDirections(double r, double a, double s, string expected)
    {
        VolumeGeometry geometry = new(3, 4, 5, new(r, 0, 0, 0, 0, a, 0, 0, 0, 0, s, 0));
        Assert.Equal(expected, geometry.OrientationCode);
    }

    [Fact]
    public void OrientationCode_PermutedAxes_FollowsTheGrid()
    {
        // i runs to the back, j to the head, k to the right: nibabel calls it PSR.
        VolumeGeometry geometry = new(3, 4, 5, new(0, 0, 2, 0, -1, 0, 0, 0, 0, 1.5, 0, 0));
        Assert.Equal("PSR", geometry.OrientationCode);
    }

    [Fact]
    public void IsSheared_GantryTilt_IsSeen()
    {
        double tilt = Math.Tan(18 * Math.PI / 180);
        Assert.True(new VolumeGeometry(4, 4, 4, new(1, 0, 0, 0, 0, 1, tilt * 3, 0, 0, 0, 3, 0)).IsSheared);
        double c = Math.Cos(0.3), s = Math.Sin(0.3);
        Assert.False(new VolumeGeometry(4, 4, 4, new(1, 0, 0, 0, 0, c, -s * 3, 0, 0, s, c * 3, 0)).IsSheared);
    }

    [Fact]
    public void NaturalSliceAxis_TiesAndAnisotropy_PrefersLargestThenK()
    {
        static VolumeGeometry Of(double i, double j, double k) => new(4, 4, 4, new(i, 0, 0, 0, 0, j, 0, 0, 0, 0, k, 0));
        Assert.Equal(SliceAxis.K, Of(1, 1, 1).NaturalSliceAxis);
        Assert.Equal(SliceAxis.K, Of(1, 1, 5).NaturalSliceAxis);
        Assert.Equal(SliceAxis.J, Of(1, 5, 1).NaturalSliceAxis);
        Assert.Equal(SliceAxis.I, Of(5, 1, 1).NaturalSliceAxis);
    }

    [Fact]
    public void SliceFrame_AnyOrientation_IsRadiologicalAndConsistent() =>
        Gen.Select(s_affines, Gen.Int[0, 2]).Sample((affine, axisNumber) =>
        {
            VolumeGeometry geometry = new(4, 5, 6, affine);
            SliceFrame frame = new(geometry, (SliceAxis)axisNumber);
            Assert.Equal(geometry.VoxelCount, (long)frame.Width * frame.Height * frame.SliceCount);
            for (int slice = 0; slice < frame.SliceCount; slice++)
                for (int y = 0; y < frame.Height; y++)
                    for (int x = 0; x < frame.Width; x++)
                    {
                        VoxelIndex voxel = frame.PixelToVoxel(x, y, slice);
                        Assert.Equal(geometry.OffsetOf(voxel), frame.OriginOffset + slice * frame.SliceStride + y * frame.StrideY + x * frame.StrideX);
                        Assert.Equal((x, y, (double)slice), frame.IndexToPixel(voxel.ToContinuous()));
                        Assert.Equal(voxel.ToContinuous(), frame.PixelToIndex(x, y, slice));
                    }
        }, iter: 50);

    [Fact]
    public void SliceFrame_AxialOfRas_ShowsRightOnTheLeftAndFrontOnTop()
    {
        VolumeGeometry geometry = new(10, 20, 30, Affine.Identity);
        SliceFrame frame = SliceFrame.ForPlane(geometry, SlicePlane.Axial);
        Assert.Equal(new VoxelIndex(9, 19, 7), frame.PixelToVoxel(0, 0, 7));
        SliceFrame sagittal = SliceFrame.ForPlane(geometry, SlicePlane.Sagittal);
        Assert.Equal(new VoxelIndex(7, 19, 29), sagittal.PixelToVoxel(0, 0, 7));
    }
}
