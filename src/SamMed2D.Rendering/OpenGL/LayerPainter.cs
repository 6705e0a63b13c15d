using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>Draws surfaces and slices in space into the bound framebuffer.</summary>
internal sealed class LayerPainter(GraphicsDevice device, SceneResources resources) : IDisposable
{
    private readonly ShaderProgram _surface = ShaderProgram.Create(device, "surface", "surface.vert.glsl", ["layer.glsl", "surface.frag.glsl"]);
    private readonly ShaderProgram _slice = ShaderProgram.Create(device, "slice in space", "surface.vert.glsl", ["layer.glsl", "slice.glsl", "space-slice.frag.glsl"]);

    /// <summary>Whether something of a scene can be seen through.</summary>
    public static bool HasTransparent(SpatialScene scene) => scene.Surfaces.Any(IsTransparent) || scene.Slices.Any(IsTransparent);

    /// <summary>Draws what is opaque, or what is not.</summary>
    /// <param name="scene">The scene.</param>
    /// <param name="view">Its eye.</param>
    /// <param name="wantsTransparent">Which of the two.</param>
    /// <param name="isPeeling">Whether to draw only what lies behind the depths bound to unit 4.</param>
    public void Draw(SpatialScene scene, ViewSpace view, bool wantsTransparent, bool isPeeling)
    {
        foreach (ShaderProgram program in (ReadOnlySpan<ShaderProgram>)[_surface, _slice])
        {
            program.Set("rasToClip", view.RasToClip);
            program.Set("isPeeling", isPeeling ? 1 : 0);
        }
        Vector4[] clips = view.ClipsRas();
        _surface.Set("clipCount", clips.Length);
        _surface.Set("clips", clips);
        _surface.Set("eye", ViewSpace.ToVector(view.Camera.Position));
        _surface.Set("forward", ViewSpace.ToVector(view.Camera.Forward));
        _surface.Set("isParallel", view.Camera.IsParallel ? 1 : 0);
        foreach (SurfaceLayer layer in scene.Surfaces)
            if (layer.Opacity > 0 && IsTransparent(layer) == wantsTransparent) DrawSurface(layer);
        foreach (SlicePicture slice in scene.Slices)
            if (slice.Opacity > 0 && IsTransparent(slice) == wantsTransparent) DrawSlice(slice);
    }

    public void Dispose()
    {
        _surface.Dispose();
        _slice.Dispose();
    }

    private static bool IsTransparent(SurfaceLayer layer) => layer.Opacity is > 0 and < 1;

    private static bool IsTransparent(SlicePicture slice) => slice.Opacity is > 0 and < 1;

    private void DrawSurface(SurfaceLayer layer)
    {
        _surface.Set("color", Pixels.ToVector(layer.Color ?? layer.Mesh.Color));
        _surface.Set("opacity", layer.Opacity);
        _surface.Set("silhouette", layer.Silhouette);
        _surface.Set("light", ToVector(layer.Material));
        _surface.Use();
        resources.Of(layer.Mesh).Draw();
    }

    private void DrawSlice(SlicePicture slice)
    {
        List<RasPoint> outline = SlicePolygon.Cut(slice.Volume.Volume.Geometry, slice.Point, slice.Normal);
        if (outline.Count == 0) return;
        Vector3[] vertices = new Vector3[outline.Count * 2];
        for (int n = 0; n < outline.Count; n++) (vertices[2 * n], vertices[2 * n + 1]) = (ViewSpace.ToVector(outline[n]), ViewSpace.ToVector(slice.Normal));
        int[] indices = new int[(outline.Count - 2) * 3];
        for (int n = 0; n < outline.Count - 2; n++) (indices[3 * n], indices[3 * n + 1], indices[3 * n + 2]) = (0, n + 1, n + 2);

        SlicePainter.BindVolume(_slice, resources, slice.Volume);
        SlicePainter.BindLabels(_slice, resources, slice.Labels);
        _slice.Set("rasToVolume", ViewSpace.RasToIndex(resources.Of(slice.Volume.Volume).Volume.Geometry.IndexToRas));
        if (slice.Labels is { } labels)
        {
            _slice.Set("rasToLabel", ViewSpace.RasToIndex(labels.Labels.Geometry.IndexToRas));
            _slice.Set("fillOpacity", labels.FillOpacity);
        }
        _slice.Set("opacity", slice.Opacity);
        _slice.Use();
        using MeshBuffers buffers = MeshBuffers.Create(device, "slice in space", vertices, indices);
        buffers.Draw();
    }

    public static Vector4 ToVector(Material material) =>
        new((float)material.Ambient, (float)material.Diffuse, (float)material.Specular, (float)material.SpecularPower);
}
