using System.Text.Json.Nodes;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Prompting;
using SamMed2D.Application.Views;
using SamMed2D.Core.Prompts;

namespace SamMed2D.Application.Tools;

/// <summary>A tool that asks the model. While the button is held it asks at once; when the gesture ends it becomes a command.</summary>
internal abstract class PromptTool(Workspace workspace, ToolName name) : Tool(workspace, name)
{
    private readonly SliceStroke _stroke = new();

    public override IReadOnlyList<string> Actions => ["prompt.accept", "prompt.reject", "prompt.next-candidate", "propagate.run"];

    /// <summary>The gesture so far, in slice pixels; empty while no button is held.</summary>
    protected IReadOnlyList<ViewPoint> Path => _stroke.Path;

    internal sealed override void Press(SliceViewModel view, PointerInput input)
    {
        _stroke.End();
        if (IsHindered(CommandCatalog.NeedsFreeSlices(Workspace))) return;
        if (view.ToSlicePixel(input.At) is not { } at)
        {
            Workspace.Status = "Prompts need a slice of the grid; go back to the grid (Shift+O) first";
            return;
        }
        IsInside = !input.Modifiers.HasFlag(KeyModifiers.Control);
        _stroke.Begin(view, at);
        Ask(view);
    }

    internal sealed override void Move(SliceViewModel view, PointerInput input)
    {
        if (_stroke.TryGoOn(view, input)) Ask(view);
    }

    internal sealed override void Release(SliceViewModel view, PointerInput input)
    {
        if (Path.Count == 0) return;
        JsonObject arguments = _stroke.ToArguments();
        string? command = Finish(_stroke.View!, arguments);
        Cancel();
        if (command is not null) Workspace.Commands.Invoke(command, arguments);
    }

    internal sealed override bool Cancel()
    {
        if (!_stroke.End()) return false;
        Workspace.Prompting.SetLive(null);
        return true;
    }

    internal override IEnumerable<OverlayShape> Draw(SliceViewModel view) => _stroke.IsSeenIn(view) ? DrawGesture(view) : [];

    /// <summary>False while Ctrl turns the gesture into one off the object.</summary>
    protected bool IsInside { get; private set; } = true;

    /// <summary>The prompts that the gesture adds so far; null where it says nothing yet.</summary>
    protected abstract PromptSet? Add(PromptSet there, SliceViewModel view);

    /// <summary>The command that the gesture comes to; null where it comes to nothing.</summary>
    /// <param name="view">The view that it was made in.</param>
    /// <param name="arguments">Its arguments; view and slice are there.</param>
    protected abstract string? Finish(SliceViewModel view, JsonObject arguments);

    protected abstract IEnumerable<OverlayShape> DrawGesture(SliceViewModel view);

    private void Ask(SliceViewModel view)
    {
        // A gesture that will add a segment, or fit none, is asked about when it ends.
        if (Workspace.Segments.Active is not { IsProtected: false } segment || view.Frame!.Axis != segment.Axis) return;
        if (Add(segment.OnSlice(_stroke.Slice).Prompts, view) is { } prompts) Workspace.Prompting.SetLive(new(segment.Label, segment.Axis, _stroke.Slice, prompts));
    }
}

/// <summary>Drag a box round the object.</summary>
internal sealed class BoxTool(Workspace workspace) : PromptTool(workspace, TheName)
{
    public static ToolName TheName { get; } = new("box", "Box", "Drag a box round the object; the mask appears as you draw");

    protected override PromptSet? Add(PromptSet there, SliceViewModel view) =>
        Box(view) is { } box && box.X1 - box.X0 >= 2 && box.Y1 - box.Y0 >= 2 ? there with { Box = box } : null;

    protected override string? Finish(SliceViewModel view, JsonObject arguments)
    {
        (ViewPoint a, ViewPoint b) = (Path[0], Path[^1]);
        if (Math.Abs(a.X - b.X) < 1 || Math.Abs(a.Y - b.Y) < 1) return null; // a click
        ViewPoint low = new(Math.Min(a.X, b.X) + 0.5, Math.Min(a.Y, b.Y) + 0.5), high = new(Math.Max(a.X, b.X) + 0.5, Math.Max(a.Y, b.Y) + 0.5);
        arguments["box"] = new JsonArray([.. Strokes.ToJson(low), .. Strokes.ToJson(high)]);
        return "prompt.box";
    }

    protected override IEnumerable<OverlayShape> DrawGesture(SliceViewModel view) => [PromptOverlay.BoxLine(view, Path[0], Path[^1], new(new(255, 220, 80)))];

    // Pointer places are pixel centres at whole numbers; a box's edges are pixel borders, half a pixel further.
    private PromptBox? Box(SliceViewModel view)
    {
        (ViewPoint a, ViewPoint b) = (Path[0], Path[^1]);
        double x0 = Math.Max(0, Math.Round(Math.Min(a.X, b.X) + 0.5)), y0 = Math.Max(0, Math.Round(Math.Min(a.Y, b.Y) + 0.5));
        double x1 = Math.Min(view.Frame!.Width, Math.Round(Math.Max(a.X, b.X) + 0.5)), y1 = Math.Min(view.Frame.Height, Math.Round(Math.Max(a.Y, b.Y) + 0.5));
        return x1 > x0 && y1 > y0 ? new(x0, y0, x1, y1) : null;
    }
}

/// <summary>Click a point on the object, or off it.</summary>
internal sealed class PointTool(Workspace workspace, ToolName name, bool isPositive) : PromptTool(workspace, name)
{
    public static ToolName Positive { get; } = new("point", "Point on", "Click a point on the object; with Ctrl, off it");

    public static ToolName Negative { get; } = new("negative-point", "Point off", "Click a point that is not the object; with Ctrl, on it");

    protected override PromptSet? Add(PromptSet there, SliceViewModel view) => IsOnSlice(view, Path[^1])
        ? there with { Points = PromptStrokes.Join(there.Points, [new(Path[^1].X, Path[^1].Y, isPositive == IsInside)]) }
        : null;

    protected override string? Finish(SliceViewModel view, JsonObject arguments)
    {
        if (!IsOnSlice(view, Path[^1])) return null;
        arguments["at"] = new JsonArray(Strokes.ToJson(Path[^1]));
        arguments["inside"] = isPositive == IsInside;
        return "prompt.point";
    }

    protected override IEnumerable<OverlayShape> DrawGesture(SliceViewModel view) => [PromptOverlay.Marker(view, Path[^1], isPositive == IsInside)];

    private static bool IsOnSlice(SliceViewModel view, ViewPoint p) => p.X >= -0.5 && p.Y >= -0.5 && p.X < view.Frame!.Width - 0.5 && p.Y < view.Frame.Height - 0.5;
}

/// <summary>Draw a line through the object.</summary>
internal sealed class ScribbleTool(Workspace workspace) : PromptTool(workspace, TheName)
{
    public static ToolName TheName { get; } = new("scribble", "Scribble", "Draw a line through the object; with Ctrl, through what is not the object");

    protected override PromptSet? Add(PromptSet there, SliceViewModel view)
    {
        ViewPoint[] path = Kept(view);
        return path.Length == 0 ? null : there with { Points = PromptStrokes.Join(there.Points, PromptStrokes.ToPoints(path, IsInside)) };
    }

    protected override string? Finish(SliceViewModel view, JsonObject arguments)
    {
        ViewPoint[] path = Kept(view);
        if (path.Length == 0) return null;
        arguments["path"] = Strokes.ToJson(path);
        arguments["inside"] = IsInside;
        return "prompt.scribble";
    }

    protected override IEnumerable<OverlayShape> DrawGesture(SliceViewModel view) => [PromptOverlay.Path(view, Path, isClosed: false, IsInside)];

    // A line may leave the slice and come back.
    private ViewPoint[] Kept(SliceViewModel view) =>
        [.. Path.Where(p => p.X >= 0 && p.Y >= 0 && p.X <= view.Frame!.Width - 1 && p.Y <= view.Frame.Height - 1)];
}

/// <summary>Draw a rough outline round the object.</summary>
internal sealed class LassoTool(Workspace workspace) : PromptTool(workspace, TheName)
{
    public static ToolName TheName { get; } = new("lasso", "Lasso", "Draw a rough outline round the object; the model finds the border");

    protected override PromptSet? Add(PromptSet there, SliceViewModel view) => Path.Count < 3 ? null : PromptStrokes.ToMask(Path, view.Frame!);

    protected override string? Finish(SliceViewModel view, JsonObject arguments)
    {
        if (Path.Count < 3) return null;
        arguments["path"] = Strokes.ToJson(Path);
        return "prompt.lasso";
    }

    protected override IEnumerable<OverlayShape> DrawGesture(SliceViewModel view) => [PromptOverlay.Path(view, Path, isClosed: true, isInside: true)];
}
