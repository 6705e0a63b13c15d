using SamMed2D.Application.Scans;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>The intensities shown as black and white.</summary>
internal static class WindowCommands
{
    public static IEnumerable<Command> Create() =>
    [
        new("window.preset", "Window preset…", (w, a) => Preset(w, a.RequireText("name")))
        {
            Obstacle = NeedsScan, Parameters = [new("name", ParameterKind.Text, "a preset, or WIDTH,LEVEL") { IsRequired = true, Choices = ScanLayer.WindowNames }],
        },
        .. ScanLayer.WindowNames.Select((name, n) => new Command($"window.{name}", $"Window: {Title(name)}", w => Preset(w, name))
        {
            Obstacle = NeedsScan, Keys = n < 9 ? Keys($"Alt+{n + 1}") : [],
        }),
        new("window.set", "Set window…", (w, a) => Set(w, a.RequireNumber("width"), a.RequireNumber("level")))
        {
            Obstacle = NeedsScan,
            Parameters = [new("width", ParameterKind.Number, "from black to white") { IsRequired = true }, new("level", ParameterKind.Number, "the middle") { IsRequired = true }],
        },
    ];

    private static void Preset(Workspace w, string name)
    {
        if (w.Scans.Background!.SetWindow(name) is { } problem) throw new InvalidCommandException("window.preset", problem);
    }

    private static void Set(Workspace w, double width, double level)
    {
        if (!(width > 0)) throw new InvalidCommandException("window.set", $"a width of {width} shows nothing; give one above 0");
        w.Scans.Background!.SetWindow(IntensityWindow.FromWidthAndLevel(width, level));
    }

    private static string Title(string name) => name switch
    {
        "auto" => "automatic",
        "minmax" => "lowest to highest",
        _ => $"CT {name["ct-".Length..].Replace('-', ' ')}",
    };
}
