using SamMed2D.Core.Metrics;

namespace SamMed2D.Core.Tests.Metrics;

public class SurfelAreasTests
{
    private static readonly (double I, double J, double K) s_spacing = (0.7, 1.1, 3.0);

    [Fact]
    public void Indexer_ChainOfFour_IsTheSumOfMarchingCubesTriangles()
    {
        // Voxels (1,0,0), (0,0,0), (0,1,0), (0,1,1); the surface's corners are the middles of the six edges that it cuts.
        double[] a1 = [1, .5, 0], a2 = [1, 0, .5], b = [0, 0, .5], c = [.5, 1, 0], d1 = [.5, 1, 1], d2 = [0, .5, 1];
        double expected = Triangle(a2, d2, c) + Triangle(c, a1, a2) + Triangle(a2, b, d2) + Triangle(d2, d1, c);
        Assert.Equal(expected, Areas()[Code((1, 0, 0), (0, 0, 0), (0, 1, 0), (0, 1, 1))], 1e-12);
    }

    [Fact]
    public void Indexer_CornerOfThree_IsTheSumOfMarchingCubesTriangles()
    {
        // Voxels (0,0,0), (1,0,0), (0,1,0): half a face above them and a leaning trapezium beside them.
        double[] p1 = [0, 0, .5], p2 = [1, 0, .5], p3 = [1, .5, 0], p4 = [0, 1, .5], p5 = [.5, 1, 0];
        double expected = Triangle(p1, p2, p4) + Triangle(p2, p3, p5) + Triangle(p2, p5, p4);
        Assert.Equal(expected, Areas()[Code((0, 0, 0), (1, 0, 0), (0, 1, 0))], 1e-12);
    }

    [Fact]
    public void Indexer_HubOfFour_IsTheSumOfMarchingCubesTriangles()
    {
        // Voxel (0,0,0) and its three neighbours: a plane hexagon.
        double[][] corners = [[1, .5, 0], [.5, 1, 0], [0, 1, .5], [0, .5, 1], [.5, 0, 1], [1, 0, .5]];
        double expected = 0;
        for (int n = 1; n + 1 < corners.Length; n++) expected += Triangle(corners[0], corners[n], corners[n + 1]);
        Assert.Equal(expected, Areas()[Code((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 1))], 1e-12);
    }

    [Fact]
    public void Indexer_UnitSpacing_IsThatOfEachMarchingCubesClass()
    {
        SurfelAreas areas = new(1, 1, 1);
        double corner = Math.Sqrt(3) / 8, edge = Math.Sqrt(0.5);
        Assert.Equal(0, areas[0]);
        Assert.Equal(0, areas[255]);
        Assert.Equal(corner, areas[Code((1, 1, 1))], 1e-12);
        Assert.Equal(edge, areas[Code((0, 1, 0), (0, 1, 1))], 1e-12);
        Assert.Equal(2 * corner, areas[Code((0, 0, 0), (1, 1, 0))], 1e-12);
        Assert.Equal(2 * corner, areas[Code((0, 0, 0), (1, 1, 1))], 1e-12);
        Assert.Equal(corner + edge, areas[Code((0, 0, 0), (1, 0, 0), (0, 1, 1))], 1e-12);
        Assert.Equal(0.5 + 4 * corner, areas[Code((0, 0, 0), (1, 0, 0), (0, 1, 0), (1, 1, 1))], 1e-12);
        Assert.Equal(2 * edge, areas[Code((0, 0, 0), (1, 0, 0), (0, 1, 1), (1, 1, 1))], 1e-12);
        Assert.Equal(4 * corner, areas[Code((0, 0, 0), (1, 1, 0), (1, 0, 1), (0, 1, 1))], 1e-12);
        for (int code = 0; code < 256; code++) Assert.Equal(areas[code], areas[255 - code]);
    }

    private static SurfelAreas Areas() => new(s_spacing.I, s_spacing.J, s_spacing.K);

    private static int Code(params (int A, int B, int C)[] voxels) => voxels.Sum(v => 1 << (v.A + 2 * v.B + 4 * v.C));

    private static double Triangle(double[] p, double[] q, double[] r)
    {
        double[] s = [s_spacing.I, s_spacing.J, s_spacing.K];
        double[] u = [.. p.Select((_, n) => (q[n] - p[n]) * s[n])], v = [.. p.Select((_, n) => (r[n] - p[n]) * s[n])];
        double x = u[1] * v[2] - u[2] * v[1], y = u[2] * v[0] - u[0] * v[2], z = u[0] * v[1] - u[1] * v[0];
        return Math.Sqrt(x * x + y * y + z * z) / 2;
    }
}
