using SamMed2D.Application.Views;
using SamMed2D.Core.Geometry;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>Moving through slices, zooming, arranging views.</summary>
internal static class ViewCommands
{
    private static CommandParameter View { get; } = new("view", ParameterKind.Text, "the slice view; the one under the pointer if none is given") { Choices = ["axial", "coronal", "sagittal"] };

    private static CommandParameter AnyView { get; } = View with { Choices = ["axial", "coronal", "sagittal", "spatial"] };

    public static IEnumerable<Command> Create() =>
    [
        new("view.next-slice", "Next slice", (w, a) => Scroll(w, a, +1)) { Keys = Keys("Right", "F", "Up"), Obstacle = NeedsScan, Parameters = [View] },
        new("view.previous-slice", "Previous slice", (w, a) => Scroll(w, a, -1)) { Keys = Keys("Left", "B", "Down"), Obstacle = NeedsScan, Parameters = [View] },
        new("view.forward", "Ten slices on", (w, a) => Scroll(w, a, +10)) { Keys = Keys("PageUp"), Obstacle = NeedsScan, Parameters = [View] },
        new("view.back", "Ten slices back", (w, a) => Scroll(w, a, -10)) { Keys = Keys("PageDown"), Obstacle = NeedsScan, Parameters = [View] },
        new("view.scroll", "Scroll", (w, a) => Scroll(w, a, a.Integer("slices") ?? 1))
        {
            Obstacle = NeedsScan, IsListed = false, Parameters = [View, new("slices", ParameterKind.Integer, "how many, negative for back") { IsRequired = true }],
        },
        new("view.slice", "Go to slice…", GoToSlice)
        {
            Keys = Keys("Ctrl+G"), Obstacle = NeedsScan, Parameters = [View, new("slice", ParameterKind.Integer, "its number, from 0") { IsRequired = true }],
        },
        new("view.crosshair", "Go to place…", GoToPlace)
        {
            Obstacle = NeedsScan,
            Parameters = [new("ras", ParameterKind.Positions, "three millimetres: right, anterior, superior"), new("ijk", ParameterKind.Positions, "or three voxel indices")],
        },
        new("view.zoom", "Zoom", (w, a) => Zoom(w, a, a.RequireNumber("factor")))
        {
            Obstacle = NeedsScan, IsListed = false,
            Parameters = [View, new("factor", ParameterKind.Number, "above 1 magnifies") { IsRequired = true }, new("at", ParameterKind.Positions, "the view pixel that stays")],
        },
        new("view.zoom-in", "Zoom in", (w, a) => Zoom(w, a, 1.25)) { Keys = Keys("Ctrl+="), Obstacle = NeedsScan, Parameters = [View] },
        new("view.zoom-out", "Zoom out", (w, a) => Zoom(w, a, 0.8)) { Keys = Keys("Ctrl+-"), Obstacle = NeedsScan, Parameters = [View] },
        new("view.pan", "Move picture", (w, a) => Of(w, a).Pan(a.RequireNumber("right"), a.RequireNumber("down")))
        {
            Obstacle = NeedsScan, IsListed = false,
            Parameters = [View, new("right", ParameterKind.Number, "pixels") { IsRequired = true }, new("down", ParameterKind.Number, "pixels") { IsRequired = true }],
        },
        new("view.fit", "Fit all views", FitAll) { Keys = Keys("R"), Obstacle = NeedsScan, Help = "Shows whole slices, and the whole scan in 3D" },
        new("view.center", "Centre views on crosshair", w => { foreach (SliceViewModel view in w.SliceViews) view.CenterOn(w.Crosshair.Position); }) { Keys = Keys("Shift+C"), Obstacle = NeedsScan },
        new("view.toggle-crosshair", "Show or hide crosshair", w => w.Crosshair.IsShown = !w.Crosshair.IsShown) { Keys = Keys("Ctrl+H"), Obstacle = NeedsScan },
        new("view.turn", "Turn plane…", Turn)
        {
            Obstacle = NeedsScan, Help = "Makes a view oblique, about the crosshair",
            Parameters =
            [
                View, new("right", ParameterKind.Number, "degrees about the view's horizontal axis") { Default = "0" },
                new("down", ParameterKind.Number, "degrees about its vertical axis") { Default = "0" }, new("plane", ParameterKind.Number, "degrees within the plane") { Default = "0" },
            ],
        },
        new("view.follow-grid", "Back to the grid", FollowGrid) { Keys = Keys("Shift+O"), Obstacle = NeedsScan, Help = "Ends the oblique mode of all views", Parameters = [View] },
        new("view.maximise", "Show one view alone, or all", (w, a) => w.Layout.ToggleMaximised(a.Choice<ViewId>("view") ?? w.ActiveView)) { Keys = Keys("Tab"), Parameters = [AnyView] },
        new("view.four-up", "Four views", w => w.Layout.Set(LayoutKind.FourUp)) { Keys = Keys("Ctrl+1") },
        new("view.side-by-side", "Slice beside 3D", (w, a) => w.Layout.Set(LayoutKind.SideBySide, a.Choice<ViewId>("view") ?? w.ActiveView)) { Keys = Keys("Ctrl+2"), Parameters = [View] },
        .. Enum.GetValues<ViewId>().Select(view =>
            new Command($"view.only-{Words.Of(view)}", $"{ViewNames.TitleOf(view)} view alone", w => w.Layout.Set(LayoutKind.One, view)) { Keys = Keys($"Ctrl+{3 + (int)view}") }),
        new("view.interpolation", "Smooth or blocky voxels", ToggleInterpolation) { Keys = Keys("Ctrl+I"), Obstacle = NeedsScan, Help = "Interpolates between voxels, or shows each as a block" },
    ];

    /// <summary>The slice view that a command means.</summary>
    public static SliceViewModel Of(Workspace w, CommandArguments a) => w.SliceView(a.Choice<ViewId>("view") is { } named && named != ViewId.Spatial ? named : w.ActiveSliceView);

    private static void Scroll(Workspace w, CommandArguments a, int slices)
    {
        SliceViewModel view = Of(w, a);
        view.Scroll(slices);
        w.FollowSlice(view);
    }

    private static void GoToSlice(Workspace w, CommandArguments a)
    {
        SliceViewModel view = Of(w, a);
        view.ShowSlice(a.Integer("slice")!.Value);
        w.FollowSlice(view);
    }

    private static void GoToPlace(Workspace w, CommandArguments a)
    {
        if (a.Position("ras", 3) is { } ras) w.MoveCrosshair(new(ras[0], ras[1], ras[2]));
        else if (a.Position("ijk", 3) is { } ijk) w.MoveCrosshair(w.Geometry!.IndexToRas.IndexToRas(new(ijk[0], ijk[1], ijk[2])));
    }

    private static void Zoom(Workspace w, CommandArguments a, double factor)
    {
        SliceViewModel view = Of(w, a);
        if (!(factor > 0)) throw new Core.Errors.InvalidCommandException("view.zoom", $"a factor of {factor} shows nothing; give one above 0");
        ViewPoint about = a.Position("at", 2) is { } at ? new(at[0], at[1]) : new((view.Size.Width - 1) / 2.0, (view.Size.Height - 1) / 2.0);
        view.Zoom(factor, about);
    }

    private static void FitAll(Workspace w)
    {
        foreach (SliceViewModel view in w.SliceViews) view.Fit();
        w.Spatial.LookFrom(Rendering.Scene.ViewDirection.Anterior);
    }

    private static void Turn(Workspace w, CommandArguments a)
    {
        const double degree = Math.PI / 180;
        Of(w, a).Turn((a.Number("right") ?? 0) * degree, (a.Number("down") ?? 0) * degree, (a.Number("plane") ?? 0) * degree, w.Crosshair.Position);
    }

    private static void FollowGrid(Workspace w, CommandArguments a)
    {
        RasPoint place = w.Crosshair.Position;
        if (a.Has("view")) Of(w, a).FollowGrid(place);
        else
            foreach (SliceViewModel view in w.SliceViews) view.FollowGrid(place);
    }

    private static void ToggleInterpolation(Workspace w)
    {
        Rendering.Scene.Interpolation next = w.Scans.Background!.Interpolation == Rendering.Scene.Interpolation.Linear ? Rendering.Scene.Interpolation.Nearest : Rendering.Scene.Interpolation.Linear;
        foreach (Scans.ScanLayer scan in w.Scans.All) scan.Interpolation = next;
    }
}
