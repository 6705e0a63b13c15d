using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Png;

namespace SamMed2D.Imaging.Tests.Png;

public sealed class SlicePainterTests : IDisposable
{
    private static readonly Segment[] s_segments = [new(4, "liver", new(221, 130, 101))];
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("slices-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    [Fact]
    public void Write_TallVoxels_AreStretchedToTrueProportions()
    {
        SlicePainter.Write(PathOf("a.png"), Slice(20, 10, pixelHeightMm: 4, labels: false));
        SliceImage read = PngFile.Read(PathOf("a.png"));
        Assert.Equal((20, 40, 1), (read.Width, read.Height, read.Channels));
        SlicePainter.Write(PathOf("b.png"), Slice(20, 10, pixelHeightMm: 4, labels: false), zoom: 2);
        Assert.Equal((40, 80), (PngFile.Read(PathOf("b.png")).Width, PngFile.Read(PathOf("b.png")).Height));
    }

    [Fact]
    public void Write_Labels_AreOutlinedInTheirColourAndTintedInside()
    {
        SlicePainter.Write(PathOf("a.png"), Slice(20, 20, pixelHeightMm: 1, labels: true));
        SliceImage read = PngFile.Read(PathOf("a.png"));
        Assert.Equal(3, read.Channels);
        // The labels cover columns and rows 5 to 14 of a grey of 100.
        Assert.Equal((221, 130, 101), Pixel(read, 5, 9));
        Assert.Equal((100, 100, 100), Pixel(read, 4, 9));
        (int r, int g, int b) = Pixel(read, 9, 9);
        Assert.True(r is > 120 and < 160 && g is > 100 and < 120 && b is >= 100 and < 105, $"{r} {g} {b}");
    }

    [Fact]
    public void Montage_Slices_HoldsTilesOnADarkGroundAndAColouredLegend()
    {
        Montage.Write(PathOf("m.png"), [.. Enumerable.Repeat(Slice(60, 50, 1, labels: true), 4)], "Title", columns: 2, zoom: 2);
        SliceImage read = PngFile.Read(PathOf("m.png"));
        Assert.True(read.Width >= 2 * 120 && read.Height >= 2 * 100);
        Assert.Equal((14, 17, 22), Pixel(read, 1, 1));
        bool hasSwatch = false;
        for (int y = read.Height - 40; y < read.Height; y++)
            for (int x = 0; x < 40; x++) hasSwatch |= Pixel(read, x, y) == (221, 130, 101);
        Assert.True(hasSwatch);
    }

    private static (int R, int G, int B) Pixel(SliceImage image, int x, int y)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.Span.Slice((y * image.Width + x) * 3, 3);
        return (pixel[0], pixel[1], pixel[2]);
    }

    private static LabeledSlice Slice(int width, int height, double pixelHeightMm, bool labels)
    {
        byte[] pixels = new byte[width * height];
        Array.Fill(pixels, (byte)100);
        ushort[] map = labels ? new ushort[width * height] : [];
        if (labels)
            for (int y = 5; y < 15; y++) map.AsSpan(y * width + 5, 10).Fill(4);
        return new(new(width, height, 1, pixels, 1, pixelHeightMm), map, s_segments, "7");
    }
}
