using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Dicom;

namespace SamMed2D.Imaging.Tests.Dicom;

/// <summary>Written series: what is read back is what was given.</summary>
public class DicomSeriesWriterTests
{
    [Fact]
    public void Write_AnyRightAngledGrid_ReadsBackEqualInPatientSpace() =>
        Gen.Select(Gen.Double[-3, 3], Gen.Double[-1.5, 1.5], Gen.Double[-3, 3], Gen.Double[0.2, 4], Gen.Double[0.2, 4], Gen.Double[0.3, 8], Gen.Bool)
            .Sample((a, b, c, x, y, z, leftHanded) =>
            {
                using TemporaryFolder folder = new();
                VolumeGeometry grid = new(5, 4, 3, Rotated(a, b, c, x, y, leftHanded ? -z : z));
                short[] voxels = [.. Enumerable.Range(0, 60).Select(n => (short)(37 * n - 1000))];
                Volume<short> volume = new(grid, voxels, new IntensityScale(2, -5), new VolumeInfo());
                DicomSeriesWriter.Write(volume, folder.File("series"));
                Volume back = DicomVolumeReader.Read(folder.File("series"));
                Assert.Equal((VoxelType.Int16, volume.Scale, "CT"), (back.VoxelType, back.Scale, back.Info.Modality));
                Assert.Empty(back.Info.Notes);
                PatientSpace.AssertSame(volume, back, toleranceMm: 1e-6);
            }, iter: 30);

    [Fact]
    public void Write_FloatingPoint_KeepsIntensitiesWithinHalfAStep()
    {
        using TemporaryFolder folder = new();
        float[] voxels = [.. Enumerable.Range(0, 60).Select(n => n * 0.37f - 3)];
        Volume<float> volume = new(new VolumeGeometry(5, 4, 3, Affine.Identity), voxels, IntensityScale.Identity, new VolumeInfo { Modality = "MR" });
        DicomSeriesWriter.Write(volume, folder.File("series"));
        Volume back = DicomVolumeReader.Read(folder.File("series"));
        Assert.Equal("MR", back.Info.Modality);
        PatientSpace.AssertSame(volume, back, intensityTolerance: 59 * 0.37 / 65535);
    }

    [Fact]
    public void Write_SameSeed_GivesTheSameBytes()
    {
        using TemporaryFolder folder = new();
        Volume<byte> volume = new(new VolumeGeometry(2, 2, 2, Affine.Identity), new byte[8], IntensityScale.Identity, new VolumeInfo());
        foreach (string name in (string[])["a", "b"]) DicomSeriesWriter.Write(volume, folder.File(name), new DicomSeriesOptions { Seed = "7" });
        DicomSeriesWriter.Write(volume, folder.File("c"), new DicomSeriesOptions { Seed = "8" });
        Assert.Equal(File.ReadAllBytes(folder.File("a/slice-0002.dcm")), File.ReadAllBytes(folder.File("b/slice-0002.dcm")));
        Assert.NotEqual(DicomSeriesCatalog.Scan(folder.File("a")).Series[0].Uid, DicomSeriesCatalog.Scan(folder.File("c")).Series[0].Uid);
    }

    [Fact]
    public void Write_FolderInUseOrCancelled_LeavesEverythingAsItWas()
    {
        using TemporaryFolder folder = new();
        Volume<byte> volume = new(new VolumeGeometry(2, 2, 2, Affine.Identity), new byte[8], IntensityScale.Identity, new VolumeInfo());
        Directory.CreateDirectory(folder.File("used"));
        folder.Write("used/mine", [1]);
        Assert.Throws<OutputException>(() => DicomSeriesWriter.Write(volume, folder.File("used")));
        Assert.Throws<OperationCanceledException>(() => DicomSeriesWriter.Write(volume, folder.File("new"), cancellation: new CancellationToken(true)));
        Assert.Throws<OutputException>(() => DicomSeriesWriter.Write(volume, folder.File("used/mine/below")));
        Assert.Equal([folder.File("used"), folder.File("used/mine")], Directory.EnumerateFileSystemEntries(folder.Path, "*", SearchOption.AllDirectories).Order());
    }

    private static Affine Rotated(double a, double b, double c, double x, double y, double z)
    {
        // Z-Y-X Euler angles; the columns are the axes.
        double ca = Math.Cos(a), sa = Math.Sin(a), cb = Math.Cos(b), sb = Math.Sin(b), cc = Math.Cos(c), sc = Math.Sin(c);
        RasVector i = new(ca * cb, sa * cb, -sb);
        RasVector j = new(ca * sb * sc - sa * cc, sa * sb * sc + ca * cc, cb * sc);
        RasVector k = new(ca * sb * cc + sa * sc, sa * sb * cc - ca * sc, cb * cc);
        return Affine.FromColumns(i * x, j * y, k * z, new RasPoint(12.5, -40, 33));
    }
}
