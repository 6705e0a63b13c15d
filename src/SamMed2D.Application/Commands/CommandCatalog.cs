namespace SamMed2D.Application.Commands;

/// <summary>Puts all commands together.</summary>
internal static class CommandCatalog
{
    public static IEnumerable<Command> Create() =>
    [
        .. ScanCommands.Create(), .. ViewCommands.Create(), .. WindowCommands.Create(), .. SpatialCommands.Create(), .. SegmentCommands.Create(),
        .. ToolCommands.Create(), .. PromptCommands.Create(), .. EditCommands.Create(), .. PropagateCommands.Create(), .. MeasureCommands.Create(),
        .. ModelCommands.Create(), .. ProjectCommands.Create(), .. ApplicationCommands.Create(),
    ];

    /// <summary>The obstacle of commands that need a scan.</summary>
    public static string? NeedsScan(Workspace workspace) => workspace.Scans.Background is null ? "open a scan first" : null;

    /// <summary>The obstacle of commands that cannot come between a piece of work on the labels and its end.</summary>
    public static string? NeedsRest(Workspace workspace) =>
        workspace.Segments.Busy is { } busy ? $"wait until '{busy}' has ended, or stop it (Escape)"
        : workspace.Segments.Session is { IsAtRest: false } ? "end what is being drawn first, or drop it (Escape)" : null;

    /// <summary>The obstacle of commands that change labels, prompts or the history.</summary>
    public static string? NeedsFreeLabels(Workspace workspace) => workspace.Segments.Session is null ? "open a scan first" : NeedsRest(workspace);

    /// <summary>The obstacle of commands that mean a slice of the labels by a view's.</summary>
    public static string? NeedsLabelGrid(Workspace workspace) => workspace.SliceViews[0].LabelFrame is not null ? null
        : $"the views follow the slices of {workspace.Scans.Background!.Name}, and the labels belong to {workspace.Segments.Scan!.Name}; show that one behind ([ or ]) first";

    /// <summary>The obstacle of commands that change what the labels' slices hold.</summary>
    public static string? NeedsFreeSlices(Workspace workspace) => NeedsFreeLabels(workspace) ?? NeedsLabelGrid(workspace);

    /// <summary>The obstacle of commands about the segment in hand that change how it looks.</summary>
    public static string? NeedsSegment(Workspace workspace) =>
        workspace.Segments.Session is not { } session ? "open a scan first" : session.Segments.IsEmpty ? "add a segment first" : null;

    /// <summary>The obstacle of commands that change the segment in hand.</summary>
    public static string? NeedsFreeSegment(Workspace workspace) =>
        NeedsFreeLabels(workspace) ?? NeedsSegment(workspace) ?? (workspace.Segments.Active is null ? "take a segment in hand first" : null);

    /// <summary>The obstacle of commands that change the voxels of the segment in hand.</summary>
    public static string? NeedsEditableSegment(Workspace workspace) => NeedsFreeSegment(workspace)
        ?? (workspace.Segments.Active is not { IsProtected: true } segment ? null
            : segment.IsLocked ? $"'{segment.Name}' is locked; unlock it (L) to change it" : $"'{segment.Name}' is completed; set its status to in progress to change it");

    /// <summary>The obstacle of commands that change the segment in hand on slices that a view shows.</summary>
    public static string? NeedsEditableSlices(Workspace workspace) => NeedsFreeSlices(workspace) ?? NeedsEditableSegment(workspace);

    public static IReadOnlyList<KeyChord> Keys(params ReadOnlySpan<string> keys)
    {
        KeyChord[] chords = new KeyChord[keys.Length];
        for (int n = 0; n < keys.Length; n++) chords[n] = KeyChord.Parse(keys[n]);
        return chords;
    }
}
