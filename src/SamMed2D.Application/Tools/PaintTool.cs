using System.Text.Json.Nodes;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Tools;

/// <summary>A round brush that paints or erases. The stroke is seen at once; when the button goes up it becomes one command and one step of the history.</summary>
internal sealed class PaintTool(Workspace workspace, ToolName name, bool isErasing) : Tool(workspace, name), IBrush
{
    private readonly SliceStroke _stroke = new();
    private SessionStep? _step;
    private bool _isErasing;

    public static ToolName Paint { get; } = new("paint", "Paint", "Paints with a round brush; Shift and the wheel change its size, Ctrl erases");

    public static ToolName Erase { get; } = new("erase", "Erase", "Erases with a round brush; Shift and the wheel change its size, Ctrl paints");

    public override IReadOnlyList<ToolOption> Options =>
    [
        ToolOption.Of("radius", "Radius (mm)", 0.1, 100, () => Workspace.Tools.Settings.BrushRadiusMm, v => Workspace.Tools.Settings.BrushRadiusMm = v, isLogarithmic: true),
        ToolOption.Of("ball", "Through neighbouring slices", () => Workspace.Tools.Settings.IsBall, v => Workspace.Tools.Settings.IsBall = v),
    ];

    public void Resize(double factor) => Workspace.Tools.Settings.BrushRadiusMm = Math.Clamp(Workspace.Tools.Settings.BrushRadiusMm * factor, 0.1, 100);

    internal override void Press(SliceViewModel view, PointerInput input)
    {
        Cancel();
        if (IsHindered(CommandCatalog.NeedsEditableSlices(Workspace)) || view.ToSlicePixel(input.At) is not { } at) return;
        _isErasing = isErasing != input.Modifiers.HasFlag(KeyModifiers.Control);
        _step = Workspace.Segments.Session!.BeginStep(Title);
        _stroke.Begin(view, at);
        Stamp(at, at);
    }

    internal override void Move(SliceViewModel view, PointerInput input)
    {
        if (_stroke.TryGoOn(view, input, least: 0.25)) Stamp(_stroke.Path[^2], _stroke.Path[^1]);
    }

    internal override void Release(SliceViewModel view, PointerInput input)
    {
        if (_step is null) return;
        JsonObject arguments = _stroke.ToArguments();
        arguments["path"] = Strokes.ToJson(_stroke.Path);
        arguments["radius"] = Workspace.Tools.Settings.BrushRadiusMm;
        arguments["ball"] = Workspace.Tools.Settings.IsBall;
        arguments["erase"] = _isErasing;
        // The stroke is taken back and done again as a command, before anybody can see it gone: scripts, the journal and undo know one way to paint.
        Cancel();
        Workspace.Commands.Invoke("edit.paint", arguments);
    }

    internal override bool Cancel()
    {
        if (_step is null) return false;
        _step.Dispose();
        _step = null;
        return _stroke.End();
    }

    internal override IEnumerable<OverlayShape> Draw(SliceViewModel view)
    {
        if (view.Pointer is not { } at || view.IsOblique) yield break;
        yield return new OverlayCircle(at, Workspace.Tools.Settings.BrushRadiusMm / view.MmPerPixel, new(Workspace.Segments.Active?.Segment.Color ?? new(255, 220, 80), 0.9));
    }

    private void Stamp(ViewPoint from, ViewPoint to)
    {
        try
        {
            Strokes.Paint(Workspace, _stroke.View!.Frame!, _stroke.Slice, [from, to], Workspace.Tools.Settings.BrushRadiusMm, Workspace.Tools.Settings.IsBall, _isErasing);
        }
        catch (SamMed2DException failure)
        {
            Cancel();
            Workspace.Status = failure.Message;
        }
    }
}
