using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>The panel on the right: the tool in hand, segments, scans, model.</summary>
internal sealed class SidePanel(Workspace workspace)
{
    private readonly ToolPanel _tool = new(workspace);
    private readonly SegmentPanel _segments = new(workspace);
    private readonly ScanPanel _scans = new(workspace);
    private readonly ModelPanel _model = new(workspace);

    /// <summary>Draws the panel into a box of the screen.</summary>
    public void Draw(Vector2 corner, Vector2 size, float scale)
    {
        Ui.Fill(corner.X, corner.Y, corner.X + size.X, corner.Y + size.Y, Theme.Panel);
        Ui.Line(corner.X, corner.Y, corner.X, corner.Y + size.Y, Theme.Line, 1);
        Ui.SetCursor(corner.X + 10 * scale, corner.Y + 8 * scale);
        Ui.BeginChild("##side", size.X - 14 * scale, size.Y - 12 * scale, 0, 0);
        if (Section("Tool")) _tool.Draw(scale);
        if (Section("Segments")) _segments.Draw(scale);
        if (Section("Scans")) _scans.Draw(scale);
        if (Section("Model", isOpen: false)) _model.Draw(scale);
        Ui.EndChild();
    }

    private static bool Section(string title, bool isOpen = true)
    {
        Ui.PushFont(FontKind.Strong);
        Ui.PushColor(ColorPart.Header, Theme.PanelRaised);
        Ui.PushColor(ColorPart.HeaderHovered, Theme.Rgb(0x2F353E));
        bool isShown = Ui.Header(title, isOpen ? HeaderFlags.DefaultOpen : 0);
        Ui.PopColor(2);
        Ui.PopFont();
        return isShown;
    }
}
