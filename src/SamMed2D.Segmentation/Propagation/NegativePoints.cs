using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>Points off an object, taken from other segments that are on the slice already and lie in the object's box or touch it.</summary>
internal static class NegativePoints
{
    /// <summary>Finds the points, one in each of the other segments that cover most of the box.</summary>
    /// <param name="labels">The labels so far.</param>
    /// <param name="frame">How the scan is sliced.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="label">The object's own label.</param>
    /// <param name="box">Where the object is expected.</param>
    /// <param name="count">The most points.</param>
    public static IReadOnlyList<PromptPoint> Find(LabelMap labels, SliceFrame frame, int slice, ushort label, PixelRectangle box, int count)
    {
        // One pixel more, so that what touches the box counts.
        (int x0, int y0) = (Math.Max(box.X0 - 1, 0), Math.Max(box.Y0 - 1, 0));
        (int x1, int y1) = (Math.Min(box.X1 + 1, frame.Width), Math.Min(box.Y1 + 1, frame.Height));
        if (x1 <= x0 || y1 <= y0) return [];
        ReadOnlySpan<ushort> voxels = labels.Labels;
        Dictionary<ushort, int> areas = [];
        for (int y = y0; y < y1; y++)
            for (int x = x0; x < x1; x++)
                if (voxels[At(x, y)] is var other && other != 0 && other != label) areas[other] = areas.GetValueOrDefault(other) + 1;
        List<PromptPoint> points = [];
        foreach ((ushort other, _) in areas.OrderByDescending(a => a.Value).ThenBy(a => a.Key).Take(count))
        {
            MaskPlane plane = new(x1 - x0, y1 - y0);
            for (int y = y0; y < y1; y++)
                for (int x = x0; x < x1; x++)
                    if (voxels[At(x, y)] == other) plane.Pixels[(y - y0) * plane.Width + x - x0] = 1;
            foreach (PromptPoint inside in InteriorPoints.Find(plane, 1)) points.Add(new(inside.X + x0, inside.Y + y0, IsForeground: false));
        }
        return points;

        int At(int x, int y) => checked((int)(frame.OriginOffset + slice * frame.SliceStride + y * frame.StrideY + x * frame.StrideX));
    }
}
