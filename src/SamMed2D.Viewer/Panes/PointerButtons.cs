using System.Numerics;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Tools;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Panes;

/// <summary>Turns what the mouse does over a pane into the pointer events of a view.</summary>
internal sealed class PointerButtons
{
    private static readonly PointerButton[] s_buttons = [PointerButton.Left, PointerButton.Right, PointerButton.Middle];

    private Vector2 _last = new(float.NaN);
    private bool _isInside;
    private int _held = -1;

    /// <summary>Passes on what happened since the last frame; to be called right after the pane's area.</summary>
    /// <param name="origin">The pane's upper left corner on the screen.</param>
    /// <param name="target">What takes the events.</param>
    public void Update(Vector2 origin, IPointerTarget target)
    {
        bool isHovered = Ui.IsItemHovered(), isHeld = Ui.IsItemActive();
        if (!isHovered && !isHeld && _held < 0)
        {
            if (_isInside) target.Leave();
            _isInside = false;
            return;
        }
        _isInside = true;
        Ui.GetMouse(out Vector2 mouse);
        KeyModifiers modifiers = (KeyModifiers)(Ui.Modifiers() & 7);
        PointerInput input = new(new(mouse.X - origin.X - 0.5, mouse.Y - origin.Y - 0.5), PointerButton.None, modifiers);
        if (mouse != _last) target.Move(input with { Button = _held < 0 ? PointerButton.None : s_buttons[_held] });
        _last = mouse;
        Ui.GetWheel(out Vector2 wheel);
        if (isHovered && wheel.Y != 0) target.Wheel(wheel.Y, input);
        for (int n = 0; n < s_buttons.Length; n++)
        {
            if (isHovered && _held < 0 && Ui.IsMouseClicked(n))
            {
                if (n == 0 && Ui.IsMouseDoubleClicked(0)) target.DoubleClick(input with { Button = PointerButton.Left });
                else
                {
                    _held = n;
                    target.Down(input with { Button = s_buttons[n] });
                }
            }
            if (_held == n && !Ui.IsMouseDown(n))
            {
                _held = -1;
                target.Up(input with { Button = s_buttons[n] });
            }
        }
    }
}

/// <summary>What takes the pointer's events in a pane.</summary>
internal interface IPointerTarget
{
    void Down(PointerInput input);

    void Move(PointerInput input);

    void Up(PointerInput input);

    void DoubleClick(PointerInput input);

    void Wheel(double notches, PointerInput input);

    void Leave();
}
