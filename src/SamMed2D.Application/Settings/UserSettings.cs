namespace SamMed2D.Application.Settings;

/// <summary>What the program remembers of its user from one start to the next. Immutable.</summary>
public sealed record UserSettings
{
    /// <summary>The most files that are remembered.</summary>
    public const int MostRecentFiles = 12;

    /// <summary>Files and folders opened last, the newest first; full paths.</summary>
    public IReadOnlyList<string> RecentFiles { get; init; } = [];

    /// <summary>Folders of imported models.</summary>
    public IReadOnlyList<string> ModelFolders { get; init; } = [];

    /// <summary>The model to start with: an id of the catalog; empty for the bundled one.</summary>
    public string Model { get; init; } = "";

    /// <summary>How large text and controls are, 0.5 to 4; null follows the display.</summary>
    public double? Scale { get; init; }

    /// <summary>How opaque segments are filled in slices, 0 to 1.</summary>
    public double FillOpacity { get; init; } = 0.35;

    /// <summary>Whether segments are outlined in slices.</summary>
    public bool AreOutlinesShown { get; init; } = true;

    /// <summary>The brush's radius in millimetres.</summary>
    public double BrushRadiusMm { get; init; } = 6;

    /// <summary>The same settings with a file at the head of the recent ones.</summary>
    public UserSettings WithRecent(string path) => this with { RecentFiles = [.. RecentFiles.Where(p => p != path).Prepend(path).Take(MostRecentFiles)] };

    /// <summary>The same settings, with numbers moved into their ranges.</summary>
    internal UserSettings Repaired() => this with
    {
        RecentFiles = RecentFiles.Count <= MostRecentFiles ? RecentFiles : [.. RecentFiles.Take(MostRecentFiles)],
        Scale = Scale is { } scale && double.IsFinite(scale) ? Math.Clamp(scale, 0.5, 4) : null,
        FillOpacity = double.IsFinite(FillOpacity) ? Math.Clamp(FillOpacity, 0, 1) : 0.35,
        BrushRadiusMm = double.IsFinite(BrushRadiusMm) ? Math.Clamp(BrushRadiusMm, 0.1, 100) : 6,
    };
}
