using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Application.Views;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;
using SamMed2D.Viewer.Dialogs;
using SamMed2D.Viewer.Gui;
using SamMed2D.Viewer.Panels;
using SamMed2D.Viewer.Panes;

namespace SamMed2D.Viewer;

/// <summary>Everything in the window: menus, tool bar, views, side panel, status, dialogs. A function of the workspace.</summary>
internal sealed class MainWindow : IDisposable
{
    private readonly Workspace _workspace;
    private readonly OverlayPainter _overlays = new();
    private readonly SlicePane[] _slices;
    private readonly SpatialPane _space;
    private readonly MenuBar _menus;
    private readonly ToolBar _tools;
    private readonly SidePanel _side;
    private readonly StatusBar _status;
    private readonly NoticePanel _notices;
    private readonly StartPage _start;
    private readonly CommandForm _form;
    private readonly SeriesDialog _series;
    private readonly KeyList _keys;
    private readonly Palette _palette;

    /// <summary>Makes the window's content.</summary>
    public MainWindow(Workspace workspace, SceneRenderer renderer)
    {
        _workspace = workspace;
        _slices = [.. workspace.SliceViews.Select(view => new SlicePane(workspace, view, renderer, _overlays))];
        _space = new(workspace, renderer);
        (_menus, _tools, _side, _status, _notices, _start) = (new(workspace), new(workspace), new(workspace), new(workspace), new(workspace), new(workspace));
        (_form, _series, _keys, _palette) = (new(workspace), new(workspace), new(workspace), new(workspace));
    }

    /// <summary>Milliseconds until it should be drawn again though nothing happens; null for never.</summary>
    public long? DueIn => Hints.DueIn is { } hint ? Math.Min(hint, _space.RefinementDueIn ?? hint) : _space.RefinementDueIn;

    /// <summary>True while keys belong to a dialog or a field.</summary>
    public static bool TakesKeys => Ui.WantsText() || DialogFrame.IsAnyOpen;

    /// <summary>Draws a frame.</summary>
    /// <param name="size">The window's size.</param>
    /// <param name="scale">The display's scale.</param>
    /// <param name="isFineAtOnce">No coarse pictures: for pictures that are kept.</param>
    public void Draw(ImageSize size, float scale, bool isFineAtOnce)
    {
        Hints.BeginFrame();
        PaneFrame.IsCrossWanted = false;
        Vector2 screen = new(size.Width, size.Height);
        float top = _menus.Draw(), tools = MathF.Round(44 * scale), status = MathF.Round(26 * scale), side = MathF.Round(Math.Clamp(size.Width * 0.24f, 292 * scale, 340 * scale));
        Vector2 area = new(size.Width - side, size.Height - top - tools - status);
        Begin("##main", new(0, top), screen - new Vector2(0, top));
        Ui.Fill(0, top, screen.X, top + tools, Theme.Panel);
        Ui.Line(0, top + tools - 1, screen.X, top + tools - 1, Theme.Line, 1);
        _tools.Draw(new(0, top), new(screen.X, tools), scale);
        if (_workspace.Scans.Background is null) Forget();
        if (_workspace.Scans.Background is null && _workspace.Jobs.IsIdle) _start.Draw(new(0, top + tools), area, scale);
        else DrawViews(new(0, top + tools), area, scale, isFineAtOnce);
        _status.Draw(new(0, screen.Y - status), new(screen.X, status), scale);
        _side.Draw(new(screen.X - side, top + tools), new(side, screen.Y - top - tools - status), scale);
        Ui.EndWindow();
        _notices.Draw(new(area.X - 12 * scale, screen.Y - status - 12 * scale), scale);
        _keys.Draw(screen, scale);
        _palette.Draw(screen, scale);
        _series.Draw(screen, scale);
        _form.Draw(screen, scale);
        DialogFrame.FinishFrame();
        _overlays.EndFrame();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SlicePane pane in _slices) pane.Dispose();
        _space.Dispose();
        _overlays.Dispose();
        _series.Dispose();
    }

    private void Forget()
    {
        foreach (SlicePane pane in _slices) pane.Forget();
        _space.Forget();
    }

    private static void Begin(string name, Vector2 corner, Vector2 size)
    {
        Ui.PlaceNextWindow(corner.X, corner.Y, size.X, size.Y);
        Ui.PushStyle(StylePart.WindowPadding, 0, 0);
        Ui.PushStyle(StylePart.WindowRounding, 0);
        Ui.PushStyle(StylePart.WindowBorderSize, 0);
        // The frame is cleared to the background; filling it once more would cost milliseconds where the processor draws.
        Ui.BeginWindow(name, 0, WindowFlags.NoBackground | WindowFlags.Fixed | WindowFlags.NoScrollbar | WindowFlags.NoScrollWithMouse);
        Ui.PopStyle(3);
    }

    private void DrawViews(Vector2 corner, Vector2 area, float scale, bool isFineAtOnce)
    {
        foreach (ViewCell cell in _workspace.Layout.Arrange((int)area.X, (int)area.Y, (int)MathF.Round(2 * scale)))
        {
            Vector2 at = corner + new Vector2(cell.X, cell.Y), size = new(cell.Width, cell.Height);
            if (cell.View == ViewId.Spatial) _space.Draw(at, size, scale, isFineAtOnce);
            else _slices[(int)cell.View].Draw(at, size, scale);
        }
    }
}
