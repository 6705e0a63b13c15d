using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Reference;

/// <summary>
/// Draws 3D scenes on the CPU, slowly and obviously: along every pixel's ray it meets surfaces, slices and fine volume samples in order of
/// distance and blends them front to back in double precision. What the OpenGL renderer is measured against.
/// </summary>
public static class ReferenceSpatialRenderer
{
    /// <summary>Draws a 3D scene: 3 channels, the size of the scene.</summary>
    /// <param name="scene">What to show. The cost grows with pixels × triangles, so surfaces should be small.</param>
    /// <param name="cancellation">Stops within a row.</param>
    public static SliceImage Render(SpatialScene scene, CancellationToken cancellation = default)
    {
        SceneContents contents = new(scene);
        return Pixels.Compute(scene.Size, (x, y) =>
        {
            Ray ray = scene.Camera.PixelRay(x, y, scene.Size);
            Vector4 front = contents.March(ray);
            float down = (y + 0.5f) / scene.Size.Height;
            Vector3 background = Vector3.Lerp(Pixels.ToVector(scene.BackgroundTop), Pixels.ToVector(scene.BackgroundBottom), down);
            return front.AsVector3() + background * (1 - front.W);
        }, cancellation);
    }

    /// <summary>The light of one head light on a colour, with the silhouette of surfaces seen from the side left to the caller.</summary>
    internal static Vector3 Shade(Vector3 color, RasVector normal, RasVector sight, Material material)
    {
        double cosine = Math.Abs(normal.Dot(sight));
        double light = material.Ambient + material.Diffuse * cosine;
        double highlight = material.Specular * Math.Pow(cosine, material.SpecularPower);
        return color * (float)light + new Vector3((float)highlight);
    }
}

/// <summary>A scene made ready for rays.</summary>
internal sealed class SceneContents
{
    private readonly SpatialScene _scene;
    private readonly VolumeMarcher? _volume;
    private readonly SurfaceHits[] _surfaces;
    private readonly SliceHits[] _slices;

    public SceneContents(SpatialScene scene)
    {
        _scene = scene;
        _volume = scene.Volume is { } volume ? new(volume) : null;
        _surfaces = [.. scene.Surfaces.Where(layer => layer.Opacity > 0).Select(layer => new SurfaceHits(layer))];
        _slices = [.. scene.Slices.Select(slice => new SliceHits(slice))];
    }

    /// <summary>Colour (times its opacity) and opacity of all that a ray meets.</summary>
    public Vector4 March(Ray ray)
    {
        List<(double Distance, Vector4 Color)> hits = [];
        foreach (SurfaceHits surface in _surfaces) surface.Collect(ray, _scene.Clips, hits);
        foreach (SliceHits slice in _slices) slice.Collect(ray, hits);
        hits.Sort((a, b) => a.Distance.CompareTo(b.Distance));

        Blend blend = new();
        double from = 0;
        VolumeMarcher.Path? path = _volume?.Enter(ray, _scene.Clips);
        foreach ((double distance, Vector4 color) in hits)
        {
            path?.March(from, distance, ref blend);
            blend.Add(color.AsVector3(), color.W);
            from = distance;
        }
        path?.March(from, double.PositiveInfinity, ref blend);
        return blend.Result;
    }
}

/// <summary>Blends from front to back.</summary>
internal struct Blend
{
    private Vector3 _color;
    private float _opacity;

    /// <summary>Puts something behind all that came before.</summary>
    public void Add(Vector3 color, float opacity)
    {
        _color += color * opacity * (1 - _opacity);
        _opacity += opacity * (1 - _opacity);
    }

    public readonly Vector4 Result => new(_color, _opacity);
}
