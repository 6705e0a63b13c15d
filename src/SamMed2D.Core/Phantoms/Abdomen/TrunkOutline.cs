using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms.Abdomen;

/// <summary>
/// The outline of the trunk at some depth under the skin: in each slice a rounded rectangle, flatter at the back, with a groove over the spine
/// and a waist above the hips.
/// </summary>
/// <param name="halfWidth">Half width at the waist.</param>
/// <param name="front">From the middle to the front.</param>
/// <param name="back">From the middle to the back.</param>
/// <param name="grooveMm">Depth of the groove over the spine.</param>
internal sealed class TrunkOutline(double halfWidth, double front, double back, double grooveMm = 0) : Shape
{
    public override Bounds Bounds { get; } = new(-halfWidth - 12, halfWidth + 12, -back - 8, front + 8, -1e3, 1e3);

    public override double Distance(double x, double y, double z)
    {
        // The waist lies at z = -30; chest and hips are wider, the chest is deeper.
        double up = (z + 30) / 120;
        double width = halfWidth + 7 * Math.Min(up * up, 1.5);
        double depth = 1 + 0.05 * Math.Clamp(up, -0.5, 1);
        double u = Math.Abs(x) / width, v = y > 0 ? y / (front * depth) : -y / back;
        // Between an ellipse (squares) and a squarer figure (cubes).
        double squareness = y > 0 ? 0.25 : 0.65;
        double f = (1 - squareness) * (u * u + v * v) + squareness * (u * u * u + v * v * v);
        double du = ((1 - squareness) * 2 * u + squareness * 3 * u * u) / width;
        double dv = ((1 - squareness) * 2 * v + squareness * 3 * v * v) / (y > 0 ? front * depth : back);
        double distance = (f - 1) / Math.Max(Math.Sqrt(du * du + dv * dv), 0.4 / back);
        if (grooveMm == 0 || y > 0) return distance;
        double across = x / 22;
        return distance + grooveMm / (1 + across * across * across * across);
    }
}

/// <summary>The space of a lung under the ribs: above the dome of the diaphragm on one side.</summary>
/// <param name="side">+1 for the right lung, -1 for the left.</param>
/// <param name="domeZ">Height of the dome.</param>
/// <param name="domeX">Sideways place of the dome's top.</param>
internal sealed class AboveDiaphragm(int side, double domeZ, double domeX) : Shape
{
    public override Bounds Bounds { get; } = side > 0 ? new(-5, 300, -300, 300, -60, 1e3) : new(-300, 5, -300, 300, -60, 1e3);

    public override double Distance(double x, double y, double z)
    {
        double u = (x - domeX) / 92, v = (y - 18) / (y > 18 ? 110 : 100);
        double r2 = u * u + v * v;
        // The recess beside the diaphragm ends above the lowest ribs.
        double dome = Math.Max(domeZ - 88 * r2 - 26 * r2 * r2, y > 18 ? 22 : -4);
        // The middle belongs to heart, gullet and great vessels; at the back the lung wraps round the spine.
        double along = (y - 14) / 85;
        double medial = 19 + 18 * Math.Max(0, 1 - along * along) - side * x;
        // The dome is steep at its edge, so the height over it overstates the distance.
        return -UnionShape.SmoothMin(-(dome - z) / (1 + 1.1 * r2), -medial, 16);
    }
}
