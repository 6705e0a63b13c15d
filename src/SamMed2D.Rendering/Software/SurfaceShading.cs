using System.Numerics;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Software;

/// <summary>The colours of fragments, as <c>surface.frag.glsl</c> finds them.</summary>
internal sealed class SurfaceShading
{
    private readonly SpaceSetup _setup;
    private readonly uint[] _firstTriangles;

    public SurfaceShading(SpaceSetup setup)
    {
        _setup = setup;
        _firstTriangles = new uint[setup.Surfaces.Count];
        uint first = 0;
        for (int n = 0; n < _firstTriangles.Length; n++)
        {
            _firstTriangles[n] = first;
            first += (uint)setup.Surfaces[n].Mesh.TriangleCount;
        }
    }

    /// <summary>The colour times its opacity, and the opacity, of a triangle at a pixel.</summary>
    public Vector4 ColorOf(uint triangle, int x, int y)
    {
        int found = Array.BinarySearch(_firstTriangles, triangle);
        // Surfaces without triangles begin where the next one does: it is the last of them that has the triangle.
        if (found < 0) found = ~found - 1;
        while (found + 1 < _firstTriangles.Length && _firstTriangles[found + 1] == triangle) found++;
        SoftwareSurface surface = _setup.Surfaces[found];
        (Vector3 origin, Vector3 sight) = _setup.PixelRay(x, y);
        sight = Vector3.Normalize(sight);
        float cosine = MathF.Min(Math.Abs(Vector3.Dot(Normal(surface, (int)(triangle - _firstTriangles[found]), origin, sight), sight)), 1);
        Material light = surface.Material;
        Vector3 shaded = surface.Color * (float)(light.Ambient + light.Diffuse * cosine) + new Vector3((float)light.Specular * MathF.Pow(cosine, (float)light.SpecularPower));
        float rim = surface.Silhouette * (1 - SmoothStep(0.15f, 0.45f, cosine));
        float opacity = surface.Opacity + (1 - surface.Opacity) * rim;
        return new(Vector3.Lerp(shaded, surface.Color * 0.15f, rim) * opacity, opacity);
    }

    // Between the corners' normals, where the line of sight meets the triangle's plane; a triangle on the edge may be missed by a hair.
    private static Vector3 Normal(SoftwareSurface surface, int triangle, Vector3 origin, Vector3 sight)
    {
        ReadOnlySpan<int> corners = surface.Mesh.Indices.Slice(triangle * 3, 3);
        Vector3 a = surface.Mesh.Vertices[corners[0]] - origin, edge1 = surface.Mesh.Vertices[corners[1]] - origin - a, edge2 = surface.Mesh.Vertices[corners[2]] - origin - a;
        Vector3 p = Vector3.Cross(sight, edge2);
        float determinant = Vector3.Dot(edge1, p), u = 0, v = 0;
        if (determinant != 0)
        {
            // Möller and Trumbore's solution.
            u = Math.Clamp(-Vector3.Dot(a, p) / determinant, 0, 1);
            v = Math.Clamp(-Vector3.Dot(sight, Vector3.Cross(a, edge1)) / determinant, 0, 1 - u);
        }
        Vector3 normal = surface.Normals[corners[0]] * (1 - u - v) + surface.Normals[corners[1]] * u + surface.Normals[corners[2]] * v;
        float length = normal.Length();
        return length > 1e-6f ? normal / length : sight;
    }

    private static float SmoothStep(float from, float to, float value)
    {
        float t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }
}
