using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Application.Commands;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Dialogs;

/// <summary>The list of keys, by group, in two columns.</summary>
internal sealed class KeyList(Workspace workspace)
{
    private static readonly (string Keys, string What)[] s_mouse =
    [
        ("Wheel", "Scroll through slices"), ("Ctrl + wheel", "Zoom about the pointer"), ("Shift + wheel", "Size of the brush"), ("Middle drag", "Move the picture"), ("Right drag", "Window and level"),
        ("Shift + move", "Crosshair in all views"), ("Double click", "One view alone, or all"), ("Drag in 3D", "Turn; middle moves, right zooms"),
    ];

    /// <summary>Draws the list where it is open.</summary>
    public void Draw(Vector2 size, float scale)
    {
        if (!workspace.IsKeyListOpen) return;
        float width = Math.Min(860 * scale, size.X - 40 * scale), height = Math.Min(620 * scale, size.Y - 60 * scale);
        Ui.PlaceNextWindow(size.X / 2, size.Y / 2, width, height, Condition.Always, 0.5f, 0.5f);
        Ui.BeginWindow("##keys", 0, WindowFlags.NoTitleBar | WindowFlags.NoResize | WindowFlags.NoMove | WindowFlags.NoCollapse | WindowFlags.NoSavedSettings);
        Ui.PushFont(FontKind.Large);
        Ui.Text("Keys");
        Ui.PopFont();
        Ui.SameLine(width - 44 * scale);
        Ui.PushColor(ColorPart.Button, 0);
        if (Ui.Button($"{Icons.Times}##close")) workspace.Commands.Invoke("app.keys");
        Ui.PopColor();
        Ui.BeginChild("list", 0, 0, 0, 0);
        if (Ui.BeginTable("columns", 2, TableFlags.StretchColumns))
        {
            Ui.NextRow();
            Ui.NextColumn();
            Heading("Mouse");
            foreach ((string keys, string what) in s_mouse) Row(keys, what, scale);
            IGrouping<string, Command>[] groups = [.. workspace.Commands.All.Where(command => command.Keys.Count > 0).GroupBy(command => command.Group)];
            int total = groups.Sum(group => group.Count() + 2) + s_mouse.Length + 2, placed = s_mouse.Length + 2;
            bool isSecond = false;
            foreach (IGrouping<string, Command> group in groups)
            {
                if (!isSecond && placed >= total / 2)
                {
                    Ui.NextColumn();
                    isSecond = true;
                }
                Heading(TitleOf(group.Key));
                foreach (Command command in group) Row(string.Join("  ", command.Keys.Select(key => key.ToString())), command.Title, scale);
                placed += group.Count() + 2;
            }
            Ui.EndTable();
        }
        Ui.EndChild();
        Ui.EndWindow();
    }

    private static string TitleOf(string group) => group switch { "3d" => "3D view", "app" => "Program", _ => char.ToUpperInvariant(group[0]) + group[1..] };

    private static void Heading(string title)
    {
        Ui.Spacing();
        Ui.PushFont(FontKind.Strong);
        Ui.PushColor(ColorPart.Text, Theme.AccentStrong);
        Ui.Text(title);
        Ui.PopColor();
        Ui.PopFont();
    }

    private static void Row(string keys, string what, float scale)
    {
        Ui.GetCursor(out Vector2 at);
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        Ui.Text(keys);
        Ui.PopColor();
        Ui.SetCursor(at.X + 150 * scale, at.Y);
        Ui.Text(what.TrimEnd('…'));
    }
}
