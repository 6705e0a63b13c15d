using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;

namespace SamMed2D.Rendering.Scene;

/// <summary>
/// A plane in patient space seen at some magnification: any plane, along the body's axes, along a grid or oblique.
/// Pixels are square; whole pixel coordinates are pixel centres, x to the right, y down.
/// </summary>
/// <param name="Center">The point shown in the middle of the view.</param>
/// <param name="Right">Direction of growing x; a unit vector.</param>
/// <param name="Down">Direction of growing y; a unit vector at right angles to <paramref name="Right"/>.</param>
/// <param name="MmPerPixel">The magnification, above 0.</param>
public sealed record SliceView(RasPoint Center, RasVector Right, RasVector Down, double MmPerPixel)
{
    /// <summary>The direction away from the viewer; a unit vector.</summary>
    public RasVector Normal => Right.Cross(Down);

    /// <summary>The place shown at a pixel.</summary>
    public RasPoint PixelToRas(double x, double y, ImageSize size) =>
        Center.Plus(Right * ((x - (size.Width - 1) / 2.0) * MmPerPixel) + Down * ((y - (size.Height - 1) / 2.0) * MmPerPixel));

    /// <summary>Where a place appears, and its distance in millimetres behind the plane.</summary>
    public (double X, double Y, double DepthMm) RasToPixel(RasPoint point, ImageSize size)
    {
        RasVector offset = point.Minus(Center);
        return (offset.Dot(Right) / MmPerPixel + (size.Width - 1) / 2.0, offset.Dot(Down) / MmPerPixel + (size.Height - 1) / 2.0, offset.Dot(Normal));
    }

    /// <summary>A view along the patient's own axes, in the radiological manner of <see cref="SliceFrame"/>.</summary>
    public static SliceView Anatomical(SlicePlane plane, RasPoint center, double mmPerPixel) => plane switch
    {
        SlicePlane.Axial => new(center, new(-1, 0, 0), new(0, -1, 0), mmPerPixel),
        SlicePlane.Coronal => new(center, new(-1, 0, 0), new(0, 0, -1), mmPerPixel),
        _ => new(center, new(0, -1, 0), new(0, 0, -1), mmPerPixel),
    };

    /// <summary>
    /// A view of one slice of a grid, exactly through its voxel centres, large enough to fill the view. On a sheared grid the columns
    /// of pixels are at right angles to the rows, not along the grid.
    /// </summary>
    /// <param name="frame">Which slices.</param>
    /// <param name="slice">The slice's number.</param>
    /// <param name="size">The view to fill.</param>
    public static SliceView AlongGrid(SliceFrame frame, double slice, ImageSize size)
    {
        RasPoint center = Ras(frame, (frame.Width - 1) / 2.0, (frame.Height - 1) / 2.0, slice);
        RasVector right = Ras(frame, (frame.Width + 1) / 2.0, (frame.Height - 1) / 2.0, slice).Minus(center).ToUnit();
        RasVector down = Ras(frame, (frame.Width - 1) / 2.0, (frame.Height + 1) / 2.0, slice).Minus(center);
        down = (down - right * down.Dot(right)).ToUnit();
        double mmPerPixel = Math.Max(frame.Width * frame.PixelWidthMm / size.Width, frame.Height * frame.PixelHeightMm / size.Height);
        return new(center, right, down, mmPerPixel);
    }

    /// <summary>
    /// A view of any plane: the body's own plane that lies nearest to it, turned the shortest way, so that head or front stay on top. A plane
    /// has two sides; it is seen from the one that the nearest plane of the body is seen from.
    /// </summary>
    /// <param name="center">The point shown in the middle.</param>
    /// <param name="normal">At right angles to the plane; of any length but 0.</param>
    /// <param name="mmPerPixel">The magnification, above 0.</param>
    public static SliceView Oblique(RasPoint center, RasVector normal, double mmPerPixel)
    {
        RasVector wanted = normal.ToUnit();
        SliceView nearest = Enum.GetValues<SlicePlane>().Select(plane => Anatomical(plane, center, mmPerPixel)).MaxBy(view => Math.Abs(view.Normal.Dot(wanted)))!;
        if (nearest.Normal.Dot(wanted) < 0) wanted *= -1;
        RasVector axis = nearest.Normal.Cross(wanted);
        return axis.Length < 1e-12 ? nearest : nearest.Rotate(axis.ToUnit(), Math.Atan2(axis.Length, nearest.Normal.Dot(wanted)));
    }

    /// <summary>The view moved and scaled so that all that its plane cuts out of a grid just fills the picture; null where the plane misses the grid.</summary>
    /// <param name="geometry">The grid.</param>
    /// <param name="size">The picture's size.</param>
    public SliceView? FitTo(VolumeGeometry geometry, ImageSize size)
    {
        List<RasPoint> cut = SlicePolygon.Cut(geometry, Center, Normal);
        if (cut.Count == 0) return null;
        (double left, double right) = Extent(cut, Right);
        (double top, double bottom) = Extent(cut, Down);
        double mmPerPixel = Math.Max((right - left) / size.Width, (bottom - top) / size.Height);
        if (!(mmPerPixel > 0)) return null;
        return this with { Center = Center.Plus(Right * ((left + right) / 2) + Down * ((top + bottom) / 2)), MmPerPixel = mmPerPixel };
    }

    private (double Low, double High) Extent(List<RasPoint> points, RasVector direction)
    {
        IEnumerable<double> along = points.Select(point => point.Minus(Center).Dot(direction));
        return (along.Min(), along.Max());
    }

    /// <summary>The view turned about its horizontal axis, then about its vertical one, then within its plane, each through its centre.</summary>
    /// <param name="aroundRightRadians">By the right-hand rule, as the others.</param>
    /// <param name="aroundDownRadians">About the axis that the first turn has moved.</param>
    /// <param name="inPlaneRadians">About the normal of what came before.</param>
    public SliceView Turn(double aroundRightRadians, double aroundDownRadians, double inPlaneRadians = 0)
    {
        SliceView turned = Rotate(Right, aroundRightRadians);
        turned = turned.Rotate(turned.Down, aroundDownRadians);
        return turned.Rotate(turned.Normal, inPlaneRadians);
    }

    /// <summary>The view turned about one of its own axes through its centre: the way to oblique planes.</summary>
    /// <param name="axis">A unit vector, such as <see cref="Right"/>.</param>
    /// <param name="angleRadians">By the right-hand rule.</param>
    public SliceView Rotate(RasVector axis, double angleRadians) =>
        this with { Right = Rotation.About(axis, angleRadians, Right).ToUnit(), Down = Rotation.About(axis, angleRadians, Down).ToUnit() };

    /// <summary>The view moved along its normal.</summary>
    public SliceView Advance(double distanceMm) => this with { Center = Center.Plus(Normal * distanceMm) };

    /// <summary>The patient directions at the edges of the view, such as <c>R</c>, or <c>AL</c> where the plane is oblique: the strongest first.</summary>
    public (string Left, string Right, string Top, string Bottom) OrientationLetters() =>
        (Letters(Right * -1), Letters(Right), Letters(Down * -1), Letters(Down));

    private static string Letters(RasVector direction)
    {
        // Below a third of a right angle's sine a direction is not worth a letter: a head tilted a little is still seen from the front.
        const double worthALetter = 0.34;
        Span<(double Weight, char Letter)> parts =
        [
            (Math.Abs(direction.R), direction.R > 0 ? 'R' : 'L'),
            (Math.Abs(direction.A), direction.A > 0 ? 'A' : 'P'),
            (Math.Abs(direction.S), direction.S > 0 ? 'S' : 'I'),
        ];
        parts.Sort((a, b) => b.Weight.CompareTo(a.Weight));
        string letters = "";
        foreach ((double weight, char letter) in parts)
            if (weight > worthALetter) letters += letter;
        return letters;
    }

    private static RasPoint Ras(SliceFrame frame, double x, double y, double slice) =>
        frame.Geometry.IndexToRas.IndexToRas(frame.PixelToIndex(x, y, slice));
}
