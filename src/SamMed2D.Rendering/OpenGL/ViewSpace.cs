using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>What shaders need to know about the eye of a scene.</summary>
internal sealed class ViewSpace
{
    private readonly SpatialScene _scene;

    public ViewSpace(SpatialScene scene, ImageSize size)
    {
        _scene = scene;
        Size = size;
        (NearMm, FarMm) = DepthRange(scene);
        // Pictures have their first row on top, OpenGL's on the bottom: turned over once, here.
        RasToClip = scene.Camera.ToViewMatrix() * scene.Camera.ToProjectionMatrix(size, NearMm, FarMm) * Matrix4x4.CreateScale(1, -1, 1);
    }

    public Camera Camera => _scene.Camera;

    public ImageSize Size { get; }

    public double NearMm { get; }

    public double FarMm { get; }

    public Matrix4x4 RasToClip { get; }

    /// <summary>The cutting planes as normal and offset in RAS.</summary>
    public Vector4[] ClipsRas() => [.. _scene.Clips.Select(clip => new Vector4(ToVector(clip.Normal), (float)clip.DistanceMm(default)))];

    /// <summary>The cutting planes as normal and offset in voxel indices of a grid.</summary>
    public Vector4[] ClipsIndex(Affine affine) => [.. _scene.Clips.Select(clip => new Vector4(
        (float)clip.Normal.Dot(affine.StepI), (float)clip.Normal.Dot(affine.StepJ), (float)clip.Normal.Dot(affine.StepK), (float)clip.DistanceMm(affine.Origin)))];

    public static Vector3 ToVector(RasVector v) => new((float)v.R, (float)v.A, (float)v.S);

    public static Vector3 ToVector(RasPoint v) => new((float)v.R, (float)v.A, (float)v.S);

    /// <summary>RAS to voxel indices, for row vectors.</summary>
    public static Matrix4x4 RasToIndex(Affine affine)
    {
        ContinuousIndex origin = affine.RasToIndex(default);
        Vector3 r = Direction(affine, new(1, 0, 0)), a = Direction(affine, new(0, 1, 0)), s = Direction(affine, new(0, 0, 1));
        return new(r.X, r.Y, r.Z, 0, a.X, a.Y, a.Z, 0, s.X, s.Y, s.Z, 0, (float)origin.I, (float)origin.J, (float)origin.K, 1);
    }

    /// <summary>A displacement in voxel indices.</summary>
    public static Vector3 Direction(Affine affine, RasVector direction)
    {
        ContinuousIndex origin = affine.RasToIndex(default), end = affine.RasToIndex(new(direction.R, direction.A, direction.S));
        return new((float)(end.I - origin.I), (float)(end.J - origin.J), (float)(end.K - origin.K));
    }

    // From the nearest to the furthest corner of all that is drawn, with a little air; what lies behind the eye is not seen anyway.
    private static (double Near, double Far) DepthRange(SpatialScene scene)
    {
        double near = double.PositiveInfinity, far = double.NegativeInfinity;
        RasVector forward = scene.Camera.Forward;
        RasPoint eye = scene.Camera.Position;
        IEnumerable<Volume> volumes = scene.Slices.Select(slice => slice.Volume.Volume);
        if (scene.Volume is { } rendering) volumes = volumes.Append(rendering.Volume);
        foreach (VolumeGeometry geometry in volumes.Select(volume => volume.Geometry))
            foreach (RasPoint corner in SlicePolygon.Corners(geometry)) Add(corner);
        foreach (SurfaceLayer surface in scene.Surfaces)
        {
            (Vector3 low, Vector3 high) = surface.Mesh.Bounds;
            for (int n = 0; n < 8; n++) Add(new((n & 1) == 0 ? low.X : high.X, (n & 2) == 0 ? low.Y : high.Y, (n & 4) == 0 ? low.Z : high.Z));
        }
        if (!(far > 0)) return (1, 2);
        double air = (far - near) * 0.01 + 0.1;
        far += air;
        return (Math.Max(near - air, far * 1e-3), far);

        void Add(RasPoint point)
        {
            double depth = new RasVector(point.R - eye.R, point.A - eye.A, point.S - eye.S).Dot(forward);
            (near, far) = (Math.Min(near, depth), Math.Max(far, depth));
        }
    }
}
