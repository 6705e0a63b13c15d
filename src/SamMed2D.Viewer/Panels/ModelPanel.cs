using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Models;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>The model in use, where it comes from, under which licence and on what it runs; and others to choose.</summary>
internal sealed class ModelPanel(Workspace workspace)
{
    /// <summary>Draws the panel where the cursor is.</summary>
    public void Draw(float scale)
    {
        Ui.NextWidth(-1);
        if (Ui.BeginCombo("##model", workspace.Model.Entry?.Name ?? "none"))
        {
            foreach (ModelEntry entry in workspace.Model.Entries)
            {
                Ui.PushColor(ColorPart.Text, entry.Problem is null ? Theme.Text : Theme.TextFaint);
                if (Ui.Selectable($"{entry.Name}##{entry.Id}", entry == workspace.Model.Entry ? 1 : 0) && entry != workspace.Model.Entry)
                    workspace.Commands.Invoke("model.choose", new JsonObject { ["id"] = entry.Id });
                Ui.PopColor();
                Hints.OfItem(entry.Name, "", entry.Problem ?? $"{entry.Licence}. {entry.Provenance}");
            }
            Ui.EndCombo();
        }
        if (workspace.Model.Entry is not { } chosen) return;
        Ui.PushFont(FontKind.Small);
        Row("Licence", chosen.Licence);
        Row("Origin", chosen.Provenance);
        if (chosen.Precision.Length > 0) Row("Kind", chosen.Precision);
        Row("Runs on", workspace.Model.Description?.Device ?? (workspace.Model.Problem is { } problem ? problem : "not loaded yet"));
        Row("Sees", $"window {workspace.ModelWindowName}");
        if (workspace.Prompting.EncodedAhead is { } ahead) Row("Ready", ahead.Done < ahead.Total ? $"{ahead.Done} of {ahead.Total} slices, nearest first" : $"{ahead.Total} slices");
        Ui.PopFont();
        Ui.Dummy(0, scale);
        CommandButtons.Words(workspace, "Add…", "model.add-folder");
        Ui.SameLine();
        CommandButtons.Words(workspace, "Window…", "model.window");
    }

    private static void Row(string name, string value)
    {
        Ui.PushColor(ColorPart.Text, Theme.TextFaint);
        Ui.Text(name);
        Ui.PopColor();
        Ui.SameLine(Ui.LineHeight() * 4.4f);
        Ui.PushColor(ColorPart.Text, Theme.TextSoft);
        Ui.Wrapped(value);
        Ui.PopColor();
    }
}
