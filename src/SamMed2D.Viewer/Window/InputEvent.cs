using System.Runtime.InteropServices;

namespace SamMed2D.Viewer.Window;

/// <summary>What happened.</summary>
internal enum InputKind
{
    Move = 1,
    Button = 2,
    Wheel = 3,
    Key = 4,
    Character = 5,
    Leave = 6,
    Focus = 7,
    Redraw = 8,
    Drop = 9,
    Close = 10,
}

/// <summary>Something that the user or the window system did; laid out as <c>sammed2d_gui_event</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InputEvent
{
    /// <summary>What happened.</summary>
    public InputKind Kind;

    /// <summary>The button, GLFW's key, or the code point.</summary>
    public int Code;

    /// <summary>1 for a press or a gained focus.</summary>
    public int IsDown;

    /// <summary>1 where the key is held and repeats.</summary>
    public int IsRepeat;

    /// <summary>1 shift, 2 control, 4 alt, 8 super.</summary>
    public int Modifiers;

    /// <summary>The pointer's place in framebuffer pixels, or wheel steps.</summary>
    public float X, Y;
}
