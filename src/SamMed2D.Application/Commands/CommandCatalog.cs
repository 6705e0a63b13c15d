namespace SamMed2D.Application.Commands;

/// <summary>Puts all commands together.</summary>
internal static class CommandCatalog
{
    public static IEnumerable<Command> Create() =>
    [
        .. ScanCommands.Create(), .. ViewCommands.Create(), .. WindowCommands.Create(), .. SpatialCommands.Create(), .. ToolCommands.Create(), .. ApplicationCommands.Create(),
    ];

    /// <summary>The obstacle of commands that need a scan.</summary>
    public static string? NeedsScan(Workspace workspace) => workspace.Scans.Background is null ? "open a scan first" : null;

    public static IReadOnlyList<KeyChord> Keys(params ReadOnlySpan<string> keys)
    {
        KeyChord[] chords = new KeyChord[keys.Length];
        for (int n = 0; n < keys.Length; n++) chords[n] = KeyChord.Parse(keys[n]);
        return chords;
    }
}
