using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using SamMed2D.Core.Errors;

namespace SamMed2D.Viewer.Gui;

/// <summary>What a native function answers.</summary>
internal enum GuiStatus
{
    Ok = 0,
    NoDisplay = 1,
    NoOpenGl = 2,
    BadArgument = 3,
    NoMemory = 4,
    BadFont = 5,
    Failed = 6,
}

/// <summary>The library <c>native/</c> as a whole: its version, and what its statuses mean.</summary>
internal static partial class GuiLibrary
{
    /// <summary>The file's name as the loader takes it.</summary>
    public const string Name = "sammed2d_gui";

    /// <summary>Room for a message of the library.</summary>
    public const int MessageBytes = 1024;

    private const int AbiVersion = 1;

    /// <summary>Checks that the library loads and has the interface expected.</summary>
    /// <exception cref="MissingComponentException">It does not.</exception>
    public static void Require()
    {
        try
        {
            int found = AbiVersionOfLibrary();
            if (found != AbiVersion) throw new MissingComponentException($"libsammed2d_gui.so, which opens windows, has interface version {found} instead of {AbiVersion}; build again");
        }
        catch (Exception failure) when (failure is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new MissingComponentException("libsammed2d_gui.so or GLFW, which open windows, cannot be loaded; install its parts (apt-get install libglfw3 libfreetype6) and build again", failure);
        }
    }

    /// <summary>Turns a status into an exception.</summary>
    /// <exception cref="MissingComponentException">There is no display, no OpenGL 4.5, or a font is missing; the message says what to do.</exception>
    public static void Check(GuiStatus status, ReadOnlySpan<byte> message)
    {
        if (status == GuiStatus.Ok) return;
        int end = message.IndexOf((byte)0);
        string text = Encoding.UTF8.GetString(end < 0 ? message : message[..end]);
        throw status switch
        {
            GuiStatus.NoDisplay => new MissingComponentException(
                $"there is no display to open a window on ({text}); start it in a graphical session (over ssh: ssh -X), or draw pictures without a window: sammed2d render SCAN -o shot.png"),
            GuiStatus.NoOpenGl => new MissingComponentException(
                $"this display gives no OpenGL 4.5 ({text}); let the processor draw by setting LIBGL_ALWAYS_SOFTWARE=1 (Debian package libgl1-mesa-dri), update the graphics driver, or draw pictures without a window: sammed2d render SCAN -o shot.png"),
            GuiStatus.BadFont => new MissingComponentException($"the font {text} cannot be read; run: apt-get install fonts-inter fonts-font-awesome"),
            GuiStatus.NoMemory => new InsufficientMemoryForWorkException("the machine has too little free memory for the window; close other programs"),
            _ => new InvalidOperationException($"{status}: {text}"),
        };
    }

    [LibraryImport(Name, EntryPoint = "sammed2d_gui_abi_version")]
    private static partial int AbiVersionOfLibrary();
}

/// <summary>A buffer for one message of the library.</summary>
[InlineArray(GuiLibrary.MessageBytes)]
internal struct GuiMessage
{
    private byte _first;
}
