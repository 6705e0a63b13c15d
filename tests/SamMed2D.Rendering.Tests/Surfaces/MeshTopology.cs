using System.Numerics;
using SamMed2D.Core.Meshes;

namespace SamMed2D.Rendering.Tests.Surfaces;

/// <summary>Tests of what a closed surface is, by its definition.</summary>
internal static class MeshTopology
{
    /// <summary>Fails unless every edge belongs to two triangles, once in each direction, and the triangles of every vertex form one ring.</summary>
    public static void AssertClosedManifold(SurfaceMesh mesh)
    {
        Dictionary<(int, int), int> opposite = [];
        ReadOnlySpan<int> indices = mesh.Indices;
        for (int n = 0; n < indices.Length; n += 3)
            for (int side = 0; side < 3; side++)
            {
                int from = indices[n + side], to = indices[n + (side + 1) % 3];
                Assert.NotEqual(from, to);
                Assert.True(opposite.TryAdd((from, to), indices[n + (side + 2) % 3]), $"{mesh.Name}: edge {from}-{to} is used twice in one direction");
            }
        foreach ((int from, int to) in opposite.Keys) Assert.True(opposite.ContainsKey((to, from)), $"{mesh.Name}: edge {from}-{to} has a triangle on one side only");
        AssertOneRingAVertex(mesh, opposite);
    }

    /// <summary>The number of triangles whose corners lie on one line.</summary>
    public static int CountFlat(SurfaceMesh mesh)
    {
        int flat = 0;
        for (int n = 0; n < mesh.Indices.Length; n += 3)
        {
            Vector3 a = mesh.Vertices[mesh.Indices[n]], b = mesh.Vertices[mesh.Indices[n + 1]], c = mesh.Vertices[mesh.Indices[n + 2]];
            if (Vector3.Cross(b - a, c - a).Length() < 1e-7f) flat++;
        }
        return flat;
    }

    private static void AssertOneRingAVertex(SurfaceMesh mesh, Dictionary<(int From, int To), int> opposite)
    {
        Dictionary<int, (int First, int Count)> triangles = [];
        foreach ((int from, int to) in opposite.Keys)
            triangles[from] = triangles.TryGetValue(from, out (int First, int Count) known) ? (known.First, known.Count + 1) : (to, 1);
        foreach ((int vertex, (int first, int count)) in triangles)
        {
            int steps = 0, next = first;
            do
            {
                next = opposite[(vertex, next)];
                steps++;
            }
            while (next != first && steps <= count);
            Assert.True(steps == count, $"{mesh.Name}: the {count} triangles of vertex {vertex} are not one ring");
        }
    }
}
