using System.Numerics;
using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>What is shown while no scan is open: how to open one, and those opened last.</summary>
internal sealed class StartPage(Workspace workspace)
{
    private const int MostRecent = 8;

    /// <summary>Draws the page into a box of the screen.</summary>
    public void Draw(Vector2 corner, Vector2 size, float scale)
    {
        Ui.Fill(corner.X, corner.Y, corner.X + size.X, corner.Y + size.Y, Theme.Background);
        IReadOnlyList<string> recent = workspace.Settings.Current.RecentFiles;
        float width = Math.Min(460 * scale, size.X - 40 * scale), height = (150 + 27 * Math.Min(recent.Count, MostRecent)) * scale;
        Ui.SetCursor(corner.X + MathF.Round((size.X - width) / 2), corner.Y + MathF.Round(Math.Max((size.Y - height) / 2.2f, 10)));
        Ui.BeginChild("##start", width, 0, 0, WindowFlags.NoBackground);
        Ui.PushFont(FontKind.Large);
        Ui.Text("Open a scan");
        Ui.PopFont();
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        Ui.Text("Drop files or a DICOM folder here, or choose one.");
        Ui.PopColor();
        Ui.Dummy(0, 6 * scale);
        Ui.PushColor(ColorPart.Button, Theme.Rgb(0x2F6FB5));
        Ui.PushColor(ColorPart.ButtonHovered, Theme.Rgb(0x3A7FC8));
        if (Ui.Button($"{Icons.FolderOpen}  Open…", 140 * scale, 34 * scale)) workspace.Commands.Invoke("scan.open");
        Ui.PopColor(2);
        if (recent.Count > 0)
        {
            Ui.Dummy(0, 12 * scale);
            Ui.PushFont(FontKind.Strong);
            Ui.Text("Recent");
            Ui.PopFont();
            for (int n = 0; n < Math.Min(recent.Count, MostRecent); n++) DrawRecent(recent[n], n, scale);
        }
        Ui.EndChild();
    }

    private void DrawRecent(string path, int number, float scale)
    {
        if (Ui.Selectable($"##{number}", 0, 0, 0, 22 * scale)) workspace.Commands.Invoke("scan.open-recent", new JsonObject { ["number"] = number + 1 });
        Hints.OfItem(path);
        Ui.GetItemBox(out Vector4 box);
        string name = Path.GetFileName(path.TrimEnd('/'));
        float top = MathF.Round((box.Y + box.W - Ui.LineHeight()) / 2);
        Ui.DrawText(box.X + 4 * scale, top, Theme.AccentStrong, Icons.File);
        Ui.DrawText(box.X + 26 * scale, top, Theme.Text, name);
        Ui.PushClip(box.X, box.Y, box.Z, box.W);
        Ui.DrawText(box.X + 38 * scale + Ui.TextWidth(name), top, Theme.TextFaint, Path.GetDirectoryName(path) ?? "");
        Ui.PopClip();
    }
}
