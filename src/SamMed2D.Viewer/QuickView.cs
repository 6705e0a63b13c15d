using System.Numerics;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Shots;
using SamMed2D.Viewer.Gui;
using SamMed2D.Viewer.Panes;
using SamMed2D.Viewer.Window;

namespace SamMed2D.Viewer;

/// <summary>Four panes of one scan; the wheel scrolls.</summary>
internal sealed class QuickView : IDisposable
{
    private readonly IViewerSurface _surface;
    private readonly SceneRenderer _renderer;
    private readonly GuiFrames _gui;
    private readonly ShotStudio _studio;
    private readonly PaneTarget[] _targets;
    private readonly int[] _slices;

    public QuickView(IViewerSurface surface, Volume volume)
    {
        (_surface, _renderer, _gui, _studio) = (surface, new(surface), new(surface), new(volume));
        _targets = [new(_renderer), new(_renderer), new(_renderer), new(_renderer)];
        _slices = [.. Enum.GetValues<SlicePlane>().Select(plane => _studio.SliceCount(plane) / 2)];
    }

    public void Run()
    {
        InputQueue queue = new();
        List<InputEvent> frame = [];
        int framesLeft = 3;
        while (true)
        {
            _surface.Wait(queue.HasWaiting || framesLeft > 0 ? 0 : 10, queue);
            queue.TakeFrame(frame);
            if (frame.Exists(happened => happened.Kind == InputKind.Close)) return;
            framesLeft = frame.Count > 0 ? 3 : framesLeft - 1;
            if (framesLeft < 0) continue;
            ImageSize size = _surface.Size;
            _gui.Begin(size, _surface.Scale, frame);
            Draw(size);
            GuiFrames.End(isDrawn: true);
            _surface.Present();
        }
    }

    public void Dispose()
    {
        foreach (PaneTarget target in _targets) target.Dispose();
        _gui.Dispose();
        _renderer.Dispose();
    }

    private void Draw(ImageSize size)
    {
        Ui.PlaceNextWindow(0, 0, size.Width, size.Height);
        Ui.PushStyle(StylePart.WindowPadding, 0, 0);
        Ui.BeginWindow("views", 0, WindowFlags.Fixed);
        Ui.PopStyle();
        ImageSize half = new(size.Width / 2 - 1, size.Height / 2 - 1);
        for (int n = 0; n < 4; n++) Pane(n, (n & 1) * (half.Width + 2), (n >> 1) * (half.Height + 2), half);
        Ui.EndWindow();
    }

    private void Pane(int number, int x, int y, ImageSize size)
    {
        if (number == 1) _targets[1].Show(_studio.Space(size), isDraft: true);
        else
        {
            SlicePlane plane = (SlicePlane)Math.Max(number - 1, 0);
            _targets[number].Show(_studio.Slice(plane, _slices[(int)plane], size));
        }
        Ui.SetCursor(x, y);
        Ui.Image(_targets[number].Texture, size.Width, size.Height);
        if (!Ui.IsItemHovered() || number == 1) return;
        Ui.GetWheel(out Vector2 wheel);
        ref int slice = ref _slices[Math.Max(number - 1, 0)];
        slice = Math.Clamp(slice + (int)wheel.Y, 0, _studio.SliceCount((SlicePlane)Math.Max(number - 1, 0)) - 1);
    }
}
