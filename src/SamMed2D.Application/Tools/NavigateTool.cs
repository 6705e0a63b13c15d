using SamMed2D.Application.Views;

namespace SamMed2D.Application.Tools;

/// <summary>Moves the crosshair: all other views follow.</summary>
internal sealed class NavigateTool(Workspace workspace) : Tool(workspace, TheName)
{
    private bool _isHeld;

    public static ToolName TheName { get; } = new("navigate", "Look around", "Click or drag to move the crosshair; all views follow");

    internal override void Press(SliceViewModel view, PointerInput input)
    {
        _isHeld = true;
        MoveCrosshair(view, input.At);
    }

    internal override void Move(SliceViewModel view, PointerInput input)
    {
        if (_isHeld) MoveCrosshair(view, input.At);
    }

    internal override void Release(SliceViewModel view, PointerInput input) => _isHeld = false;

    internal override bool Cancel()
    {
        bool was = _isHeld;
        _isHeld = false;
        return was;
    }

    private void MoveCrosshair(SliceViewModel view, ViewPoint at)
    {
        if (view.ToRas(at) is { } place) Workspace.MoveCrosshair(place, view);
    }
}
