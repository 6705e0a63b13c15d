using SamMed2D.Application;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Prompting;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;
using SamMed2D.Viewer.Gui;
using SamMed2D.Viewer.Panes;
using SamMed2D.Viewer.Window;

namespace SamMed2D.Viewer;

/// <summary>Waits for something to happen, tells the workspace, draws a frame. While nothing happens, in the background neither, it sleeps.</summary>
internal sealed class ViewerLoop : IDisposable
{
    // Dear ImGui needs a frame or two to settle: what appears is laid out in the first and fits in the second.
    private const int SettlingFrames = 3;
    private const double JobPollSeconds = 0.02, IdleSeconds = 30;
    private const long JobFrameMilliseconds = 80;

    private readonly IViewerSurface _surface;
    private readonly Workspace _workspace;
    private readonly SceneRenderer _renderer;
    private readonly GuiFrames _gui;
    private readonly MainWindow _content;
    private readonly InputQueue _queue = new();
    private readonly List<InputEvent> _frame = [];
    private readonly float? _scale;
    private int _framesLeft = SettlingFrames;
    private long _lastFrame;
    private string _title = "";
    private IReadOnlyList<Volume> _open = [];
    private MaskPreview? _mask;

    /// <summary>Starts on a surface whose context is current.</summary>
    /// <param name="surface">What is drawn on; not owned.</param>
    /// <param name="workspace">What is shown; not owned.</param>
    /// <param name="scale">The scale to draw at; null follows the settings and the display.</param>
    public ViewerLoop(IViewerSurface surface, Workspace workspace, float? scale)
    {
        (_surface, _workspace, _scale) = (surface, workspace, scale);
        _renderer = new(surface);
        _gui = new(surface);
        _content = new(workspace, _renderer);
        workspace.Jobs.Posted += surface.Wake;
    }

    /// <summary>How long frames took.</summary>
    public FrameTimes Times { get; } = new();

    /// <summary>Runs until the user leaves.</summary>
    public void Run()
    {
        while (!_workspace.IsQuitRequested) Step(WaitSeconds());
    }

    /// <summary>Takes in what happens, waiting for it at most this long, and draws a frame where anything may look different.</summary>
    public void Step(double waitSeconds)
    {
        _surface.Wait(waitSeconds, _queue);
        Times.Begin();
        bool hasChanged = _workspace.Tick();
        _queue.TakeFrame(_frame);
        if (_frame.Count > 0 || hasChanged) _framesLeft = SettlingFrames;
        else if (!IsDue() && --_framesLeft < 0) return;
        DrawFrame(isFineAtOnce: false);
    }

    /// <summary>The window as a picture, everything fine and settled.</summary>
    public SliceImage Capture()
    {
        for (int n = 0; n < SettlingFrames; n++)
        {
            Times.Begin();
            _workspace.Tick();
            _frame.Clear();
            DrawFrame(isFineAtOnce: true);
        }
        return GuiFrames.Capture(_surface.Size);
    }

    /// <summary>On what OpenGL runs, and how many errors its driver told of, in one line.</summary>
    public string CheckOpenGl() => $"{_renderer.Device}: {(_surface.IsDebug ? "checked" : "not checked")}, {_renderer.ErrorCount} errors in {Times.Count} frames";

    /// <inheritdoc/>
    public void Dispose()
    {
        _workspace.Jobs.Posted -= _surface.Wake;
        _content.Dispose();
        _gui.Dispose();
        _renderer.Dispose();
    }

    private double WaitSeconds()
    {
        if (_queue.HasWaiting || _framesLeft > 0) return 0;
        double wait = _workspace.Jobs.Running.Count > 0 ? JobPollSeconds : IdleSeconds;
        return _content.DueIn is { } due ? Math.Min(wait, Math.Max(due, 1) / 1000.0) : wait;
    }

    // Without anything new: a hint or a finer picture may be due, or a progress bar moves.
    private bool IsDue() => _content.DueIn <= 0 || (!_workspace.Jobs.IsIdle && Environment.TickCount64 - _lastFrame >= JobFrameMilliseconds);

    private void DrawFrame(bool isFineAtOnce)
    {
        foreach (InputEvent happened in _frame) Handle(happened);
        ImageSize size = _surface.Size;
        float scale = _scale ?? (float)(_workspace.Settings.Current.Scale ?? _surface.Scale);
        _gui.Begin(size, scale, _frame, _frame.Count > 0 ? _queue.FrameTime : Environment.TickCount64);
        _content.Draw(size, scale, isFineAtOnce);
        GuiFrames.End(_surface.IsVisible);
        ShowCursor();
        ShowTitle();
        _surface.Present();
        foreach (string note in _renderer.TakeNotes()) _workspace.Notices.Add(new(Application.Notices.NoticeKind.Information, "Shown coarser", note));
        ReleaseClosed();
        _lastFrame = Environment.TickCount64;
        Times.End(_workspace.Scans.Background is not null);
        if (_workspace.Prompting.Preview is { } mask && mask != _mask) Times.AddMask(mask.Elapsed);
        _mask = _workspace.Prompting.Preview;
    }

    // A closed scan's memory goes back at once, the card's too: the collector would leave hundreds of megabytes until it finds them worth its while.
    private void ReleaseClosed()
    {
        int before = _open.Count;
        foreach (Volume volume in _open)
            if (!_workspace.Scans.All.Any(scan => scan.Volume == volume)) _renderer.Release(volume);
        _open = [.. _workspace.Scans.All.Select(scan => scan.Volume)];
        if (_open.Count < before) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }

    private void Handle(in InputEvent happened)
    {
        switch (happened.Kind)
        {
            case InputKind.Close:
                _workspace.Commands.Invoke("app.quit");
                break;
            case InputKind.Drop:
                foreach (string path in _surface.TakeDroppedFiles()) _workspace.Commands.Invoke("scan.open", new() { ["path"] = path });
                break;
            case InputKind.Key when happened.IsDown != 0 && KeyNames.Of(happened, _surface.KeyName(happened.Code)) is { } chord:
                if (!MainWindow.TakesKeys || IsForProgram(chord)) _workspace.Commands.Press(chord);
                break;
            default:
                break;
        }
    }

    // Keys that close lists and open the palette work while a field has the keyboard.
    private bool IsForProgram(KeyChord chord) =>
        (chord == new KeyChord("Escape") && (_workspace.IsPaletteOpen || _workspace.IsKeyListOpen || _workspace.SeriesChoice is not null)) || (_workspace.IsPaletteOpen && _workspace.Commands.Find(chord)?.Id == "app.palette");

    private void ShowCursor() => _surface.SetCursor(PaneFrame.IsCrossWanted ? CursorShape.Cross : Ui.GetMouseCursor() switch
    {
        MouseCursor.Text => CursorShape.Text,
        MouseCursor.Hand => CursorShape.Hand,
        MouseCursor.ResizeHorizontal => CursorShape.Horizontal,
        MouseCursor.ResizeVertical => CursorShape.Vertical,
        _ => CursorShape.Arrow,
    });

    private void ShowTitle()
    {
        string title = _workspace.Scans.Background is { } scan ? $"{scan.Name} – SamMed2D" : "SamMed2D";
        if (title != _title) _surface.SetTitle(_title = title);
    }
}
