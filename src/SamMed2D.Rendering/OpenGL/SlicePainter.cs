using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Software;
using Silk.NET.OpenGL;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>Draws flat slices.</summary>
internal sealed class SlicePainter(GraphicsDevice device, SceneResources resources) : IDisposable
{
    private readonly ShaderProgram _program = ShaderProgram.Create(device, "flat slice", "screen.vert.glsl", ["slice.glsl", "flat-slice.frag.glsl"]);
    private readonly ScreenTriangle _screen = new(device);

    private uint[] _pixels = [];

    public void Draw(SliceScene scene, Framebuffer target)
    {
        if (TryDrawOnProcessor(scene, target)) return;
        target.BindAndClear();
        device.Gl.Disable(EnableCap.Blend);
        device.Gl.Disable(EnableCap.DepthTest);
        BindVolume(_program, resources, scene.Volume);
        BindLabels(_program, resources, scene.Labels);
        BindForeground(scene);
        if (scene.Volume is { } volume) SetSteps("volume", resources.Of(volume.Volume).Volume.Geometry, scene);
        if (scene.Labels is { } labels)
        {
            SetSteps("label", labels.Labels.Geometry, scene);
            _program.Set("fillOpacity", labels.FillOpacity);
            _program.Set("outlineOpacity", labels.OutlineOpacity);
            _program.Set("outlineWidth", (double)labels.OutlineWidthPixels);
        }
        _program.Use();
        _screen.Draw();
    }

    /// <summary>Gives a program that includes <c>slice.glsl</c> its volume.</summary>
    public static void BindVolume(ShaderProgram program, SceneResources resources, VolumeLayer? layer)
    {
        program.Set("hasVolume", layer is null ? 0 : 1);
        if (layer is null) return;
        VolumeTexture texture = resources.Of(layer.Volume);
        texture.Linear.Bind(0);
        VolumeGeometry g = texture.Volume.Geometry;
        program.Set("isNearest", layer.Interpolation == Interpolation.Nearest ? 1 : 0);
        program.Set("volumeSize", new Vector3(g.SizeI, g.SizeJ, g.SizeK));
        program.Set("greyScale", GreyScale(texture, layer));
    }

    /// <summary>Gives a program that includes <c>slice.glsl</c> its labels.</summary>
    public static void BindLabels(ShaderProgram program, SceneResources resources, LabelLayer? layer)
    {
        program.Set("hasLabels", layer is null ? 0 : 1);
        if (layer is null) return;
        resources.Of(layer).Texture.Bind(1);
        resources.ColorsOf(layer).BindStorage(0);
        VolumeGeometry g = layer.Labels.Geometry;
        program.Set("labelSize", g.SizeI, g.SizeJ, g.SizeK);
    }

    private void BindForeground(SliceScene scene)
    {
        double opacity = scene.Foreground is null ? 0 : Math.Clamp(scene.ForegroundOpacity, 0, 1);
        _program.Set("foregroundOpacity", opacity);
        if (scene.Foreground is not { } layer || opacity <= 0) return;
        VolumeTexture texture = resources.Of(layer.Volume);
        texture.Linear.Bind(2);
        VolumeGeometry g = texture.Volume.Geometry;
        _program.Set("foregroundIsNearest", layer.Interpolation == Interpolation.Nearest ? 1 : 0);
        _program.Set("foregroundSize", new Vector3(g.SizeI, g.SizeJ, g.SizeK));
        _program.Set("foregroundGreyScale", GreyScale(texture, layer));
        SetSteps("foreground", g, scene);
    }

    // Texel times x plus y is the grey value.
    private static Vector2 GreyScale(VolumeTexture texture, VolumeLayer layer) =>
        new((float)(texture.Scale / layer.Window.Width), (float)((texture.Offset - layer.Window.Low) / layer.Window.Width));

    public void Dispose()
    {
        _program.Dispose();
        _screen.Dispose();
    }

    // Where OpenGL is software, its way through a shader is several times as long.
    private bool TryDrawOnProcessor(SliceScene scene, Framebuffer target)
    {
        if (!resources.DrawsOnProcessor || scene.Labels is { Labels.Geometry.VoxelCount: < 2 }) return false;
        List<(SoftwareRayCaster, SliceGrey)> greys = [];
        if (!TryAddGrey(greys, scene, scene.Volume, 1) || !TryAddGrey(greys, scene, scene.Foreground, Math.Clamp(scene.ForegroundOpacity, 0, 1))) return false;
        int count = target.Width * target.Height;
        if (_pixels.Length != count) _pixels = new uint[count];
        SoftwareSlices.Draw(greys, LabelsOf(scene), target.Width, _pixels);
        target.Color.Upload2D<uint>(target.Width, target.Height, PixelFormat.Rgba, PixelType.UnsignedByte, _pixels);
        return true;
    }

    private bool TryAddGrey(List<(SoftwareRayCaster, SliceGrey)> greys, SliceScene scene, VolumeLayer? layer, double opacity)
    {
        if (layer is null || opacity <= 0) return true;
        if (resources.CasterOf(layer.Volume) is not { } caster) return false;
        Volume volume = resources.Of(layer.Volume).Volume;
        IntensityWindow window = layer.Window;
        Vector2 toGrey = new((float)(volume.Scale.Slope / window.Width), (float)((volume.Scale.Intercept - window.Low) / window.Width));
        greys.Add((caster, new(StepsThrough(volume.Geometry, scene), layer.Interpolation == Interpolation.Nearest, toGrey, (float)opacity)));
        return true;
    }

    private SliceLabels? LabelsOf(SliceScene scene) => scene.Labels is not { } layer ? null : new()
    {
        Labels = layer.Labels.LabelMemory,
        SizeI = layer.Labels.Geometry.SizeI,
        SizeJ = layer.Labels.Geometry.SizeJ,
        SizeK = layer.Labels.Geometry.SizeK,
        Steps = StepsThrough(layer.Labels.Geometry, scene),
        Colors = resources.LabelColorsOf(layer),
        FillOpacity = (float)layer.FillOpacity,
        OutlineOpacity = (float)layer.OutlineOpacity,
        OutlineWidth = layer.OutlineWidthPixels,
    };

    private void SetSteps(string name, VolumeGeometry geometry, SliceScene scene)
    {
        PixelSteps steps = StepsThrough(geometry, scene);
        _program.Set($"{name}Origin", steps.Origin);
        _program.Set($"{name}StepX", steps.StepX);
        _program.Set($"{name}StepY", steps.StepY);
    }

    // Worked out in double here, so that a scan far from the origin loses no digits.
    private static PixelSteps StepsThrough(VolumeGeometry geometry, SliceScene scene)
    {
        ContinuousIndex origin = Index(0, 0), right = Index(1, 0), down = Index(0, 1);
        return new(ToVector(origin, default), ToVector(right, origin), ToVector(down, origin));

        ContinuousIndex Index(double x, double y) => geometry.IndexToRas.RasToIndex(scene.View.PixelToRas(x, y, scene.Size));
        static Vector3 ToVector(ContinuousIndex a, ContinuousIndex b) => new((float)(a.I - b.I), (float)(a.J - b.J), (float)(a.K - b.K));
    }
}

/// <summary>One triangle over the whole picture; its corners are made up by <c>screen.vert.glsl</c>.</summary>
internal sealed class ScreenTriangle : GraphicsObject
{
    public ScreenTriangle(GraphicsDevice device) : base(device, GraphicsObjectKind.VertexArray, Create(device), "screen triangle") => Register();

    public void Draw()
    {
        Gl.BindVertexArray(Handle);
        Gl.DrawArrays(PrimitiveType.Triangles, 0, 3);
    }

    private static uint Create(GraphicsDevice device)
    {
        device.Gl.CreateVertexArrays(1, out uint handle);
        return handle;
    }
}
