using System.Runtime.InteropServices;
using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Rendering.Scene;
using SamMed2D.Viewer.Gui;

namespace SamMed2D.Viewer.Window;

/// <summary>A window with an OpenGL 4.5 core context, by GLFW. Everything but <see cref="Wake"/> belongs to the thread that opened it.</summary>
internal sealed partial class GlfwWindow : IViewerSurface
{
    private nint _handle;
    private CursorShape _cursor = CursorShape.Arrow;

    private GlfwWindow(nint handle, bool isVisible, bool isDebug) => (_handle, IsVisible, IsDebug) = (handle, isVisible, isDebug);

    /// <inheritdoc/>
    public bool IsVisible { get; }

    /// <inheritdoc/>
    public bool IsDebug { get; }

    /// <inheritdoc/>
    public ImageSize Size => Measure().Size;

    /// <inheritdoc/>
    public float Scale => Measure().Scale;

    /// <inheritdoc/>
    public string Clipboard
    {
        get => Marshal.PtrToStringUTF8(GetClipboard(_handle)) ?? "";
        set => SetClipboard(_handle, value);
    }

    /// <summary>Opens a window; its context is current.</summary>
    /// <param name="title">Its name.</param>
    /// <param name="size">Its size in pixels of a plain display.</param>
    /// <param name="smallest">The size below which it cannot be made, in pixels of a plain display.</param>
    /// <param name="isVisible">False keeps it off the screen.</param>
    /// <param name="isDebug">True for a context that checks every call; Debug builds always do.</param>
    /// <exception cref="MissingComponentException">There is no display, or no OpenGL 4.5; the message says what to do.</exception>
    public static GlfwWindow Open(string title, ImageSize size, ImageSize smallest, bool isVisible, bool isDebug = false)
    {
#if DEBUG
        isDebug = true;
#endif
        GuiLibrary.Require();
        GuiMessage message = default;
        GuiStatus status = Open(title, size.Width, size.Height, smallest.Width, smallest.Height, isVisible ? 0 : 1, isDebug ? 1 : 0, out nint handle, message, GuiLibrary.MessageBytes);
        GuiLibrary.Check(status, message);
        return new(handle, isVisible, isDebug);
    }

    /// <inheritdoc/>
    public void MakeCurrent() => MakeCurrent(_handle);

    /// <inheritdoc/>
    public nint GetProcAddress(string name) => ProcAddress(name);

    /// <inheritdoc/>
    public void Present() => Present(_handle);

    /// <inheritdoc/>
    public void Wait(double seconds, InputQueue queue)
    {
        WaitForEvents(seconds);
        (ImageSize size, ImageSize window, _) = Measure();
        float right = (float)size.Width / Math.Max(window.Width, 1), down = (float)size.Height / Math.Max(window.Height, 1);
        while (NextEvent(_handle, out InputEvent happened) != 0)
        {
            if (happened.Kind is InputKind.Move or InputKind.Button) (happened.X, happened.Y) = (happened.X * right, happened.Y * down);
            queue.Add(happened);
        }
    }

    /// <inheritdoc/>
    public void Wake() => WakeUp();

    /// <inheritdoc/>
    public IReadOnlyList<string> TakeDroppedFiles()
    {
        byte[] buffer = new byte[4096];
        int bytes = TakeDropped(_handle, buffer, buffer.Length);
        if (bytes < 0)
        {
            buffer = new byte[-bytes];
            bytes = TakeDropped(_handle, buffer, buffer.Length);
        }
        return Encoding.UTF8.GetString(buffer, 0, bytes).Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <inheritdoc/>
    public void Resize(ImageSize size) => Resize(_handle, size.Width, size.Height);

    /// <inheritdoc/>
    public void SetTitle(string title) => SetTitle(_handle, title);

    /// <inheritdoc/>
    public void SetCursor(CursorShape shape)
    {
        if (shape == _cursor) return;
        _cursor = shape;
        SetCursor(_handle, (int)shape);
    }

    /// <inheritdoc/>
    public string? KeyName(int key) => Marshal.PtrToStringUTF8(NameOfKey(key));

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_handle != 0) Close(_handle);
        _handle = 0;
    }

    private (ImageSize Size, ImageSize Window, float Scale) Measure()
    {
        GetSize(_handle, out int width, out int height, out int windowWidth, out int windowHeight, out float scale);
        // A minimised window has no pixels.
        return (new(Math.Max(width, 1), Math.Max(height, 1)), new(windowWidth, windowHeight), scale > 0 ? scale : 1);
    }

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial GuiStatus Open(string title, int width, int height, int minWidth, int minHeight, int isHidden, int isDebug, out nint window, Span<byte> message, int messageBytes);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_close")]
    private static partial void Close(nint window);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_make_current")]
    private static partial void MakeCurrent(nint window);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_present")]
    private static partial void Present(nint window);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_proc_address", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint ProcAddress(string name);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_size")]
    private static partial void GetSize(nint window, out int width, out int height, out int windowWidth, out int windowHeight, out float scale);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_set_title", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void SetTitle(nint window, string title);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_resize")]
    private static partial void Resize(nint window, int width, int height);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_wait")]
    private static partial void WaitForEvents(double seconds);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_wake")]
    private static partial void WakeUp();

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_next_event")]
    private static partial int NextEvent(nint window, out InputEvent happened);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_take_dropped")]
    private static partial int TakeDropped(nint window, Span<byte> buffer, int bytes);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_clipboard")]
    private static partial nint GetClipboard(nint window);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_set_clipboard", StringMarshalling = StringMarshalling.Utf8)]
    private static partial void SetClipboard(nint window, string text);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_set_cursor")]
    private static partial void SetCursor(nint window, int shape);

    [LibraryImport(GuiLibrary.Name, EntryPoint = "sammed2d_gui_key_name")]
    private static partial nint NameOfKey(int key);
}
