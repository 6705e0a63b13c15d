using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms.Brain;

/// <summary>
/// A body whose surface is folded like the cortex: furrows are thin sheets that go straight down from the surface to a limited depth, along the
/// lines where a smooth random field on the surface is zero.
/// </summary>
/// <param name="body">The unfolded body.</param>
/// <param name="outside">The surface that furrows start from; faces of the body away from it stay smooth.</param>
/// <param name="noise">The field; its wavelength is about twice the width of a fold.</param>
/// <param name="centre">Down is towards here.</param>
/// <param name="radii">Half axes of the ellipsoid that the body resembles.</param>
/// <param name="depthMm">How deep furrows go.</param>
/// <param name="gapMm">Half the width of a furrow.</param>
/// <param name="across">How much faster the field changes along z: over 1 gives furrows that run level, as on the cerebellum.</param>
internal sealed class FoldedSurface(Shape body, Shape outside, SmoothNoise noise, (double X, double Y, double Z) centre, (double X, double Y, double Z) radii,
    double depthMm, double gapMm, double across = 1) : Shape
{
    private const double StepMm = 0.6;

    public override Bounds Bounds => body.Bounds;

    public override double Distance(double x, double y, double z)
    {
        double distance = body.Distance(x, y, z);
        if (distance > 2) return distance;
        double depth = -outside.Distance(x, y, z);
        if (depth > depthMm + 8) return distance;
        double vx = x - centre.X, vy = y - centre.Y, vz = z - centre.Z;
        double out1 = Math.Sqrt(vx * vx / (radii.X * radii.X) + vy * vy / (radii.Y * radii.Y) + vz * vz / (radii.Z * radii.Z));
        if (out1 < 0.2) return distance;
        // The point of the surface above this one.
        double sx = x - vx + vx / out1, sy = y - vy + vy / out1, sz = (z - vz + vz / out1) * across, step = StepMm;
        double here = noise.At(sx, sy, sz);
        double gx = noise.At(sx + step, sy, sz) - here, gy = noise.At(sx, sy + step, sz) - here, gz = (noise.At(sx, sy, sz + step) - here) * across;
        double slope = Math.Sqrt(gx * gx + gy * gy + gz * gz) / step;
        double aside = Math.Abs(here) / Math.Max(slope, 0.012) * Math.Min(1, out1);
        double below = Math.Max(0, depth - depthMm);
        double furrow = gapMm - Math.Sqrt(aside * aside + below * below);
        return Math.Max(distance, furrow);
    }
}
