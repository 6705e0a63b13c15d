using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Rendering.Scene;
using static SamMed2D.Application.Commands.CommandCatalog;

namespace SamMed2D.Application.Commands;

/// <summary>The 3D view.</summary>
internal static class SpatialCommands
{
    public static IEnumerable<Command> Create() =>
    [
        .. Enum.GetValues<ViewDirection>().Select((direction, n) => new Command($"3d.from-{Words.Of(direction)}", $"3D from {Side(direction)}", w => w.Spatial.LookFrom(direction))
        {
            Obstacle = NeedsScan, Keys = Keys($"Ctrl+Alt+{n + 1}"),
        }),
        new("3d.preset", "3D preset…", (w, a) => Preset(w, a.RequireText("name")))
        {
            Obstacle = NeedsScan, Parameters = [new("name", ParameterKind.Text, "the transfer function") { IsRequired = true, Choices = SpatialViewModel.PresetNames }],
        },
        new("3d.shift", "Move 3D intensities…", (w, a) => w.Spatial.Shift(a.RequireNumber("intensity")))
        {
            Obstacle = NeedsScan, Help = "Moves the transfer function towards higher intensities",
            Parameters = [new("intensity", ParameterKind.Number, "intensity units (HU for CT)") { IsRequired = true, Default = "0" }],
        },
        new("3d.toggle-volume", "Show or hide the volume in 3D", w => w.Spatial.IsVolumeShown = !w.Spatial.IsVolumeShown) { Keys = Keys("Shift+V"), Obstacle = NeedsScan },
        new("3d.toggle-surfaces", "Show or hide surfaces", w => w.Spatial.AreSurfacesShown = !w.Spatial.AreSurfacesShown) { Keys = Keys("Shift+G"), Obstacle = NeedsScan },
        new("3d.toggle-slice", "Show or hide the slice in 3D", ToggleSlice)
        {
            Keys = Keys("V"), Obstacle = NeedsScan, Parameters = [new("view", ParameterKind.Text, "whose slice") { Choices = ["axial", "coronal", "sagittal"] }],
        },
        new("3d.cut-by-slices", "Cut 3D at the shown slices", w => w.Spatial.IsCutBySlices = !w.Spatial.IsCutBySlices)
        {
            Obstacle = w => NeedsScan(w) ?? (w.Spatial.ShownSlices.Count == 0 ? "show a slice in 3D first" : null),
        },
        new("3d.clip", "Cut 3D to a box…", Clip)
        {
            Obstacle = NeedsScan, IsListed = false,
            Parameters = [new("low", ParameterKind.Positions, "smallest R, A, S in millimetres"), new("high", ParameterKind.Positions, "largest R, A, S; nothing shows all")],
        },
        new("3d.orbit", "Turn 3D", (w, a) => w.Spatial.Orbit(a.RequireNumber("right"), a.RequireNumber("down")))
        {
            Obstacle = NeedsScan, IsListed = false,
            Parameters = [new("right", ParameterKind.Number, "pixels of a drag") { IsRequired = true }, new("down", ParameterKind.Number, "pixels of a drag") { IsRequired = true }],
        },
        new("3d.zoom", "Zoom 3D", (w, a) => w.Spatial.Zoom(a.RequireNumber("factor")))
        {
            Obstacle = NeedsScan, IsListed = false, Parameters = [new("factor", ParameterKind.Number, "above 1 comes nearer") { IsRequired = true }],
        },
    ];

    private static void Preset(Workspace w, string name)
    {
        if (!SpatialViewModel.PresetNames.Contains(name.ToLowerInvariant()))
            throw new InvalidCommandException("3d.preset", $"there is no '{name}'; there are {string.Join(", ", SpatialViewModel.PresetNames)}");
        w.Spatial.SetPreset(name);
        w.Spatial.IsVolumeShown = true;
    }

    private static void ToggleSlice(Workspace w, CommandArguments a)
    {
        ViewId view = ViewCommands.Of(w, a).Id;
        w.Spatial.ShowSlice(view, !w.Spatial.ShownSlices.Contains(view));
    }

    private static void Clip(Workspace w, CommandArguments a) =>
        w.Spatial.Clip = a.Position("low", 3) is { } low && a.Position("high", 3) is { } high ? new(new(low[0], low[1], low[2]), new(high[0], high[1], high[2])) : null;

    private static string Side(ViewDirection direction) => direction switch
    {
        ViewDirection.Anterior => "the front",
        ViewDirection.Posterior => "the back",
        ViewDirection.Left => "the left",
        ViewDirection.Right => "the right",
        ViewDirection.Superior => "above",
        _ => "below",
    };
}
