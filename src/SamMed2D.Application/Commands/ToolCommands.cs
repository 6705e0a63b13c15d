using SamMed2D.Application.Tools;
using SamMed2D.Core.Errors;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>Taking tools up, and their options.</summary>
internal static class ToolCommands
{
    public static IEnumerable<Command> Create() =>
    [
        .. ToolBox.Names.Select((tool, n) => new Command($"tool.{tool.Id}", tool.Title, w => w.Tools.TakeUp(tool.Id))
        {
            Help = tool.Help, Obstacle = NeedsScan, Keys = n == 0 ? [] : n <= 10 ? Keys($"{n % 10}") : n <= 20 ? Keys($"Shift+{(n - 10) % 10}") : [],
        }),
        new("tool.toggle", "Back to the tool before", w => w.Tools.Toggle()) { Keys = Keys("Space"), Obstacle = NeedsScan },
        new("tool.option", "Set tool option…", (w, a) => Set(w, a.RequireText("option"), a.RequireText("value")))
        {
            IsListed = false, Obstacle = NeedsScan,
            Parameters = [new("option", ParameterKind.Text, "the option's name") { IsRequired = true }, new("value", ParameterKind.Text, "its value, as words") { IsRequired = true }],
        },
    ];

    private static void Set(Workspace w, string option, string value)
    {
        ToolOption found = w.Tools.Active.Options.FirstOrDefault(o => o.Name == option)
            ?? throw new InvalidCommandException("tool.option", $"{w.Tools.Active.Title} has no option '{option}'; it has {string.Join(", ", w.Tools.Active.Options.Select(o => o.Name).DefaultIfEmpty("none"))}");
        if (found.Set(value) is { } problem) throw new InvalidCommandException("tool.option", $"'{option}': {problem}");
    }
}
