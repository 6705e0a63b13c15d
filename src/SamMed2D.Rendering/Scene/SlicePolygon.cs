using SamMed2D.Core.Geometry;

namespace SamMed2D.Rendering.Scene;

/// <summary>Where a plane cuts the box of a grid.</summary>
internal static class SlicePolygon
{
    // Pairs of corners (bits i, j, k) that an edge joins.
    private static ReadOnlySpan<byte> Edges => [0, 1, 2, 3, 4, 5, 6, 7, 0, 2, 1, 3, 4, 6, 5, 7, 0, 4, 1, 5, 2, 6, 3, 7];

    /// <summary>The eight outer corners of a grid's voxels.</summary>
    public static RasPoint[] Corners(VolumeGeometry g)
    {
        RasPoint[] corners = new RasPoint[8];
        for (int n = 0; n < 8; n++)
            corners[n] = g.IndexToRas.IndexToRas(new((n & 1) == 0 ? -0.5 : g.SizeI - 0.5, (n & 2) == 0 ? -0.5 : g.SizeJ - 0.5, (n & 4) == 0 ? -0.5 : g.SizeK - 0.5));
        return corners;
    }

    /// <summary>The corners of the cut, in order around it; none where the plane misses the box.</summary>
    public static List<RasPoint> Cut(VolumeGeometry geometry, RasPoint point, RasVector normal)
    {
        RasPoint[] corners = Corners(geometry);
        List<RasPoint> cut = [];
        for (int n = 0; n < Edges.Length; n += 2)
        {
            RasPoint a = corners[Edges[n]], b = corners[Edges[n + 1]];
            double da = Distance(a), db = Distance(b);
            // Half-open, so that a corner on the plane counts once or twice but the polygon stays whole.
            if (da < 0 == db < 0) continue;
            double t = da / (da - db);
            cut.Add(a.Plus(b.Minus(a) * t));
        }
        if (cut.Count < 3) return [];
        RasPoint middle = new(cut.Average(p => p.R), cut.Average(p => p.A), cut.Average(p => p.S));
        RasVector u = cut.MaxBy(p => p.DistanceMm(middle)).Minus(middle).ToUnit(), v = normal.Cross(u);
        cut.Sort((p, q) => Angle(p).CompareTo(Angle(q)));
        return cut;

        double Distance(RasPoint p) => p.Minus(point).Dot(normal);
        double Angle(RasPoint p) => Math.Atan2(p.Minus(middle).Dot(v), p.Minus(middle).Dot(u));
    }
}
