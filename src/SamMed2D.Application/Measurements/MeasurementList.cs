using System.Globalization;
using SamMed2D.Application.Views;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Application.Measurements;

/// <summary>A distance (two places) or an angle (three, the middle one at the corner).</summary>
/// <param name="Places">The places in patient space.</param>
public sealed record Measurement(IReadOnlyList<RasPoint> Places)
{
    /// <summary>True for an angle.</summary>
    public bool IsAngle => Places.Count == 3;

    /// <summary>Millimetres, or degrees.</summary>
    public double Value
    {
        get
        {
            if (!IsAngle) return Places[0].DistanceMm(Places[1]);
            RasVector a = Places[0].Minus(Places[1]), b = Places[2].Minus(Places[1]);
            return a.Length > 0 && b.Length > 0 ? Math.Acos(Math.Clamp(a.Dot(b) / (a.Length * b.Length), -1, 1)) * 180 / Math.PI : 0;
        }
    }

    /// <summary>The value with its unit.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Value:0.0}{(IsAngle ? "°" : " mm")}");
}

/// <summary>The distances and angles that were measured.</summary>
public sealed class MeasurementList
{
    private readonly List<Measurement> _all = [];

    /// <summary>All, the oldest first.</summary>
    public IReadOnlyList<Measurement> All => _all;

    internal void Add(Measurement measurement) => _all.Add(measurement);

    internal void RemoveLast()
    {
        if (_all.Count > 0) _all.RemoveAt(_all.Count - 1);
    }

    internal void Clear() => _all.Clear();

    /// <summary>Draws those that lie on a slice, and fainter those that lie near it.</summary>
    internal IEnumerable<OverlayShape> Draw(SliceViewModel view)
    {
        foreach (Measurement measurement in _all)
            foreach (OverlayShape shape in Draw(view, measurement)) yield return shape;
    }

    internal static IEnumerable<OverlayShape> Draw(SliceViewModel view, Measurement measurement)
    {
        const double nearMm = 10;
        double reach = (view.Frame?.SliceSpacingMm ?? 1) / 2 + 1e-6;
        double depth = measurement.Places.Max(place => Math.Abs(view.ToView(place).DepthMm));
        if (depth > Math.Max(nearMm, reach)) yield break;
        OverlayStyle style = new(new(255, 200, 60), depth <= reach ? 1 : 0.4, 1.5);
        ViewPoint[] points = [.. measurement.Places.Select(place => view.ToView(place).At)];
        yield return new OverlayLine(points, false, style);
        foreach (ViewPoint point in points) yield return new OverlayMarker(point, MarkerShape.Cross, style);
        yield return new OverlayText(new(points[1].X + 8, points[1].Y - 8), measurement.Text, TextAnchor.Left, style);
    }
}
