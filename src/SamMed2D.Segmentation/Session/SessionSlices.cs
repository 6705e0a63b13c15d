using System.Collections.Immutable;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Session;

/// <summary>The rules for what the user does on slices.</summary>
internal static class SessionSlices
{
    public static ImmutableSortedDictionary<int, SessionSlice> Empty => ImmutableSortedDictionary<int, SessionSlice>.Empty;

    public static void RequireSlice(int slice, VolumeGeometry geometry, SessionSegment segment)
    {
        int count = geometry.Size(segment.Axis);
        if (slice < 0 || slice >= count)
            throw new InvalidEditException($"slice {slice} of '{segment.Name}' lies outside the scan, which has slices 0 to {count - 1} along {segment.Axis.ToLetter()}");
    }

    /// <summary>Makes sure that prompts are such as a prompt file can say, and so be run again.</summary>
    public static PromptSet Check(PromptSet prompts, SliceFrame frame, int slice, string name)
    {
        string where = $"segment '{name}', slice {slice}";
        if (slice < 0 || slice >= frame.SliceCount)
            throw new InvalidEditException($"{where} lies outside the scan, which has slices 0 to {frame.SliceCount - 1} along {frame.Axis.ToLetter()}");
        if (prompts.Mask is not null) throw new InvalidPromptException($"{where}: a mask prompt is drawn into the segment; a session's prompts are a box and points");
        return new() { Box = prompts.Box is { } box ? Check(box, frame, where) : null, Points = CheckPoints(prompts.Points, frame, where) };
    }

    private static PromptBox Check(PromptBox box, SliceFrame frame, string where)
    {
        PromptBox whole = new(
            Math.Max(0, Math.Round(Math.Min(box.X0, box.X1))), Math.Max(0, Math.Round(Math.Min(box.Y0, box.Y1))),
            Math.Min(frame.Width, Math.Round(Math.Max(box.X0, box.X1))), Math.Min(frame.Height, Math.Round(Math.Max(box.Y0, box.Y1))));
        return whole.X1 - whole.X0 >= 1 && whole.Y1 - whole.Y0 >= 1 ? whole : throw new InvalidPromptException(
            $"{where}: the box covers no pixel of the slice, which has {frame.Width}×{frame.Height}; draw it on the slice, a pixel wide at least");
    }

    private static PromptPoint[] CheckPoints(IReadOnlyList<PromptPoint> points, SliceFrame frame, string where)
    {
        for (int n = 0; n < points.Count; n++)
        {
            PromptPoint point = points[n];
            if (!(point.X >= -0.5 && point.X < frame.Width - 0.5 && point.Y >= -0.5 && point.Y < frame.Height - 0.5))
                throw new InvalidPromptException(FormattableString.Invariant($"{where}: the point ({point.X:0.#}, {point.Y:0.#}) lies outside the slice of {frame.Width}×{frame.Height} pixels"));
            for (int m = 0; m < n; m++)
                if (points[m].IsForeground != point.IsForeground && Math.Abs(points[m].X - point.X) < 0.5 && Math.Abs(points[m].Y - point.Y) < 0.5)
                    throw new InvalidPromptException(FormattableString.Invariant($"{where}: the point ({point.X:0.#}, {point.Y:0.#}) is marked both on the object and off it; remove one"));
        }
        return [.. points];
    }
}
