using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Viewer.Panes;

/// <summary>The picture of one view on the card; drawn anew only when its scene has changed.</summary>
internal sealed class PaneTarget(SceneRenderer renderer) : IDisposable
{
    private RenderTarget? _target;
    private object? _drawn;
    private bool _isDraft;

    /// <summary>The texture that a panel shows.</summary>
    public uint Texture => _target?.TextureHandle ?? 0;

    /// <summary>Draws a slice where it differs from what was drawn last.</summary>
    public void Show(SliceScene scene)
    {
        if (scene.Equals(_drawn)) return;
        renderer.Draw(scene, Fitting(scene.Size));
        _drawn = scene;
    }

    /// <summary>Draws a 3D scene where it, or its quality, differs from what was drawn last.</summary>
    public void Show(SpatialScene scene, bool isDraft)
    {
        if (scene.Equals(_drawn) && isDraft == _isDraft) return;
        renderer.Draw(scene, Fitting(scene.Size), isDraft);
        (_drawn, _isDraft) = (scene, isDraft);
    }

    /// <inheritdoc/>
    public void Dispose() => _target?.Dispose();

    private RenderTarget Fitting(ImageSize size)
    {
        if (_target?.Size == size) return _target;
        _target?.Dispose();
        return _target = renderer.CreateTarget(size);
    }
}
