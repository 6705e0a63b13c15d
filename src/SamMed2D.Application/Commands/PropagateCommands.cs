using SamMed2D.Application.Segments;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Session;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>Carrying masks from slice to slice, and looking at what came of it.</summary>
internal static class PropagateCommands
{
    public static IEnumerable<Command> Create() =>
    [
        new("propagate.run", "Propagate", Run)
        {
            Keys = Keys("P"), Obstacle = NeedsEditableSegment, Help = "Carries the segment from its prompted and drawn slices to the others; only what is new is done anew",
            Parameters =
            [
                new("first", ParameterKind.Integer, "the lowest slice that may be touched"), new("last", ParameterKind.Integer, "the highest slice that may be touched"),
                new("all", ParameterKind.Switch, "true for all segments with something new"), new("anew", ParameterKind.Switch, "true makes everything between accepted slices anew"),
            ],
        },
        new("propagate.range", "Range of propagation…", Range)
        {
            Obstacle = NeedsFreeSegment, Help = "The slices that propagation may touch; nothing for as far as the object goes",
            Parameters = [new("first", ParameterKind.Integer, "the lowest slice"), new("last", ParameterKind.Integer, "the highest slice")],
        },
        new("propagate.follow", "Follow propagation or stay", w => w.Propagation.IsFollowed = !w.Propagation.IsFollowed) { Obstacle = NeedsScan, Help = "Whether the view shows each slice as it is done" },
        new("propagate.next-review", "Next slice that deserves a look", w => Review(w, +1)) { Keys = Keys("."), Obstacle = w => NeedsSegment(w) ?? NeedsLabelGrid(w) },
        new("propagate.previous-review", "Previous slice that deserves a look", w => Review(w, -1)) { Keys = Keys(","), Obstacle = w => NeedsSegment(w) ?? NeedsLabelGrid(w) },
    ];

    private static void Run(Workspace w, CommandArguments a)
    {
        SegmentationSession session = w.Segments.Session!;
        ushort[] labels = a.Switch("all") == true
            ? [.. session.Segments.Where(s => !s.IsProtected && s.Slices.Values.Any(on => on.News != SliceNews.None)).Select(s => s.Label)]
            : [w.Segments.ActiveLabel!.Value];
        w.Propagation.Start(labels, RangeOf(w, a) ?? w.Propagation.Range, a.Switch("anew") == true);
    }

    private static void Range(Workspace w, CommandArguments a) => w.Propagation.Range = RangeOf(w, a);

    private static SliceRange? RangeOf(Workspace w, CommandArguments a)
    {
        int last = w.Segments.Session!.Geometry.Size(w.Segments.Active!.Axis) - 1;
        if (!a.Has("first") && !a.Has("last")) return null;
        SliceRange range = new(a.Integer("first") ?? 0, a.Integer("last") ?? last);
        return range.First >= 0 && range.Last <= last && range.First <= range.Last ? range
            : throw new InvalidCommandException("propagate", $"the range {range} does not lie within slices 0 to {last}");
    }

    private static void Review(Workspace w, int step)
    {
        SessionSegment segment = w.Segments.Active!;
        SliceViewModel view = w.SliceViews.First(v => v.Frame!.Axis == segment.Axis);
        if (ConfidenceStrip.NextReview(segment, view.Slice, step) is not { } slice)
        {
            w.Status = $"No slice of {segment.Name} asks for a look";
            return;
        }
        view.ShowSlice(slice);
        w.FollowSlice(view);
    }
}
