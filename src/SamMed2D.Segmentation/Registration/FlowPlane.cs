using System.Numerics;

namespace SamMed2D.Segmentation.Registration;

/// <summary>
/// A plane of numbers laid out for vectors: rows start at multiples of a stride that leaves at least one vector unused behind the last column,
/// and a row of zeros lies above the first. Reused for planes of any size up to the one that it was made for.
/// </summary>
internal sealed class FlowPlane
{
    private float[] _values = [];

    /// <summary>Columns.</summary>
    public int Width { get; private set; }

    /// <summary>Rows.</summary>
    public int Height { get; private set; }

    /// <summary>From one row to the next.</summary>
    public int Stride { get; private set; }

    /// <summary>Columns up to a whole number of vectors: what loops over vectors run through.</summary>
    public int VectorWidth { get; private set; }

    /// <summary>All numbers; the first row begins at <see cref="Stride"/>.</summary>
    public Span<float> Values => _values;

    /// <summary>Takes a size and sets all numbers to 0; allocates only where the plane was never as large.</summary>
    public void Resize(int width, int height)
    {
        int lanes = Vector<float>.Count;
        (Width, Height) = (width, height);
        VectorWidth = (width + lanes - 1) / lanes * lanes;
        Stride = VectorWidth + lanes;
        int length = checked(Stride * (height + 2));
        if (_values.Length < length) _values = new float[length];
        else Array.Clear(_values, 0, length);
    }

    /// <summary>Where a row begins in <see cref="Values"/>.</summary>
    public int RowStart(int y) => (y + 1) * Stride;

    /// <summary>A row without what lies behind it.</summary>
    public Span<float> Row(int y) => _values.AsSpan(RowStart(y), Width);

    /// <summary>Repeats the last column behind itself and the last row below itself, so that differences across the edges are 0.</summary>
    public void RepeatEdges()
    {
        for (int y = 0; y < Height; y++)
        {
            int start = RowStart(y);
            _values.AsSpan(start + Width, Stride - Width).Fill(_values[start + Width - 1]);
        }
        _values.AsSpan(RowStart(Height - 1), Stride).CopyTo(_values.AsSpan(RowStart(Height), Stride));
    }

    /// <summary>The number at a place, bilinear between pixel centres; beyond the edge the edge's.</summary>
    public float At(float x, float y)
    {
        x = Math.Clamp(x, 0, Width - 1);
        y = Math.Clamp(y, 0, Height - 1);
        int left = (int)x, top = (int)y;
        float shareX = x - left, shareY = y - top;
        int at = RowStart(top) + left, right = left + 1 < Width ? 1 : 0, below = top + 1 < Height ? Stride : 0;
        float upper = _values[at] + shareX * (_values[at + right] - _values[at]);
        float lower = _values[at + below] + shareX * (_values[at + below + right] - _values[at + below]);
        return upper + shareY * (lower - upper);
    }

    /// <summary>Takes over another plane at half its size: the mean of each 2×2 pixels, fewer at an odd edge.</summary>
    public void SetHalved(FlowPlane source)
    {
        Resize((source.Width + 1) / 2, (source.Height + 1) / 2);
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<float> upper = source.Row(2 * y), lower = source.Row(Math.Min(2 * y + 1, source.Height - 1));
            Span<float> row = Row(y);
            for (int x = 0; x < row.Length; x++)
            {
                int left = 2 * x, right = Math.Min(left + 1, source.Width - 1);
                row[x] = 0.25f * (upper[left] + upper[right] + lower[left] + lower[right]);
            }
        }
    }

    /// <summary>Takes over a flow of half the size: twice as long, bilinear.</summary>
    public void SetDoubledFlow(FlowPlane half, int width, int height)
    {
        Resize(width, height);
        for (int y = 0; y < height; y++)
        {
            Span<float> row = Row(y);
            for (int x = 0; x < width; x++) row[x] = 2 * half.At(0.5f * x - 0.25f, 0.5f * y - 0.25f);
        }
    }
}
