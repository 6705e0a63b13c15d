using SamMed2D.Core.Volumes;
using SkiaSharp;

namespace SamMed2D.Imaging.Png;

/// <summary>Draws slices in their true proportions, with labels as a tint and an outline.</summary>
public static class SlicePainter
{
    private const float TintOpacity = 0.32f;

    /// <summary>Writes one slice as PNG: square pixels, the narrower side of a voxel <paramref name="zoom"/> pixels wide.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="zoom">Pixels per voxel, above 0.</param>
    /// <exception cref="Core.Errors.OutputException">The place cannot be written.</exception>
    public static void Write(string path, LabeledSlice slice, double zoom = 1)
    {
        if (slice.Labels.IsEmpty && zoom == 1 && slice.Image.PixelWidthMm == slice.Image.PixelHeightMm) PngFile.Write(path, slice.Image);
        else
        {
            using SKBitmap bitmap = Draw(slice, zoom);
            PngFile.WriteBitmap(path, bitmap);
        }
    }

    /// <summary>Draws one slice; the caller disposes the bitmap.</summary>
    internal static SKBitmap Draw(LabeledSlice slice, double zoom)
    {
        double pixelMm = Math.Min(slice.Image.PixelWidthMm, slice.Image.PixelHeightMm) / zoom;
        int width = Math.Max(1, (int)Math.Round(slice.Image.Width * slice.Image.PixelWidthMm / pixelMm));
        int height = Math.Max(1, (int)Math.Round(slice.Image.Height * slice.Image.PixelHeightMm / pixelMm));
        // A picture without labels stays grey, a third of the size.
        SKColorType type = slice.Labels.IsEmpty && slice.Image.Channels == 1 ? SKColorType.Gray8 : SKColorType.Rgba8888;
        SKBitmap bitmap = new(width, height, type, SKAlphaType.Opaque);
        using (SKBitmap source = PngFile.ToBitmap(slice.Image))
        using (SKCanvas canvas = new(bitmap))
        using (SKImage image = SKImage.FromBitmap(source))
            canvas.DrawImage(image, new SKRect(0, 0, width, height), new SKSamplingOptions(SKCubicResampler.Mitchell));
        if (!slice.Labels.IsEmpty) LayOver(bitmap, slice);
        return bitmap;
    }

    private static void LayOver(SKBitmap bitmap, LabeledSlice slice)
    {
        (int width, int height) = (bitmap.Width, bitmap.Height);
        ushort[] labels = Enlarge(slice, width, height);
        Dictionary<ushort, RgbColor> colors = [];
        Span<byte> pixels = bitmap.GetPixelSpan();
        for (int y = 0, n = 0; y < height; y++)
            for (int x = 0; x < width; x++, n++)
            {
                ushort label = labels[n];
                if (label == 0) continue;
                bool isEdge = (x > 0 && labels[n - 1] != label) || (x + 1 < width && labels[n + 1] != label)
                    || (y > 0 && labels[n - width] != label) || (y + 1 < height && labels[n + width] != label);
                if (!colors.TryGetValue(label, out RgbColor color)) colors[label] = color = slice.ColorOf(label);
                float opacity = isEdge ? 1 : TintOpacity;
                Span<byte> pixel = pixels.Slice(y * bitmap.RowBytes + 4 * x, 3);
                pixel[0] = Blend(pixel[0], color.R, opacity);
                pixel[1] = Blend(pixel[1], color.G, opacity);
                pixel[2] = Blend(pixel[2], color.B, opacity);
            }
    }

    private static byte Blend(byte below, byte above, float opacity) => (byte)(below + (above - below) * opacity + 0.5f);

    // Of the four nearest labels, the one with the largest bilinear weight in all: outlines come out smooth instead of as stairs.
    private static ushort[] Enlarge(LabeledSlice slice, int width, int height)
    {
        (int fromWidth, int fromHeight) = (slice.Image.Width, slice.Image.Height);
        ReadOnlySpan<ushort> from = slice.Labels.Span;
        ushort[] enlarged = new ushort[width * height];
        for (int y = 0, n = 0; y < height; y++)
        {
            (int y0, int y1, double v) = Between((y + 0.5) * fromHeight / height - 0.5, fromHeight);
            for (int x = 0; x < width; x++, n++)
            {
                (int x0, int x1, double u) = Between((x + 0.5) * fromWidth / width - 0.5, fromWidth);
                enlarged[n] = Heaviest(
                    from[y0 * fromWidth + x0], (1 - u) * (1 - v), from[y0 * fromWidth + x1], u * (1 - v),
                    from[y1 * fromWidth + x0], (1 - u) * v, from[y1 * fromWidth + x1], u * v);
            }
        }
        return enlarged;
    }

    private static (int Low, int High, double Part) Between(double position, int count)
    {
        int low = (int)Math.Floor(position);
        return (Math.Clamp(low, 0, count - 1), Math.Clamp(low + 1, 0, count - 1), position - low);
    }

    private static ushort Heaviest(ushort a, double weightA, ushort b, double weightB, ushort c, double weightC, ushort d, double weightD)
    {
        if (a == b && a == c && a == d) return a;
        double sumA = weightA + (b == a ? weightB : 0) + (c == a ? weightC : 0) + (d == a ? weightD : 0);
        double sumB = weightB + (c == b ? weightC : 0) + (d == b ? weightD : 0);
        double sumC = weightC + (d == c ? weightD : 0);
        if (sumA >= sumB && sumA >= sumC && sumA >= weightD) return a;
        if (sumB >= sumC && sumB >= weightD) return b;
        return sumC >= weightD ? c : d;
    }
}
