using System.Numerics;

namespace SamMed2D.Core.Metrics;

/// <summary>
/// The area of the surface inside each 2×2×2 neighbourhood of voxels, as marching cubes cuts it half way between voxel centres
/// (the definition of google-deepmind/surface-distance). Instead of that table of triangles, the areas follow from a rule: a neighbourhood
/// and its complement have the same surface; of the at most four voxels left, each group connected through faces is cut off by itself.
/// </summary>
public sealed class SurfelAreas
{
    private readonly double[] _mm2 = new double[256];
    // Area of a voxel's face across each axis.
    private readonly double[] _face;
    // Area of the triangle that cuts off one corner.
    private readonly double _corner;

    /// <summary>Computes the areas for a grid.</summary>
    /// <param name="i">Spacing along the first axis in millimetres.</param>
    /// <param name="j">Spacing along the second axis in millimetres.</param>
    /// <param name="k">Spacing along the third axis in millimetres.</param>
    public SurfelAreas(double i, double j, double k)
    {
        _face = [j * k, i * k, i * j];
        _corner = Math.Sqrt(_face[0] * _face[0] + _face[1] * _face[1] + _face[2] * _face[2]) / 8;
        for (int code = 0; code < 256; code++)
            _mm2[code] = AreaOf(BitOperations.PopCount((uint)code) <= 4 ? code : ~code & 255);
    }

    /// <summary>The area in mm² for a code: bit <c>a + 2b + 4c</c> is the voxel at +a along i, +b along j, +c along k.</summary>
    public double this[int code] => _mm2[code];

    private double AreaOf(int code)
    {
        double area = 0;
        while (code != 0)
        {
            int group = GroupOf(code, code & -code);
            area += GroupArea(group);
            code &= ~group;
        }
        return area;
    }

    private double GroupArea(int group)
    {
        // How many of the group's joints run along each axis: they tell the groups apart.
        Span<int> joints = [Joints(group, 0), Joints(group, 1), Joints(group, 2)];
        int used = (joints[0] > 0 ? 1 : 0) + (joints[1] > 0 ? 1 : 0) + (joints[2] > 0 ? 1 : 0);
        int unused = joints.IndexOf(0);
        switch (BitOperations.PopCount((uint)group))
        {
            case 1:
                return _corner;
            case 2:
                int along = joints.IndexOf(1);
                return Bevel((along + 1) % 3, (along + 2) % 3);
            case 3:
                return _face[unused] / 2 + 3 * _corner;
            case 4 when used == 2:
                return _face[unused];
            case 4 when HasHub(group):
                return 6 * _corner;
            default:
                int middle = MiddleJoint(group);
                return 4 * _corner + (Bevel(middle, (middle + 1) % 3) + Bevel(middle, (middle + 2) % 3)) / 2;
        }
    }

    // The rectangle that cuts off an edge: it leans across two axes.
    private double Bevel(int a, int b) => Math.Sqrt(_face[a] * _face[a] + _face[b] * _face[b]) / 2;

    private static int GroupOf(int code, int start)
    {
        int group = start;
        for (int grown = 0; grown != group;)
        {
            grown = group;
            for (int axis = 0; axis < 3; axis++) group |= Shift(group, axis) & code;
        }
        return group;
    }

    // The neighbours along an axis: each voxel of the 2×2×2 has one.
    private static int Shift(int code, int axis)
    {
        int upper = axis switch { 0 => 0b10101010, 1 => 0b11001100, _ => 0b11110000 }, distance = 1 << axis;
        return ((code & upper) >> distance) | ((code << distance) & upper);
    }

    private static int Joints(int group, int axis) => BitOperations.PopCount((uint)(group & Shift(group, axis))) / 2;

    // One voxel with the three others around it.
    private static bool HasHub(int group) => (group & Shift(group, 0) & Shift(group, 1) & Shift(group, 2)) != 0;

    // A chain of four bends twice; its middle joint is the one between the two voxels that have two neighbours.
    private static int MiddleJoint(int group)
    {
        int x = Shift(group, 0), y = Shift(group, 1), z = Shift(group, 2);
        int inner = group & ((x & y) | (x & z) | (y & z));
        return Joints(inner, 0) > 0 ? 0 : Joints(inner, 1) > 0 ? 1 : 2;
    }
}
