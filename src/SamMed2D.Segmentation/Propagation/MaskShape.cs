using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>A predicted mask as pixels over 0.5, with what the rules ask about it. Reused from slice to slice.</summary>
internal sealed class MaskShape(int width, int height)
{
    /// <summary>Probabilities over this are the object.</summary>
    public const float Threshold = 0.5f;

    public MaskPlane Plane { get; } = new(width, height);

    public int Area { get; private set; }

    /// <summary>The frame round the mask; empty where the mask is.</summary>
    public PixelRectangle Bounds { get; private set; }

    public double CentroidX { get; private set; }

    public double CentroidY { get; private set; }

    /// <summary>Takes over a mask.</summary>
    public void Set(MaskPrompt mask) => Set(mask.Probabilities.Span);

    /// <summary>Takes over a mask's probabilities, row by row.</summary>
    public void Set(ReadOnlySpan<float> probabilities)
    {
        Span<byte> pixels = Plane.Pixels;
        long sumX = 0, sumY = 0;
        int area = 0;
        for (int y = 0, at = 0; y < Plane.Height; y++)
            for (int x = 0; x < Plane.Width; x++, at++)
            {
                bool isSet = probabilities[at] > Threshold;
                pixels[at] = isSet ? (byte)1 : (byte)0;
                if (!isSet) continue;
                area++;
                sumX += x;
                sumY += y;
            }
        Area = area;
        (CentroidX, CentroidY) = area == 0 ? (double.NaN, double.NaN) : ((double)sumX / area, (double)sumY / area);
        Bounds = Plane.GetBounds() ?? default;
    }

    /// <summary>Intersection over union with another mask of the same size; 1 where both are empty.</summary>
    public double IouWith(MaskShape other)
    {
        ReadOnlySpan<byte> a = Plane.Pixels, b = other.Plane.Pixels;
        int both = 0;
        for (int n = 0; n < a.Length; n++) both += a[n] & b[n];
        int either = Area + other.Area - both;
        return either == 0 ? 1 : (double)both / either;
    }
}
