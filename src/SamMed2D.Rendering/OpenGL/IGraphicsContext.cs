namespace SamMed2D.Rendering.OpenGL;

/// <summary>
/// An OpenGL 4.5 core context, with or without a window. It is current on one thread at most, and whoever makes it current there
/// uses it only from that thread.
/// </summary>
public interface IGraphicsContext : IDisposable
{
    /// <summary>True where the driver checks every call and tells of what is wrong: slow, for finding faults.</summary>
    bool IsDebug { get; }

    /// <summary>Makes the context current on the calling thread.</summary>
    void MakeCurrent();

    /// <summary>The address of an OpenGL function; 0 where it does not exist.</summary>
    /// <param name="name">Such as <c>glClear</c>.</param>
    nint GetProcAddress(string name);

    /// <summary>Shows what was drawn to the window; does nothing without one.</summary>
    void Present();
}
