using System.Collections.Immutable;
using System.Globalization;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Segmentation.Session;

/// <summary>A distance (two places) or an angle (three, the middle one at the corner) that was measured on a scan. Immutable.</summary>
/// <param name="Places">The places in patient space.</param>
public sealed record Measurement(ImmutableArray<RasPoint> Places)
{
    /// <summary>True for an angle.</summary>
    public bool IsAngle => Places.Length == 3;

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
