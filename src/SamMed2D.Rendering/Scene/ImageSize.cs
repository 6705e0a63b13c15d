namespace SamMed2D.Rendering.Scene;

/// <summary>The size of a picture or a view, in pixels.</summary>
/// <param name="Width">Pixels in a row, at least 1.</param>
/// <param name="Height">Rows, at least 1.</param>
public readonly record struct ImageSize(int Width, int Height)
{
    /// <summary>The size as <c>1280x960</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"{Width}x{Height}");

    /// <summary>The number of pixels.</summary>
    public int PixelCount => checked(Width * Height);

    /// <summary>Width over height.</summary>
    public double AspectRatio => (double)Width / Height;
}
