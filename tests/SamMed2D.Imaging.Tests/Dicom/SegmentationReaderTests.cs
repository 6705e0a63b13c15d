using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Testing;

namespace SamMed2D.Imaging.Tests.Dicom;

public sealed class SegmentationReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly VolumeFiles _files = new();

    public void Dispose() => _folder.Dispose();

    private static string Shared(params string[] names)
    {
        string[] path = ["data", "dicom-seg", .. names];
        Assert.SkipWhen(Repository.SharedMissing(path) is not null, Repository.SharedMissing(path) ?? "");
        return Repository.SharedPath(path);
    }

    [Fact]
    public void ReadLabelMap_LiverOfDcmqi_IsTheReferenceVoxelForVoxelOnTheScansGrid()
    {
        LabelMap found = _files.ReadLabelMap(Shared("dcmqi", "liver.dcm")), reference = _files.ReadLabelMap(Shared("dcmqi", "liver_seg.nrrd"));
        Assert.Equal("Liver", Assert.Single(found.Segments).Name);
        LabelMap onReference = SameGrid.Require("liver.dcm", found, "liver_seg.nrrd", reference.Geometry);
        Assert.Equal(reference.Labels.ToArray().Select(label => label != 0), onReference.Labels.ToArray().Select(label => label != 0));
        Assert.True(onReference.Labels.Contains((ushort)1));
        Volume scan = _files.Read(Shared("dcmqi", "ct-3slice"));
        Assert.True(SameGrid.Require("liver.dcm", found, "ct-3slice", scan.Geometry).Geometry.IsSameGrid(scan.Geometry, 0.1));
    }

    [Theory]
    [InlineData("liver_expb.dcm")]
    [InlineData("liver.dcm")]
    public void ReadLabelMap_OtherEncodings_GiveTheSameVoxels(string name) =>
        Assert.Equal(_files.ReadLabelMap(Shared("dcmqi", "liver.dcm")).Labels.ToArray(), _files.ReadLabelMap(Shared("liver-encodings", name)).Labels.ToArray());

    [Fact]
    public void ReadLabelMap_FramesThatEndWithinAByte_AreTheMiddleOfTheWhole()
    {
        LabelMap whole = _files.ReadLabelMap(Shared("dcmqi", "liver.dcm")), cropped = _files.ReadLabelMap(Shared("liver-encodings", "liver_nonbyte_aligned.dcm"));
        Assert.Equal((510, 510), (cropped.Geometry.SizeI, cropped.Geometry.SizeJ));
        // Two rows and columns less: the crop is the reference with some border taken off, so all of its 510×510 windows are tried.
        bool isWindow = false;
        for (int y = 0; y <= 2; y++)
            for (int x = 0; x <= 2; x++) isWindow |= IsWindow(whole, cropped, x, y);
        Assert.True(isWindow);
    }

    [Theory]
    [InlineData("dcmqi", "partial_overlaps.dcm", "overlap")]
    [InlineData("liver-encodings", "liver_rle.dcm", "compressed")]
    [InlineData("liver-encodings", "liver_j2k.dcm", "compressed")]
    public void ReadLabelMap_WhatDoesNotFit_SaysWhy(string folder, string name, string why) =>
        Assert.Contains(why, Assert.Throws<UnsupportedInputException>(() => _files.ReadLabelMap(Shared(folder, name))).Message);

    [Fact]
    public void ReadLabelMap_CutOff_IsDamaged()
    {
        byte[] bytes = File.ReadAllBytes(Shared("dcmqi", "liver.dcm"));
        string cut = _folder.Write("cut.dcm", bytes[..^40_000]);
        Assert.Contains("cut.dcm", Assert.Throws<InvalidFileException>(() => _files.ReadLabelMap(cut)).Message);
    }

    private static bool IsWindow(LabelMap whole, LabelMap cropped, int left, int top)
    {
        for (int k = 0; k < cropped.Geometry.SizeK; k++)
            for (int j = 0; j < cropped.Geometry.SizeJ; j++)
                if (!whole.Labels.Slice((k * whole.Geometry.SizeJ + j + top) * whole.Geometry.SizeI + left, cropped.Geometry.SizeI)
                    .SequenceEqual(cropped.Labels.Slice((k * cropped.Geometry.SizeJ + j) * cropped.Geometry.SizeI, cropped.Geometry.SizeI))) return false;
        return true;
    }
}
