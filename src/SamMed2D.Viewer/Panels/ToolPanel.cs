using System.Globalization;
using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Tools;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>The tool in hand: what it does, what can be set, and its buttons.</summary>
internal sealed class ToolPanel(Workspace workspace)
{
    private readonly MaskPanel _mask = new(workspace);

    /// <summary>Draws the panel where the cursor is.</summary>
    public void Draw(float scale)
    {
        Tool tool = workspace.Tools.Active;
        Ui.PushFont(FontKind.Strong);
        Ui.Text($"{Icons.OfTool(tool.Id)}  {tool.Title}");
        Ui.PopFont();
        Ui.PushFont(FontKind.Small);
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        Ui.Wrapped(tool.Help);
        Ui.PopColor();
        Ui.PopFont();
        foreach (ToolOption option in tool.Options) DrawOption(option, scale);
        _mask.Draw(scale);
        DrawActions(tool, scale);
        Ui.Dummy(0, 4 * scale);
    }

    private void DrawOption(ToolOption option, float scale)
    {
        if (option.Kind == OptionKind.Switch)
        {
            bool isOn = option.Value == "true";
            if (Ui.Checkbox($"{option.Title}##{option.Name}", ref isOn)) Set(option, isOn ? "true" : "false");
            return;
        }
        Ui.PushFont(FontKind.Small);
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        Ui.Text(option.Title);
        Ui.PopColor();
        Ui.PopFont();
        Ui.NextWidth(-1);
        if (option.Kind == OptionKind.Number)
        {
            float value = (float)option.Number;
            string format = option.Max - option.Min >= 200 ? "%.0f" : option.Max - option.Min > 20 ? "%.1f" : "%.2f";
            if (Ui.Slider($"##{option.Name}", ref value, (float)option.Min, (float)option.Max, format, option.IsLogarithmic ? SliderFlags.Clamped | SliderFlags.Logarithmic : SliderFlags.Clamped))
                Set(option, value.ToString("R", CultureInfo.InvariantCulture));
        }
        else if (Ui.BeginCombo($"##{option.Name}", option.Value))
        {
            foreach (string choice in option.Choices)
                if (Ui.Selectable(choice, choice == option.Value ? 1 : 0)) Set(option, choice);
            Ui.EndCombo();
        }
        Ui.Dummy(0, scale);
    }

    private void Set(ToolOption option, string value) => workspace.Commands.Invoke("tool.option", new JsonObject { ["option"] = option.Name, ["value"] = value });

    private void DrawActions(Tool tool, float scale)
    {
        Ui.GetAvailable(out System.Numerics.Vector2 room);
        float used = 0;
        foreach (string action in tool.Actions)
        {
            if (workspace.Commands.Find(action) is not { } command) continue;
            string title = command.Title.TrimEnd('…');
            float width = Ui.TextWidth(title) + 18 * scale;
            if (used > 0 && used + width + 6 * scale <= room.X) Ui.SameLine(0, 6 * scale);
            else used = 0;
            CommandButtons.Words(workspace, title, action);
            used += width + 6 * scale;
        }
    }
}
