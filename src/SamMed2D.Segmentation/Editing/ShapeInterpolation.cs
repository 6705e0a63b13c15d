using SamMed2D.Core.Metrics;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Editing;

/// <summary>
/// Shapes between masks of a few slices: signed distances to their borders, weighted by nearness (Raya and Udupa, "Shape-based interpolation of
/// multidimensional objects", 1990). Beyond the outer masks the nearest is copied.
/// </summary>
internal sealed class ShapeInterpolation
{
    private readonly int[] _slices;
    private readonly MaskPlane[] _masks;
    private readonly float[][] _distances;

    /// <summary>Measures the distances.</summary>
    /// <param name="slices">Where masks are known, by rising index; at least one.</param>
    /// <param name="maskOn">The mask of each, none of them empty.</param>
    /// <param name="frame">How the scan is sliced.</param>
    public ShapeInterpolation(IReadOnlyList<int> slices, Func<int, MaskPlane> maskOn, SliceFrame frame)
    {
        _slices = [.. slices];
        _masks = [.. slices.Select(maskOn)];
        _distances = [.. _masks.Select(mask => SignedDistances(mask, frame))];
    }

    /// <summary>The shape on a slice.</summary>
    public MaskPlane On(int slice)
    {
        int above = Array.FindIndex(_slices, s => s >= slice);
        if (above < 0) return _masks[^1];
        if (above == 0 || _slices[above] == slice) return _masks[above];
        float weight = (slice - _slices[above - 1]) / (float)(_slices[above] - _slices[above - 1]);
        MaskPlane plane = new(_masks[above].Width, _masks[above].Height);
        ReadOnlySpan<float> low = _distances[above - 1], high = _distances[above];
        for (int n = 0; n < plane.Pixels.Length; n++) plane.Pixels[n] = (1 - weight) * low[n] + weight * high[n] > 0 ? (byte)1 : (byte)0;
        return plane;
    }

    // Positive inside: to the nearest pixel outside; negative outside: to the nearest inside. Where all is inside, far inside.
    private static float[] SignedDistances(MaskPlane mask, SliceFrame frame)
    {
        byte[] inside = mask.Pixels.ToArray();
        byte[] outside = new byte[inside.Length];
        for (int n = 0; n < inside.Length; n++) outside[n] = (byte)(1 - inside[n]);
        (int, int, int) size = (mask.Width, mask.Height, 1);
        (double, double, double) spacing = (frame.PixelWidthMm, frame.PixelHeightMm, 1);
        float[] toInside = DistanceTransform.SquaredMm(inside, size, spacing), toOutside = DistanceTransform.SquaredMm(outside, size, spacing);
        float far = (float)(mask.Width * frame.PixelWidthMm + mask.Height * frame.PixelHeightMm);
        float[] signed = new float[inside.Length];
        for (int n = 0; n < signed.Length; n++) signed[n] = Math.Min(MathF.Sqrt(toOutside[n]), far) - MathF.Sqrt(toInside[n]);
        return signed;
    }
}
