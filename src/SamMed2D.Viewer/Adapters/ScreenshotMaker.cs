using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Application.Views;
using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Png;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;
using SkiaSharp;

namespace SamMed2D.Viewer.Adapters;

/// <summary>Draws views into picture files: scenes by OpenGL without a window, what lies over them by Skia.</summary>
internal sealed class ScreenshotMaker : IScreenshotMaker
{
    private const float TextPixels = 14;

    /// <inheritdoc/>
    public SliceImage Draw(SliceScene scene, IReadOnlyList<OverlayShape> overlay)
    {
        using OffscreenRenderer renderer = OffscreenRenderer.Create();
        return Overlay(renderer.Render(scene), overlay);
    }

    /// <inheritdoc/>
    public SliceImage Draw(SpatialScene scene)
    {
        using OffscreenRenderer renderer = OffscreenRenderer.Create();
        return renderer.Render(scene);
    }

    /// <inheritdoc/>
    public void Write(SliceImage image, string path) => PngFile.Write(path, image);

    private static SliceImage Overlay(SliceImage image, IReadOnlyList<OverlayShape> shapes)
    {
        using SKBitmap bitmap = ToBitmap(image);
        using SKCanvas canvas = new(bitmap);
        using SKTypeface? typeface = SKTypeface.FromFile(Gui.GuiFonts.RegularPath);
        using SKFont font = new(typeface ?? SKTypeface.Default, TextPixels) { Subpixel = true };
        // Whole view pixels are pixel centres.
        canvas.Translate(0.5f, 0.5f);
        foreach (OverlayShape shape in shapes) Draw(canvas, shape, font);
        canvas.Flush();
        return ToImage(bitmap);
    }

    private static void Draw(SKCanvas canvas, OverlayShape shape, SKFont font)
    {
        using SKPathEffect? dashes = shape.Style.IsDashed ? SKPathEffect.CreateDash([5, 5], 0) : null;
        using SKPaint line = new() { IsAntialias = true, Style = SKPaintStyle.Stroke, StrokeWidth = (float)shape.Style.WidthPixels, Color = ColorOf(shape.Style), PathEffect = dashes };
        switch (shape)
        {
            case OverlayLine { Points.Count: > 1 } lines:
                for (int n = 1; n < lines.Points.Count; n++) canvas.DrawLine(At(lines.Points[n - 1]), At(lines.Points[n]), line);
                if (lines.IsClosed) canvas.DrawLine(At(lines.Points[^1]), At(lines.Points[0]), line);
                break;
            case OverlayCircle circle:
                canvas.DrawCircle(At(circle.Center), (float)circle.RadiusPixels, line);
                break;
            case OverlayMarker marker:
                DrawMarker(canvas, marker, line);
                break;
            case OverlayText text:
                DrawText(canvas, text, font);
                break;
            case OverlayMask mask:
                DrawMask(canvas, mask);
                break;
            default:
                break;
        }
    }

    private static void DrawMarker(SKCanvas canvas, OverlayMarker marker, SKPaint line)
    {
        SKPoint at = At(marker.At);
        const float arm = 3.5f, radius = 7;
        if (marker.Shape == MarkerShape.Cross)
        {
            canvas.DrawLine(at.X - arm, at.Y - arm, at.X + arm, at.Y + arm, line);
            canvas.DrawLine(at.X - arm, at.Y + arm, at.X + arm, at.Y - arm, line);
            return;
        }
        using SKPaint fill = new() { IsAntialias = true, Color = ColorOf(marker.Style) }, white = new() { IsAntialias = true, Color = SKColors.White, StrokeWidth = 1.8f };
        if (marker.Shape == MarkerShape.Handle) canvas.DrawRect(at.X - 4, at.Y - 4, 8, 8, fill);
        else
        {
            canvas.DrawCircle(at, radius, fill);
            canvas.DrawLine(at.X - arm, at.Y, at.X + arm, at.Y, white);
            if (marker.Shape == MarkerShape.Plus) canvas.DrawLine(at.X, at.Y - arm, at.X, at.Y + arm, white);
        }
    }

    private static void DrawText(SKCanvas canvas, OverlayText text, SKFont font)
    {
        float width = font.MeasureText(text.Text), height = TextPixels * 1.2f;
        Vector2 shift = text.Anchor switch
        {
            TextAnchor.Center => new(-width / 2, -height / 2),
            TextAnchor.Right => new(-width, -height / 2),
            TextAnchor.Left => new(0, -height / 2),
            TextAnchor.Top => new(-width / 2, 0),
            TextAnchor.Bottom => new(-width / 2, -height),
            _ => default,
        };
        SKPoint at = new((float)text.At.X + shift.X, (float)text.At.Y + shift.Y + TextPixels);
        using SKPaint shadow = new() { IsAntialias = true, Color = new SKColor(0, 0, 0, 190) }, paint = new() { IsAntialias = true, Color = ColorOf(text.Style) };
        canvas.DrawText(text.Text, at.X + 1, at.Y + 1, SKTextAlign.Left, font, shadow);
        canvas.DrawText(text.Text, at.X, at.Y, SKTextAlign.Left, font, paint);
    }

    private static void DrawMask(SKCanvas canvas, OverlayMask shape)
    {
        MaskPlane mask = shape.Mask;
        SKColor color = ColorOf(shape.Style);
        SKColor[] pixels = new SKColor[mask.Width * mask.Height];
        for (int n = 0; n < pixels.Length; n++) pixels[n] = mask.Pixels[n] == 0 ? SKColors.Transparent : color;
        using SKBitmap bitmap = new(mask.Width, mask.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul) { Pixels = pixels };
        using SKImage picture = SKImage.FromBitmap(bitmap);
        SKPoint corner = At(shape.UpperLeft), right = At(shape.UpperRight), below = At(shape.LowerLeft);
        SKMatrix stretch = new(
            (right.X - corner.X) / mask.Width, (below.X - corner.X) / mask.Height, corner.X,
            (right.Y - corner.Y) / mask.Width, (below.Y - corner.Y) / mask.Height, corner.Y, 0, 0, 1);
        canvas.Save();
        canvas.Concat(in stretch);
        canvas.DrawImage(picture, 0, 0, new SKSamplingOptions(SKFilterMode.Linear));
        canvas.Restore();
    }

    private static SKPoint At(ViewPoint point) => new((float)point.X, (float)point.Y);

    private static SKColor ColorOf(OverlayStyle style) => new(style.Color.R, style.Color.G, style.Color.B, (byte)Math.Round(255 * Math.Clamp(style.Opacity, 0, 1)));

    private static SKBitmap ToBitmap(SliceImage image)
    {
        ReadOnlySpan<byte> from = image.Pixels.Span;
        SKColor[] pixels = new SKColor[image.Width * image.Height];
        for (int n = 0; n < pixels.Length; n++) pixels[n] = new(from[3 * n], from[3 * n + 1], from[3 * n + 2]);
        return new(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque) { Pixels = pixels };
    }

    private static SliceImage ToImage(SKBitmap bitmap)
    {
        SKColor[] pixels = bitmap.Pixels;
        byte[] to = new byte[pixels.Length * 3];
        for (int n = 0; n < pixels.Length; n++) (to[3 * n], to[3 * n + 1], to[3 * n + 2]) = (pixels[n].Red, pixels[n].Green, pixels[n].Blue);
        return new(bitmap.Width, bitmap.Height, 3, to);
    }
}
