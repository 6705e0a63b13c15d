using System.Numerics;

namespace SamMed2D.Rendering.Annotations;

/// <summary>Draws smooth lines into 8-bit RGB pixels.</summary>
/// <param name="pixels">Red, green, blue, row by row.</param>
/// <param name="width">Pixels in a row.</param>
/// <param name="height">Rows.</param>
internal sealed class LinePainter(byte[] pixels, int width, int height)
{
    /// <summary>Draws a line with round ends.</summary>
    /// <param name="from">One end, whole numbers being pixel centres.</param>
    /// <param name="to">The other end.</param>
    /// <param name="thickness">In pixels.</param>
    /// <param name="grey">0 black to 255 white.</param>
    /// <param name="opacity">0 to 1.</param>
    public void Draw(Vector2 from, Vector2 to, float thickness, byte grey, float opacity)
    {
        float reach = thickness / 2 + 1;
        int x0 = Math.Max(0, (int)(Math.Min(from.X, to.X) - reach)), x1 = Math.Min(width - 1, (int)(Math.Max(from.X, to.X) + reach + 1));
        int y0 = Math.Max(0, (int)(Math.Min(from.Y, to.Y) - reach)), y1 = Math.Min(height - 1, (int)(Math.Max(from.Y, to.Y) + reach + 1));
        for (int y = y0; y <= y1; y++)
            for (int x = x0; x <= x1; x++)
            {
                float coverage = Math.Clamp(thickness / 2 + 0.5f - DistanceToSegment(new(x, y), from, to), 0, 1) * opacity;
                if (coverage <= 0) continue;
                int n = (y * width + x) * 3;
                for (int channel = n; channel < n + 3; channel++) pixels[channel] = (byte)MathF.Round(float.Lerp(pixels[channel], grey, coverage));
            }
    }

    private static float DistanceToSegment(Vector2 point, Vector2 from, Vector2 to)
    {
        Vector2 along = to - from;
        float length = along.LengthSquared();
        float t = length > 0 ? Math.Clamp(Vector2.Dot(point - from, along) / length, 0, 1) : 0;
        return Vector2.Distance(point, from + along * t);
    }
}
