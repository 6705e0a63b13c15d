using System.Text.Json.Nodes;
using SamMed2D.Application.Views;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Tools;

/// <summary>Drawn lines: as positions of commands, and as edits of the segment in hand.</summary>
internal static class Strokes
{
    /// <summary>Positions to a hundredth of a pixel.</summary>
    public static JsonArray ToJson(IEnumerable<ViewPoint> path) => [.. path.Select(p => (JsonNode)new JsonArray(ToJson(p)))];

    /// <summary>The two numbers of a position.</summary>
    public static JsonNode[] ToJson(ViewPoint at) => [Math.Round(at.X, 2), Math.Round(at.Y, 2)];

    public static PlanePoint[] ToPlane(IEnumerable<ViewPoint> path) => [.. path.Select(p => new PlanePoint(p.X, p.Y))];

    /// <summary>Paints or erases along a line of slice pixels.</summary>
    public static void Paint(Workspace workspace, SliceFrame frame, int slice, IReadOnlyList<ViewPoint> path, double radiusMm, bool isBall, bool isErasing)
    {
        SegmentationSession session = workspace.Segments.Session!;
        ushort label = workspace.Segments.ActiveLabel!.Value;
        MaskMode mode = isErasing ? MaskMode.Remove : MaskMode.Add;
        if (!isBall)
        {
            session.Apply(label, Brush.Scribble(frame, slice, ToPlane(path), radiusMm), mode);
            return;
        }
        for (int n = 0; n < Math.Max(path.Count - 1, 1); n++)
        {
            ViewPoint from = path[n], to = path[Math.Min(n + 1, path.Count - 1)];
            session.Apply(label, Brush.Ball(session.Geometry, frame.PixelToIndex(from.X, from.Y, slice), frame.PixelToIndex(to.X, to.Y, slice), radiusMm), mode);
        }
    }
}
