using SamMed2D.Application.Commands;
using SamMed2D.Application.Tools;

namespace SamMed2D.Application.Views;

/// <summary>What the pointer does in the 3D view: the left button turns (or belongs to a tool that works there), the middle one or Shift moves, the right one and the wheel zoom.</summary>
public sealed class SpatialPointer
{
    private readonly Workspace _workspace;
    private readonly List<ViewPoint> _path = [];
    private PointerButton _held;
    private KeyModifiers _modifiers;
    private ViewPoint _last;

    internal SpatialPointer(Workspace workspace) => _workspace = workspace;

    /// <summary>What a tool is drawing in the view; empty where nothing.</summary>
    public IReadOnlyList<ViewPoint> Path => _path;

    private SpatialViewModel View => _workspace.Spatial;

    private bool IsTools => _held == PointerButton.Left && _workspace.Tools.Active.WorksInSpace;

    /// <summary>A button goes down.</summary>
    public void Down(PointerInput input)
    {
        _workspace.ActiveView = ViewId.Spatial;
        if (View.Camera is null || _held != PointerButton.None) return;
        (_held, _modifiers, _last) = (input.Button, input.Modifiers, input.At);
        _path.Clear();
        if (IsTools) _path.Add(input.At);
        else View.BeginInteraction();
        _workspace.Touch();
    }

    /// <summary>The pointer moves, with or without a button.</summary>
    public void Move(PointerInput input)
    {
        _workspace.ActiveView = ViewId.Spatial;
        if (_held == PointerButton.None) return;
        double right = input.At.X - _last.X, down = input.At.Y - _last.Y;
        if (IsTools) _path.Add(input.At);
        else if (_held == PointerButton.Middle || _modifiers.HasFlag(KeyModifiers.Shift)) View.Pan(right, down);
        else if (_held == PointerButton.Right) View.Zoom(Math.Pow(4, down / View.Size.Height));
        else View.Orbit(right, down);
        _last = input.At;
        _workspace.Touch();
    }

    /// <summary>A button goes up.</summary>
    public void Up(PointerInput input)
    {
        if (input.Button != _held) return;
        if (IsTools) _workspace.Tools.Active.ReleaseInSpace([.. _path], _modifiers);
        _held = PointerButton.None;
        _path.Clear();
        View.EndInteraction();
        _workspace.Touch();
    }

    /// <summary>A double click of the left button.</summary>
    public void DoubleClick() => _workspace.Commands.Invoke("view.maximise", new() { ["view"] = "spatial" });

    /// <summary>The wheel turns; away from the user comes nearer.</summary>
    public void Wheel(double notches)
    {
        View.Zoom(Math.Pow(1.15, notches));
        _workspace.Touch();
    }
}
