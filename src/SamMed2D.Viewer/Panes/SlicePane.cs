using System.Globalization;
using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Application.Tools;
using SamMed2D.Application.Views;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panes;

/// <summary>A slice view: its slider on top, the picture beneath, and what lies over it.</summary>
internal sealed class SlicePane(Workspace workspace, SliceViewModel view, SceneRenderer renderer, OverlayPainter overlays) : IPointerTarget, IDisposable
{
    private readonly PaneTarget _target = new(renderer, workspace.Notices);
    private readonly PointerButtons _pointer = new();
    private readonly SliceSlider _slider = new(workspace, view);

    /// <summary>Draws the view into a box of the screen.</summary>
    public void Draw(Vector2 corner, Vector2 size, float scale)
    {
        float bar = PaneFrame.BarHeight(scale);
        PaneFrame.DrawBar(view.Id, corner, size.X, scale, TitleOf());
        _slider.Draw(corner + new Vector2(PaneFrame.TitleWidth(scale), 0), new(size.X - PaneFrame.TitleWidth(scale), bar), scale);
        Vector2 origin = corner + new Vector2(0, bar);
        ImageSize pixels = new(Math.Max((int)size.X, 1), Math.Max((int)(size.Y - bar), 1));
        view.Resize(pixels, scale);
        Ui.SetCursor(origin.X, origin.Y);
        Ui.Area($"##{view.Id}", pixels.Width, pixels.Height);
        if (Ui.IsItemHovered() && view.Frame is not null) PaneFrame.IsCrossWanted = workspace.Tools.Active.Id != "navigate";
        _pointer.Update(origin, this);
        Ui.PushClip(origin.X, origin.Y, origin.X + pixels.Width, origin.Y + pixels.Height);
        if (view.CreateScene() is { } scene)
        {
            _target.Show(scene);
            if (_target.Texture != 0) Ui.DrawImage(_target.Texture, origin.X, origin.Y, origin.X + pixels.Width, origin.Y + pixels.Height);
            overlays.Draw(view.CreateOverlay(), origin, scale);
        }
        else Ui.Fill(origin.X, origin.Y, origin.X + pixels.Width, origin.Y + pixels.Height, Theme.Rgb(0x0B0C0E));
        Ui.PopClip();
    }

    /// <inheritdoc/>
    public void Down(PointerInput input) => view.Mouse.Down(input);

    /// <inheritdoc/>
    public void Move(PointerInput input) => view.Mouse.Move(input);

    /// <inheritdoc/>
    public void Up(PointerInput input) => view.Mouse.Up(input);

    /// <inheritdoc/>
    public void DoubleClick(PointerInput input) => view.Mouse.DoubleClick(input);

    /// <inheritdoc/>
    public void Wheel(double notches, PointerInput input) => view.Mouse.Wheel(notches, input);

    /// <inheritdoc/>
    public void Leave() => view.Mouse.Leave();

    /// <summary>Keeps nothing of a scan.</summary>
    public void Forget() => _target.Forget();

    /// <inheritdoc/>
    public void Dispose() => _target.Dispose();

    private string TitleOf() => view.Frame is null ? ViewNames.TitleOf(view.Id)
        : view.IsOblique ? $"{ViewNames.TitleOf(view.Id)} oblique"
        : string.Create(CultureInfo.InvariantCulture, $"{ViewNames.TitleOf(view.Id)}  {view.Slice}/{view.SliceCount - 1}");
}
