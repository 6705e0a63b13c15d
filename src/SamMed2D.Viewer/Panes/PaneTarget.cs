using SamMed2D.Application.Notices;
using SamMed2D.Core.Errors;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Viewer.Panes;

/// <summary>The picture of one view on the card; drawn anew only when its scene has changed.</summary>
internal sealed class PaneTarget(SceneRenderer renderer, NoticeBoard notices) : IDisposable
{
    private const long RestMilliseconds = 140;

    private RenderTarget? _target;
    private object? _drawn;
    private long _drawnAt;
    private bool _isDraft, _isFailed;

    /// <summary>The texture that a panel shows; 0 where the last scene could not be drawn.</summary>
    public uint Texture => _isFailed ? 0 : _target?.TextureHandle ?? 0;

    /// <summary>Milliseconds until a coarse picture should be drawn finely; null where the picture is fine.</summary>
    public long? RefinementDueIn => _isDraft ? Math.Max(_drawnAt + RestMilliseconds - Environment.TickCount64, 0) : null;

    /// <summary>Draws a slice where it differs from what was drawn last.</summary>
    public void Show(SliceScene scene)
    {
        if (scene.Equals(_drawn)) return;
        Draw(() => renderer.Draw(scene, Fitting(scene.Size)));
        _drawn = scene;
    }

    /// <summary>Draws a 3D scene where it differs from what was drawn last: coarsely at first, finely once it rests.</summary>
    /// <param name="scene">What to show.</param>
    /// <param name="isMoving">True while the user turns or moves it.</param>
    /// <param name="isFineAtOnce">Never coarse: for pictures that are kept.</param>
    public void Show(SpatialScene scene, bool isMoving, bool isFineAtOnce)
    {
        bool isNew = !scene.Equals(_drawn);
        bool isDraft = !isFineAtOnce && scene.Volume is not null && (isNew || isMoving || RefinementDueIn > 0);
        if (!isNew && isDraft == _isDraft) return;
        Draw(() => renderer.Draw(scene, Fitting(scene.Size), isDraft));
        (_drawn, _isDraft, _drawnAt) = (scene, isDraft, Environment.TickCount64);
    }

    /// <summary>Keeps nothing of what was drawn last: its scan may have been closed.</summary>
    public void Forget() => (_drawn, _isDraft) = (null, false);

    /// <inheritdoc/>
    public void Dispose() => _target?.Dispose();

    // A scene that cannot be drawn, since it has no room on the card, leaves its pane empty and the program running.
    private void Draw(Action draw)
    {
        try
        {
            draw();
            _isFailed = false;
        }
        catch (SamMed2DException failure)
        {
            _isFailed = true;
            notices.Add("Drawing", failure);
        }
    }

    private RenderTarget Fitting(ImageSize size)
    {
        if (_target?.Size == size) return _target;
        _target?.Dispose();
        _target = null;
        return _target = renderer.CreateTarget(size);
    }
}
