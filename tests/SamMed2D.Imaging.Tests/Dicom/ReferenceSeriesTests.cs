using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Dicom;
using SamMed2D.Testing;

namespace SamMed2D.Imaging.Tests.Dicom;

/// <summary>Real series against the conversions of dcm2niix and dicom2nifti, voxel by voxel in patient space.</summary>
public class ReferenceSeriesTests
{
    [Theory]
    [InlineData("dicom-series/d2n-ge-anatomical-001")]
    [InlineData("dicom-series/d2n-generic-anatomical-002_non_isotropic")]
    [InlineData("dicom-series/d2n-generic-compressed-001")]
    [InlineData("dicom-series/d2n-generic-compressed_jpeg-001")]
    public void Read_SeriesWithReference_EqualsIt(string folder)
    {
        SkipWithoutData();
        Volume expected = new VolumeFiles().Read(Repository.SharedPath("data", folder, "ref.nii.gz"));
        PatientSpace.AssertSame(expected, DicomVolumeReader.Read(Repository.SharedPath("data", folder, "dcm")));
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(4), InlineData(5), InlineData(6), InlineData(7), InlineData(8), InlineData(9)]
    public void Read_EachTransferSyntaxOfOneMosaic_EqualsTheReference(int file)
    {
        SkipWithoutData();
        Volume expected = new VolumeFiles().Read(Repository.SharedPath("data", "dicom-files", "qa-ts", "ref.nii"));
        PatientSpace.AssertSame(expected, DicomVolumeReader.Read(Repository.SharedPath("data", "dicom-files", "qa-ts", $"{file}.dcm")));
    }

    [Theory]
    [InlineData("qa-nih-GE-mr_0004", "DCM2NIIX_regression_test_4.nii", 10)]
    [InlineData("qa-nih-Si-mr_0003", "EPI_PE=AP_3.nii", 2)]
    [InlineData("qa-nih-Si-mr_0006", "EPI_PE=LR_6.nii", 2)]
    public void Read_TimeSeries_EveryFrameEqualsTheReference(string folder, string reference, int frames)
    {
        SkipWithoutData();
        for (int frame = 0; frame < frames; frame++)
        {
            VolumeReadOptions options = new() { Frame = frame };
            Volume expected = new VolumeFiles().Read(Repository.SharedPath("data", "dicom-series", "qa-nih-ref", reference), options);
            Volume actual = DicomVolumeReader.Read(Repository.SharedPath("data", "dicom-series", folder), options);
            Assert.Equal(frames, actual.Info.FrameCount);
            PatientSpace.AssertSame(expected, actual);
        }
    }

    [Fact]
    public void Read_CtOfTwentySlices_LiesOnTheGridOfItsLabels()
    {
        SkipWithoutData();
        Volume labels = new VolumeFiles().Read(Repository.SharedPath("data", "labelled", "ct-totalseg-dicom20", "label.nii.gz"));
        Volume scan = DicomVolumeReader.Read(Repository.SharedPath("data", "dicom-series", "ct-totalseg-20"));
        Assert.Equal("CT", scan.Info.Modality);
        // The labels' voxels are other numbers: only the grids are compared, corner by corner.
        PatientSpace.AssertSame(labels, scan, intensityTolerance: double.MaxValue);
    }

    [Fact]
    public void Read_CompressedSeriesWithOneDamagedSlice_NamesIt()
    {
        SkipWithoutData();
        using TemporaryFolder folder = new();
        string[] files = [.. Directory.EnumerateFiles(Repository.SharedPath("data", "dicom-series", "d2n-generic-compressed_jpeg-001", "dcm")).Order()];
        for (int n = 0; n < files.Length; n++)
        {
            byte[] bytes = File.ReadAllBytes(files[n]);
            folder.Write($"s{n}", n == 2 ? bytes[..(bytes.Length / 2)] : bytes);
        }
        InvalidFileException failure = Assert.Throws<InvalidFileException>(() => DicomVolumeReader.Read(folder.Path));
        Assert.Equal(folder.File("s2"), failure.Path);
    }

    private static void SkipWithoutData() => Assert.SkipWhen(Repository.SharedMissing("data") is not null, Repository.SharedMissing("data") ?? "");
}
