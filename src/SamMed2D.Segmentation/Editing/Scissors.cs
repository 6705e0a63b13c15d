using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Editing;

/// <summary>Outlines cut through many slices, or through the whole scan as seen in a 3D view. Use <see cref="Logic.Invert"/> for what lies outside.</summary>
public static class Scissors
{
    /// <summary>The outline on every slice of a range.</summary>
    /// <param name="frame">How the grid is sliced.</param>
    /// <param name="slices">The slices; cut to the grid.</param>
    /// <param name="outline">The corners in order, in slice pixels.</param>
    public static VoxelMask Through(SliceFrame frame, SliceRange slices, ReadOnlySpan<PlanePoint> outline)
    {
        MaskPlane plane = Outline.Rasterise(outline, frame.Width, frame.Height);
        int first = Math.Max(slices.First, 0), last = Math.Min(slices.Last, frame.SliceCount - 1);
        if (first > last) return new(frame.Geometry, default);
        VoxelMask mask = new(frame.Geometry, VoxelBox.OfSlice(frame.Geometry, frame.Axis, first).Union(VoxelBox.OfSlice(frame.Geometry, frame.Axis, last)));
        for (int slice = first; slice <= last; slice++) mask.Mark(frame, slice, plane);
        return mask;
    }

    /// <summary>The voxels whose centres are seen within an outline, at any depth before the eye, by the even-odd rule.</summary>
    /// <param name="geometry">The grid.</param>
    /// <param name="view">How the view shows the patient.</param>
    /// <param name="outline">The corners in order, in view pixels; fewer than three mark nothing.</param>
    /// <param name="box">Where to look, such as the box round a segment; null for the whole grid.</param>
    /// <param name="cancellation">Stops between slices.</param>
    public static VoxelMask Through(VolumeGeometry geometry, ViewProjection view, ReadOnlySpan<PlanePoint> outline, VoxelBox? box = null, CancellationToken cancellation = default)
    {
        VoxelMask mask = new(geometry, box ?? VoxelBox.Of(geometry));
        PlanePoint[] corners = outline.ToArray();
        if (corners.Length < 3) return mask;
        Parallel.For(mask.Box.K0, mask.Box.K1, new ParallelOptions { CancellationToken = cancellation }, k => MarkSlice(mask, view, corners, k));
        return mask;
    }

    private static void MarkSlice(VoxelMask mask, ViewProjection view, PlanePoint[] corners, int k)
    {
        double left = corners.Min(c => c.X), right = corners.Max(c => c.X), top = corners.Min(c => c.Y), bottom = corners.Max(c => c.Y);
        VoxelBox box = mask.Box;
        RasVector step = mask.Geometry.IndexToRas.StepI;
        for (int j = box.J0; j < box.J1; j++)
        {
            Span<byte> row = mask.Row(j, k);
            RasPoint start = mask.Geometry.IndexToRas.IndexToRas(new(box.I0, j, k));
            (double x, double y, double w) = (view.X.At(start), view.Y.At(start), view.W.At(start));
            (double dx, double dy, double dw) = (view.X.Along(step), view.Y.Along(step), view.W.Along(step));
            for (int i = 0; i < row.Length; i++)
            {
                double depth = w + i * dw;
                if (depth <= 0) continue;
                double px = (x + i * dx) / depth, py = (y + i * dy) / depth;
                if (px >= left && px <= right && py >= top && py <= bottom && IsInside(corners, px, py)) row[i] = 1;
            }
        }
    }

    private static bool IsInside(PlanePoint[] corners, double x, double y)
    {
        bool inside = false;
        PlanePoint a = corners[^1];
        foreach (PlanePoint b in corners)
        {
            if (a.Y <= y != b.Y <= y && x >= a.X + (y - a.Y) * (b.X - a.X) / (b.Y - a.Y)) inside = !inside;
            a = b;
        }
        return inside;
    }
}

/// <summary>How a 3D view shows the patient: a point is seen at pixel (X/W, Y/W), where W is over 0 before the eye.</summary>
/// <param name="X">Numerator of the column.</param>
/// <param name="Y">Numerator of the row.</param>
/// <param name="W">The denominator of both.</param>
public readonly record struct ViewProjection(ProjectionRow X, ProjectionRow Y, ProjectionRow W)
{
    /// <summary>The projection of a camera. Whole pixels are centres, x right, y down.</summary>
    /// <param name="eye">Where the eye is.</param>
    /// <param name="forward">The line of sight; a unit vector.</param>
    /// <param name="right">The direction shown to the right; a unit vector at right angles to it.</param>
    /// <param name="up">The direction shown upwards; a unit vector at right angles to both.</param>
    /// <param name="isParallel">Whether lines of sight are parallel.</param>
    /// <param name="targetDistanceMm">The distance from the eye to the plane that the height is measured in.</param>
    /// <param name="heightAtTargetMm">The height of that plane which fills the view, in millimetres.</param>
    /// <param name="width">Pixels in a row of the view.</param>
    /// <param name="height">Rows of the view.</param>
    public static ViewProjection Create(
        RasPoint eye, RasVector forward, RasVector right, RasVector up, bool isParallel, double targetDistanceMm, double heightAtTargetMm, int width, int height)
    {
        double pixelsPerMm = height / heightAtTargetMm, middleX = width / 2.0 - 0.5, middleY = height / 2.0 - 0.5;
        ProjectionRow w = isParallel ? new(0, 0, 0, 1) : ProjectionRow.From(eye, forward * (1 / targetDistanceMm));
        return new(ProjectionRow.From(eye, right * pixelsPerMm) + w * middleX, ProjectionRow.From(eye, up * -pixelsPerMm) + w * middleY, w);
    }
}

/// <summary>A linear function of a point in patient space.</summary>
/// <param name="R">Per millimetre to the right.</param>
/// <param name="A">Per millimetre to the front.</param>
/// <param name="S">Per millimetre to the head.</param>
/// <param name="Constant">Its value at the origin.</param>
public readonly record struct ProjectionRow(double R, double A, double S, double Constant)
{
    /// <summary>Its value at a point.</summary>
    public double At(RasPoint point) => R * point.R + A * point.A + S * point.S + Constant;

    /// <summary>How much it grows along a displacement.</summary>
    public double Along(RasVector step) => R * step.R + A * step.A + S * step.S;

    /// <summary>The scalar product of a direction with the way from a point.</summary>
    public static ProjectionRow From(RasPoint origin, RasVector direction) =>
        new(direction.R, direction.A, direction.S, -(direction.R * origin.R + direction.A * origin.A + direction.S * origin.S));

    /// <summary>The sum of two functions.</summary>
    public static ProjectionRow operator +(ProjectionRow a, ProjectionRow b) => new(a.R + b.R, a.A + b.A, a.S + b.S, a.Constant + b.Constant);

    /// <summary>The function times a number.</summary>
    public static ProjectionRow operator *(ProjectionRow a, double factor) => new(a.R * factor, a.A * factor, a.S * factor, a.Constant * factor);
}
