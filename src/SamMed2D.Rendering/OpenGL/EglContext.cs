using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>A context without a window or a display server, through EGL: Mesa's surfaceless platform, else the default display.</summary>
public sealed partial class EglContext : IGraphicsContext
{
    private const string Library = "libEGL.so.1";
    private const int SurfacelessPlatform = 0x31DD, OpenGlApi = 0x30A2, None = 0x3038;
    private const int SurfaceType = 0x3033, PbufferBit = 1, RenderableType = 0x3040, OpenGlBit = 8;
    private const int MajorVersion = 0x3098, MinorVersion = 0x30FB, ProfileMask = 0x30FD, CoreProfile = 1, DebugContext = 0x31B0;
    private const string Remedy = "let the processor draw by setting LIBGL_ALWAYS_SOFTWARE=1 (its driver: apt-get install libegl1 libgl1-mesa-dri), or update the graphics driver";

    private readonly nint _display;
    private readonly nint _context;

    private EglContext(nint display, nint context, bool isDebug) => (_display, _context, IsDebug) = (display, context, isDebug);

    /// <summary>Creates a context; not yet current anywhere.</summary>
    /// <param name="isDebug">True for one that checks every call; Debug builds always do.</param>
    /// <exception cref="MissingComponentException">There is no EGL, or it gives no OpenGL 4.5 core context.</exception>
    public static EglContext Create(bool isDebug = false)
    {
#if DEBUG
        isDebug = true;
#endif
        try
        {
            nint display = OpenDisplay();
            if (BindApi(OpenGlApi) == 0) throw Failure("EGL knows no desktop OpenGL");
            Span<int> wanted = [SurfaceType, PbufferBit, RenderableType, OpenGlBit, None];
            if (ChooseConfig(display, wanted, out nint config, 1, out int count) == 0 || count == 0) throw Failure("EGL has no OpenGL configuration");
            Span<int> attributes = [MajorVersion, 4, MinorVersion, 5, ProfileMask, CoreProfile, DebugContext, isDebug ? 1 : 0, None];
            nint context = CreateContext(display, config, 0, attributes);
            if (context == 0) throw Failure("the driver gives no OpenGL 4.5 core context");
            return new(display, context, isDebug);
        }
        catch (DllNotFoundException missing)
        {
            throw new MissingComponentException($"OpenGL cannot start: {Library} is not installed; {Remedy}", missing);
        }
    }

    /// <inheritdoc/>
    public bool IsDebug { get; }

    /// <inheritdoc/>
    public void MakeCurrent()
    {
        // The API is bound for each thread by itself.
        if (BindApi(OpenGlApi) == 0 || MakeCurrent(_display, 0, 0, _context) == 0) throw Failure("the context cannot be made current");
    }

    /// <inheritdoc/>
    public nint GetProcAddress(string name) => FindFunction(name);

    /// <inheritdoc/>
    public void Present()
    {
    }

    /// <summary>Gives the context back. The display stays open: it belongs to the process, and other contexts may live on it.</summary>
    public void Dispose()
    {
        MakeCurrent(_display, 0, 0, 0);
        DestroyContext(_display, _context);
    }

    private static nint OpenDisplay()
    {
        nint display = GetPlatformDisplay(SurfacelessPlatform, 0, 0);
        if (display != 0 && Initialize(display, out _, out _) != 0) return display;
        display = GetDisplay(0);
        return display != 0 && Initialize(display, out _, out _) != 0 ? display : throw Failure("EGL finds no display to draw on");
    }

    private static MissingComponentException Failure(string problem) => new($"OpenGL cannot start: {problem} (EGL error 0x{GetError():X}); {Remedy}");

    [LibraryImport(Library, EntryPoint = "eglGetPlatformDisplay")]
    private static partial nint GetPlatformDisplay(int platform, nint nativeDisplay, nint attributes);

    [LibraryImport(Library, EntryPoint = "eglGetDisplay")]
    private static partial nint GetDisplay(nint nativeDisplay);

    [LibraryImport(Library, EntryPoint = "eglInitialize")]
    private static partial int Initialize(nint display, out int major, out int minor);

    [LibraryImport(Library, EntryPoint = "eglBindAPI")]
    private static partial int BindApi(int api);

    [LibraryImport(Library, EntryPoint = "eglChooseConfig")]
    private static partial int ChooseConfig(nint display, Span<int> attributes, out nint config, int size, out int count);

    [LibraryImport(Library, EntryPoint = "eglCreateContext")]
    private static partial nint CreateContext(nint display, nint config, nint shared, Span<int> attributes);

    [LibraryImport(Library, EntryPoint = "eglMakeCurrent")]
    private static partial int MakeCurrent(nint display, nint draw, nint read, nint context);

    [LibraryImport(Library, EntryPoint = "eglDestroyContext")]
    private static partial int DestroyContext(nint display, nint context);

    [LibraryImport(Library, EntryPoint = "eglGetProcAddress", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint FindFunction(string name);

    [LibraryImport(Library, EntryPoint = "eglGetError")]
    private static partial int GetError();
}
