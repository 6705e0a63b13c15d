using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Scans;
using SamMed2D.Application.Tools;
using SamMed2D.Application.Views;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>The row below the menus: files, undo, tools, layout, window.</summary>
internal sealed class ToolBar(Workspace workspace)
{
    /// <summary>Draws the row into a box of the screen.</summary>
    public void Draw(Vector2 corner, Vector2 size, float scale)
    {
        float side = SideOf(size.X, scale), top = MathF.Round(corner.Y + (size.Y - side) / 2);
        Ui.SetCursor(corner.X + 8 * scale, top);
        Ui.PushStyle(StylePart.ItemSpacing, 2 * scale, 0);
        Ui.PushStyle(StylePart.FramePadding, 0, 0);
        Ui.PushFont(FontKind.Icons);
        Button(Icons.FolderOpen, "scan.open", side);
        Button(Icons.Save, "project.save", side);
        Line(scale, side);
        Button(Icons.Undo, "edit.undo", side);
        Button(Icons.Redo, "edit.redo", side);
        Line(scale, side);
        DrawTools(scale, side);
        Line(scale, side);
        Button(Icons.Forward, "propagate.run", side, workspace.Propagation.IsRunning);
        Ui.PopFont();
        Ui.PopStyle(2);
        DrawRight(corner, size, side, scale);
    }

    // A line between looking, prompting, editing, whole-segment work and measuring.
    private void DrawTools(float scale, float side)
    {
        foreach (Tool tool in workspace.Tools.All)
        {
            if (tool.Id is "box" or "paint" or "smoothing" or "ruler") Line(scale, side);
            Button(Icons.OfTool(tool.Id), $"tool.{tool.Id}", side, workspace.Tools.Active == tool && workspace.Scans.Background is not null);
        }
    }

    // Buttons give way so that the row fits the smallest window.
    private float SideOf(float width, float scale)
    {
        const int otherButtons = 5, lines = 7, gap = 2, lineWidth = 15, rightWidth = 300;
        float room = width / scale - rightWidth - lines * lineWidth;
        return MathF.Floor(Math.Clamp(room / (workspace.Tools.All.Count + otherButtons) - gap, 20, 32) * scale);
    }

    private void DrawRight(Vector2 corner, Vector2 size, float side, float scale)
    {
        float comboWidth = 168 * scale, width = comboWidth + 3 * (side + 2 * scale) + 24 * scale;
        Ui.SetCursor(corner.X + size.X - width, MathF.Round(corner.Y + (size.Y - Ui.FrameHeight()) / 2));
        DrawWindow(comboWidth);
        Ui.SetCursor(corner.X + size.X - width + comboWidth + 14 * scale, MathF.Round(corner.Y + (size.Y - side) / 2));
        Ui.PushStyle(StylePart.ItemSpacing, 2 * scale, 0);
        Ui.PushStyle(StylePart.FramePadding, 0, 0);
        Ui.PushFont(FontKind.Icons);
        Button(Icons.Grid, "view.four-up", side, workspace.Layout.Kind == LayoutKind.FourUp);
        Button(Icons.Columns, "view.side-by-side", side, workspace.Layout.Kind == LayoutKind.SideBySide);
        Button(Icons.Square, "view.maximise", side, workspace.Layout.Kind == LayoutKind.One);
        Ui.PopFont();
        Ui.PopStyle(2);
    }

    private void DrawWindow(float width)
    {
        if (workspace.Scans.Background is not { } scan) return;
        Ui.NextWidth(width);
        string shown = string.Create(CultureInfo.InvariantCulture, $"W {scan.Window.Width:0}  L {scan.Window.Level:0}");
        if (Ui.BeginCombo("##window", shown))
        {
            foreach (string name in ScanLayer.WindowNames)
                if (Ui.Selectable(name, name == scan.WindowName ? 1 : 0)) workspace.Commands.Invoke("window.preset", new JsonObject { ["name"] = name });
            Ui.EndCombo();
        }
        Hints.OfItem("Window and level", "drag with the right button", "The intensities shown as black and white. Dragging right widens, dragging up raises.");
    }

    private void Button(string icon, string command, float side, bool isOn = false)
    {
        if (workspace.Commands.Find(command) is null) return;
        CommandButtons.Toggle(workspace, icon, command, isOn, null, side, side);
        Ui.SameLine();
    }

    private static void Line(float scale, float side)
    {
        Ui.GetCursor(out Vector2 at);
        float x = MathF.Round(at.X + 6 * scale);
        Ui.Line(x, at.Y + 6 * scale, x, at.Y + side - 6 * scale, Theme.Line, 1);
        Ui.Dummy(13 * scale, side);
        Ui.SameLine();
    }
}
