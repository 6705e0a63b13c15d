using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Editing;

/// <summary>Closed outlines on slices: lasso, polygon, rectangle. A pixel lies inside where its centre does, by the even-odd rule.</summary>
public static class Outline
{
    /// <summary>Fills an outline on one slice.</summary>
    /// <param name="frame">How the grid is sliced.</param>
    /// <param name="slice">The slice's index.</param>
    /// <param name="outline">The corners in order; the last is joined to the first. Fewer than three mark nothing.</param>
    public static VoxelMask Fill(SliceFrame frame, int slice, ReadOnlySpan<PlanePoint> outline) =>
        VoxelMask.OfSlice(frame, slice, Rasterise(outline, frame.Width, frame.Height));

    /// <summary>Fills an outline on a picture.</summary>
    internal static MaskPlane Rasterise(ReadOnlySpan<PlanePoint> outline, int width, int height)
    {
        MaskPlane plane = new(width, height);
        double[] crossings = new double[outline.Length];
        for (int y = 0; y < height; y++)
        {
            int count = 0;
            for (int n = 0; n < outline.Length; n++)
            {
                PlanePoint a = outline[n], b = outline[(n + 1) % outline.Length];
                if (a.Y <= y != b.Y <= y) crossings[count++] = a.X + (y - a.Y) * (b.X - a.X) / (b.Y - a.Y);
            }
            Array.Sort(crossings, 0, count);
            for (int n = 0; n + 1 < count; n += 2)
            {
                int first = (int)Math.Clamp(Math.Ceiling(crossings[n]), 0, width), end = (int)Math.Clamp(Math.Ceiling(crossings[n + 1]), 0, width);
                if (end > first) plane.Pixels.Slice(y * width + first, end - first).Fill(1);
            }
        }
        return plane;
    }
}
