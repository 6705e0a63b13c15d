using SamMed2D.Core.Slices;

namespace SamMed2D.Inference.Focus;

/// <summary>
/// Square-pixel coordinates over a slice, a fixed number of units along its longer side, so that the network sees objects at the
/// size it was trained on whatever the resolution. Positions are edge coordinates: 0 is the outer edge of the first pixel.
/// </summary>
public readonly record struct FocusCanvas
{
    /// <summary>Creates the canvas of a slice.</summary>
    /// <param name="image">The slice.</param>
    /// <param name="canvasSize">Units along its longer side.</param>
    public FocusCanvas(SliceImage image, int canvasSize)
    {
        bool hasSize = image.PixelWidthMm > 0 && image.PixelHeightMm > 0 && double.IsFinite(image.PixelWidthMm / image.PixelHeightMm);
        double aspect = hasSize ? image.PixelWidthMm / image.PixelHeightMm : 1;
        double unit = Math.Max(image.Width * aspect, image.Height) / canvasSize;
        (ScaleX, ScaleY) = (aspect / unit, 1 / unit);
    }

    private FocusCanvas(double scale) => (ScaleX, ScaleY) = (scale, scale);

    /// <summary>The canvas of a picture whose pixels are the units.</summary>
    public static FocusCanvas OfPixels { get; } = new(1);

    /// <summary>Canvas units along a slice pixel's width.</summary>
    public double ScaleX { get; }

    /// <summary>Canvas units along a slice pixel's height.</summary>
    public double ScaleY { get; }
}

/// <summary>The square of the canvas that the network looks at, in edge coordinates.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Top edge.</param>
/// <param name="Side">Length of a side.</param>
public readonly record struct FocusCrop(double X, double Y, double Side)
{
    /// <summary>A crop centred on a place.</summary>
    /// <param name="x">The place, in edge coordinates.</param>
    /// <param name="y">The same, down.</param>
    /// <param name="side">Length of a side.</param>
    public static FocusCrop Around(double x, double y, double side) => new(x - side / 2, y - side / 2, side);

    /// <summary>A crop centred on a frame.</summary>
    /// <param name="frame">What it is about.</param>
    /// <param name="side">Length of a side.</param>
    internal static FocusCrop Around(Frame frame, double side) => Around((frame.X0 + frame.X1) / 2, (frame.Y0 + frame.Y1) / 2, side);
}

/// <summary>A rectangle of the canvas in edge coordinates; may be a single point.</summary>
/// <param name="X0">Left edge.</param>
/// <param name="Y0">Top edge.</param>
/// <param name="X1">Right edge.</param>
/// <param name="Y1">Bottom edge.</param>
internal readonly record struct Frame(double X0, double Y0, double X1, double Y1)
{
    /// <summary>The longer side.</summary>
    public double LongerSide => Math.Max(X1 - X0, Y1 - Y0);

    /// <summary>The smallest rectangle round this one and a point.</summary>
    public Frame Including(double x, double y) => new(Math.Min(X0, x), Math.Min(Y0, y), Math.Max(X1, x), Math.Max(Y1, y));
}
