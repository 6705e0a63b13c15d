using SamMed2D.Application.Commands;
using SamMed2D.Application.Tools;
using SamMed2D.Core.Slices;

namespace SamMed2D.Application.Views;

/// <summary>
/// What the pointer does on a slice, whatever the tool: the wheel scrolls (with Ctrl it zooms about the pointer), the middle button pans, a right drag moves
/// window and level, Shift moves the crosshair, a left drag with Alt turns the plane about it (oblique), a double click maximises. The left button is the tool's.
/// </summary>
public sealed class SlicePointer
{
    private readonly Workspace _workspace;
    private readonly SliceViewModel _view;
    private PointerButton _held;
    private ViewPoint _last, _start;
    private IntensityWindow _startWindow;
    private double _scrolled;
    private bool _isTurning;

    internal SlicePointer(Workspace workspace, SliceViewModel view) => (_workspace, _view) = (workspace, view);

    /// <summary>A button goes down.</summary>
    public void Down(PointerInput input)
    {
        Place(input.At);
        if (_view.Frame is null || _held != PointerButton.None) return;
        (_held, _last, _start) = (input.Button, input.At, input.At);
        if (input.Button == PointerButton.Right) _startWindow = _workspace.Scans.Background!.Window;
        _isTurning = input.Button == PointerButton.Left && input.Modifiers.HasFlag(KeyModifiers.Alt);
        if (input.Button == PointerButton.Left && !_isTurning) _workspace.Tools.Active.Press(_view, input);
        _workspace.Touch();
    }

    /// <summary>The pointer moves, with or without a button.</summary>
    public void Move(PointerInput input)
    {
        Place(input.At);
        if (_view.Frame is null) return;
        switch (_held)
        {
            case PointerButton.Left when _isTurning:
                // Through the whole view is half a turn.
                double perPixel = Math.PI / Math.Min(_view.Size.Width, _view.Size.Height);
                _view.Turn((input.At.Y - _last.Y) * perPixel, (_last.X - input.At.X) * perPixel, 0, _workspace.Crosshair.Position);
                break;
            case PointerButton.Middle:
                _view.Pan(input.At.X - _last.X, input.At.Y - _last.Y);
                break;
            case PointerButton.Right:
                _workspace.Scans.Background!.DragWindow(_startWindow, (input.At.X - _start.X) / _view.Size.Width, (_start.Y - input.At.Y) / _view.Size.Height);
                break;
            case PointerButton.None when input.Modifiers.HasFlag(KeyModifiers.Shift) && _view.ToRas(input.At) is { } place:
                _workspace.MoveCrosshair(place, _view);
                break;
            default:
                _workspace.Tools.Active.Move(_view, input with { Button = _held });
                break;
        }
        _last = input.At;
        _workspace.Touch();
    }

    /// <summary>A button goes up.</summary>
    public void Up(PointerInput input)
    {
        Place(input.At);
        if (input.Button != _held) return;
        _held = PointerButton.None;
        if (input.Button == PointerButton.Left && _view.Frame is not null && !_isTurning) _workspace.Tools.Active.Release(_view, input);
        _isTurning = false;
        _workspace.Touch();
    }

    /// <summary>A double click of the left button.</summary>
    public void DoubleClick(PointerInput input)
    {
        Place(input.At);
        if (!_workspace.Tools.Active.DoubleClick(_view, input)) _workspace.Commands.Invoke("view.maximise", new() { ["view"] = Words.Of(_view.Id) });
    }

    /// <summary>The wheel turns.</summary>
    /// <param name="notches">Away from the user is positive.</param>
    /// <param name="input">Where the pointer is, and what is held.</param>
    public void Wheel(double notches, PointerInput input)
    {
        Place(input.At);
        if (_view.Frame is null) return;
        if (input.Modifiers.HasFlag(KeyModifiers.Control)) _view.Zoom(Math.Pow(1.15, notches), input.At);
        else if (input.Modifiers.HasFlag(KeyModifiers.Shift) && _workspace.Tools.Active is IBrush brush) brush.Resize(Math.Pow(1.2, notches));
        else
        {
            // A touch pad turns in small parts: they add up to whole slices.
            _scrolled += notches;
            int slices = (int)Math.Truncate(_scrolled);
            _scrolled -= slices;
            _view.Scroll(slices);
            if (slices != 0) _workspace.FollowSlice(_view);
        }
        _workspace.Touch();
    }

    /// <summary>The pointer leaves the view.</summary>
    public void Leave()
    {
        _view.Pointer = null;
        _workspace.Touch();
    }

    private void Place(ViewPoint at)
    {
        _view.Pointer = at;
        _workspace.ActiveView = _view.Id;
    }
}
