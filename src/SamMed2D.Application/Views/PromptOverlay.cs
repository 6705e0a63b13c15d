using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Views;

/// <summary>Draws prompts and offered masks over a slice.</summary>
internal static class PromptOverlay
{
    private static readonly RgbColor s_inside = new(90, 220, 110), s_outside = new(240, 90, 90);

    public static IEnumerable<OverlayShape> Create(Workspace workspace, SliceViewModel view)
    {
        if (view.IsOblique || view.LabelFrame is not { } frame || workspace.Segments.Session is not { } session) yield break;
        if (workspace.Prompting.Preview is { } preview && preview.Axis == frame.Axis && preview.Slice == view.Slice && session.Find(preview.Label) is { } offered)
            foreach (OverlayShape shape in Mask(view, preview.Mask, offered.Segment.Color)) yield return shape;
        foreach ((ushort label, MaskPlane mask) in workspace.Propagation.MasksOn(frame.Axis, view.Slice))
            foreach (OverlayShape shape in Mask(view, mask, workspace.Segments.LookOf(label).Color)) yield return shape;
        foreach (SessionSegment segment in session.Segments)
        {
            if (segment.Axis != frame.Axis || !segment.IsVisible) continue;
            SessionSlice on = segment.OnSlice(view.Slice);
            double opacity = segment.Label == workspace.Segments.ActiveLabel ? 1 : 0.45;
            if (on.Prompts.Box is { } box) yield return BoxLine(view, new(box.X0 - 0.5, box.Y0 - 0.5), new(box.X1 - 0.5, box.Y1 - 0.5), new(segment.Segment.Color, opacity, 1.5, IsDashed: on.IsLocked));
            foreach (PromptPoint point in on.Prompts.Points) yield return Marker(view, new(point.X, point.Y), point.IsForeground, opacity);
        }
    }

    /// <summary>A mask filled and outlined along its pixels' borders.</summary>
    public static IEnumerable<OverlayShape> Mask(SliceViewModel view, MaskPlane mask, RgbColor color)
    {
        yield return Filling(view, mask, color, 0.35);
        foreach (IReadOnlyList<ViewPoint> outline in MaskOutline.Trace(mask))
            yield return new OverlayLine([.. outline.Select(p => view.FromSlicePixel(p.X, p.Y))], true, new(color, 1, 1.5));
    }

    /// <summary>A mask's pixels alone.</summary>
    public static OverlayMask Filling(SliceViewModel view, MaskPlane mask, RgbColor color, double opacity) => new(
        mask, view.FromSlicePixel(-0.5, -0.5), view.FromSlicePixel(mask.Width - 0.5, -0.5), view.FromSlicePixel(-0.5, mask.Height - 0.5), new(color, opacity));

    public static OverlayLine BoxLine(SliceViewModel view, ViewPoint a, ViewPoint b, OverlayStyle style) => new(
        [view.FromSlicePixel(a.X, a.Y), view.FromSlicePixel(b.X, a.Y), view.FromSlicePixel(b.X, b.Y), view.FromSlicePixel(a.X, b.Y)], true, style);

    public static OverlayMarker Marker(SliceViewModel view, ViewPoint at, bool isInside, double opacity = 1) =>
        new(view.FromSlicePixel(at.X, at.Y), isInside ? MarkerShape.Plus : MarkerShape.Minus, new(isInside ? s_inside : s_outside, opacity));

    public static OverlayLine Path(SliceViewModel view, IReadOnlyList<ViewPoint> path, bool isClosed, bool isInside) =>
        new([.. (path.Count > 1 ? path : [path[0], path[0]]).Select(p => view.FromSlicePixel(p.X, p.Y))], isClosed, new(isInside ? s_inside : s_outside, 1, 2));
}
