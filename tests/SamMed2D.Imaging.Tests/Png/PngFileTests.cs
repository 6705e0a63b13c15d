using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Png;

namespace SamMed2D.Imaging.Tests.Png;

public sealed class PngFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("png-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Read_WhatWasWritten_GivesTheSamePixels(int channels)
    {
        byte[] pixels = new byte[37 * 21 * channels];
        new Random(5).NextBytes(pixels);
        PngFile.Write(PathOf("a.png"), new(37, 21, channels, pixels));
        SliceImage read = PngFile.Read(PathOf("a.png"));
        Assert.Equal((37, 21, channels), (read.Width, read.Height, read.Channels));
        Assert.Equal(pixels, read.Pixels.ToArray());
        Assert.Equal(["a.png"], Directory.GetFiles(_folder.FullName).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_Grey_StoresOneChannelOf8Bits()
    {
        PngFile.Write(PathOf("grey.png"), new SliceImage(3, 2, 1, new byte[6]));
        // PNG's IHDR: width and height at 16 and 20, bit depth at 24, colour type at 25 (0 is grey).
        byte[] file = File.ReadAllBytes(PathOf("grey.png"));
        Assert.Equal([0, 0, 0, 3, 0, 0, 0, 2, 8, 0], file[16..26]);
    }

    [Fact]
    public void Read_ColourWithEqualChannels_IsGrey()
    {
        byte[] pixels = [7, 7, 7, 200, 200, 200];
        PngFile.Write(PathOf("equal.png"), new SliceImage(2, 1, 3, pixels));
        Assert.Equal([7, 200], PngFile.Read(PathOf("equal.png")).Pixels.ToArray());
    }

    [Fact]
    public void WriteMask_AnyMask_IsBlackAndWhite()
    {
        MaskPlane mask = new(2, 2);
        mask.Pixels[3] = 1;
        PngFile.WriteMask(PathOf("mask.png"), mask);
        Assert.Equal([0, 0, 0, 255], PngFile.Read(PathOf("mask.png")).Pixels.ToArray());
    }

    [Fact]
    public void Read_PngFromElsewhere_GivesItsPixels()
    {
        // Written by another program (Python's zlib): 2×1 pixels, RGB (1,2,3) and (250,0,9).
        byte[] file = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGNgZGL+xcAJAAMaAQrr0URAAAAAAElFTkSuQmCC");
        File.WriteAllBytes(PathOf("other.png"), file);
        Assert.Equal([1, 2, 3, 250, 0, 9], PngFile.Read(PathOf("other.png")).Pixels.ToArray());
    }

    [Fact]
    public void Read_BadFiles_NameTheFileAndTheRemedy()
    {
        PngFile.Write(PathOf("whole.png"), new SliceImage(64, 64, 1, Enumerable.Range(0, 4096).Select(n => (byte)(n * 37)).ToArray()));
        byte[] whole = File.ReadAllBytes(PathOf("whole.png"));
        File.WriteAllBytes(PathOf("cut.png"), whole[..(whole.Length / 2)]);
        File.WriteAllBytes(PathOf("empty.png"), []);
        File.WriteAllText(PathOf("text.png"), "not a picture");
        whole[16] = 0x7F;
        File.WriteAllBytes(PathOf("huge.png"), whole);
        foreach (string name in (string[])["cut.png", "empty.png", "text.png", "huge.png", "missing.png", "."])
        {
            InvalidFileException error = Assert.Throws<InvalidFileException>(() => PngFile.Read(PathOf(name)));
            Assert.StartsWith(PathOf(name), error.Message);
            Assert.DoesNotContain('\n', error.Message);
        }
    }

    [Fact]
    public void Write_MissingFolder_IsAnOutputError() =>
        Assert.Throws<OutputException>(() => PngFile.Write(PathOf("no/such/a.png"), new SliceImage(1, 1, 1, new byte[1])));
}
