using SamMed2D.Application.Prompting;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;
using SamMed2D.Segmentation.Session;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>Prompts on slices, and what becomes of the masks they bring.</summary>
internal static class PromptCommands
{
    private static CommandParameter View { get; } = new("view", ParameterKind.Text, "the slice view") { Choices = ["axial", "coronal", "sagittal"] };

    private static CommandParameter Slice { get; } = new("slice", ParameterKind.Integer, "the slice's number; the one in sight if none is given");

    private static CommandParameter Inside { get; } = new("inside", ParameterKind.Switch, "true on the object, false off it; true if not given");

    public static IEnumerable<Command> Create() =>
    [
        new("prompt.box", "Box prompt", Box)
        {
            IsListed = false, Obstacle = NeedsFreeSlices,
            Parameters = [View, Slice, new("box", ParameterKind.Positions, "left, top, right, bottom in slice pixels") { IsRequired = true }],
        },
        new("prompt.point", "Point prompt", Point)
        {
            IsListed = false, Obstacle = NeedsFreeSlices, Parameters = [View, Slice, new("at", ParameterKind.Positions, "column and row in slice pixels") { IsRequired = true }, Inside],
        },
        new("prompt.scribble", "Scribble prompt", Scribble)
        {
            IsListed = false, Obstacle = NeedsFreeSlices, Parameters = [View, Slice, new("path", ParameterKind.Positions, "columns and rows in slice pixels") { IsRequired = true }, Inside],
        },
        new("prompt.lasso", "Lasso prompt", Lasso)
        {
            IsListed = false, Obstacle = NeedsFreeSlices, Parameters = [View, Slice, new("path", ParameterKind.Positions, "columns and rows in slice pixels") { IsRequired = true }],
        },
        new("prompt.accept", "Accept mask", w => w.Prompting.Accept()) { Keys = Keys("A", "Enter"), Obstacle = w => NeedsFreeLabels(w) ?? NeedsMask(w), Help = "Writes the offered mask into the segment" },
        new("prompt.reject", "Drop mask and prompts", w => w.Prompting.Reject())
        {
            Keys = Keys("X", "Delete"), Obstacle = w => NeedsFreeLabels(w) ?? (w.Prompting.Preview is null && w.Prompting.Live is null ? "there is no prompt on this slice" : null),
        },
        new("prompt.next-candidate", "Next mask", w => w.Prompting.NextCandidate()) { Keys = Keys("C"), Obstacle = NeedsMask, Help = "Shows another of the model's masks" },
    ];

    private static string? NeedsMask(Workspace w) => w.Prompting.Preview is null ? w.Prompting.IsWaiting ? "the model is still at work" : "there is no mask; draw a prompt first" : null;

    private static void Box(Workspace w, CommandArguments a)
    {
        double[] box = a.Position("box", 4)!;
        Change(w, a, there => there with { Box = new(box[0], box[1], box[2], box[3]) });
    }

    private static void Point(Workspace w, CommandArguments a)
    {
        double[] at = a.Position("at", 2)!;
        Change(w, a, there => there with { Points = [.. there.Points, new(at[0], at[1], a.Switch("inside") ?? true)] });
    }

    private static void Scribble(Workspace w, CommandArguments a)
    {
        IReadOnlyList<PromptPoint> points = PromptStrokes.ToPoints([.. a.Positions("path", 2).Select(p => new ViewPoint(p[0], p[1]))], a.Switch("inside") ?? true);
        if (points.Count == 0) throw new InvalidCommandException("prompt.scribble", "the path is empty; give one position or more");
        Change(w, a, there => there with { Points = PromptStrokes.Join(there.Points, points) });
    }

    private static void Lasso(Workspace w, CommandArguments a)
    {
        (SegmentationSession session, ushort label, int slice) = w.Prompting.RequireTarget(ViewCommands.Of(w, a), a.Integer("slice"));
        SessionSegment segment = session.Find(label)!;
        PromptSet prompts = PromptStrokes.ToMask([.. a.Positions("path", 2).Select(p => new ViewPoint(p[0], p[1]))], new(session.Geometry, segment.Axis))
            ?? throw new InvalidCommandException("prompt.lasso", "the path encloses no pixel; draw around the object");
        w.Prompting.SetLive(new(label, segment.Axis, slice, prompts));
    }

    private static void Change(Workspace w, CommandArguments a, Func<PromptSet, PromptSet> change)
    {
        (SegmentationSession session, ushort label, int slice) = w.Prompting.RequireTarget(ViewCommands.Of(w, a), a.Integer("slice"));
        SessionSlice on = session.Find(label)!.OnSlice(slice);
        w.Prompting.SetLive(null);
        using SessionStep step = session.BeginStep($"Prompt {session.Find(label)!.Name}");
        if (on.IsAccepted) session.SetAccepted(label, slice, false);
        session.SetPrompts(label, slice, change(on.Prompts));
        step.Commit();
    }
}
