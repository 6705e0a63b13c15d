namespace SamMed2D.Core.Slices;

/// <summary>A binary mask of one slice: 0 or 1 per pixel, row by row, on the pixels of a <see cref="SliceFrame"/>. Owned by its maker, who may reuse it.</summary>
public sealed class MaskPlane
{
    private readonly byte[] _pixels;

    /// <summary>Creates an empty mask.</summary>
    public MaskPlane(int width, int height) => (Width, Height, _pixels) = (width, height, new byte[checked(width * height)]);

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>The pixels, 0 or 1.</summary>
    public Span<byte> Pixels => _pixels;

    /// <summary>One pixel.</summary>
    public bool this[int x, int y] => _pixels[y * Width + x] != 0;

    /// <summary>Number of set pixels.</summary>
    public int GetArea()
    {
        int area = 0;
        foreach (byte pixel in _pixels) area += pixel;
        return area;
    }

    /// <summary>The smallest rectangle around the set pixels, or null where there are none. Half-open: <c>X1</c> and <c>Y1</c> are one past the last.</summary>
    public PixelRectangle? GetBounds()
    {
        int x0 = Width, y0 = Height, x1 = -1, y1 = -1;
        for (int y = 0; y < Height; y++)
        {
            ReadOnlySpan<byte> row = _pixels.AsSpan(y * Width, Width);
            int first = row.IndexOfAnyExcept((byte)0);
            if (first < 0) continue;
            x0 = Math.Min(x0, first);
            x1 = Math.Max(x1, row.LastIndexOfAnyExcept((byte)0));
            y0 = Math.Min(y0, y);
            y1 = y;
        }
        return x1 < 0 ? null : new(x0, y0, x1 + 1, y1 + 1);
    }
}

/// <summary>A half-open rectangle of pixels: x from <paramref name="X0"/> to before <paramref name="X1"/>, likewise y.</summary>
/// <param name="X0">First column.</param>
/// <param name="Y0">First row.</param>
/// <param name="X1">One past the last column.</param>
/// <param name="Y1">One past the last row.</param>
public readonly record struct PixelRectangle(int X0, int Y0, int X1, int Y1)
{
    /// <summary>Columns.</summary>
    public int Width => X1 - X0;

    /// <summary>Rows.</summary>
    public int Height => Y1 - Y0;
}
