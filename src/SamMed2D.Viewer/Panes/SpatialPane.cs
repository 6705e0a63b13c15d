using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Application.Tools;
using SamMed2D.Application.Views;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panes;

/// <summary>The 3D view: preset and switches on top, the scene beneath.</summary>
internal sealed class SpatialPane(Workspace workspace, SceneRenderer renderer) : IPointerTarget, IDisposable
{
    private readonly PaneTarget _target = new(renderer, workspace.Notices);
    private readonly PointerButtons _pointer = new();

    /// <summary>Milliseconds until the picture should be drawn finely; null where it is fine.</summary>
    public long? RefinementDueIn => _target.RefinementDueIn;

    /// <summary>Draws the view into a box of the screen.</summary>
    /// <param name="corner">Its upper left corner.</param>
    /// <param name="size">Its size.</param>
    /// <param name="scale">The display's scale.</param>
    /// <param name="isFineAtOnce">Never coarse: for pictures that are kept.</param>
    public void Draw(Vector2 corner, Vector2 size, float scale, bool isFineAtOnce)
    {
        float bar = PaneFrame.BarHeight(scale);
        PaneFrame.DrawBar(ViewId.Spatial, corner, size.X, scale, "3D");
        DrawSwitches(corner, size.X, bar, scale);
        Vector2 origin = corner + new Vector2(0, bar);
        ImageSize pixels = new(Math.Max((int)size.X, 1), Math.Max((int)(size.Y - bar), 1));
        workspace.Spatial.Resize(pixels);
        Ui.SetCursor(origin.X, origin.Y);
        Ui.Area("##spatial", pixels.Width, pixels.Height);
        _pointer.Update(origin, this);
        Ui.PushClip(origin.X, origin.Y, origin.X + pixels.Width, origin.Y + pixels.Height);
        if (workspace.Spatial.CreateScene() is { } scene)
        {
            _target.Show(scene, workspace.Spatial.IsInteracting, isFineAtOnce);
            if (_target.Texture != 0) Ui.DrawImage(_target.Texture, origin.X, origin.Y, origin.X + pixels.Width, origin.Y + pixels.Height);
            DrawPath(origin, scale);
        }
        else Ui.Fill(origin.X, origin.Y, origin.X + pixels.Width, origin.Y + pixels.Height, Theme.Rgb(0x0B0C0E));
        Ui.PopClip();
    }

    /// <inheritdoc/>
    public void Down(PointerInput input) => workspace.SpatialPointer.Down(input);

    /// <inheritdoc/>
    public void Move(PointerInput input) => workspace.SpatialPointer.Move(input);

    /// <inheritdoc/>
    public void Up(PointerInput input) => workspace.SpatialPointer.Up(input);

    /// <inheritdoc/>
    public void DoubleClick(PointerInput input) => workspace.SpatialPointer.DoubleClick();

    /// <inheritdoc/>
    public void Wheel(double notches, PointerInput input) => workspace.SpatialPointer.Wheel(notches);

    /// <inheritdoc/>
    public void Leave()
    {
    }

    /// <summary>Keeps nothing of a scan.</summary>
    public void Forget() => _target.Forget();

    /// <inheritdoc/>
    public void Dispose() => _target.Dispose();

    private void DrawSwitches(Vector2 corner, float width, float bar, float scale)
    {
        if (workspace.Spatial.Camera is null) return;
        Ui.PushFont(FontKind.Small);
        Ui.PushStyle(StylePart.FramePadding, 6 * scale, 2 * scale);
        Ui.PushStyle(StylePart.ItemSpacing, 4 * scale, 4 * scale);
        Ui.SetCursor(corner.X + 44 * scale, corner.Y + MathF.Round((bar - Ui.FrameHeight()) / 2));
        Ui.NextWidth(MathF.Min(130 * scale, width * 0.3f));
        if (Ui.BeginCombo("##preset", workspace.Spatial.PresetName))
        {
            foreach (string name in SpatialViewModel.PresetNames)
                if (Ui.Selectable(name, name == workspace.Spatial.PresetName ? 1 : 0)) workspace.Commands.Invoke("3d.preset", new() { ["name"] = name });
            Ui.EndCombo();
        }
        Hints.OfItem("How the volume looks in 3D");
        Switch(Icons.Cube, workspace.Spatial.IsVolumeShown, "3d.toggle-volume");
        Switch(Icons.Drop, workspace.Spatial.AreSurfacesShown, "3d.toggle-surfaces");
        Switch(Icons.Image, workspace.Spatial.ShownSlices.Count > 0, "3d.toggle-slice");
        Switch(Icons.Home, false, "3d.from-anterior");
        Ui.PopStyle(2);
        Ui.PopFont();
    }

    private void Switch(string icon, bool isOn, string command)
    {
        Ui.SameLine();
        CommandButtons.Toggle(workspace, icon, command, isOn);
    }

    // What a tool draws in the view, such as the outline that scissors cut along.
    private void DrawPath(Vector2 origin, float scale)
    {
        IReadOnlyList<ViewPoint> path = workspace.SpatialPointer.Path;
        if (path.Count < 2) return;
        Vector2[] points = [.. path.Select(p => origin + new Vector2((float)p.X + 0.5f, (float)p.Y + 0.5f))];
        Ui.Polyline(points, points.Length, Theme.Warning, 1, 1.6f * scale);
    }
}
