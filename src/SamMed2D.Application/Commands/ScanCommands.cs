using SamMed2D.Application.Scans;
using SamMed2D.Core.Errors;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>Opening, closing and arranging scans.</summary>
internal static class ScanCommands
{
    public static IReadOnlyList<string> Endings { get; } = [".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".dcm", ".sammed2d"];

    public static IEnumerable<Command> Create() =>
    [
        new("scan.open", "Open scan…", (w, a) => ScanOpening.Open(w, a.RequireText("path"), a.Text("series"), a.Integer("frame")))
        {
            Keys = Keys("Ctrl+O"),
            Help = "Opens a DICOM folder, a NIfTI, NRRD or MetaImage file, or a project",
            Parameters =
            [
                new("path", ParameterKind.OpenPath, "the file or folder") { IsRequired = true, Endings = Endings },
                new("series", ParameterKind.Text, "for DICOM, which series: its number or UID"),
                new("frame", ParameterKind.Integer, "for 4D files, which frame, from 0"),
            ],
        },
        new("scan.open-recent", "Open recent", (w, a) => OpenRecent(w, a.Integer("number") ?? 1))
        {
            Obstacle = w => w.Settings.Current.RecentFiles.Count == 0 ? "nothing was opened before" : null,
            Parameters = [new("number", ParameterKind.Integer, "1 for the last one opened") { Default = "1" }],
        },
        new("scan.dismiss-series", "Open none of the series", w => w.SeriesChoice = null)
        {
            IsListed = false,
            Obstacle = w => w.SeriesChoice is null ? "no list of series is open" : null,
        },
        new("scan.close", "Close scan", Close)
        {
            Keys = Keys("Ctrl+W"), Obstacle = w => NeedsScan(w) ?? NeedsFreeLabels(w),
            Parameters = [ScanParameter, UnsavedWork.Discard],
        },
        new("scan.frame", "Open another frame…", (w, a) => ScanOpening.OpenFrame(w, Scan(w, a) ?? w.Scans.Background!, a.Integer("frame")!.Value))
        {
            Obstacle = w => NeedsScan(w) ?? (w.Scans.Background!.Volume.Info.FrameCount < 2 ? "the scan has one frame only" : null), Help = "Opens another frame or phase of a 4D file beside the one in sight",
            Parameters = [new("frame", ParameterKind.Integer, "which of its frames, from 0") { IsRequired = true }, ScanParameter],
        },
        new("scan.background", "Show scan behind", (w, a) => ScanOpening.ShowBehind(w, Scan(w, a)!))
        {
            Obstacle = NeedsScan,
            IsListed = false,
            Parameters = [ScanParameter with { IsRequired = true }],
        },
        new("scan.foreground", "Show scan on top", (w, a) => w.Scans.ShowOnTop(Scan(w, a))) { Obstacle = NeedsScan, IsListed = false, Parameters = [ScanParameter] },
        new("scan.next-background", "Next scan behind", w => Cycle(w, +1, isBackground: true)) { Keys = Keys("]"), Obstacle = NeedsSecond },
        new("scan.previous-background", "Previous scan behind", w => Cycle(w, -1, isBackground: true)) { Keys = Keys("["), Obstacle = NeedsSecond },
        new("scan.next-foreground", "Next scan on top", w => Cycle(w, +1, isBackground: false)) { Keys = Keys("}"), Obstacle = NeedsSecond },
        new("scan.previous-foreground", "Previous scan on top", w => Cycle(w, -1, isBackground: false)) { Keys = Keys("{"), Obstacle = NeedsSecond },
        new("scan.toggle-foreground", "Show or hide the scan on top", w => w.Scans.ToggleForeground())
        {
            Keys = Keys("T"),
            Obstacle = w => w.Scans.Foreground is null ? "no scan is on top; open a second one" : null,
        },
        new("scan.opacity", "Opacity of the scan on top…", (w, a) => w.Scans.SetOpacity(a.RequireNumber("opacity")))
        {
            Obstacle = w => w.Scans.Foreground is null ? "no scan is on top; open a second one" : null,
            Parameters = [new("opacity", ParameterKind.Number, "0 to 1") { IsRequired = true, Default = "0.5" }],
        },
    ];

    private static CommandParameter ScanParameter => new("scan", ParameterKind.Integer, "the scan's number, from 1") { IsAsked = false };

    private static string? NeedsSecond(Workspace w) => w.Scans.All.Count < 2 ? "open a second scan first" : null;

    private static void OpenRecent(Workspace w, int number)
    {
        IReadOnlyList<string> recent = w.Settings.Current.RecentFiles;
        if (number < 1 || number > recent.Count) throw new InvalidCommandException("scan.open-recent", $"there are {recent.Count} recent files, and no number {number}");
        ScanOpening.Open(w, recent[number - 1], null, null);
    }

    private static void Close(Workspace w, CommandArguments a)
    {
        ScanLayer scan = Scan(w, a) ?? w.Scans.Background!;
        if (scan == w.Segments.Scan && UnsavedWork.Asks(w, a, "Close scan", "Close without saving", new() { ["scan"] = scan.Id })) return;
        ScanOpening.Close(w, scan);
    }

    private static ScanLayer? Scan(Workspace w, CommandArguments a) => a.Integer("scan") is not { } id ? null
        : w.Scans.Find(id) ?? throw new InvalidCommandException("scan", $"there is no scan {id}; open are {string.Join(", ", w.Scans.All.Select(s => $"{s.Id} ({s.Name})"))}");

    private static void Cycle(Workspace w, int step, bool isBackground)
    {
        if (isBackground) ScanOpening.ShowBehind(w, w.Scans.Next(w.Scans.Background, step)!);
        else
        {
            ScanLayer? next = w.Scans.Next(w.Scans.Foreground, step);
            w.Scans.ShowOnTop(next == w.Scans.Background ? w.Scans.Next(next, step) : next);
        }
    }
}
