using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Editing;

/// <summary>A place on a slice, in pixels of a <see cref="SliceFrame"/>; whole numbers are pixel centres.</summary>
/// <param name="X">Column.</param>
/// <param name="Y">Row.</param>
public readonly record struct PlanePoint(double X, double Y);

/// <summary>
/// Brushes for painting and erasing. A stroke marks the voxels whose centres lie within the radius of its line, and always those that the line's ends lie in.
/// </summary>
public static class Brush
{
    /// <summary>A round brush on one slice, drawn from a place to another.</summary>
    /// <param name="frame">How the grid is sliced.</param>
    /// <param name="slice">The slice's index.</param>
    /// <param name="from">Where the stroke starts.</param>
    /// <param name="to">Where it ends; the same for a single dab.</param>
    /// <param name="radiusMm">The radius in millimetres.</param>
    public static VoxelMask Disc(SliceFrame frame, int slice, PlanePoint from, PlanePoint to, double radiusMm) => Draw(
        frame.Geometry, VoxelBox.OfSlice(frame.Geometry, frame.Axis, slice), frame.PixelToIndex(from.X, from.Y, slice), frame.PixelToIndex(to.X, to.Y, slice), radiusMm);

    /// <summary>A ball, drawn from a place to another.</summary>
    /// <param name="geometry">The grid.</param>
    /// <param name="from">Where the stroke starts.</param>
    /// <param name="to">Where it ends; the same for a single dab.</param>
    /// <param name="radiusMm">The radius in millimetres.</param>
    public static VoxelMask Ball(VolumeGeometry geometry, ContinuousIndex from, ContinuousIndex to, double radiusMm) =>
        Draw(geometry, VoxelBox.Of(geometry), from, to, radiusMm);

    /// <summary>A scribble: a round brush along a line of several places on one slice.</summary>
    /// <param name="frame">How the grid is sliced.</param>
    /// <param name="slice">The slice's index.</param>
    /// <param name="path">The places, at least one.</param>
    /// <param name="radiusMm">The radius in millimetres; 0 marks the voxels that the line's corners lie in.</param>
    public static VoxelMask Scribble(SliceFrame frame, int slice, ReadOnlySpan<PlanePoint> path, double radiusMm)
    {
        VoxelBox box = default, plane = VoxelBox.OfSlice(frame.Geometry, frame.Axis, slice);
        for (int n = 0; n < path.Length; n++) box = box.Union(BoxOf(frame.Geometry, plane, At(path[Math.Max(n - 1, 0)]), At(path[n]), radiusMm));
        VoxelMask mask = new(frame.Geometry, box);
        for (int n = 0; n < path.Length; n++) Draw(mask, plane, At(path[Math.Max(n - 1, 0)]), At(path[n]), radiusMm);
        return mask;

        ContinuousIndex At(PlanePoint point) => frame.PixelToIndex(point.X, point.Y, slice);
    }

    private static VoxelMask Draw(VolumeGeometry geometry, VoxelBox within, ContinuousIndex from, ContinuousIndex to, double radiusMm)
    {
        VoxelMask mask = new(geometry, BoxOf(geometry, within, from, to, radiusMm));
        Draw(mask, within, from, to, radiusMm);
        return mask;
    }

    private static VoxelBox BoxOf(VolumeGeometry geometry, VoxelBox within, ContinuousIndex from, ContinuousIndex to, double radiusMm)
    {
        (double i, double j, double k) = new GridMetric(geometry).Reach(radiusMm);
        // Half a voxel more, for the voxels that the ends lie in.
        return new VoxelBox(
            Low(Math.Min(from.I, to.I) - i), Low(Math.Min(from.J, to.J) - j), Low(Math.Min(from.K, to.K) - k),
            High(Math.Max(from.I, to.I) + i), High(Math.Max(from.J, to.J) + j), High(Math.Max(from.K, to.K) + k)).Intersect(within);

        static int Low(double at) => (int)Math.Clamp(Math.Floor(at + 0.5), int.MinValue / 2, int.MaxValue / 2);
        static int High(double at) => Low(at) + 1;
    }

    private static void Draw(VoxelMask mask, VoxelBox within, ContinuousIndex from, ContinuousIndex to, double radiusMm)
    {
        VolumeGeometry geometry = mask.Geometry;
        GridMetric metric = new(geometry);
        (double ui, double uj, double uk) = (to.I - from.I, to.J - from.J, to.K - from.K);
        double lengthSquared = metric.Dot(ui, uj, uk, ui, uj, uk), radiusSquared = radiusMm * radiusMm * (1 + 1e-9);
        VoxelBox part = BoxOf(geometry, within, from, to, radiusMm).Intersect(mask.Box);
        for (int k = part.K0; k < part.K1; k++)
            for (int j = part.J0; j < part.J1; j++)
            {
                Span<byte> row = mask.Row(j, k);
                for (int i = part.I0; i < part.I1; i++)
                {
                    (double di, double dj, double dk) = (i - from.I, j - from.J, k - from.K);
                    double along = lengthSquared > 0 ? Math.Clamp(metric.Dot(di, dj, dk, ui, uj, uk) / lengthSquared, 0, 1) : 0;
                    (di, dj, dk) = (di - along * ui, dj - along * uj, dk - along * uk);
                    if (metric.Dot(di, dj, dk, di, dj, dk) <= radiusSquared) row[i - mask.Box.I0] = 1;
                }
            }
        foreach (VoxelIndex end in (ReadOnlySpan<VoxelIndex>)[from.ToNearest(), to.ToNearest()])
            if (mask.Box.Contains(end)) mask.Row(end.J, end.K)[end.I - mask.Box.I0] = 1;
    }
}
