using System.Buffers.Binary;
using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Dicom;

namespace SamMed2D.Imaging.Tests.Dicom;

/// <summary>Enhanced multi-frame files: the facts of each frame stand in functional groups, its own or shared.</summary>
public class EnhancedFileTests
{
    private const int Columns = 3, Rows = 2;

    [Fact]
    public void Read_FramesOutOfOrderWithOwnRescale_SortsAndScalesEach()
    {
        using TemporaryFolder folder = new();
        // Frame n lies at these heights and holds 100 + n.
        double[] heights = [4, 0, 2];
        DicomElements[] frames = [.. heights.Select((height, n) => Frame(height).Sequence(DicomTags.PixelValueTransformationSequence,
            new DicomElements().Decimals(DicomTags.RescaleSlope, n + 1).Decimals(DicomTags.RescaleIntercept, -n)))];
        Volume volume = DicomVolumeReader.Read(folder.Write("e", ToFile(frames)));
        Assert.Equal([(101 * 2) - 1, (102 * 3) - 2, 100], SeriesVolumeTests.Profile(volume));
        Assert.Equal((VoxelType.Float32, 2.0, 0.5, 0.7), (volume.VoxelType, volume.Geometry.SpacingMm(SliceAxis.K), volume.Geometry.SpacingMm(SliceAxis.J), volume.Geometry.SpacingMm(SliceAxis.I)));
    }

    [Fact]
    public void Read_TemporalPositions_GivesOneFrameEach()
    {
        using TemporaryFolder folder = new();
        DicomElements[] frames = [.. Enumerable.Range(0, 6).Select(n => Frame(n / 2).Sequence(DicomTags.FrameContentSequence, Content(temporal: 2 - n % 2)))];
        string file = folder.Write("e", ToFile(frames));
        Assert.Contains("2 phases", Assert.Throws<AmbiguousInputException>(() => DicomVolumeReader.Read(file)).Message);
        Assert.Equal([101, 103, 105], SeriesVolumeTests.Profile(DicomVolumeReader.Read(file, new() { Frame = 0 })));
        Assert.Equal([100, 102, 104], SeriesVolumeTests.Profile(DicomVolumeReader.Read(file, new() { Frame = 1 })));
    }

    [Fact]
    public void Scan_TwoStacks_ListsThemApart()
    {
        using TemporaryFolder folder = new();
        DicomElements[] frames = [.. Enumerable.Range(0, 4).Select(n => Frame(n % 2).Sequence(DicomTags.FrameContentSequence, new DicomElements().Text(DicomTags.StackId, "SH", n < 2 ? "1" : "2")))];
        string file = folder.Write("e", ToFile(frames));
        Assert.Equal(2, DicomSeriesCatalog.Scan(file).Series.Count);
        Assert.Equal([102, 103], SeriesVolumeTests.Profile(DicomVolumeReader.Read(file, new() { Series = "2" })));
    }

    [Fact]
    public void Read_MoreFramesClaimedThanPixels_IsOneError()
    {
        using TemporaryFolder folder = new();
        byte[] file = ToFile([Frame(0), Frame(1)], claimedFrames: 90_000);
        Assert.IsAssignableFrom<SamMed2DException>(Record.Exception(() => DicomVolumeReader.Read(folder.Write("e", file))));
    }

    [Fact]
    public void Read_SequencesNestedTooDeep_IsRefused()
    {
        using TemporaryFolder folder = new();
        DicomElements inner = new();
        for (int n = 0; n < 40; n++) inner = new DicomElements().Sequence(DicomTags.SharedFunctionalGroups, inner);
        InvalidFileException failure = Assert.Throws<InvalidFileException>(() => DicomVolumeReader.Read(folder.Write("deep", inner.ToFile(SyntheticSlice.CtImage, "1.2"))));
        Assert.Contains("32 deep", failure.Message);
    }

    private static DicomElements Frame(double height) =>
        new DicomElements().Sequence(DicomTags.PlanePositionSequence, new DicomElements().Decimals(DicomTags.ImagePositionPatient, 1, 2, height));

    private static DicomElements Content(int temporal)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, temporal);
        return new DicomElements().Bytes(DicomTags.TemporalPositionIndex, "UL", bytes);
    }

    private static byte[] ToFile(DicomElements[] frames, int? claimedFrames = null)
    {
        ushort[] pixels = [.. Enumerable.Range(0, frames.Length).SelectMany(n => Enumerable.Repeat((ushort)(100 + n), Columns * Rows))];
        DicomElements shared = new DicomElements()
            .Sequence(DicomTags.PlaneOrientationSequence, new DicomElements().Decimals(DicomTags.ImageOrientationPatient, 1, 0, 0, 0, 1, 0))
            .Sequence(DicomTags.PixelMeasuresSequence, new DicomElements().Decimals(DicomTags.PixelSpacing, 0.5, 0.7));
        return new DicomElements()
            .Text(DicomTags.SopClassUid, "UI", "1.2.840.10008.5.1.4.1.1.4.1").Text(DicomTags.SopInstanceUid, "UI", "1.2.9").Text(DicomTags.Modality, "CS", "MR")
            .Text(DicomTags.SeriesInstanceUid, "UI", "1.2.8").UInt16(DicomTags.SamplesPerPixel, 1).Text(DicomTags.PhotometricInterpretation, "CS", "MONOCHROME2")
            .Integer(DicomTags.NumberOfFrames, claimedFrames ?? frames.Length).UInt16(DicomTags.Rows, Rows).UInt16(DicomTags.Columns, Columns)
            .UInt16(DicomTags.BitsAllocated, 16).UInt16(DicomTags.BitsStored, 16).UInt16(DicomTags.HighBit, 15).UInt16(DicomTags.PixelRepresentation, 0)
            .Sequence(DicomTags.SharedFunctionalGroups, shared).Sequence(DicomTags.PerFrameFunctionalGroups, frames)
            .Bytes(DicomTags.PixelData, "OW", MemoryMarshal.AsBytes(pixels.AsSpan()).ToArray()).ToFile("1.2.840.10008.5.1.4.1.1.4.1", "1.2.9");
    }
}
