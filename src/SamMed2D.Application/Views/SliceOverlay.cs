using SamMed2D.Core.Geometry;
using SamMed2D.Rendering.Annotations;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Application.Views;

/// <summary>Draws what lies over a slice.</summary>
internal static class SliceOverlay
{
    private static readonly OverlayStyle s_letters = new(new(235, 235, 235), 0.9);

    public static IReadOnlyList<OverlayShape> Create(Workspace workspace, SliceViewModel view)
    {
        List<OverlayShape> shapes = [];
        SliceView plane = view.View!;
        AddLetters(shapes, view, plane);
        AddScaleBar(shapes, view, plane);
        if (workspace.Crosshair.IsShown) AddCrosshair(shapes, workspace, view, plane);
        shapes.AddRange(PromptOverlay.Create(workspace, view));
        shapes.AddRange(MeasurementOverlay.Create(workspace, view));
        shapes.AddRange(workspace.Tools.Active.Draw(view));
        return shapes;
    }

    private static void AddLetters(List<OverlayShape> shapes, SliceViewModel view, SliceView plane)
    {
        double margin = 8 * view.DisplayScale;
        (string left, string right, string top, string bottom) = plane.OrientationLetters();
        double middleX = (view.Size.Width - 1) / 2.0, middleY = (view.Size.Height - 1) / 2.0;
        shapes.Add(new OverlayText(new(margin, middleY), left, TextAnchor.Left, s_letters));
        shapes.Add(new OverlayText(new(view.Size.Width - 1 - margin, middleY), right, TextAnchor.Right, s_letters));
        shapes.Add(new OverlayText(new(middleX, margin), top, TextAnchor.Top, s_letters));
        shapes.Add(new OverlayText(new(middleX, view.Size.Height - 1 - margin), bottom, TextAnchor.Bottom, s_letters));
    }

    private static void AddScaleBar(List<OverlayShape> shapes, SliceViewModel view, SliceView plane)
    {
        double scale = view.DisplayScale, margin = 10 * scale, tick = 4 * scale;
        double mm = SliceAnnotations.ScaleBarMm(plane, view.Size), length = mm / plane.MmPerPixel, foot = view.Size.Height - 1 - margin;
        shapes.Add(new OverlayLine([new(margin, foot - tick), new(margin, foot), new(margin + length, foot), new(margin + length, foot - tick)], false, s_letters));
        shapes.Add(new OverlayText(new(margin + tick, foot - 12 * scale), SliceAnnotations.ScaleBarText(mm), TextAnchor.Left, s_letters));
    }

    // Each line is where another view's slice cuts this one, in that view's colour; a gap keeps the place itself free, and the letters at the border are too.
    private static void AddCrosshair(List<OverlayShape> shapes, Workspace workspace, SliceViewModel view, SliceView plane)
    {
        double gap = 7 * view.DisplayScale, border = 24 * view.DisplayScale;
        (double x, double y, _) = plane.RasToPixel(workspace.Crosshair.Position, view.Size);
        foreach (SliceViewModel other in workspace.SliceViews)
        {
            if (other == view || other.View is not { } otherPlane) continue;
            RasVector along = plane.Normal.Cross(otherPlane.Normal);
            if (along.Length < 1e-3) continue;
            along = along.ToUnit();
            double dx = along.Dot(plane.Right), dy = along.Dot(plane.Down), reach = view.Size.Width + view.Size.Height;
            OverlayStyle style = new(ViewNames.ColorOf(other.Id), 0.75, 1);
            foreach (int sign in (ReadOnlySpan<int>)[-1, 1])
                if (Cut(new(x + sign * gap * dx, y + sign * gap * dy), new(x + sign * reach * dx, y + sign * reach * dy), view.Size, border) is { } line)
                    shapes.Add(new OverlayLine(line, false, style));
        }
    }

    // Liang and Barsky's line clipping.
    private static ViewPoint[]? Cut(ViewPoint from, ViewPoint to, ImageSize size, double border)
    {
        double start = 0, end = 1, dx = to.X - from.X, dy = to.Y - from.Y;
        foreach ((double p, double q) in (ReadOnlySpan<(double, double)>)
            [(-dx, from.X + 0.5 - border), (dx, size.Width - 0.5 - border - from.X), (-dy, from.Y + 0.5 - border), (dy, size.Height - 0.5 - border - from.Y)])
        {
            if (p == 0 && q < 0) return null;
            if (p < 0) start = Math.Max(start, q / p);
            if (p > 0) end = Math.Min(end, q / p);
        }
        return start >= end ? null : [new(from.X + start * dx, from.Y + start * dy), new(from.X + end * dx, from.Y + end * dy)];
    }
}
