using System.Text.Json.Nodes;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Views;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;

namespace SamMed2D.Application.Tools;

/// <summary>Cuts a segment along a drawn outline, in slices and in 3D.</summary>
internal sealed class ScissorsTool(Workspace workspace) : Tool(workspace, TheName)
{
    private readonly SliceStroke _stroke = new();

    public static ToolName TheName { get; } = new("scissors", "Scissors", "Draw an outline on a slice or in 3D; the segment is cut along it");

    public override IReadOnlyList<ToolOption> Options =>
    [
        ToolOption.Of("mode", "What to do", () => Workspace.Tools.Settings.Scissors, v => Workspace.Tools.Settings.Scissors = v),
        ToolOption.Of("depth", "Slices", () => Workspace.Tools.Settings.Depth, v => Workspace.Tools.Settings.Depth = v),
    ];

    internal override bool WorksInSpace => true;

    internal override void Press(SliceViewModel view, PointerInput input)
    {
        _stroke.End();
        if (!IsHindered(CommandCatalog.NeedsEditableSlices(Workspace)) && view.ToSlicePixel(input.At) is { } at) _stroke.Begin(view, at);
    }

    internal override void Move(SliceViewModel view, PointerInput input) => _stroke.TryGoOn(view, input);

    internal override void Release(SliceViewModel view, PointerInput input)
    {
        if (_stroke.Path.Count >= 3)
        {
            JsonObject arguments = _stroke.ToArguments();
            arguments["path"] = Strokes.ToJson(_stroke.Path);
            Workspace.Commands.Invoke("edit.scissors", arguments);
        }
        _stroke.End();
    }

    internal override void ReleaseInSpace(IReadOnlyList<ViewPoint> path, KeyModifiers modifiers)
    {
        if (path.Count < 3 || Workspace.Spatial.Camera is not { } camera) return;
        Workspace.Commands.Invoke("edit.scissors-3d", new()
        {
            ["path"] = Strokes.ToJson(path),
            ["camera"] = new JsonArray(
                camera.Position.R, camera.Position.A, camera.Position.S, camera.Target.R, camera.Target.A, camera.Target.S, camera.Up.R, camera.Up.A, camera.Up.S),
            ["size"] = new JsonArray(Workspace.Spatial.Size.Width, Workspace.Spatial.Size.Height),
        });
    }

    internal override bool Cancel() => _stroke.End();

    internal override IEnumerable<OverlayShape> Draw(SliceViewModel view) => _stroke.IsSeenIn(view) ? [PromptOverlay.Path(view, _stroke.Path, isClosed: true, isInside: false)] : [];
}

/// <summary>Marks voxels by intensity; the slice in sight shows which.</summary>
internal sealed class ThresholdTool(Workspace workspace) : Tool(workspace, TheName)
{
    private (SliceViewModel View, int Slice, Segmentation.Propagation.IntensityRange Range, Volume Volume)? _drawnFor;
    private MaskPlane? _drawn;

    public static ToolName TheName { get; } = new("threshold", "Threshold", "Marks voxels between two intensities; click to take the range around a place");

    public override IReadOnlyList<ToolOption> Options =>
    [
        ToolOption.Of("low", "From", -100_000, 100_000, () => Settings.Threshold.Low, v => Settings.Threshold = new(v, Math.Max(v, Settings.Threshold.High))),
        ToolOption.Of("high", "To", -100_000, 100_000, () => Settings.Threshold.High, v => Settings.Threshold = new(Math.Min(v, Settings.Threshold.Low), v)),
    ];

    public override IReadOnlyList<string> Actions => ["edit.threshold", "edit.limit-to-threshold"];

    private ToolSettings Settings => Workspace.Tools.Settings;

    internal override void Press(SliceViewModel view, PointerInput input)
    {
        const int reach = 2;
        if (view.ToSlicePixel(input.At) is not { } at || Workspace.Segments.Session is not { } session) return;
        double low = double.PositiveInfinity, high = double.NegativeInfinity;
        for (int y = -reach; y <= reach; y++)
            for (int x = -reach; x <= reach; x++)
            {
                VoxelIndex voxel = view.Frame!.PixelToVoxel((int)Math.Round(at.X) + x, (int)Math.Round(at.Y) + y, view.Slice);
                if (!session.Geometry.Contains(voxel)) continue;
                double intensity = session.Volume.GetIntensity(voxel);
                (low, high) = (Math.Min(low, intensity), Math.Max(high, intensity));
            }
        if (low <= high) Settings.Threshold = new(low, high);
    }

    internal override IEnumerable<OverlayShape> Draw(SliceViewModel view)
    {
        if (view.IsOblique || view.LabelFrame is not { } frame || Workspace.Segments.Session is not { } session) return [];
        RgbColor color = Workspace.Segments.Active?.Segment.Color ?? new(255, 220, 80);
        return [PromptOverlay.Filling(view, MaskOf(view, frame, session.Volume), color, 0.5)];
    }

    internal override void PutAway() => (_drawn, _drawnFor) = (null, null);

    private MaskPlane MaskOf(SliceViewModel view, SliceFrame frame, Volume volume)
    {
        (SliceViewModel, int, Segmentation.Propagation.IntensityRange, Volume) key = (view, view.Slice, Settings.Threshold, volume);
        if (_drawn is { } known && _drawnFor == key) return known;
        VoxelMask marked = Threshold.Mark(volume, Settings.Threshold, VoxelBox.OfSlice(volume.Geometry, frame.Axis, view.Slice));
        MaskPlane plane = new(frame.Width, frame.Height);
        for (int y = 0; y < frame.Height; y++)
            for (int x = 0; x < frame.Width; x++)
                plane.Pixels[y * frame.Width + x] = marked[frame.PixelToVoxel(x, y, view.Slice)] ? (byte)1 : (byte)0;
        (_drawn, _drawnFor) = (plane, key);
        return plane;
    }
}

/// <summary>Sorts the pieces of a segment.</summary>
internal sealed class IslandsTool(Workspace workspace) : Tool(workspace, TheName)
{
    public static ToolName TheName { get; } = new("islands", "Islands", "Click a piece of the segment to keep it alone; with Ctrl, to remove it");

    public override IReadOnlyList<ToolOption> Options =>
        [ToolOption.Of("voxels", "Small is under (voxels)", 1, 1_000_000, () => Workspace.Tools.Settings.SmallIslandVoxels, v => Workspace.Tools.Settings.SmallIslandVoxels = (int)v, isLogarithmic: true)];

    public override IReadOnlyList<string> Actions => ["edit.keep-largest-island", "edit.remove-small-islands"];

    internal override void Press(SliceViewModel view, PointerInput input)
    {
        if (view.ToRas(input.At) is not { } place || Workspace.Segments.Session is not { } session) return;
        VoxelIndex voxel = session.Geometry.IndexToRas.RasToIndex(place).ToNearest();
        Workspace.Commands.Invoke("edit.island", new() { ["at"] = new JsonArray(voxel.I, voxel.J, voxel.K), ["keep"] = !input.Modifiers.HasFlag(KeyModifiers.Control) });
    }
}

/// <summary>A tool that is all panel: options and buttons; the pointer moves the crosshair.</summary>
internal sealed class PanelTool(Workspace workspace, ToolName name, Func<ToolSettings, IReadOnlyList<ToolOption>> options, IReadOnlyList<string> actions) : Tool(workspace, name)
{
    private bool _isHeld;

    public static ToolName Smoothing { get; } = new("smoothing", "Smoothing", "Smooths the segment, or all in sight together");

    public static ToolName Margin { get; } = new("margin", "Margin", "Grows or shrinks the segment by millimetres");

    public static ToolName FillBetween { get; } = new("fill-between", "Fill between slices", "Fills the slices between drawn ones with shapes in between");

    public static ToolName Grow { get; } = new("grow", "Grow from seeds", "Grows all painted segments in sight until they meet; paint one for everything else");

    public override IReadOnlyList<ToolOption> Options => options(Workspace.Tools.Settings);

    public override IReadOnlyList<string> Actions => actions;

    internal override void Press(SliceViewModel view, PointerInput input)
    {
        _isHeld = true;
        Move(view, input);
    }

    internal override void Move(SliceViewModel view, PointerInput input)
    {
        if (_isHeld && view.ToRas(input.At) is { } place) Workspace.MoveCrosshair(place, view);
    }

    internal override void Release(SliceViewModel view, PointerInput input) => _isHeld = false;

    internal override bool Cancel()
    {
        bool was = _isHeld;
        _isHeld = false;
        return was;
    }
}
