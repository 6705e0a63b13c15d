using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Commands;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Dialogs;

/// <summary>Asks for what a command needs: a field for each parameter, a file browser for a path.</summary>
internal sealed class CommandForm(Workspace workspace)
{
    private const int Escape = 256;
    private readonly Dictionary<string, string> _values = [];
    private CommandRequest? _shown;
    private FileBrowser? _browser;
    private CommandParameter? _path;
    private bool _isNew;

    /// <summary>Draws the form where a command waits.</summary>
    public void Draw(Vector2 size, float scale)
    {
        if (workspace.Request is not { } request)
        {
            _shown = null;
            return;
        }
        if (request != _shown) Start(request);
        CommandParameter[] fields = [.. request.Command.Parameters.Where(parameter => parameter != _path && IsTyped(parameter)).OrderByDescending(parameter => parameter.IsRequired)];
        Vector2 wanted = _browser is null ? new(440 * scale, (130 + 62 * fields.Length) * scale) : new(820 * scale, 560 * scale);
        if (!DialogFrame.Begin(request.Command.Title.TrimEnd('…'), size, wanted, scale)) return;
        bool isDone = false;
        Ui.GetAvailable(out Vector2 room);
        float foot = Ui.FrameHeight() + 12 * scale;
        if (_browser is not null) isDone |= _browser.Draw(room.Y - foot, workspace.Settings.Current.RecentFiles, scale);
        else
        {
            Ui.BeginChild("fields", 0, room.Y - foot, 0, 0);
            foreach (CommandParameter field in fields) isDone |= DrawField(field, scale);
            Ui.EndChild();
        }
        _isNew = false;
        DrawButtons(ref isDone, scale);
        if (isDone) Finish(request);
        else if (Ui.IsKeyPressed(Escape)) workspace.Dismiss();
        DialogFrame.End();
    }

    private static bool IsTyped(CommandParameter parameter) => parameter.IsAsked && parameter.Kind != ParameterKind.Positions;

    private void Start(CommandRequest request)
    {
        (_shown, _isNew) = (request, true);
        _values.Clear();
        foreach (CommandParameter parameter in request.Command.Parameters) _values[parameter.Name] = request.Known[parameter.Name]?.ToString() ?? parameter.Default;
        _path = request.Command.Parameters.FirstOrDefault(parameter => parameter.Kind is ParameterKind.OpenPath or ParameterKind.SavePath);
        if (_path is null)
        {
            _browser = null;
            return;
        }
        string start = _values[_path.Name] is { Length: > 0 } known ? known : workspace.Settings.Current.RecentFiles is [var last, ..] ? Path.GetDirectoryName(last) ?? "" : "";
        bool isSaving = _path.Kind == ParameterKind.SavePath;
        if (isSaving && _values[_path.Name].Length == 0) start = Path.Combine(start, SuggestedName(_path));
        _browser = new(start, isSaving, _path.Endings);
    }

    private string SuggestedName(CommandParameter parameter)
    {
        string scan = workspace.Scans.Background?.Name ?? "scan";
        foreach (string ending in (ReadOnlySpan<string>)[".nii.gz", ".nii", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm"])
            if (scan.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) scan = scan[..^ending.Length];
        string ending0 = parameter.Endings.Count > 0 ? parameter.Endings[0] : "";
        return ending0 is ".png" ? $"{scan}.png" : $"{scan}-labels{ending0}";
    }

    private bool DrawField(CommandParameter field, float scale)
    {
        string value = _values[field.Name];
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        Ui.Text(field.IsRequired ? Capital(field.Help) : $"{Capital(field.Help)} (optional)");
        Ui.PopColor();
        bool isDone = false;
        Ui.NextWidth(-1);
        if (field.Choices.Count > 0)
        {
            if (Ui.BeginCombo($"##{field.Name}", value.Length > 0 ? value : "-"))
            {
                foreach (string choice in field.Choices)
                    if (Ui.Selectable(choice, choice == value ? 1 : 0)) value = choice;
                Ui.EndCombo();
            }
        }
        else if (field.Kind == ParameterKind.Switch)
        {
            bool isOn = value == "true";
            if (Ui.Checkbox($"{field.Name}##{field.Name}", ref isOn)) value = isOn ? "true" : "false";
        }
        else
        {
            if (_isNew && field == _shown!.Command.Parameters.First(parameter => IsTyped(parameter) && parameter.Choices.Count == 0 && parameter.Kind != ParameterKind.Switch)) Ui.FocusNext();
            isDone = Ui.InputText($"##{field.Name}", "", ref value, InputTextFlags.EnterReturnsTrue | InputTextFlags.AutoSelectAll);
        }
        _values[field.Name] = value;
        Ui.Dummy(0, 4 * scale);
        return isDone;
    }

    private void DrawButtons(ref bool isDone, float scale)
    {
        float width = 110 * scale;
        Ui.GetAvailable(out Vector2 room);
        Ui.GetCursor(out Vector2 at);
        Ui.SetCursor(at.X + room.X - 2 * width - 8 * scale, at.Y + room.Y - Ui.FrameHeight());
        if (Ui.Button("Cancel", width)) workspace.Dismiss();
        Ui.SameLine();
        string verb = _browser is null ? "OK" : _path!.Kind == ParameterKind.SavePath ? "Save" : "Open";
        Ui.BeginDisabled(_browser is { Chosen.Length: 0 } ? 1 : 0);
        Ui.PushColor(ColorPart.Button, Theme.Rgb(0x2F6FB5));
        Ui.PushColor(ColorPart.ButtonHovered, Theme.Rgb(0x3A7FC8));
        isDone |= Ui.Button(verb, width);
        Ui.PopColor(2);
        Ui.EndDisabled();
    }

    private void Finish(CommandRequest request)
    {
        JsonObject arguments = request.Known.DeepClone().AsObject();
        if (_path is not null) _values[_path.Name] = _browser!.Chosen;
        foreach (CommandParameter parameter in request.Command.Parameters.Where(IsTyped))
        {
            string value = _values[parameter.Name].Trim();
            if (value.Length == 0) continue;
            arguments[parameter.Name] = parameter.Kind switch
            {
                ParameterKind.Number or ParameterKind.Integer when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) => number,
                ParameterKind.Switch => value == "true",
                _ => value,
            };
        }
        workspace.Answer(arguments);
    }

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
