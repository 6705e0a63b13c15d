using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Scans;
using SamMed2D.Core.Geometry;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>The open scans: which is behind, which on top and how strongly, and what each is.</summary>
internal sealed class ScanPanel(Workspace workspace)
{
    /// <summary>Draws the panel where the cursor is.</summary>
    public void Draw(float scale)
    {
        if (workspace.Scans.All.Count == 0)
        {
            Ui.PushColor(ColorPart.Text, Theme.TextFaint);
            Ui.Text("No scan is open.");
            Ui.PopColor();
            return;
        }
        foreach (ScanLayer scan in workspace.Scans.All.ToArray()) DrawScan(scan, scale);
        if (workspace.Scans.Foreground is null) return;
        Ui.PushFont(FontKind.Small);
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        Ui.Text("Opacity of the scan on top");
        Ui.PopColor();
        Ui.PopFont();
        float opacity = (float)workspace.Scans.ForegroundOpacity;
        Ui.NextWidth(-1);
        if (Ui.Slider("##opacity", ref opacity, 0, 1, "%.2f")) workspace.Commands.Invoke("scan.opacity", new JsonObject { ["opacity"] = opacity });
    }

    private void DrawScan(ScanLayer scan, float scale)
    {
        bool isBehind = scan == workspace.Scans.Background, isOnTop = scan == workspace.Scans.Foreground;
        Ui.PushId(scan.Id);
        Ui.GetAvailable(out Vector2 room);
        float button = Ui.FrameHeight();
        Ui.AlignText();
        Ui.PushFont(isBehind ? FontKind.Strong : FontKind.Regular);
        Ui.GetCursor(out Vector2 at);
        Ui.PushClip(at.X, at.Y, at.X + room.X - 3 * (button + 2 * scale), at.Y + button);
        Ui.Text(Hints.Fit(scan.Name, room.X - 3 * (button + 2 * scale)));
        Ui.PopClip();
        Ui.PopFont();
        Hints.OfItem(scan.Path);
        Ui.PushStyle(StylePart.FramePadding, 0, 0);
        Ui.SetCursor(at.X + room.X - 3 * button - 4 * scale, at.Y);
        CommandButtons.Toggle(workspace, Icons.Image, "scan.background", isBehind, Of(scan), button, button);
        Ui.SameLine(0, 2 * scale);
        CommandButtons.Toggle(workspace, Icons.Layers, "scan.foreground", isOnTop, isOnTop ? [] : Of(scan), button, button);
        Ui.SameLine(0, 2 * scale);
        CommandButtons.Toggle(workspace, Icons.Times, "scan.close", false, Of(scan), button, button);
        Ui.PopStyle();
        Ui.PushFont(FontKind.Small);
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        VolumeGeometry grid = scan.Volume.Geometry;
        Ui.Text(string.Create(CultureInfo.InvariantCulture,
            $"{scan.Volume.Info.Modality}  {grid.SizeI} × {grid.SizeJ} × {grid.SizeK},  {grid.SpacingMm(SliceAxis.I):0.##} × {grid.SpacingMm(SliceAxis.J):0.##} × {grid.SpacingMm(SliceAxis.K):0.##} mm").Trim());
        Ui.PopColor();
        Ui.PopFont();
        Ui.PopId();
    }

    private static JsonObject Of(ScanLayer scan) => new() { ["scan"] = scan.Id };
}
