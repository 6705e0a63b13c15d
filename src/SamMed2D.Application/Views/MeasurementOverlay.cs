using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Views;

/// <summary>Draws distances and angles over a slice: those that lie on it, and fainter those that lie near it.</summary>
internal static class MeasurementOverlay
{
    public static IEnumerable<OverlayShape> Create(Workspace workspace, SliceViewModel view) =>
        workspace.Segments.Session is { } session ? session.Measurements.SelectMany(measurement => Draw(view, measurement)) : [];

    public static IEnumerable<OverlayShape> Draw(SliceViewModel view, Measurement measurement)
    {
        const double nearMm = 10;
        double reach = (view.Frame?.SliceSpacingMm ?? 1) / 2 + 1e-6;
        double depth = measurement.Places.Max(place => Math.Abs(view.ToView(place).DepthMm));
        if (depth > Math.Max(nearMm, reach)) yield break;
        OverlayStyle style = new(new(255, 200, 60), depth <= reach ? 1 : 0.4, 1.5);
        ViewPoint[] points = [.. measurement.Places.Select(place => view.ToView(place).At)];
        yield return new OverlayLine(points, false, style);
        foreach (ViewPoint point in points) yield return new OverlayMarker(point, MarkerShape.Cross, style);
        double off = 8 * view.DisplayScale;
        yield return new OverlayText(new(points[1].X + off, points[1].Y - off), measurement.Text, TextAnchor.Left, style);
    }
}
