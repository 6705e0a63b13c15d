using SamMed2D.Application.Segments;
using SamMed2D.Application.Tools;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Scene;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Session;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>Edits by hand, and the one history.</summary>
internal static class EditCommands
{
    private static CommandParameter View { get; } = new("view", ParameterKind.Text, "the slice view") { Choices = ["axial", "coronal", "sagittal"] };

    private static CommandParameter Slice { get; } = new("slice", ParameterKind.Integer, "the slice's number; the one in sight if none is given");

    private static CommandParameter Path { get; } = new("path", ParameterKind.Positions, "columns and rows in slice pixels") { IsRequired = true };

    public static IEnumerable<Command> Create() =>
    [
        new("edit.undo", "Undo", w => w.Segments.Session!.Undo())
        {
            Keys = Keys("Z", "Ctrl+Z"), Obstacle = w => NeedsFreeLabels(w) ?? (w.Segments.Session!.CanUndo ? null : "there is nothing to undo"),
        },
        new("edit.redo", "Redo", w => w.Segments.Session!.Redo())
        {
            Keys = Keys("Y", "Ctrl+Y", "Ctrl+Shift+Z"), Obstacle = w => NeedsFreeLabels(w) ?? (w.Segments.Session!.CanRedo ? null : "there is nothing to do again"),
        },
        new("edit.paint", "Paint", Paint)
        {
            IsListed = false, Obstacle = NeedsEditableSlices,
            Parameters =
            [
                View, Slice, Path, new("radius", ParameterKind.Number, "millimetres"), new("ball", ParameterKind.Switch, "through neighbouring slices"),
                new("erase", ParameterKind.Switch, "true to erase"),
            ],
        },
        new("edit.brush-larger", "Larger brush", w => (w.Tools.Active as IBrush)?.Resize(1.2)) { Keys = Keys("="), Obstacle = NeedsBrush },
        new("edit.brush-smaller", "Smaller brush", w => (w.Tools.Active as IBrush)?.Resize(1 / 1.2)) { Keys = Keys("-"), Obstacle = NeedsBrush },
        new("edit.scissors", "Cut on slices", Scissor)
        {
            IsListed = false, Obstacle = NeedsEditableSlices,
            Parameters = [View, Slice, Path, new("mode", ParameterKind.Text, "erase-inside, erase-outside or fill-inside"), new("depth", ParameterKind.Text, "slice or all")],
        },
        new("edit.scissors-3d", "Cut in 3D", ScissorInSpace)
        {
            IsListed = false, Obstacle = NeedsEditableSegment,
            Parameters =
            [
                Path with { Help = "columns and rows in view pixels" }, new("camera", ParameterKind.Positions, "eye, target and upward direction: nine numbers"),
                new("size", ParameterKind.Positions, "the view's width and height"), new("mode", ParameterKind.Text, "erase-inside, erase-outside or fill-inside"),
            ],
        },
        new("edit.threshold", "Apply threshold", ApplyThreshold)
        {
            Obstacle = NeedsEditableSegment, Help = "Gives the segment all voxels between two intensities",
            Parameters = [new("low", ParameterKind.Number, "lowest intensity"), new("high", ParameterKind.Number, "highest intensity"), new("add", ParameterKind.Switch, "true keeps what is there")],
        },
        new("edit.limit-to-threshold", "Edit only between the thresholds", LimitToThreshold)
        {
            Keys = Keys("I"), Obstacle = NeedsFreeLabels, Help = "Edits and propagation touch only voxels in the intensity range; again takes that back",
            Parameters = [new("low", ParameterKind.Number, "lowest intensity"), new("high", ParameterKind.Number, "highest intensity")],
        },
        new("edit.draw-over", "What may be drawn over…", (w, a) => w.Segments.Session!.Rules = w.Segments.Session.Rules with { Over = a.Choice<DrawOver>("what")!.Value })
        {
            Obstacle = NeedsFreeLabels,
            Parameters = [new("what", ParameterKind.Text, "which voxels edits may change") { IsRequired = true, Choices = ["unlocked", "visible", "empty"] }],
        },
        new("edit.keep-largest-island", "Keep largest island", w => Islands(w, "Keep largest island", pieces => pieces.Largest())) { Obstacle = NeedsEditableSegment },
        new("edit.remove-small-islands", "Remove small islands", (w, a) => RemoveSmall(w, a.Integer("voxels") ?? w.Tools.Settings.SmallIslandVoxels))
        {
            Obstacle = NeedsEditableSegment, Parameters = [new("voxels", ParameterKind.Integer, "islands of fewer voxels go")],
        },
        new("edit.island", "Keep or remove an island", Island)
        {
            IsListed = false, Obstacle = NeedsEditableSegment,
            Parameters = [new("at", ParameterKind.Positions, "a voxel of it: three indices") { IsRequired = true }, new("keep", ParameterKind.Switch, "true keeps it alone, false removes it")],
        },
        new("edit.smooth", "Smooth segment", Smooth)
        {
            Obstacle = NeedsEditableSegment,
            Parameters = [new("method", ParameterKind.Text, "median, open, close or joint"), new("mm", ParameterKind.Number, "how far it reaches, in millimetres")],
        },
        new("edit.margin", "Grow or shrink segment", Margin)
        {
            Obstacle = NeedsEditableSegment, Parameters = [new("mm", ParameterKind.Number, "millimetres; negative shrinks")],
        },
        new("edit.hollow", "Hollow segment", Hollow)
        {
            Obstacle = NeedsEditableSegment, Parameters = [new("mm", ParameterKind.Number, "the shell's thickness in millimetres")],
        },
        new("edit.fill-between", "Fill between slices", FillBetweenSlices) { Obstacle = NeedsEditableSegment },
        new("edit.grow", "Grow from seeds", Grow)
        {
            Obstacle = w => NeedsFreeLabels(w) ?? (EditableInSight(w).Length < 2 ? "paint seeds in two segments first, one of them for everything else" : null),
            Parameters = [new("locality", ParameterKind.Number, "how little seeds reach far, from 0")],
        },
        new("edit.clear", "Empty segment", w => Session(w).Apply(Label(w), VoxelMask.Of(Session(w).Labels, Label(w), Bounds(w)), MaskMode.Remove, $"Empty {w.Segments.Active!.Name}"))
        {
            Obstacle = NeedsEditableSegment,
        },
    ];

    private static string? NeedsBrush(Workspace w) => w.Tools.Active is IBrush ? null : "take the paint or erase tool first";

    private static SegmentationSession Session(Workspace w) => w.Segments.Session!;

    private static ushort Label(Workspace w) => w.Segments.ActiveLabel!.Value;

    private static VoxelBox Bounds(Workspace w) => Session(w).GetBounds(Label(w));

    private static VoxelMask MaskOfActive(Workspace w) => VoxelMask.Of(Session(w).Labels, Label(w), Bounds(w));

    private static (SliceFrame Frame, int Slice) SliceOf(Workspace w, CommandArguments a)
    {
        SliceViewModel view = ViewCommands.Of(w, a);
        int slice = a.Integer("slice") ?? view.Slice;
        if (slice < 0 || slice >= view.SliceCount) throw new InvalidCommandException("slice", $"there is no slice {slice}; the view has 0 to {view.SliceCount - 1}");
        return (view.Frame!, slice);
    }

    private static ViewPoint[] PathOf(CommandArguments a) => [.. a.Positions("path", 2).Select(p => new ViewPoint(p[0], p[1]))];

    private static void Paint(Workspace w, CommandArguments a)
    {
        (SliceFrame frame, int slice) = SliceOf(w, a);
        ViewPoint[] path = PathOf(a);
        if (path.Length == 0) throw new InvalidCommandException("edit.paint", "the path is empty; give one position or more");
        bool isErasing = a.Switch("erase") ?? false;
        using SessionStep step = Session(w).BeginStep($"{(isErasing ? "Erase" : "Paint")} {w.Segments.Active!.Name}");
        Strokes.Paint(w, frame, slice, path, a.Number("radius") ?? w.Tools.Settings.BrushRadiusMm, a.Switch("ball") ?? w.Tools.Settings.IsBall, isErasing);
        step.Commit();
    }

    private static void Scissor(Workspace w, CommandArguments a)
    {
        (SliceFrame frame, int slice) = SliceOf(w, a);
        bool isDeep = (a.Choice<ScissorsDepth>("depth") ?? w.Tools.Settings.Depth) == ScissorsDepth.All;
        PlanePoint[] outline = Strokes.ToPlane(PathOf(a));
        VoxelMask inside = isDeep ? Scissors.Through(frame, new(0, frame.SliceCount - 1), outline) : Scissors.Through(frame, new(slice, slice), outline);
        VoxelBox reach = isDeep ? VoxelBox.Of(frame.Geometry) : VoxelBox.OfSlice(frame.Geometry, frame.Axis, slice);
        Cut(Session(w), w.Segments.Active!, Mode(w, a), inside, reach);
    }

    private static void ScissorInSpace(Workspace w, CommandArguments a)
    {
        Camera camera = w.Spatial.Camera!;
        if (a.Position("camera", 9) is { } c) camera = camera with { Position = new(c[0], c[1], c[2]), Target = new(c[3], c[4], c[5]), Up = new(c[6], c[7], c[8]) };
        ImageSize size = a.Position("size", 2) is { } s ? new(Math.Max(1, (int)s[0]), Math.Max(1, (int)s[1])) : w.Spatial.Size;
        ViewProjection projection = ViewProjection.Create(
            camera.Position, camera.Forward, camera.RightVector, camera.UpVector, camera.IsParallel, camera.DistanceMm, camera.HeightAtTargetMm, size.Width, size.Height);
        SegmentationSession session = Session(w);
        ScissorsMode mode = Mode(w, a);
        VoxelBox box = mode == ScissorsMode.FillInside ? VoxelBox.Of(session.Geometry) : Bounds(w);
        PlanePoint[] outline = Strokes.ToPlane(PathOf(a));
        SessionSegment segment = w.Segments.Active!;
        LabelJob.Start(w, "Cut in 3D", job => Scissors.Through(session.Geometry, projection, outline, box, job.Cancellation), inside => Cut(session, segment, mode, inside, box));
    }

    private static ScissorsMode Mode(Workspace w, CommandArguments a) => a.Choice<ScissorsMode>("mode") ?? w.Tools.Settings.Scissors;

    private static void Cut(SegmentationSession session, SessionSegment segment, ScissorsMode mode, VoxelMask inside, VoxelBox reach) => session.Apply(
        segment.Label, mode == ScissorsMode.EraseOutside ? Logic.Invert(inside, reach) : inside, mode == ScissorsMode.FillInside ? MaskMode.Add : MaskMode.Remove, $"Cut {segment.Name}");

    private static IntensityRange Range(Workspace w, CommandArguments a)
    {
        IntensityRange range = new(a.Number("low") ?? w.Tools.Settings.Threshold.Low, a.Number("high") ?? w.Tools.Settings.Threshold.High);
        return range.Low <= range.High ? range : throw new InvalidCommandException("threshold", $"the lowest intensity {range.Low} is above the highest {range.High}; give them the other way round");
    }

    private static void ApplyThreshold(Workspace w, CommandArguments a)
    {
        IntensityRange range = Range(w, a);
        SegmentationSession session = Session(w);
        SessionSegment segment = w.Segments.Active!;
        MaskMode mode = a.Switch("add") == true ? MaskMode.Add : MaskMode.Replace;
        LabelJob.Start(w, "Threshold", _ => Threshold.Mark(session.Volume, range), mask => session.Apply(segment.Label, mask, mode, $"Threshold {segment.Name}"));
    }

    private static void LimitToThreshold(Workspace w, CommandArguments a)
    {
        bool isOn = Session(w).Rules.Editable is null || a.Has("low") || a.Has("high");
        Session(w).Rules = Session(w).Rules with { Editable = isOn ? Range(w, a) : null };
        w.Status = isOn ? $"Edits touch only intensities from {Session(w).Rules.Editable!.Value.Low:0.#} to {Session(w).Rules.Editable!.Value.High:0.#}" : "Edits touch all intensities";
    }

    private static void Islands(Workspace w, string title, Func<Islands, VoxelMask> keep)
    {
        SegmentationSession session = Session(w);
        SessionSegment segment = w.Segments.Active!;
        VoxelMask mask = MaskOfActive(w);
        LabelJob.Start(w, title, _ => Logic.Subtract(mask, keep(new(mask))), lost => session.Apply(segment.Label, lost, MaskMode.Remove, $"{title} of {segment.Name}"));
    }

    private static void RemoveSmall(Workspace w, int voxels) => Islands(w, "Remove small islands", pieces => pieces.AtLeast(voxels));

    private static void Island(Workspace w, CommandArguments a)
    {
        double[] at = a.Position("at", 3)!;
        VoxelIndex voxel = new((int)at[0], (int)at[1], (int)at[2]);
        VoxelMask mask = MaskOfActive(w);
        if (!mask[voxel]) throw new InvalidCommandException("edit.island", $"'{w.Segments.Active!.Name}' is not there; click on it");
        if (a.Switch("keep") == false) Islands(w, "Remove island", pieces => Logic.Subtract(mask, pieces.Piece(pieces.At(voxel)!.Value)));
        else Islands(w, "Keep island", pieces => pieces.Piece(pieces.At(voxel)!.Value));
    }

    private static void Smooth(Workspace w, CommandArguments a)
    {
        SmoothingMethod method = a.Choice<SmoothingMethod>("method") ?? w.Tools.Settings.Smoothing;
        double mm = Positive("edit.smooth", a.Number("mm") ?? w.Tools.Settings.SmoothingMm);
        SegmentationSession session = Session(w);
        if (method == SmoothingMethod.Joint)
        {
            ushort[] labels = EditableInSight(w);
            LabelJob.Start(w, "Smooth segments together", job => JointSmoothing.Smooth(session.Labels, labels, mm, cancellation: job.Cancellation),
                patch => session.Apply(patch, "Smooth segments together"));
            return;
        }
        VoxelMask mask = MaskOfActive(w);
        Replace(w, "Smooth", job => method switch
        {
            SmoothingMethod.Open => Smoothing.Open(mask, mm, job.Cancellation),
            SmoothingMethod.Close => Smoothing.Close(mask, mm, job.Cancellation),
            _ => Smoothing.Median(mask, mm),
        });
    }

    private static void Margin(Workspace w, CommandArguments a)
    {
        double mm = a.Number("mm") ?? w.Tools.Settings.MarginMm;
        VoxelMask mask = MaskOfActive(w);
        Replace(w, mm < 0 ? "Shrink" : "Grow", job =>
            mm < 0 ? Segmentation.Editing.Margin.Shrink(mask, -mm, job.Cancellation) : Segmentation.Editing.Margin.Grow(mask, mm, job.Cancellation));
    }

    private static void Hollow(Workspace w, CommandArguments a)
    {
        double mm = Positive("edit.hollow", a.Number("mm") ?? Math.Abs(w.Tools.Settings.MarginMm));
        VoxelMask mask = MaskOfActive(w);
        Replace(w, "Hollow", job => Segmentation.Editing.Margin.Hollow(mask, mm, ShellSide.Outer, job.Cancellation));
    }

    private static void FillBetweenSlices(Workspace w)
    {
        SegmentationSession session = Session(w);
        SessionSegment segment = w.Segments.Active!;
        LabelJob.Start(w, "Fill between slices", _ => FillBetween.Mark(session.Labels, segment.Label, segment.Axis),
            mask => session.Apply(segment.Label, mask, MaskMode.Add, $"Fill {segment.Name} between slices"));
    }

    // The segments that an edit of several changes.
    private static ushort[] EditableInSight(Workspace w) =>
        [.. Session(w).Segments.Where(s => s.IsVisible && !s.IsProtected && Session(w).GetVoxelCount(s.Label) > 0).Select(s => s.Label)];

    private static void Grow(Workspace w, CommandArguments a)
    {
        SegmentationSession session = Session(w);
        ushort[] seeds = EditableInSight(w);
        double locality = Math.Max(0, a.Number("locality") ?? w.Tools.Settings.SeedLocality);
        LabelJob.Start(w, "Grow from seeds", job => GrowFromSeeds.Grow(session.Volume, session.Labels, seeds, null, locality, job.Cancellation), patch => session.Apply(patch, "Grow from seeds"));
    }

    // The new shape takes the old one's place, wherever either of them is.
    private static void Replace(Workspace w, string verb, Func<Jobs.Job, VoxelMask> work)
    {
        SegmentationSession session = Session(w);
        SessionSegment segment = w.Segments.Active!;
        VoxelMask before = MaskOfActive(w);
        LabelJob.Start(w, $"{verb} {segment.Name}", job => Logic.Add(work(job), new(session.Geometry, before.Box)),
            mask => session.Apply(segment.Label, mask, MaskMode.Replace, $"{verb} {segment.Name}"));
    }

    private static double Positive(string command, double mm) => mm > 0 ? mm : throw new InvalidCommandException(command, $"{mm} mm change nothing; give more than 0");
}
