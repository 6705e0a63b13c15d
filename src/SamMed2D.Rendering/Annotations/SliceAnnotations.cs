using System.Globalization;
using System.Numerics;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Annotations;

/// <summary>Orientation letters and scale bar of slice pictures.</summary>
public static class SliceAnnotations
{
    /// <summary>The length of the scale bar: 1, 2 or 5 times a power of ten millimetres, at most a quarter of the view's width.</summary>
    public static double ScaleBarMm(SliceView view, ImageSize size)
    {
        double most = view.MmPerPixel * size.Width / 4;
        double decade = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return most >= 5 * decade ? 5 * decade : most >= 2 * decade ? 2 * decade : decade;
    }

    /// <summary>The bar's length in words, such as <c>5 cm</c>.</summary>
    public static string ScaleBarText(double lengthMm) => lengthMm >= 10
        ? string.Create(CultureInfo.InvariantCulture, $"{lengthMm / 10:0.#} cm")
        : string.Create(CultureInfo.InvariantCulture, $"{lengthMm:0.###} mm");

    /// <summary>A copy of a slice picture with letters at its edges and a scale bar at its foot.</summary>
    /// <param name="image">A picture with 3 channels.</param>
    /// <param name="view">What it shows.</param>
    public static SliceImage Draw(SliceImage image, SliceView view)
    {
        byte[] pixels = image.Pixels.ToArray();
        ImageSize size = new(image.Width, image.Height);
        List<(Vector2 From, Vector2 To)> lines = Layout(view, size);
        LinePainter painter = new(pixels, image.Width, image.Height);
        float thickness = TextHeight(size) / 9;
        // A dark rim first, so that white letters stand out on white bone.
        foreach ((Vector2 from, Vector2 to) in lines) painter.Draw(from, to, thickness + 2.5f, 0, 0.75f);
        foreach ((Vector2 from, Vector2 to) in lines) painter.Draw(from, to, thickness, 255, 0.95f);
        return image with { Pixels = pixels };
    }

    private static float TextHeight(ImageSize size) => Math.Clamp(Math.Min(size.Width, size.Height) / 30f, 9, 40);

    private static List<(Vector2 From, Vector2 To)> Layout(SliceView view, ImageSize size)
    {
        List<(Vector2, Vector2)> lines = [];
        float height = TextHeight(size), margin = height * 0.7f, unit = height / StrokeFont.CapHeight;
        (string left, string right, string top, string bottom) = view.OrientationLetters();
        float middle = size.Height / 2f - height / 2;
        AddText(lines, left, new(margin, middle), unit);
        AddText(lines, right, new(size.Width - margin - StrokeFont.WidthOf(right) * unit, middle), unit);
        AddText(lines, top, new(size.Width / 2f - StrokeFont.WidthOf(top) * unit / 2, margin), unit);
        AddText(lines, bottom, new(size.Width / 2f - StrokeFont.WidthOf(bottom) * unit / 2, size.Height - margin - height), unit);

        double lengthMm = ScaleBarMm(view, size);
        float length = (float)(lengthMm / view.MmPerPixel), foot = size.Height - margin, tick = height * 0.3f;
        lines.Add((new(margin, foot), new(margin + length, foot)));
        lines.Add((new(margin, foot - tick), new(margin, foot)));
        lines.Add((new(margin + length, foot - tick), new(margin + length, foot)));
        AddText(lines, ScaleBarText(lengthMm), new(margin + tick, foot - tick - height * 0.9f), unit * 0.7f);
        return lines;
    }

    private static void AddText(List<(Vector2, Vector2)> lines, string text, Vector2 corner, float unit)
    {
        foreach ((Vector2 from, Vector2 to) in StrokeFont.LinesOf(text)) lines.Add((corner + from * unit, corner + to * unit));
    }
}
