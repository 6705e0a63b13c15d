using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Application.Views;

/// <summary>A place in a view, in its pixels: whole numbers are pixel centres, x right, y down.</summary>
/// <param name="X">Pixels from the left.</param>
/// <param name="Y">Pixels from the top.</param>
public readonly record struct ViewPoint(double X, double Y)
{
    /// <summary>The distance to another place, in pixels.</summary>
    public double DistanceTo(ViewPoint other) => Math.Sqrt((X - other.X) * (X - other.X) + (Y - other.Y) * (Y - other.Y));
}

/// <summary>How a line or sign is drawn.</summary>
/// <param name="Color">Its colour.</param>
/// <param name="Opacity">0 to 1.</param>
/// <param name="WidthPixels">Width of its lines, at a display scale of 1.</param>
/// <param name="IsDashed">True for a broken line.</param>
public readonly record struct OverlayStyle(RgbColor Color, double Opacity = 1, double WidthPixels = 1.5, bool IsDashed = false);

/// <summary>Something drawn over a slice, in view pixels. Later ones cover earlier ones.</summary>
/// <param name="Style">How it is drawn.</param>
public abstract record OverlayShape(OverlayStyle Style);

/// <summary>A line through points.</summary>
/// <param name="Points">Its points, at least two.</param>
/// <param name="IsClosed">True where the last point joins the first.</param>
/// <param name="Style">How it is drawn.</param>
public sealed record OverlayLine(IReadOnlyList<ViewPoint> Points, bool IsClosed, OverlayStyle Style) : OverlayShape(Style);

/// <summary>The sign at a point.</summary>
public enum MarkerShape
{
    /// <summary>A filled disk with a plus: a point on the object.</summary>
    Plus,

    /// <summary>A filled disk with a minus: a point off the object.</summary>
    Minus,

    /// <summary>A small cross: an end of a measurement.</summary>
    Cross,

    /// <summary>A small square that can be dragged.</summary>
    Handle,
}

/// <summary>A sign of fixed size.</summary>
/// <param name="At">Its middle.</param>
/// <param name="Shape">What it looks like.</param>
/// <param name="Style">How it is drawn.</param>
public sealed record OverlayMarker(ViewPoint At, MarkerShape Shape, OverlayStyle Style) : OverlayShape(Style);

/// <summary>An outline of a circle, such as a brush.</summary>
/// <param name="Center">Its middle.</param>
/// <param name="RadiusPixels">Its radius in view pixels.</param>
/// <param name="Style">How it is drawn.</param>
public sealed record OverlayCircle(ViewPoint Center, double RadiusPixels, OverlayStyle Style) : OverlayShape(Style);

/// <summary>Where a text lies about its place.</summary>
public enum TextAnchor
{
    /// <summary>To the right of and below the place.</summary>
    UpperLeft,

    /// <summary>Its middle at the place.</summary>
    Center,

    /// <summary>To the left of the place, in the middle of its height.</summary>
    Right,

    /// <summary>To the right of the place, in the middle of its height.</summary>
    Left,

    /// <summary>Below the place.</summary>
    Top,

    /// <summary>Above the place.</summary>
    Bottom,
}

/// <summary>Words at a place.</summary>
/// <param name="At">The place.</param>
/// <param name="Text">The words.</param>
/// <param name="Anchor">How they lie about it.</param>
/// <param name="Style">How they are drawn.</param>
public sealed record OverlayText(ViewPoint At, string Text, TextAnchor Anchor, OverlayStyle Style) : OverlayShape(Style);

/// <summary>A mask filled over the slice: a picture of its pixels, stretched between three corners.</summary>
/// <param name="Mask">The mask; the same object as long as nothing changed, so that a picture of it may be kept.</param>
/// <param name="UpperLeft">Where the outer corner of pixel (0,0) lies.</param>
/// <param name="UpperRight">Where the outer corner of the first row's last pixel lies.</param>
/// <param name="LowerLeft">Where the outer corner of the last row's first pixel lies.</param>
/// <param name="Style">Colour and opacity of the filling.</param>
public sealed record OverlayMask(MaskPlane Mask, ViewPoint UpperLeft, ViewPoint UpperRight, ViewPoint LowerLeft, OverlayStyle Style) : OverlayShape(Style);
