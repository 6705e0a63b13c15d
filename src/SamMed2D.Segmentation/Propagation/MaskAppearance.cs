using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>
/// What an object looks like: how its grey values are distributed in the picture that the model sees. It tells whether a mask of another
/// slice still lies on the same kind of tissue, which a model that always finds something does not.
/// </summary>
internal sealed class MaskAppearance
{
    // Sixteen bins are coarse enough for masks of a few dozen pixels and fine enough to tell organs from fat, air and bone.
    private const int BinShift = 4, BinCount = 256 >> BinShift;
    private readonly float[] _shares = new float[BinCount];

    /// <summary>Takes over the grey values under a mask.</summary>
    /// <param name="picture">The slice as the model sees it, on the mask's pixels.</param>
    /// <param name="mask">The mask; not empty.</param>
    public void Set(ReadOnlySpan<byte> picture, MaskShape mask)
    {
        // Each pixel counts in its own bin and, by half, in those beside it: a small shift of brightness is a small change.
        Array.Clear(_shares);
        ReadOnlySpan<byte> pixels = mask.Plane.Pixels;
        PixelRectangle bounds = mask.Bounds;
        int width = mask.Plane.Width;
        for (int y = bounds.Y0; y < bounds.Y1; y++)
            for (int x = bounds.X0; x < bounds.X1; x++)
            {
                int at = y * width + x;
                if (pixels[at] == 0) continue;
                int bin = picture[at] >> BinShift;
                _shares[bin] += 0.5f;
                _shares[Math.Max(bin - 1, 0)] += 0.25f;
                _shares[Math.Min(bin + 1, BinCount - 1)] += 0.25f;
            }
        if (mask.Area == 0) return;
        for (int bin = 0; bin < BinCount; bin++) _shares[bin] /= mask.Area;
    }

    /// <summary>The share of grey values that two appearances have in common: the intersection of their histograms, 0 to 1.</summary>
    public double SimilarityWith(MaskAppearance other)
    {
        float common = 0;
        for (int bin = 0; bin < BinCount; bin++) common += Math.Min(_shares[bin], other._shares[bin]);
        return common;
    }
}
