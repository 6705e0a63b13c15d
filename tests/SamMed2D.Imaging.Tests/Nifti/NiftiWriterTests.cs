using System.Buffers.Binary;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Nifti;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.Tests.Nifti;

/// <summary>Written headers, field by field at the published offsets.</summary>
public class NiftiWriterTests
{
    private static readonly double[] s_halfTurns = [0, 30, 90, 135, 180, 225, 270, 359];

    [Fact]
    public void MakeHeader_Unsheared_SetsBothFormsAndNoText()
    {
        // A quarter turn about z, left-handed: x' = -y, y' = x, z' = -z.
        byte[] header = HeaderOf(new VolumeGeometry(2, 3, 4, new Affine(0, -3, 0, 5, 2, 0, 0, 6, 0, 0, -4, 7)));
        Assert.Equal(352, header.Length);
        Assert.Equal(348, BinaryPrimitives.ReadInt32LittleEndian(header));
        Assert.Equal([3, 2, 3, 4, 1, 1, 1, 1], Shorts(header, 40, 8));
        Assert.Equal([4, 16], Shorts(header, 70, 2)); // int16, 16 bits
        Assert.Equal([-1f, 2f, 3f, 4f], Floats(header, 76, 4));
        Assert.Equal([352f, 1f, 0f], Floats(header, 108, 3));
        Assert.Equal(2, header[123]); // millimetres
        Assert.Equal([1, 1], Shorts(header, 252, 2)); // both codes
        float half = (float)Math.Sqrt(0.5);
        Assert.Equal([0f, 0f, half, 5f, 6f, 7f], Floats(header, 256, 6), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal([0f, -3f, 0f, 5f, 2f, 0f, 0f, 6f, 0f, 0f, -4f, 7f], Floats(header, 280, 12));
        Assert.Equal("n+1\0"u8, header.AsSpan(344, 4));
        foreach ((int start, int length) in (ReadOnlySpan<(int, int)>)[(4, 28), (148, 80), (228, 24), (328, 16), (348, 4)])
            Assert.True(header.AsSpan(start, length).IndexOfAnyExcept((byte)0) < 0, $"bytes {start} to {start + length} are not empty");
    }

    [Fact]
    public void MakeHeader_Sheared_HasNoQForm()
    {
        byte[] header = HeaderOf(new VolumeGeometry(2, 3, 4, new Affine(1, 0, 0, 0, 0, 1, 0.5, 0, 0, 0, 2, 0)));
        Assert.Equal([0, 1], Shorts(header, 252, 2));
    }

    [Fact]
    public void MakeHeader_LongAxis_IsNifti2()
    {
        byte[] header = HeaderOf(new VolumeGeometry(32768, 1, 1, Affine.Identity));
        Assert.Equal(540, BinaryPrimitives.ReadInt32LittleEndian(header));
        Assert.Equal(32768, BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(24)));
        Assert.Equal(32767, Shorts(HeaderOf(new VolumeGeometry(32767, 1, 1, Affine.Identity)), 42, 1)[0]);
        // 32768 voxels and back.
        using TemporaryFolder folder = new();
        Volume<short> volume = new(new VolumeGeometry(32768, 1, 2, new Affine(1, 0, 0, 3, 0, 2, 0, 4, 0, 0, 3, 5)), new short[65536], IntensityScale.Identity, new VolumeInfo());
        new VolumeFiles().Write(volume, folder.File("a.nii.gz"));
        Volume read = new VolumeFiles().Read(folder.File("a.nii.gz"));
        Assert.Equal("NIfTI-2", read.Info.Format);
        Assert.True(read.Geometry.IsSameGrid(volume.Geometry));
    }

    // Rotations by every angle, half turns among them, where naive formulas divide by nothing.
    [Fact]
    public void QForm_AnyRotation_GivesItBack()
    {
        foreach (double x in s_halfTurns)
            foreach (double y in s_halfTurns)
                foreach (double z in s_halfTurns)
                    foreach (double flip in (ReadOnlySpan<double>)[1, -1])
                    {
                        Affine affine = Rotation(x * Math.PI / 180, y * Math.PI / 180, z * Math.PI / 180, flip);
                        QForm q = QForm.Of(affine);
                        double a = Math.Sqrt(Math.Max(0, 1 - (q.B * q.B + q.C * q.C + q.D * q.D)));
                        Assert.Equal(flip, q.Handedness);
                        // The rotation matrix of a unit quaternion (any textbook).
                        Assert.Equal(affine.Xi, a * a + q.B * q.B - q.C * q.C - q.D * q.D, 1e-7);
                        Assert.Equal(affine.Yi, 2 * (q.B * q.C + a * q.D), 1e-7);
                        Assert.Equal(affine.Zi, 2 * (q.B * q.D - a * q.C), 1e-7);
                        Assert.Equal(affine.Xj, 2 * (q.B * q.C - a * q.D), 1e-7);
                        Assert.Equal(affine.Zj, 2 * (q.C * q.D + a * q.B), 1e-7);
                        Assert.Equal(affine.Zk, flip * (a * a - q.B * q.B - q.C * q.C + q.D * q.D), 1e-7);
                    }
    }

    private static byte[] HeaderOf(VolumeGeometry grid) =>
        NiftiWriter.MakeHeader(VoxelSource.Of(new Volume<short>(grid, new short[grid.VoxelCount], IntensityScale.Identity, new VolumeInfo())));

    private static short[] Shorts(byte[] bytes, int at, int count) => [.. Enumerable.Range(0, count).Select(n => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(at + 2 * n)))];

    private static float[] Floats(byte[] bytes, int at, int count) => [.. Enumerable.Range(0, count).Select(n => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(at + 4 * n)))];

    private static Affine Rotation(double x, double y, double z, double flip)
    {
        (double cx, double sx, double cy, double sy, double cz, double sz) = (Math.Cos(x), Math.Sin(x), Math.Cos(y), Math.Sin(y), Math.Cos(z), Math.Sin(z));
        return new(
            cz * cy, cz * sy * sx - sz * cx, flip * (cz * sy * cx + sz * sx), 0,
            sz * cy, sz * sy * sx + cz * cx, flip * (sz * sy * cx - cz * sx), 0,
            -sy, cy * sx, flip * cy * cx, 0);
    }
}
