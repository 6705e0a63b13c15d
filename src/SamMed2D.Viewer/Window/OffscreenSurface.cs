using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Viewer.Window;

/// <summary>A surface without a window or a display: for scripts and pictures. Nothing happens on it but what scripts do.</summary>
internal sealed unsafe class OffscreenSurface : IViewerSurface
{
    private readonly EglContext _context;
    private readonly delegate* unmanaged<void> _finish;
    private readonly AutoResetEvent _woken = new(false);

    private OffscreenSurface(EglContext context, ImageSize size, float scale)
    {
        (_context, Size, Scale) = (context, size, scale);
        _finish = (delegate* unmanaged<void>)context.GetProcAddress("glFinish");
    }

    /// <inheritdoc/>
    public ImageSize Size { get; private set; }

    /// <inheritdoc/>
    public float Scale { get; }

    /// <inheritdoc/>
    public bool IsVisible => false;

    /// <inheritdoc/>
    public string Clipboard { get; set; } = "";

    /// <inheritdoc/>
    public bool IsDebug => _context.IsDebug;

    /// <summary>Makes a surface of a size; its context is current.</summary>
    public static OffscreenSurface Create(ImageSize size, float scale, bool isDebug = false)
    {
        Gui.GuiLibrary.Require();
        EglContext context = EglContext.Create(isDebug);
        context.MakeCurrent();
        return new(context, size, scale);
    }

    /// <inheritdoc/>
    public void MakeCurrent() => _context.MakeCurrent();

    /// <inheritdoc/>
    public nint GetProcAddress(string name) => _context.GetProcAddress(name);

    /// <summary>Waits until all is drawn, as showing it would: a driver that is never asked for its pictures keeps all that it has been told.</summary>
    public void Present() => _finish();

    /// <inheritdoc/>
    public void Wait(double seconds, InputQueue queue)
    {
        if (seconds > 0) _woken.WaitOne(TimeSpan.FromSeconds(seconds));
    }

    /// <inheritdoc/>
    public void Wake() => _woken.Set();

    /// <inheritdoc/>
    public IReadOnlyList<string> TakeDroppedFiles() => [];

    /// <inheritdoc/>
    public void Resize(ImageSize size) => Size = size;

    /// <inheritdoc/>
    public void SetTitle(string title)
    {
    }

    /// <inheritdoc/>
    public void SetCursor(CursorShape shape)
    {
    }

    /// <inheritdoc/>
    public string? KeyName(int key) => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        _context.Dispose();
        _woken.Dispose();
    }
}
