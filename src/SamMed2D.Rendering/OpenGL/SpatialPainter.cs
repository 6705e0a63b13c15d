using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Software;
using Silk.NET.OpenGL;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>
/// Draws 3D scenes: first what is opaque, then, from front to back, one layer of transparent surfaces after the other (depth peeling),
/// with the volume between one layer and the next, so that everything is seen through everything in front of it.
/// </summary>
internal sealed class SpatialPainter(GraphicsDevice device, SceneResources resources) : IDisposable
{
    private readonly ScreenTriangle _screen = new(device);
    private readonly LayerPainter _layers = new(device, resources);
    private readonly ShaderProgram _composite = ShaderProgram.Create(device, "composite", "screen.vert.glsl", ["composite.frag.glsl"]);
    private readonly ShaderProgram _background = ShaderProgram.Create(device, "background", "screen.vert.glsl", ["background.frag.glsl"]);
    private readonly SoftwareSpacePainter _processor = new(device, resources);
    private VolumePainter? _volumes;
    private Framebuffer? _gathered, _opaque, _peeled, _peeledBefore;
    private uint _query;

    /// <summary>Draws a scene; a scene smaller than the target (a draft) is enlarged smoothly.</summary>
    public void Draw(SpatialScene scene, Framebuffer target)
    {
        ViewSpace view = new(scene, scene.Size);
        device.Gl.Disable(EnableCap.CullFace);
        Texture gathered = _processor.CanDraw(scene) ? DrawOnProcessor(scene, view) : DrawWithShaders(scene, view);
        target.BindAndClear();
        device.Gl.Disable(EnableCap.Blend);
        device.Gl.Disable(EnableCap.DepthTest);
        gathered.Bind(0);
        _background.Set("top", Pixels.ToVector(scene.BackgroundTop));
        _background.Set("bottom", Pixels.ToVector(scene.BackgroundBottom));
        _background.Set("size", new System.Numerics.Vector2(target.Width, target.Height));
        _background.Use();
        _screen.Draw();
    }

    public void Dispose()
    {
        foreach (Framebuffer? buffer in (ReadOnlySpan<Framebuffer?>)[_gathered, _opaque, _peeled, _peeledBefore]) buffer?.Dispose();
        _volumes?.Dispose();
        _processor.Dispose();
        _layers.Dispose();
        _composite.Dispose();
        _background.Dispose();
        _screen.Dispose();
        if (_query != 0) device.Discard(GraphicsObjectKind.Query, _query);
    }

    // Where OpenGL is software, its way through vertices and fragments is several times as long.
    private Texture DrawOnProcessor(SpatialScene scene, ViewSpace view)
    {
        if (scene.Slices.Count == 0) return _processor.Draw(scene, view, null);
        Prepare(scene.Size);
        DrawOpaque(scene with { Surfaces = [] }, view);
        return _processor.Draw(scene, view, _opaque);
    }

    // Colour times opacity, and opacity.
    private Texture DrawWithShaders(SpatialScene scene, ViewSpace view)
    {
        Prepare(scene.Size);
        _gathered!.BindAndClear();
        bool hasLayers = scene.Surfaces.Count > 0 || scene.Slices.Count > 0;
        if (hasLayers) DrawOpaque(scene, view);
        Texture? from = LayerPainter.HasTransparent(scene) ? DrawTransparent(scene, view) : null;
        if (scene.Volume is { Transfer.Blending: VolumeBlending.Composite } volume) GatherVolume(volume, view, from, hasLayers ? _opaque!.Depth : null);
        if (hasLayers) GatherLayer(_opaque!.Color);
        // A maximum has no depth of its own: it is shown behind all the surfaces.
        if (scene.Volume is { Transfer.Blending: VolumeBlending.MaximumIntensity } projection) GatherVolume(projection, view, null, null);
        return _gathered.Color;
    }

    private void Prepare(ImageSize size)
    {
        if (_gathered is { } known && known.Width == size.Width && known.Height == size.Height) return;
        foreach (Framebuffer? buffer in (ReadOnlySpan<Framebuffer?>)[_gathered, _opaque, _peeled, _peeledBefore]) buffer?.Dispose();
        (_gathered, _opaque, _peeled, _peeledBefore) = (null, null, null, null);
        // The one that is looked at above comes last: where there is no room for it, all are made anew the next time.
        _opaque = Framebuffer.Create(device, "opaque", size.Width, size.Height, SizedInternalFormat.Rgba8, 4, hasDepth: true);
        _gathered = Framebuffer.Create(device, "gathered", size.Width, size.Height, SizedInternalFormat.Rgba16f, 8, hasDepth: false);
    }

    private void DrawOpaque(SpatialScene scene, ViewSpace view)
    {
        _opaque!.BindAndClear();
        device.Gl.Disable(EnableCap.Blend);
        device.Gl.Enable(EnableCap.DepthTest);
        device.Gl.DepthFunc(DepthFunction.Less);
        _layers.Draw(scene, view, wantsTransparent: false, isPeeling: false);
    }

    // Returns the depths of the last layer, behind which the rest of the volume lies.
    private Texture DrawTransparent(SpatialScene scene, ViewSpace view)
    {
        GL gl = device.Gl;
        _peeled ??= Framebuffer.Create(device, "peeled", scene.Size.Width, scene.Size.Height, SizedInternalFormat.Rgba16f, 8, hasDepth: true);
        _peeledBefore ??= Framebuffer.Create(device, "peeled before", scene.Size.Width, scene.Size.Height, SizedInternalFormat.Rgba16f, 8, hasDepth: true);
        _peeledBefore.Bind();
        gl.ClearDepth(0);
        gl.DepthMask(true);
        gl.Clear((uint)ClearBufferMask.DepthBufferBit);
        for (int layer = 0; layer < SoftwareSpace.MaxLayers; layer++)
        {
            _peeled!.BindAndClear();
            // Beginning with the opaque depths keeps hidden layers out, and where there is no layer it ends the volume there.
            CopyDepth(_opaque!, _peeled);
            gl.Disable(EnableCap.Blend);
            gl.Enable(EnableCap.DepthTest);
            _peeledBefore!.Depth!.Bind(4);
            if (!DrawsAnything(() => _layers.Draw(scene, view, wantsTransparent: true, isPeeling: true))) break;
            if (scene.Volume is { Transfer.Blending: VolumeBlending.Composite } volume) GatherVolume(volume, view, layer == 0 ? null : _peeledBefore.Depth, _peeled.Depth);
            GatherLayer(_peeled.Color);
            (_peeled, _peeledBefore) = (_peeledBefore, _peeled);
        }
        return _peeledBefore!.Depth!;
    }

    private bool DrawsAnything(Action draw)
    {
        if (_query == 0) device.Gl.CreateQueries(QueryTarget.AnySamplesPassed, 1, out _query);
        device.Gl.BeginQuery(QueryTarget.AnySamplesPassed, _query);
        draw();
        device.Gl.EndQuery(QueryTarget.AnySamplesPassed);
        device.Gl.GetQueryObject(_query, QueryObjectParameterName.Result, out int isAny);
        return isAny != 0;
    }

    private void CopyDepth(Framebuffer from, Framebuffer to) => device.Gl.CopyImageSubData(
        from.Depth!.Handle, CopyImageSubDataTarget.Texture2D, 0, 0, 0, 0, to.Depth!.Handle, CopyImageSubDataTarget.Texture2D, 0, 0, 0, 0, (uint)from.Width, (uint)from.Height, 1);

    // Puts the volume between two depths behind what has been gathered.
    private void GatherVolume(VolumeRendering volume, ViewSpace view, Texture? near, Texture? far)
    {
        BlendBehind();
        (_volumes ??= new(device, resources, _screen)).Draw(volume, view, near, far);
    }

    // Puts a layer of surfaces behind what has been gathered.
    private void GatherLayer(Texture surfaces)
    {
        BlendBehind();
        surfaces.Bind(0);
        _composite.Use();
        _screen.Draw();
    }

    private void BlendBehind()
    {
        _gathered!.Bind();
        device.Gl.Disable(EnableCap.DepthTest);
        device.Gl.Enable(EnableCap.Blend);
        device.Gl.BlendFunc(BlendingFactor.OneMinusDstAlpha, BlendingFactor.One);
    }
}
