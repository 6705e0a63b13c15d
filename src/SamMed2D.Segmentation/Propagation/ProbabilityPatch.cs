using System.Buffers;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>
/// The probabilities of one slice, 8 bits each, cut to where they are not 0: what has to be kept of a mask until the result is made.
/// Bytes from 128 are the object; rounding never crosses that line. May be filled again and again. Disposing gives its memory back; one that is not disposed
/// costs garbage only.
/// </summary>
internal sealed class ProbabilityPatch : IDisposable
{
    public const byte ObjectFrom = 128;

    private byte[] _values = [];

    public PixelRectangle Bounds { get; private set; }

    public ReadOnlySpan<byte> Row(int y) => _values.AsSpan((y - Bounds.Y0) * Bounds.Width, Bounds.Width);

    public int SizeBytes => Bounds.Width * Bounds.Height;

    public static ProbabilityPatch Of(MaskPrompt mask)
    {
        ProbabilityPatch patch = new();
        patch.Set(mask);
        return patch;
    }

    /// <summary>Takes over a mask.</summary>
    public void Set(MaskPrompt mask)
    {
        int x0 = mask.Width, y0 = mask.Height, x1 = 0, y1 = 0;
        ReadOnlySpan<float> all = mask.Probabilities.Span;
        for (int y = 0, at = 0; y < mask.Height; y++)
            for (int x = 0; x < mask.Width; x++, at++)
                if (ToByte(all[at]) > 0) (x0, y0, x1, y1) = (Math.Min(x0, x), Math.Min(y0, y), Math.Max(x1, x + 1), y + 1);
        byte[] values = Resize(x1 == 0 ? default : new(x0, y0, x1, y1));
        for (int y = y0, to = 0; y < y1; y++)
            for (int x = x0; x < x1; x++) values[to++] = ToByte(all[y * mask.Width + x]);
    }

    /// <summary>The weighted mean of two slices' probabilities.</summary>
    /// <param name="a">One patch.</param>
    /// <param name="b">The other.</param>
    /// <param name="weight">The weight of <paramref name="b"/>, from 0 to 1.</param>
    public static ProbabilityPatch Blend(ProbabilityPatch a, ProbabilityPatch b, double weight)
    {
        PixelRectangle bounds = a.SizeBytes == 0 ? b.Bounds : b.SizeBytes == 0 ? a.Bounds : new(
            Math.Min(a.Bounds.X0, b.Bounds.X0), Math.Min(a.Bounds.Y0, b.Bounds.Y0), Math.Max(a.Bounds.X1, b.Bounds.X1), Math.Max(a.Bounds.Y1, b.Bounds.Y1));
        ProbabilityPatch blend = new();
        byte[] values = blend.Resize(bounds);
        for (int y = bounds.Y0, to = 0; y < bounds.Y1; y++)
            for (int x = bounds.X0; x < bounds.X1; x++) values[to++] = ToByte((float)(((1 - weight) * a.At(x, y) + weight * b.At(x, y)) / 255));
        return blend;
    }

    public int GetArea()
    {
        int area = 0;
        foreach (byte value in _values.AsSpan(0, SizeBytes)) area += value >= ObjectFrom ? 1 : 0;
        return area;
    }

    /// <summary>Intersection over union of two slices' objects; 1 where both are empty.</summary>
    public static double IouOf(ProbabilityPatch a, ProbabilityPatch b)
    {
        int both = 0, either = 0;
        for (int y = Math.Min(a.Bounds.Y0, b.Bounds.Y0); y < Math.Max(a.Bounds.Y1, b.Bounds.Y1); y++)
            for (int x = Math.Min(a.Bounds.X0, b.Bounds.X0); x < Math.Max(a.Bounds.X1, b.Bounds.X1); x++)
            {
                bool inA = a.At(x, y) >= ObjectFrom, inB = b.At(x, y) >= ObjectFrom;
                both += inA && inB ? 1 : 0;
                either += inA || inB ? 1 : 0;
            }
        return either == 0 ? 1 : (double)both / either;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _values, []) is { Length: > 0 } values) ArrayPool<byte>.Shared.Return(values);
    }

    private byte[] Resize(PixelRectangle bounds)
    {
        Bounds = bounds;
        if (_values.Length >= SizeBytes) return _values;
        Dispose();
        return _values = ArrayPool<byte>.Shared.Rent(SizeBytes);
    }

    private byte At(int x, int y) =>
        x >= Bounds.X0 && x < Bounds.X1 && y >= Bounds.Y0 && y < Bounds.Y1 ? _values[(y - Bounds.Y0) * Bounds.Width + x - Bounds.X0] : (byte)0;

    private static byte ToByte(float probability)
    {
        int rounded = (int)(Math.Clamp(probability, 0f, 1f) * 255 + 0.5f); // a NaN becomes 0
        return (byte)(probability > 0.5f ? Math.Max(rounded, ObjectFrom) : Math.Min(rounded, ObjectFrom - 1));
    }
}
