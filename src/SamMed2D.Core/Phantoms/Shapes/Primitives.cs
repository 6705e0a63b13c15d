namespace SamMed2D.Core.Phantoms.Shapes;

/// <summary>An ellipsoid, turned about the axis through it from back to front and then about the one from left to right.</summary>
/// <param name="centre">Centre.</param>
/// <param name="radii">Half axes in millimetres before turning.</param>
/// <param name="leanSideways">Tangent of the lean of its upright axis towards +x.</param>
/// <param name="leanForward">Tangent of the lean of its upright axis towards +y.</param>
/// <param name="turn">Tangent of the turn of its x axis towards +y.</param>
internal sealed class Ellipsoid((double X, double Y, double Z) centre, (double X, double Y, double Z) radii,
    double leanSideways = 0, double leanForward = 0, double turn = 0) : Shape
{
    private readonly double _turnCosine = 1 / Math.Sqrt(1 + turn * turn);

    public override Bounds Bounds { get; } = BoundsOf(centre, radii, leanSideways, leanForward, turn);

    public override double Distance(double x, double y, double z)
    {
        z -= centre.Z;
        // A shear instead of a rotation: near enough for small leans, and the lean is what the eye sees.
        x -= centre.X + leanSideways * z;
        y -= centre.Y + leanForward * z;
        if (turn != 0) (x, y) = ((x + turn * y) * _turnCosine, (y - turn * x) * _turnCosine);
        double u = x / radii.X, v = y / radii.Y, w = z / radii.Z;
        double length = Math.Sqrt(u * u + v * v + w * w);
        if (length < 1e-6) return -Math.Min(radii.X, Math.Min(radii.Y, radii.Z));
        u /= radii.X;
        v /= radii.Y;
        w /= radii.Z;
        return length * (length - 1) / Math.Sqrt(u * u + v * v + w * w);
    }

    private static Bounds BoundsOf((double X, double Y, double Z) c, (double X, double Y, double Z) r, double sideways, double forward, double turn)
    {
        double x = (turn == 0 ? r.X : Math.Max(r.X, r.Y)) + Math.Abs(sideways) * r.Z, y = (turn == 0 ? r.Y : Math.Max(r.X, r.Y)) + Math.Abs(forward) * r.Z;
        return new(c.X - x, c.X + x, c.Y - y, c.Y + y, c.Z - r.Z, c.Z + r.Z);
    }
}

/// <summary>An upright drum: an ellipse drawn out along z, waisted in the middle, with rounded edges.</summary>
/// <param name="centre">Centre.</param>
/// <param name="radiusX">Half width.</param>
/// <param name="radiusY">Half depth.</param>
/// <param name="halfHeight">Half height.</param>
/// <param name="waistMm">How much slimmer it is half way up.</param>
internal sealed class Drum((double X, double Y, double Z) centre, double radiusX, double radiusY, double halfHeight, double waistMm = 0) : Shape
{
    public override Bounds Bounds { get; } = new(
        centre.X - radiusX, centre.X + radiusX, centre.Y - radiusY, centre.Y + radiusY, centre.Z - halfHeight, centre.Z + halfHeight);

    public override double Distance(double x, double y, double z)
    {
        const double rounding = 2.5;
        double u = (x - centre.X) / radiusX, v = (y - centre.Y) / radiusY;
        double length = Math.Sqrt(u * u + v * v);
        double slope = Math.Sqrt(u * u / (radiusX * radiusX) + v * v / (radiusY * radiusY));
        double side = slope < 1e-9 ? -Math.Min(radiusX, radiusY) : length * (length - 1) / slope;
        double height = (z - centre.Z) / halfHeight;
        side += waistMm * Math.Max(0, 1 - height * height);
        double end = Math.Abs(z - centre.Z) - halfHeight;
        return -UnionShape.SmoothMin(-side, -end, rounding);
    }
}

/// <summary>A tube along a smooth curve (Catmull-Rom) through given points, each with its radius.</summary>
internal sealed class Tube : Shape
{
    private readonly (double X, double Y, double Z, double Radius)[] _nodes;
    private readonly double _flattenX;

    /// <summary>Creates the tube.</summary>
    /// <param name="points">Two points or more with the radius there.</param>
    /// <param name="steps">Straight pieces between two points.</param>
    /// <param name="flattenX">Distances along x count this many times: over 1 the cross-section is tall and narrow.</param>
    public Tube(ReadOnlySpan<(double X, double Y, double Z, double Radius)> points, int steps = 5, double flattenX = 1)
    {
        List<(double X, double Y, double Z, double Radius)> nodes = [points[0]];
        for (int n = 0; n + 1 < points.Length; n++)
        {
            (double X, double Y, double Z, double Radius) before = points[Math.Max(0, n - 1)], after = points[Math.Min(points.Length - 1, n + 2)];
            for (int step = 1; step <= steps; step++) nodes.Add(Between(before, points[n], points[n + 1], after, (double)step / steps));
        }
        _nodes = [.. nodes];
        _flattenX = flattenX;
        Bounds = nodes.Select(p => new Bounds(p.X, p.X, p.Y, p.Y, p.Z, p.Z).Grown(p.Radius)).Aggregate((a, b) => a.Union(b));
    }

    public override Bounds Bounds { get; }

    public override double Distance(double x, double y, double z)
    {
        double best = double.MaxValue;
        for (int n = 0; n + 1 < _nodes.Length; n++)
        {
            ref readonly (double X, double Y, double Z, double Radius) a = ref _nodes[n], b = ref _nodes[n + 1];
            double dx = (b.X - a.X) * _flattenX, dy = b.Y - a.Y, dz = b.Z - a.Z;
            double px = (x - a.X) * _flattenX, py = y - a.Y, pz = z - a.Z;
            double t = Math.Clamp((px * dx + py * dy + pz * dz) / (dx * dx + dy * dy + dz * dz), 0, 1);
            double ex = px - t * dx, ey = py - t * dy, ez = pz - t * dz;
            double distance = Math.Sqrt(ex * ex + ey * ey + ez * ez) - (a.Radius + t * (b.Radius - a.Radius));
            if (distance < best) best = distance;
        }
        return best;
    }

    private static (double, double, double, double) Between((double X, double Y, double Z, double Radius) p0,
        (double X, double Y, double Z, double Radius) p1, (double X, double Y, double Z, double Radius) p2,
        (double X, double Y, double Z, double Radius) p3, double t) => (
        Spline(p0.X, p1.X, p2.X, p3.X, t), Spline(p0.Y, p1.Y, p2.Y, p3.Y, t), Spline(p0.Z, p1.Z, p2.Z, p3.Z, t),
        p1.Radius + t * (p2.Radius - p1.Radius));

    private static double Spline(double a, double b, double c, double d, double t) =>
        b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/// <summary>One side of a plane: the points where <c>nx·x + ny·y + nz·z ≤ offset</c>, the normal scaled to length one.</summary>
internal sealed class HalfSpace : Shape
{
    private readonly double _x, _y, _z, _offset;

    public HalfSpace(double normalX, double normalY, double normalZ, double offset)
    {
        double length = Math.Sqrt(normalX * normalX + normalY * normalY + normalZ * normalZ);
        (_x, _y, _z, _offset) = (normalX / length, normalY / length, normalZ / length, offset / length);
    }

    public override Bounds Bounds => Bounds.Everywhere;

    public override double Distance(double x, double y, double z) => _x * x + _y * y + _z * z - _offset;
}
