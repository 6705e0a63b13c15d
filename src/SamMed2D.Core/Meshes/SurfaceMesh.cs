using System.Numerics;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Meshes;

/// <summary>
/// The surface of one segment as triangles in patient space. Vertices are RAS millimetres (X right, Y anterior, Z superior);
/// triangles name three vertices each, counter-clockwise as seen from outside. Immutable once made.
/// </summary>
public sealed class SurfaceMesh
{
    private readonly Vector3[] _vertices;
    private readonly int[] _indices;
    private (Vector3 Low, Vector3 High)? _bounds;

    /// <summary>Wraps vertices and triangles; the arrays belong to the mesh from here on.</summary>
    /// <param name="name">The segment's name.</param>
    /// <param name="color">The segment's colour.</param>
    /// <param name="vertices">Positions in RAS millimetres.</param>
    /// <param name="indices">Three vertex numbers a triangle.</param>
    /// <exception cref="ArgumentException">The indices do not come in threes or name a vertex that is not there.</exception>
    public SurfaceMesh(string name, RgbColor color, Vector3[] vertices, int[] indices)
    {
        if (indices.Length % 3 != 0) throw new ArgumentException($"{indices.Length} indices do not make triangles.", nameof(indices));
        foreach (int index in indices)
            if ((uint)index >= (uint)vertices.Length)
                throw new ArgumentException($"A triangle names vertex {index} of {vertices.Length}.", nameof(indices));
        (Name, Color, _vertices, _indices) = (name, color, vertices, indices);
    }

    /// <summary>The segment's name.</summary>
    public string Name { get; }

    /// <summary>The segment's colour.</summary>
    public RgbColor Color { get; }

    /// <summary>Positions in RAS millimetres.</summary>
    public ReadOnlySpan<Vector3> Vertices => _vertices;

    /// <summary>Three vertex numbers a triangle, counter-clockwise as seen from outside.</summary>
    public ReadOnlySpan<int> Indices => _indices;

    /// <summary>The number of triangles.</summary>
    public int TriangleCount => _indices.Length / 3;

    /// <summary>The box around all vertices, in RAS millimetres; found when first asked for. Both ends are zero for a mesh without vertices.</summary>
    public (Vector3 Low, Vector3 High) Bounds => _bounds ??= FindBounds();

    /// <summary>The volume inside a closed surface, in mm³; negative where the triangles face inwards.</summary>
    public double ComputeVolumeMm3()
    {
        if (_vertices.Length == 0) return 0;
        // Relative to a vertex, so that a small structure far from the origin loses no digits.
        Vector3 origin = _vertices[0];
        double sum = 0;
        for (int n = 0; n < _indices.Length; n += 3)
        {
            Vector3 a = _vertices[_indices[n]] - origin, b = _vertices[_indices[n + 1]] - origin, c = _vertices[_indices[n + 2]] - origin;
            sum += Vector3.Dot(a, Vector3.Cross(b, c));
        }
        return sum / 6;
    }

    /// <summary>The area of all triangles, in mm².</summary>
    public double ComputeAreaMm2()
    {
        double sum = 0;
        for (int n = 0; n < _indices.Length; n += 3)
            sum += Vector3.Cross(_vertices[_indices[n + 1]] - _vertices[_indices[n]], _vertices[_indices[n + 2]] - _vertices[_indices[n]]).Length();
        return sum / 2;
    }

    /// <summary>Outward unit normals, one a vertex: the area-weighted mean of its triangles'.</summary>
    public Vector3[] ComputeNormals()
    {
        Vector3[] normals = new Vector3[_vertices.Length];
        for (int n = 0; n < _indices.Length; n += 3)
        {
            int a = _indices[n], b = _indices[n + 1], c = _indices[n + 2];
            Vector3 normal = Vector3.Cross(_vertices[b] - _vertices[a], _vertices[c] - _vertices[a]);
            normals[a] += normal;
            normals[b] += normal;
            normals[c] += normal;
        }
        for (int n = 0; n < normals.Length; n++)
        {
            float length = normals[n].Length();
            normals[n] = length > 0 ? normals[n] / length : Vector3.UnitZ;
        }
        return normals;
    }

    private (Vector3 Low, Vector3 High) FindBounds()
    {
        if (_vertices.Length == 0) return default;
        (Vector3 low, Vector3 high) = (_vertices[0], _vertices[0]);
        foreach (Vector3 vertex in _vertices) (low, high) = (Vector3.Min(low, vertex), Vector3.Max(high, vertex));
        return (low, high);
    }
}
