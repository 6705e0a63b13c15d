using SamMed2D.Application.Views;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Editing;

namespace SamMed2D.Application.Prompting;

/// <summary>Turns drawn lines into prompts that models know.</summary>
internal static class PromptStrokes
{
    // More points than these tell a model nothing new and cost time.
    private const int MostPoints = 6;

    // A mask drawn by hand is sure, but not beyond doubt.
    private const float Sure = 0.95f;

    /// <summary>A scribble as points, evenly along it.</summary>
    public static IReadOnlyList<PromptPoint> ToPoints(IReadOnlyList<ViewPoint> path, bool isInside)
    {
        const double pixelsApart = 6;
        if (path.Count == 0) return [];
        double length = 0;
        for (int n = 1; n < path.Count; n++) length += path[n].DistanceTo(path[n - 1]);
        int count = Math.Clamp((int)(length / pixelsApart) + 1, 1, MostPoints);
        List<PromptPoint> points = [];
        for (int n = 0; n < count; n++) points.Add(ToPoint(At(path, count == 1 ? length / 2 : length * n / (count - 1)), isInside));
        return Join([], points);
    }

    /// <summary>Points joined to others; one at a place where there is one already takes its place.</summary>
    public static IReadOnlyList<PromptPoint> Join(IReadOnlyList<PromptPoint> first, IReadOnlyList<PromptPoint> second)
    {
        List<PromptPoint> all = [.. first];
        foreach (PromptPoint point in second)
        {
            all.RemoveAll(known => Math.Abs(known.X - point.X) < 0.5 && Math.Abs(known.Y - point.Y) < 0.5);
            all.Add(point);
        }
        return all;
    }

    /// <summary>A lasso as a mask and the box round it; null where it encloses nothing.</summary>
    public static PromptSet? ToMask(IReadOnlyList<ViewPoint> path, SliceFrame frame)
    {
        VoxelMask marked = Outline.Fill(frame, 0, Tools.Strokes.ToPlane(path));
        float[] probabilities = new float[frame.Width * frame.Height];
        int x0 = frame.Width, y0 = frame.Height, x1 = 0, y1 = 0;
        for (int y = 0; y < frame.Height; y++)
            for (int x = 0; x < frame.Width; x++)
            {
                bool isInside = marked[frame.PixelToVoxel(x, y, 0)];
                probabilities[y * frame.Width + x] = isInside ? Sure : 1 - Sure;
                if (isInside) (x0, y0, x1, y1) = (Math.Min(x0, x), Math.Min(y0, y), Math.Max(x1, x + 1), Math.Max(y1, y + 1));
            }
        return x1 == 0 ? null : new() { Box = new(x0, y0, x1, y1), Mask = new(frame.Width, frame.Height, probabilities) };
    }

    private static PromptPoint ToPoint(ViewPoint at, bool isInside) => new(Math.Round(at.X, 1), Math.Round(at.Y, 1), isInside);

    private static ViewPoint At(IReadOnlyList<ViewPoint> path, double distance)
    {
        for (int n = 1; n < path.Count; n++)
        {
            double step = path[n].DistanceTo(path[n - 1]);
            if (step > 0 && distance <= step)
            {
                double part = distance / step;
                return new(path[n - 1].X + part * (path[n].X - path[n - 1].X), path[n - 1].Y + part * (path[n].Y - path[n - 1].Y));
            }
            distance -= step;
        }
        return path[^1];
    }
}
