using SamMed2D.Core.Volumes;
using SkiaSharp;

namespace SamMed2D.Imaging.Png;

/// <summary>One picture of many slices: tiles on a dark ground with captions, and a legend of the structures in them.</summary>
public static class Montage
{
    private const int Gap = 6, Margin = 14, LegendRow = 24;
    private static readonly SKColor s_ground = new(0x0E, 0x11, 0x16), s_text = new(0xE6, 0xEA, 0xF0), s_faint = new(0x9A, 0xA4, 0xB2);

    /// <summary>Writes a montage as PNG. Where the machine has no font known here (Inter, DejaVu Sans), the captions are left out.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="slices">What to show, from left to right and down; all of one size.</param>
    /// <param name="title">What stands above, or empty.</param>
    /// <param name="columns">Tiles in a row; 0 chooses.</param>
    /// <param name="zoom">Pixels per voxel.</param>
    /// <exception cref="Core.Errors.OutputException">The place cannot be written.</exception>
    /// <exception cref="ArgumentException">There is nothing to show.</exception>
    public static void Write(string path, IReadOnlyList<LabeledSlice> slices, string title = "", int columns = 0, double zoom = 2)
    {
        if (slices.Count == 0) throw new ArgumentException("A montage needs slices.", nameof(slices));
        SKRectI crop = CropOf(slices, zoom);
        if (columns <= 0) columns = Math.Clamp((int)Math.Round(Math.Sqrt(slices.Count * 1.5 * crop.Height / crop.Width)), 1, slices.Count);
        int rows = (slices.Count + columns - 1) / columns, width = 2 * Margin + columns * crop.Width + (columns - 1) * Gap;
        using SKTypeface? typeface = FindTypeface();
        using SKFont text = new(typeface ?? SKTypeface.Default, 14) { Subpixel = true }, heading = new(typeface ?? SKTypeface.Default, 17) { Subpixel = true };
        List<(Segment Segment, float X, int Row)> legend = LayOutLegend(slices, text, width);
        int top = title.Length > 0 ? Margin + 30 : Margin, legendTop = top + rows * crop.Height + (rows - 1) * Gap + Margin;
        int height = legendTop + (legend.Count == 0 ? 0 : (legend[^1].Row + 1) * LegendRow + Margin / 2);
        using SKBitmap bitmap = new(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        using SKCanvas canvas = new(bitmap);
        using SKPaint paint = new() { IsAntialias = true, Color = s_text };
        canvas.Clear(s_ground);
        if (title.Length > 0) canvas.DrawText(title, Margin, Margin + 15, SKTextAlign.Left, heading, paint);
        for (int n = 0; n < slices.Count; n++)
            DrawTile(canvas, slices[n], crop, Margin + n % columns * (crop.Width + Gap), top + n / columns * (crop.Height + Gap), zoom, text, paint);
        foreach ((Segment segment, float x, int row) in legend) DrawEntry(canvas, segment, x, legendTop + row * LegendRow, text, paint);
        canvas.Flush();
        PngFile.WriteBitmap(path, bitmap);
    }

    private static void DrawTile(SKCanvas canvas, LabeledSlice slice, SKRectI crop, float x, float y, double zoom, SKFont font, SKPaint paint)
    {
        using SKBitmap tile = SlicePainter.Draw(slice, zoom);
        using SKImage image = SKImage.FromBitmap(tile);
        SKRect place = new(x, y, x + crop.Width, y + crop.Height);
        canvas.Save();
        using (SKRoundRect rounded = new(place, 5)) canvas.ClipRoundRect(rounded, SKClipOperation.Intersect, antialias: true);
        canvas.DrawImage(image, crop, place, new SKSamplingOptions(SKFilterMode.Nearest));
        canvas.Restore();
        paint.Color = s_faint;
        canvas.DrawText(slice.Caption, x + 8, y + 19, SKTextAlign.Left, font, paint);
    }

    private static void DrawEntry(SKCanvas canvas, Segment segment, float x, float y, SKFont font, SKPaint paint)
    {
        paint.Color = new SKColor(segment.Color.R, segment.Color.G, segment.Color.B);
        canvas.DrawRoundRect(x, y + 4, 13, 13, 3, 3, paint);
        paint.Color = s_text;
        canvas.DrawText(segment.Name, x + 20, y + 15.5f, SKTextAlign.Left, font, paint);
    }

    private static List<(Segment, float, int)> LayOutLegend(IReadOnlyList<LabeledSlice> slices, SKFont font, int width)
    {
        SortedDictionary<ushort, Segment> shown = [];
        foreach (LabeledSlice slice in slices)
            foreach (ushort label in slice.Labels.Span)
                if (label != 0 && !shown.ContainsKey(label))
                    shown[label] = slice.Segments.FirstOrDefault(s => s.Label == label) ?? new(label, $"label {label}", RgbColor.ForLabel(label));
        List<(Segment, float, int)> places = [];
        (float x, int row) = (Margin, 0);
        foreach (Segment segment in shown.Values)
        {
            float wide = 20 + font.MeasureText(segment.Name) + 20;
            if (x > Margin && x + wide > width - Margin + 20) (x, row) = (Margin, row + 1);
            places.Add((segment, x, row));
            x += wide;
        }
        return places;
    }

    // The part of the tiles where something is to be seen, the same for all, with a little air.
    private static SKRectI CropOf(IReadOnlyList<LabeledSlice> slices, double zoom)
    {
        const byte visible = 24;
        (int width, int height) = (slices[0].Image.Width, slices[0].Image.Height);
        (int x0, int x1, int y0, int y1) = (width, -1, height, -1);
        foreach (LabeledSlice slice in slices)
        {
            if (slice.Image.Width != width || slice.Image.Height != height) throw new ArgumentException("The slices of a montage are of one size.", nameof(slices));
            ReadOnlySpan<byte> pixels = slice.Image.Pixels.Span;
            for (int n = 0; n < width * height; n++)
            {
                if (pixels[n * slice.Image.Channels] < visible) continue;
                (x0, x1, y0, y1) = (Math.Min(x0, n % width), Math.Max(x1, n % width), Math.Min(y0, n / width), Math.Max(y1, n / width));
            }
        }
        if (x1 < 0) (x0, x1, y0, y1) = (0, width - 1, 0, height - 1);
        double pixelMm = Math.Min(slices[0].Image.PixelWidthMm, slices[0].Image.PixelHeightMm) / zoom;
        (double scaleX, double scaleY) = (slices[0].Image.PixelWidthMm / pixelMm, slices[0].Image.PixelHeightMm / pixelMm);
        int air = (int)(6 * zoom);
        return new(
            Math.Max(0, (int)(x0 * scaleX) - air), Math.Max(0, (int)(y0 * scaleY) - air),
            Math.Min((int)Math.Round(width * scaleX), (int)((x1 + 1) * scaleX) + air), Math.Min((int)Math.Round(height * scaleY), (int)((y1 + 1) * scaleY) + air));
    }

    private static SKTypeface? FindTypeface() => Fonts.Find() is { } file ? SKTypeface.FromFile(file) : null;
}
