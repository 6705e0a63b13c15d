using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Commands;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer;

/// <summary>Buttons and menu items that run commands: greyed out with the reason where they cannot run, with their keys in the hint.</summary>
internal static class CommandButtons
{
    /// <summary>A button with an icon; nothing where there is no such command.</summary>
    public static void Icon(Workspace workspace, string icon, string id, JsonObject? arguments = null, float width = 0) => Toggle(workspace, icon, id, isOn: false, arguments, width);

    /// <summary>A button with an icon that is lit while something is on.</summary>
    public static void Toggle(Workspace workspace, string icon, string id, bool isOn, JsonObject? arguments = null, float width = 0, float height = 0)
    {
        if (workspace.Commands.Find(id) is not { } command) return;
        string? obstacle = command.WhyNot(workspace);
        Ui.PushColor(ColorPart.Button, isOn ? Theme.AccentSoft : 0);
        Ui.PushColor(ColorPart.Text, isOn ? Theme.AccentStrong : Theme.Text);
        Ui.BeginDisabled(obstacle is null ? 0 : 1);
        if (Ui.Button($"{icon}##{id}{arguments?.ToJsonString()}", width, height)) workspace.Commands.Invoke(id, Copy(arguments));
        Ui.EndDisabled();
        Ui.PopColor(2);
        Explain(command, obstacle);
    }

    /// <summary>A button with words.</summary>
    public static bool Words(Workspace workspace, string words, string id, JsonObject? arguments = null, float width = 0)
    {
        if (workspace.Commands.Find(id) is not { } command) return false;
        string? obstacle = command.WhyNot(workspace);
        Ui.BeginDisabled(obstacle is null ? 0 : 1);
        bool isPressed = Ui.Button($"{words}##{id}", width);
        if (isPressed) workspace.Commands.Invoke(id, Copy(arguments));
        Ui.EndDisabled();
        Explain(command, obstacle);
        return isPressed;
    }

    /// <summary>An item of a menu.</summary>
    public static void MenuItem(Workspace workspace, Command command, string icon = "")
    {
        string? obstacle = command.WhyNot(workspace);
        if (Ui.MenuItem($"{icon}{command.Title}##{command.Id}", command.Keys.Count > 0 ? command.Keys[0].ToString() : null, 0, obstacle is null ? 1 : 0)) workspace.Commands.Invoke(command.Id);
        if (obstacle is not null || command.Help.Length > 0) Hints.OfItem(command.Title, "", obstacle is null ? command.Help : $"Not now: {obstacle}.");
    }

    private static void Explain(Command command, string? obstacle) =>
        Hints.OfItem(command.Title, string.Join(" or ", command.Keys.Select(key => key.ToString())), obstacle is null ? command.Help : $"Not now: {obstacle}.");

    private static JsonObject? Copy(JsonObject? arguments) => arguments?.DeepClone().AsObject();
}
