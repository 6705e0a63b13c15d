namespace SamMed2D.Core.Phantoms.Shapes;

/// <summary>A body in space as an implicit function: about the distance to its surface in millimetres, negative inside. RAS millimetres.</summary>
internal abstract class Shape
{
    /// <summary>A box that holds the body.</summary>
    public abstract Bounds Bounds { get; }

    /// <summary>About the signed distance in millimetres: exact at 0, near enough close by, of the right sign everywhere.</summary>
    public abstract double Distance(double x, double y, double z);

    /// <summary>The body grown by a margin (shrunk by a negative one).</summary>
    public Shape Grown(double mm) => new GrownShape(this, mm);

    /// <summary>The part of the body that is not in another.</summary>
    public Shape Without(Shape other, double roundingMm = 0) => new DifferenceShape(this, other, roundingMm);

    /// <summary>The part of the body that is in another as well.</summary>
    public Shape Within(Shape other) => new IntersectionShape(this, other);

    /// <summary>The body and others, melted together where they meet.</summary>
    public Shape With(double roundingMm, params Shape[] others) => new UnionShape(roundingMm, [this, .. others]);

    /// <summary>The same body, quicker where several parts are cut from it.</summary>
    public Shape Remembered() => new RememberedShape(this);

    /// <summary>The body with an uneven surface.</summary>
    public Shape Uneven(SmoothNoise noise, double amplitudeMm) => new UnevenShape(this, noise, amplitudeMm);
}

/// <summary>An axis-aligned box in RAS millimetres.</summary>
internal readonly record struct Bounds(double X0, double X1, double Y0, double Y1, double Z0, double Z1)
{
    /// <summary>All of space.</summary>
    public static Bounds Everywhere { get; } = new(-1e4, 1e4, -1e4, 1e4, -1e4, 1e4);

    /// <summary>The box grown on all sides.</summary>
    public Bounds Grown(double mm) => new(X0 - mm, X1 + mm, Y0 - mm, Y1 + mm, Z0 - mm, Z1 + mm);

    /// <summary>The box around two.</summary>
    public Bounds Union(Bounds o) => new(
        Math.Min(X0, o.X0), Math.Max(X1, o.X1), Math.Min(Y0, o.Y0), Math.Max(Y1, o.Y1), Math.Min(Z0, o.Z0), Math.Max(Z1, o.Z1));

    /// <summary>What two boxes share; empty (end before start) where they do not meet.</summary>
    public Bounds Intersection(Bounds o) => new(
        Math.Max(X0, o.X0), Math.Min(X1, o.X1), Math.Max(Y0, o.Y0), Math.Min(Y1, o.Y1), Math.Max(Z0, o.Z0), Math.Min(Z1, o.Z1));
}

internal sealed class GrownShape(Shape shape, double mm) : Shape
{
    public override Bounds Bounds => shape.Bounds.Grown(mm);

    public override double Distance(double x, double y, double z) => shape.Distance(x, y, z) - mm;
}

internal sealed class IntersectionShape(Shape a, Shape b) : Shape
{
    public override Bounds Bounds => a.Bounds.Intersection(b.Bounds);

    public override double Distance(double x, double y, double z) => Math.Max(a.Distance(x, y, z), b.Distance(x, y, z));
}

internal sealed class DifferenceShape(Shape a, Shape b, double roundingMm) : Shape
{
    public override Bounds Bounds => a.Bounds;

    public override double Distance(double x, double y, double z) =>
        -UnionShape.SmoothMin(-a.Distance(x, y, z), b.Distance(x, y, z), roundingMm);
}

internal sealed class UnionShape(double roundingMm, Shape[] shapes) : Shape
{
    public override Bounds Bounds { get; } = shapes.Select(s => s.Bounds).Aggregate((a, b) => a.Union(b)).Grown(roundingMm);

    public override double Distance(double x, double y, double z)
    {
        double distance = shapes[0].Distance(x, y, z);
        for (int n = 1; n < shapes.Length; n++) distance = SmoothMin(distance, shapes[n].Distance(x, y, z), roundingMm);
        return distance;
    }

    /// <summary>The quadratic smooth minimum: melts two distances within the rounding.</summary>
    public static double SmoothMin(double a, double b, double roundingMm)
    {
        double gap = Math.Abs(a - b);
        double sharp = Math.Min(a, b);
        if (gap >= roundingMm) return sharp;
        double h = (roundingMm - gap) / roundingMm;
        return sharp - h * h * roundingMm * 0.25;
    }
}

internal sealed class UnevenShape(Shape shape, SmoothNoise noise, double amplitudeMm) : Shape
{
    public override Bounds Bounds => shape.Bounds.Grown(amplitudeMm);

    public override double Distance(double x, double y, double z)
    {
        double distance = shape.Distance(x, y, z);
        // Far from the surface the unevenness changes nothing.
        return Math.Abs(distance) > amplitudeMm + 6 ? distance : distance + amplitudeMm * noise.At(x, y, z);
    }
}
