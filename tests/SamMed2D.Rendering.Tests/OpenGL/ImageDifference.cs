using SamMed2D.Core.Slices;

namespace SamMed2D.Rendering.Tests.OpenGL;

/// <summary>How far two pictures of one size are apart.</summary>
internal readonly record struct ImageDifference(double PsnrDb, double DifferingPart)
{
    /// <summary>Measures.</summary>
    /// <param name="a">One picture.</param>
    /// <param name="b">The other.</param>
    /// <param name="tolerance">Steps of 255 by which channels may differ and not be counted.</param>
    public static ImageDifference Between(SliceImage a, SliceImage b, int tolerance = 2)
    {
        Assert.Equal((a.Width, a.Height, a.Channels), (b.Width, b.Height, b.Channels));
        double squares = 0;
        int differing = 0;
        for (int n = 0; n < a.Pixels.Length; n++)
        {
            int difference = a.Pixels.Span[n] - b.Pixels.Span[n];
            squares += difference * difference;
            if (Math.Abs(difference) > tolerance) differing++;
        }
        double mean = squares / a.Pixels.Length;
        return new(mean == 0 ? 99 : 10 * Math.Log10(255.0 * 255.0 / mean), (double)differing / a.Pixels.Length);
    }
}
