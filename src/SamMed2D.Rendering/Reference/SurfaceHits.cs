using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Reference;

/// <summary>Where rays meet a surface, by trying every triangle.</summary>
internal sealed class SurfaceHits(SurfaceLayer layer)
{
    private readonly SurfaceMesh _mesh = layer.Mesh;
    private readonly Vector3[] _normals = layer.Mesh.ComputeNormals();
    private readonly Vector3 _color = Pixels.ToVector(layer.Color ?? layer.Mesh.Color);

    /// <summary>Adds distance, colour and opacity of every meeting point that is not cut away.</summary>
    public void Collect(Ray ray, IReadOnlyList<ClipPlane> clips, List<(double Distance, Vector4 Color)> hits)
    {
        ReadOnlySpan<int> indices = _mesh.Indices;
        for (int n = 0; n < indices.Length; n += 3)
        {
            if (Intersect(ray, indices[n], indices[n + 1], indices[n + 2]) is not var (distance, u, v)) continue;
            if (IsCutAway(clips, ray.At(distance))) continue;
            Vector3 normal = _normals[indices[n]] * (1 - u - v) + _normals[indices[n + 1]] * u + _normals[indices[n + 2]] * v;
            hits.Add((distance, Color(new RasVector(normal.X, normal.Y, normal.Z).ToUnit(), ray.Direction)));
        }
    }

    private static bool IsCutAway(IReadOnlyList<ClipPlane> clips, RasPoint point)
    {
        foreach (ClipPlane clip in clips)
            if (clip.DistanceMm(point) < 0) return true;
        return false;
    }

    private Vector4 Color(RasVector normal, RasVector sight)
    {
        double facing = Math.Abs(normal.Dot(sight));
        double rim = layer.Silhouette * SmoothStep(0.45, 0.15, facing);
        Vector3 shaded = ReferenceSpatialRenderer.Shade(_color, normal, sight, layer.Material);
        return new(Vector3.Lerp(shaded, _color * 0.15f, (float)rim), (float)(layer.Opacity + (1 - layer.Opacity) * rim));
    }

    private static double SmoothStep(double from, double to, double value)
    {
        double t = Math.Clamp((value - from) / (to - from), 0, 1);
        return t * t * (3 - 2 * t);
    }

    // Möller and Trumbore's test, for both faces.
    private (double Distance, float U, float V)? Intersect(Ray ray, int first, int second, int third)
    {
        RasVector a = ToRas(_mesh.Vertices[first]);
        RasVector edge1 = ToRas(_mesh.Vertices[second]) - a, edge2 = ToRas(_mesh.Vertices[third]) - a;
        RasVector p = ray.Direction.Cross(edge2);
        double determinant = edge1.Dot(p);
        if (determinant == 0) return null;
        RasVector s = new RasVector(ray.Origin.R, ray.Origin.A, ray.Origin.S) - a;
        double u = s.Dot(p) / determinant;
        if (u is < 0 or > 1) return null;
        RasVector q = s.Cross(edge1);
        double v = ray.Direction.Dot(q) / determinant;
        if (v < 0 || u + v > 1) return null;
        double distance = edge2.Dot(q) / determinant;
        return distance > 0 ? (distance, (float)u, (float)v) : null;
    }

    private static RasVector ToRas(Vector3 vertex) => new(vertex.X, vertex.Y, vertex.Z);
}

/// <summary>Where rays meet a slice shown in space.</summary>
internal sealed class SliceHits(SlicePicture slice)
{
    private readonly IntensityField _field = new(slice.Volume.Volume);
    private readonly LabelField? _labels = slice.Labels is { } labels ? new(labels) : null;

    /// <summary>Adds distance, colour and opacity of the meeting point, if there is one.</summary>
    public void Collect(Ray ray, List<(double Distance, Vector4 Color)> hits)
    {
        double slope = ray.Direction.Dot(slice.Normal);
        if (slope == 0) return;
        double distance = -new ClipPlane(slice.Point, slice.Normal).DistanceMm(ray.Origin) / slope;
        if (distance <= 0) return;
        RasPoint point = ray.At(distance);
        if (!IntensityField.IsInside(_field.Geometry, _field.Geometry.IndexToRas.RasToIndex(point))) return;
        Vector3 color = new(ReferenceSliceRenderer.Grey(_field, slice.Volume, point));
        if (_labels is not null)
        {
            Vector4 label = _labels.ColorOf(_labels.At(point));
            color = Vector3.Lerp(color, label.AsVector3(), label.W * (float)slice.Labels!.FillOpacity);
        }
        hits.Add((distance, new(color, (float)slice.Opacity)));
    }
}
