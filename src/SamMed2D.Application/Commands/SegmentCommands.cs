using SamMed2D.Application.Segments;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Session;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>The list of segments.</summary>
internal static class SegmentCommands
{
    private static CommandParameter Segment { get; } = new("segment", ParameterKind.Text, "its name or label; the one in hand if none is given");

    public static IEnumerable<Command> Create() =>
    [
        new("segment.add", "Add segment…", Add)
        {
            Keys = Keys("N"), Obstacle = NeedsFreeLabels,
            Parameters = [new("name", ParameterKind.Text, "its name; standard anatomical names bring their colour") { IsRequired = true }, new("color", ParameterKind.Text, "as #rrggbb")],
        },
        new("segment.remove", "Remove segment", (w, a) => Session(w).RemoveSegment(Label(w, a))) { Obstacle = NeedsFreeSegment, Parameters = [Segment] },
        new("segment.rename", "Rename segment…", Rename)
        {
            Keys = Keys("F2"), Obstacle = NeedsSegment, Parameters = [new("name", ParameterKind.Text, "its new name") { IsRequired = true }, Segment],
        },
        new("segment.color", "Colour segment…", (w, a) => Session(w).SetColor(Label(w, a), Color(a.RequireText("color"))))
        {
            Obstacle = NeedsSegment, Parameters = [new("color", ParameterKind.Text, "as #rrggbb") { IsRequired = true }, Segment],
        },
        new("segment.select", "Take segment in hand…", (w, a) => w.Segments.Select(Label(w, a))) { Obstacle = NeedsSegment, Parameters = [Segment with { IsRequired = true }] },
        new("segment.next", "Next segment", w => w.Segments.SelectNext(+1)) { Keys = Keys("W"), Obstacle = NeedsSegment },
        new("segment.previous", "Previous segment", w => w.Segments.SelectNext(-1)) { Keys = Keys("Q"), Obstacle = NeedsSegment },
        new("segment.toggle-visible", "Show or hide segment", (w, a) => Session(w).SetVisible(Label(w, a), !Require(w, a).IsVisible)) { Keys = Keys("H"), Obstacle = NeedsSegment, Parameters = [Segment] },
        new("segment.toggle-all", "Show or hide all segments", w => w.Segments.AreShown = !w.Segments.AreShown) { Keys = Keys("G"), Obstacle = NeedsScan },
        new("segment.opacity", "Opacity of segment…", (w, a) => Session(w).SetOpacity(Label(w, a), a.RequireNumber("opacity")))
        {
            Obstacle = NeedsSegment, Parameters = [new("opacity", ParameterKind.Number, "0 to 1") { IsRequired = true, Default = "1" }, Segment],
        },
        new("segment.toggle-lock", "Lock or unlock segment", (w, a) => Session(w).SetLocked(Label(w, a), !Require(w, a).IsLocked)) { Keys = Keys("L"), Obstacle = NeedsFreeSegment, Parameters = [Segment] },
        new("segment.status", "Status of segment…", (w, a) => Session(w).SetStatus(Label(w, a), a.Choice<SegmentStatus>("status")!.Value))
        {
            Obstacle = NeedsFreeSegment,
            Parameters = [new("status", ParameterKind.Text, "how far it is") { IsRequired = true, Choices = [.. Enum.GetValues<SegmentStatus>().Select(Words.Of)] }, Segment],
        },
        new("segment.move", "Move segment in the list…", (w, a) => Session(w).MoveSegment(Label(w, a), a.Integer("position")!.Value))
        {
            IsListed = false, Obstacle = NeedsFreeSegment, Parameters = [new("position", ParameterKind.Integer, "its new place, from 0") { IsRequired = true }, Segment],
        },
        new("segment.go-to", "Go to segment", GoTo) { Keys = Keys("Shift+W"), Obstacle = NeedsSegment, Help = "Moves the crosshair into the middle of the segment", Parameters = [Segment] },
        new("segment.statistics", "Statistics of segments", w => w.Statistics.Compute()) { Obstacle = NeedsFreeLabels, Help = "Volume, intensities and surface of every segment" },
        new("segment.accept-slice", "Accept or reopen slice", AcceptSlice) { Keys = Keys("Shift+A"), Obstacle = w => NeedsFreeSlices(w) ?? NeedsFreeSegment(w), Help = "An accepted slice stays as it is in later propagation" },
    ];

    /// <summary>The segment that a command means: by name or label, or the one in hand.</summary>
    public static SessionSegment Require(Workspace w, CommandArguments a)
    {
        SegmentationSession session = Session(w);
        if (a.Text("segment") is not { } text) return w.Segments.Active ?? throw new InvalidCommandException("segment", "no segment is in hand; take one first");
        return session.Segments.FirstOrDefault(s => s.Name == text) ?? (ushort.TryParse(text, out ushort label) ? session.Find(label) : null)
            ?? throw new InvalidCommandException("segment", $"there is no segment '{text}'; there are {string.Join(", ", session.Segments.Select(s => s.Name))}");
    }

    private static ushort Label(Workspace w, CommandArguments a) => Require(w, a).Label;

    private static SegmentationSession Session(Workspace w) => w.Segments.Session!;

    private static void Add(Workspace w, CommandArguments a)
    {
        string name = a.RequireText("name").Trim();
        RgbColor? color = a.Text("color") is { } text ? Color(text) : AnatomyTerm.Find(name)?.Color;
        w.Segments.Select(Session(w).AddSegment(name, color));
    }

    private static void Rename(Workspace w, CommandArguments a)
    {
        SessionSegment segment = Require(w, a);
        string name = a.RequireText("name").Trim();
        using SessionStep step = Session(w).BeginStep($"Rename {segment.Name}");
        // A standard name brings its colour, unless the user chose one.
        bool hasUsualColor = segment.Segment.Color == RgbColor.ForLabel(segment.Label) || segment.Segment.Color == AnatomyTerm.Find(segment.Name)?.Color;
        Session(w).Rename(segment.Label, name);
        if (hasUsualColor && AnatomyTerm.Find(name) is { } term) Session(w).SetColor(segment.Label, term.Color);
        step.Commit();
    }

    private static RgbColor Color(string text) =>
        RgbColor.TryParse(text, out RgbColor color) ? color : throw new InvalidCommandException("segment.color", $"'{text}' is no colour; write it as #rrggbb");

    private static void GoTo(Workspace w, CommandArguments a)
    {
        SessionSegment segment = Require(w, a);
        Core.Geometry.VoxelBox box = Session(w).GetBounds(segment.Label);
        if (box.IsEmpty) throw new InvalidCommandException("segment.go-to", $"'{segment.Name}' is empty");
        w.MoveCrosshair(w.Segments.Session!.Geometry.IndexToRas.IndexToRas(new((box.I0 + box.I1 - 1) / 2.0, (box.J0 + box.J1 - 1) / 2.0, (box.K0 + box.K1 - 1) / 2.0)));
    }

    private static void AcceptSlice(Workspace w)
    {
        SessionSegment segment = w.Segments.Active!;
        Views.SliceViewModel view = w.SliceViews.FirstOrDefault(v => v.Frame!.Axis == segment.Axis)!;
        Session(w).SetAccepted(segment.Label, view.Slice, !segment.OnSlice(view.Slice).IsAccepted);
    }
}
