using System.Numerics;
using SamMed2D.Application;
using SamMed2D.Application.Commands;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Dialogs;

/// <summary>The command palette: a few letters find a command, Enter runs it.</summary>
internal sealed class Palette(Workspace workspace)
{
    private const int MostShown = 12, Enter = 257, Down = 264, Up = 265;
    private string _typed = "";
    private int _chosen;
    private bool _wasOpen;

    /// <summary>Draws the palette where it is open.</summary>
    public void Draw(Vector2 size, float scale)
    {
        if (!workspace.IsPaletteOpen)
        {
            _wasOpen = false;
            return;
        }
        if (!_wasOpen) (_typed, _chosen) = ("", 0);
        float width = Math.Min(560 * scale, size.X - 40 * scale);
        Ui.PlaceNextWindow(size.X / 2, size.Y * 0.14f, width, 0, Condition.Always, 0.5f);
        Ui.BeginWindow("##palette", 0, WindowFlags.NoTitleBar | WindowFlags.NoResize | WindowFlags.NoMove | WindowFlags.NoSavedSettings | WindowFlags.AlwaysAutoResize);
        if (!_wasOpen) Ui.FocusNext();
        Ui.NextWidth(-1);
        string before = _typed;
        Ui.InputText("##typed", "Find a command", ref _typed);
        if (before != _typed) _chosen = 0;
        IReadOnlyList<Command> found = workspace.Commands.Search(_typed);
        int count = Math.Min(found.Count, MostShown);
        if (Ui.IsKeyPressed(Down)) _chosen++;
        if (Ui.IsKeyPressed(Up)) _chosen--;
        _chosen = count == 0 ? 0 : (_chosen + count) % count;
        for (int n = 0; n < count; n++) DrawRow(found[n], n == _chosen, width, scale);
        if (count == 0) Ui.Text("No command has these letters.");
        if (_wasOpen && Ui.IsKeyPressed(Enter) && count > 0) Run(found[_chosen]);
        if (_wasOpen && !Ui.IsWindowHovered(HoverFlags.RootAndChildWindows | HoverFlags.AllowWhenBlockedByActiveItem) && Ui.IsMouseClicked(0)) workspace.Commands.Invoke("app.palette");
        _wasOpen = true;
        Ui.EndWindow();
    }

    private void DrawRow(Command command, bool isChosen, float width, float scale)
    {
        string? obstacle = command.WhyNot(workspace);
        Ui.PushColor(ColorPart.Text, obstacle is null ? Theme.Text : Theme.TextFaint);
        if (Ui.Selectable($"{command.Title}##{command.Id}", isChosen ? 1 : 0)) Run(command);
        Ui.PopColor();
        string aside = obstacle ?? (command.Keys.Count > 0 ? command.Keys[0].ToString() : "");
        if (aside.Length == 0) return;
        Ui.PushFont(FontKind.Small);
        Ui.SameLine(width - Ui.TextWidth(aside) - 16 * scale);
        Ui.PushColor(ColorPart.Text, Theme.TextFaint);
        Ui.Text(aside);
        Ui.PopColor();
        Ui.PopFont();
    }

    private void Run(Command command)
    {
        if (workspace.IsPaletteOpen) workspace.Commands.Invoke("app.palette");
        workspace.Commands.Invoke(command.Id);
    }
}
