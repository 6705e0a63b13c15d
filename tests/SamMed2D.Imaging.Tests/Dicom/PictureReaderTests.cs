using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;
using SamMed2D.Imaging.Dicom;
using SamMed2D.Testing;

namespace SamMed2D.Imaging.Tests.Dicom;

/// <summary>Stored numbers of single pictures under each transfer syntax.</summary>
public class PictureReaderTests
{
    [Theory]
    [InlineData("MR_small.dcm"), InlineData("MR_small_implicit.dcm"), InlineData("MR_small_bigendian.dcm"), InlineData("MR_small_expb.dcm"), InlineData("MR_small_RLE.dcm")]
    [InlineData("MR_small_jpeg_ls_lossless.dcm"), InlineData("MR_small_jp2klossless.dcm"), InlineData("MR_small_padded.dcm")]
    public void Read_OnePictureInManySyntaxes_GivesTheSameNumbers(string file)
    {
        SkipWithoutData();
        Assert.Equal(PlainPixels("MR_small.dcm", 64 * 64), ReadFirst(file));
    }

    [Fact]
    public void Read_Jpeg2000WhoseSignDisagreesWithTheHeader_GivesPydicomsNumbers()
    {
        SkipWithoutData();
        short[] pixels = ReadFirst("J2K_pixelrep_mismatch.dcm");
        // pydicom's own expectations for this file.
        Assert.Equal(-2000, pixels[0]);
        Assert.Equal((short[])[621, 412, 138, -193, -520, -767, -907, -966, -988, -995], Enumerable.Range(47, 10).Select(row => pixels[row * 512 + 279]));
        Assert.Equal((short[])[-377, -121, 141, 383, 633, 910, 1198, 1455, 1638, 1732], Enumerable.Range(328, 10).Select(row => pixels[row * 512 + 106]));
    }

    [Fact]
    public void Read_Jpeg2000OfMoreBitsThanStored_GivesOpenJpegsNumbers()
    {
        SkipWithoutData();
        short[] pixels = ReadFirst("693_J2KI.dcm");
        // From opj_decompress on the bare stream, which has 16 signed bits where the header says 14.
        Assert.Equal(-2016, pixels[0]);
        Assert.Equal((short[])[812, 894, 1179, 1465, 1751, 2037, 1939, 1841, 1743, 1645], pixels.AsSpan(290 * 512 + 135, 10).ToArray());
    }

    [Theory]
    [InlineData("emri_small_RLE.dcm"), InlineData("emri_small_big_endian.dcm"), InlineData("emri_small_jpeg_2k_lossless.dcm"), InlineData("emri_small_jpeg_ls_lossless.dcm"), InlineData("emri_small_jpeg_2k_lossless_too_short.dcm")]
    public void Read_MultiFrameInManySyntaxes_GivesTheSameNumbers(string file)
    {
        SkipWithoutData();
        const int pixels = 64 * 64, frames = 10;
        short[] expected = PlainPixels("emri_small.dcm", pixels * frames);
        for (int frame = 0; frame < frames; frame++) Assert.Equal(expected[(frame * pixels)..((frame + 1) * pixels)], ReadFirst(file, frame));
    }

    [Theory]
    [InlineData("MR_truncated.dcm", 0)]
    public void Read_CutOffFile_SaysSoAndNamesIt(string file, int frame)
    {
        SkipWithoutData();
        InvalidFileException failure = Assert.Throws<InvalidFileException>(() => ReadFirst(file, frame));
        Assert.EndsWith(file, failure.Path);
    }

    [Fact]
    public void Decode_RunLengths_UnpacksLiteralsRunsAndBytePlanes()
    {
        // Two 16-bit pixels-planes of six pixels: high bytes are a run of 1, low bytes are literals and a run; -128 is skipped (PS3.5, G.3.1).
        byte[] compressed = new byte[64];
        BitConverter.TryWriteBytes(compressed.AsSpan(0), 2);
        BitConverter.TryWriteBytes(compressed.AsSpan(4), 64);
        BitConverter.TryWriteBytes(compressed.AsSpan(8), 66);
        compressed = [.. compressed, 251, 1, 128, 2, 10, 11, 12, 254, 9];
        PixelFormat format = new(3, 2, 1, 16, 16, 15, false, false);
        byte[] pixels = RunLengthDecoder.Decode(format, compressed);
        Assert.Equal((ushort[])[266, 267, 268, 265, 265, 265], MemoryMarshal.Cast<byte, ushort>(pixels.AsSpan()).ToArray());
        Assert.Throws<InvalidDataException>(() => RunLengthDecoder.Decode(format, compressed.AsSpan(0, compressed.Length - 1)));
    }

    /// <summary>The numbers behind the head of the pixel data element of a plain little-endian file.</summary>
    private static short[] PlainPixels(string file, int count)
    {
        byte[] plain = File.ReadAllBytes(Repository.SharedPath("data", "dicom-files", file));
        int start = plain.AsSpan().LastIndexOf((byte[])[0xE0, 0x7F, 0x10, 0x00, (byte)'O', (byte)'W']) + 12;
        return MemoryMarshal.Cast<byte, short>(plain.AsSpan(start, count * 2)).ToArray();
    }

    private static short[] ReadFirst(string file, int frame = 0)
    {
        string path = Repository.SharedPath("data", "dicom-files", file);
        DicomInstance instance = DicomInstance.TryRead(path, path)!;
        using PictureReader reader = new(instance);
        short[] pixels = new short[instance.Format.Columns * instance.Format.Rows];
        reader.Read(instance.Frames[frame], pixels.AsSpan());
        return pixels;
    }

    private static void SkipWithoutData() => Assert.SkipWhen(Repository.SharedMissing("data") is not null, Repository.SharedMissing("data") ?? "");
}
