using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>The program itself: help, palette, leaving.</summary>
internal static class ApplicationCommands
{
    public static IEnumerable<Command> Create() =>
    [
        new("app.keys", "List of keys", w => w.IsKeyListOpen = !w.IsKeyListOpen) { Keys = Keys("?", "F1") },
        new("app.palette", "Find a command…", w => w.IsPaletteOpen = !w.IsPaletteOpen) { Keys = Keys("Ctrl+K", "Ctrl+Shift+P") },
        new("app.cancel", "Stop what is under way", Cancel) { Keys = Keys("Escape"), Help = "Closes an open list, drops a drawing, stops work in the background, puts the tool away" },
        new("app.close-notices", "Close all notices", w => w.Notices.Clear()) { Obstacle = w => w.Notices.Open.Count == 0 ? "no notice is open" : null },
        new("app.scale", "Size of text and controls…", (w, a) => w.Settings.Change(s => s with { Scale = a.Number("scale") }))
        {
            Parameters = [new("scale", ParameterKind.Number, "0.5 to 4; nothing follows the display")],
        },
        new("app.quit", "Quit", Quit) { Keys = Keys("Ctrl+Q"), Parameters = [UnsavedWork.Discard, new("stop", ParameterKind.Switch, "true stops work that is under way")] },
    ];

    private static void Quit(Workspace w, CommandArguments a)
    {
        if (w.Segments.Busy is { } busy && a.Switch("stop") != true)
        {
            w.Notices.Add(new(Notices.NoticeKind.Warning, "Quit", $"'{busy}' is still under way.") { Choices = [new("Stop it and quit", "app.quit", new() { ["stop"] = true })] });
            return;
        }
        if (UnsavedWork.Asks(w, a, "Quit", "Quit without saving")) return;
        w.Autosave.Leave(isWanted: false);
        w.IsQuitRequested = true;
    }

    private static void Cancel(Workspace w)
    {
        if (w.IsPaletteOpen || w.IsKeyListOpen) (w.IsPaletteOpen, w.IsKeyListOpen) = (false, false);
        else if (w.Request is not null) w.Dismiss();
        else if (w.SeriesChoice is not null) w.SeriesChoice = null;
        else if (w.Tools.Active.Cancel()) return;
        else if (w.Propagation.Forget()) return;
        else if (!w.Jobs.IsIdle)
            foreach (Jobs.Job job in w.Jobs.Running.Where(job => !job.IsQuiet)) job.Cancel();
        else w.Tools.TakeUp("navigate");
    }
}
