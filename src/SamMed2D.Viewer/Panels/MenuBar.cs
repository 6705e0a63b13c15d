using System.Text.Json.Nodes;
using SamMed2D.Application;
using SamMed2D.Application.Commands;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panels;

/// <summary>The menus: every listed command is in one of them, the usual ones first.</summary>
internal sealed class MenuBar(Workspace workspace)
{
    // A line between groups is "-"; commands that do not exist are left out, those of a menu's groups that are not named here follow at its end.
    private static readonly Menu[] s_menus =
    [
        new("File", ["scan", "project", "labels"], ["scan.open", "scan.open-recent", "project.open", "-", "project.save", "project.save-as", "-", "labels.import", "labels.export", "-", "scan.close", "-", "app.screenshot"], ["app.quit"]),
        new("Edit", ["edit"], ["edit.undo", "edit.redo"], []),
        new("View", ["view", "window", "3d"], ["view.four-up", "view.side-by-side", "view.maximise", "-", "view.fit", "view.center", "view.toggle-crosshair", "view.interpolation"], []),
        new("Segment", ["segment", "prompt", "model"], ["propagate.run", "propagate.range", "propagate.next-review", "propagate.previous-review", "-", "prompt.accept", "prompt.reject", "prompt.next-candidate", "-", "segment.add"], []),
        new("Tools", ["tool", "measure"], [], []),
        new("Help", ["app"], ["app.keys", "app.palette"], []),
    ];

    /// <summary>Draws the bar; answers its height.</summary>
    public float Draw()
    {
        if (!Ui.BeginMainMenu()) return 0;
        float height = Ui.FrameHeight();
        foreach (Menu menu in s_menus)
        {
            IReadOnlyList<Command?> items = ItemsOf(menu);
            if (items.Count == 0 || !Ui.BeginMenu(menu.Title)) continue;
            foreach (Command? item in items) DrawItem(item);
            Ui.EndMenu();
        }
        Ui.EndMainMenu();
        return height;
    }

    private void DrawItem(Command? item)
    {
        if (item is null) Ui.Separator();
        else if (item.Id == "scan.open-recent") DrawRecent(item);
        else CommandButtons.MenuItem(workspace, item);
    }

    private void DrawRecent(Command item)
    {
        IReadOnlyList<string> recent = workspace.Settings.Current.RecentFiles;
        if (!Ui.BeginMenu(item.Title, recent.Count > 0 ? 1 : 0)) return;
        for (int n = 0; n < recent.Count; n++)
            if (Ui.MenuItem($"{Shorten(recent[n])}##{n}", null, 0, 1)) workspace.Commands.Invoke(item.Id, new JsonObject { ["number"] = n + 1 });
        Ui.EndMenu();
    }

    private static string Shorten(string path) => path.Length <= 64 ? path : $"…{path[^63..]}";

    private IReadOnlyList<Command?> ItemsOf(Menu menu)
    {
        List<Command?> items = [];
        HashSet<string> named = [.. s_menus.SelectMany(other => other.First.Concat(other.Last))];
        Add(menu.First);
        foreach (string group in menu.Groups)
        {
            string[] rest = [.. workspace.Commands.All.Where(command => command.Group == group && command.IsListed && !named.Contains(command.Id)).Select(command => command.Id)];
            if (rest.Length > 0) Add(["-", .. rest]);
        }
        if (menu.Last.Length > 0) Add(["-", .. menu.Last]);
        if (items.Count > 0 && items[^1] is null) items.RemoveAt(items.Count - 1);
        return items;

        void Add(IEnumerable<string> ids)
        {
            foreach (string id in ids)
            {
                if (id == "-" && items.Count > 0 && items[^1] is not null) items.Add(null);
                else if (workspace.Commands.Find(id) is { } command) items.Add(command);
            }
        }
    }

    private sealed record Menu(string Title, string[] Groups, string[] First, string[] Last);
}
