using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;
using Silk.NET.OpenGL;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>What an OpenGL object is, for labels and for deleting it.</summary>
internal enum GraphicsObjectKind
{
    Texture,
    Buffer,
    Framebuffer,
    VertexArray,
    Program,
    Query,
}

/// <summary>
/// OpenGL on the thread where its context is current. Objects may be given back from any thread: they wait in a queue until the
/// device's own thread comes by. In debug contexts the driver's complaints are counted and become exceptions.
/// </summary>
internal sealed class GraphicsDevice
{
    private readonly ConcurrentQueue<(GraphicsObjectKind Kind, uint Handle)> _discarded = new();
    private readonly int _threadId = Environment.CurrentManagedThreadId;
    // Kept so that it is not collected while the driver holds it.
    private readonly DebugProc _debugCallback;
    private readonly long _maxBytes;
    private long _allocatedBytes;
    private string? _complaint;
    private GLEnum _error;

    /// <summary>Takes over the context that is current on the calling thread.</summary>
    /// <param name="context">The context; not owned.</param>
    /// <param name="maxBytes">What textures and buffers may take together; null for what the driver tells, if it does.</param>
    /// <exception cref="MissingComponentException">It is older than OpenGL 4.5.</exception>
    public GraphicsDevice(IGraphicsContext context, long? maxBytes = null)
    {
        Gl = GL.GetApi(context.GetProcAddress);
        int version = Gl.GetInteger(GetPName.MajorVersion) * 10 + Gl.GetInteger(GetPName.MinorVersion);
        Description = $"{Gl.GetStringS(StringName.Renderer)}, OpenGL {Gl.GetStringS(StringName.Version)}";
        if (version < 45) throw new MissingComponentException($"OpenGL 4.5 is needed, this machine has {Description}; update its graphics driver or install libgl1-mesa-dri");
        MaxTextureSize3D = Gl.GetInteger(GetPName.Max3DTextureSize);
        _maxBytes = maxBytes ?? FindFreeBytes();
        _debugCallback = OnDebugMessage;
        // The callback costs time; elsewhere the error flag alone is looked at.
        if (context.IsDebug) Listen();
        // Rows of one-byte textures are seldom a multiple of four bytes long.
        Gl.PixelStore(PixelStoreParameter.UnpackAlignment, 1);
        Gl.PixelStore(PixelStoreParameter.PackAlignment, 1);
    }

    /// <summary>The functions.</summary>
    public GL Gl { get; }

    /// <summary>The card or software renderer and its version.</summary>
    public string Description { get; }

    /// <summary>Whether OpenGL itself runs on the processor.</summary>
    public bool IsSoftware => Description.Contains("llvmpipe", StringComparison.OrdinalIgnoreCase)
        || Description.Contains("softpipe", StringComparison.OrdinalIgnoreCase) || Description.Contains("software", StringComparison.OrdinalIgnoreCase);

    /// <summary>The most voxels along one side of a 3D texture.</summary>
    public int MaxTextureSize3D { get; }

    /// <summary>Errors that the driver told of; always 0 outside debug contexts, where errors are only found at the end of a frame.</summary>
    public int ErrorCount { get; private set; }

    /// <summary>Bytes in textures and buffers that are alive.</summary>
    public long AllocatedBytes => Interlocked.Read(ref _allocatedBytes);

    /// <summary>Counts what an object takes, or with a negative number gives back; from any thread.</summary>
    public void CountBytes(long sizeBytes) => Interlocked.Add(ref _allocatedBytes, sizeBytes);

    /// <summary>Makes sure that there is room for an object that is about to be made.</summary>
    /// <exception cref="GraphicsMemoryException">There is none.</exception>
    public void Reserve(long sizeBytes)
    {
        if (AllocatedBytes + sizeBytes > _maxBytes) throw new GraphicsMemoryException(sizeBytes);
    }

    /// <summary>Makes sure that the driver has given an object its memory; deletes it where it has not.</summary>
    /// <exception cref="GraphicsMemoryException">It has not.</exception>
    public void RequireMemory(GraphicsObjectKind kind, uint handle, long sizeBytes)
    {
        GLEnum error = Gl.GetError();
        if (error == GLEnum.OutOfMemory)
        {
            _complaint = null;
            Delete(kind, handle);
            throw new GraphicsMemoryException(sizeBytes);
        }
        // Somebody else's: told at the end of the frame.
        if (error != GLEnum.NoError) _error = error;
    }

    /// <summary>Begins a frame: checks the thread and deletes what was given back.</summary>
    public void BeginFrame()
    {
        if (Environment.CurrentManagedThreadId != _threadId) throw new InvalidOperationException("OpenGL is used outside its own thread.");
        while (_discarded.TryDequeue(out (GraphicsObjectKind Kind, uint Handle) item)) Delete(item.Kind, item.Handle);
    }

    /// <summary>Ends a frame: fails where the driver reported an error.</summary>
    /// <exception cref="GraphicsMemoryException">It ran out of memory; what was uploaded in this frame may not be there.</exception>
    public void EndFrame()
    {
        GLEnum error = Gl.GetError();
        if (error == GLEnum.NoError) error = _error;
        _error = GLEnum.NoError;
        string? complaint = Interlocked.Exchange(ref _complaint, null);
        if (error == GLEnum.OutOfMemory) throw new GraphicsMemoryException(0);
        if (complaint is not null || error != GLEnum.NoError) throw new InvalidOperationException($"OpenGL reported {error}: {complaint ?? "no details outside debug contexts"}");
    }

    /// <summary>Gives an object back, from any thread.</summary>
    public void Discard(GraphicsObjectKind kind, uint handle) => _discarded.Enqueue((kind, handle));

    /// <summary>Names an object for debuggers.</summary>
    public void Label(GraphicsObjectKind kind, uint handle, string name) => Gl.ObjectLabel(kind switch
    {
        GraphicsObjectKind.Texture => ObjectIdentifier.Texture,
        GraphicsObjectKind.Buffer => ObjectIdentifier.Buffer,
        GraphicsObjectKind.Framebuffer => ObjectIdentifier.Framebuffer,
        GraphicsObjectKind.VertexArray => ObjectIdentifier.VertexArray,
        GraphicsObjectKind.Program => ObjectIdentifier.Program,
        _ => ObjectIdentifier.Query,
    }, handle, (uint)name.Length, name);

    private unsafe void Listen()
    {
        Gl.Enable(EnableCap.DebugOutput);
        Gl.Enable(EnableCap.DebugOutputSynchronous);
        Gl.DebugMessageCallback(_debugCallback, null);
    }

    // Nine tenths of what is free now, so that the display and other programs have some left; endless where no driver says.
    private long FindFreeBytes()
    {
        const GetPName freeOfNvidia = (GetPName)0x9049, freeOfAmd = (GetPName)0x87FC;
        Span<int> kilobytes = stackalloc int[4];
        if (Gl.IsExtensionPresent("GL_NVX_gpu_memory_info")) Gl.GetInteger(freeOfNvidia, kilobytes);
        else if (Gl.IsExtensionPresent("GL_ATI_meminfo")) Gl.GetInteger(freeOfAmd, kilobytes);
        return kilobytes[0] > 0 ? kilobytes[0] * 1024L / 10 * 9 : long.MaxValue;
    }

    private void Delete(GraphicsObjectKind kind, uint handle)
    {
        switch (kind)
        {
            case GraphicsObjectKind.Texture:
                Gl.DeleteTexture(handle);
                break;
            case GraphicsObjectKind.Buffer:
                Gl.DeleteBuffer(handle);
                break;
            case GraphicsObjectKind.Framebuffer:
                Gl.DeleteFramebuffer(handle);
                break;
            case GraphicsObjectKind.VertexArray:
                Gl.DeleteVertexArray(handle);
                break;
            case GraphicsObjectKind.Program:
                Gl.DeleteProgram(handle);
                break;
            default:
                Gl.DeleteQuery(handle);
                break;
        }
    }

    // Thrown only at the end of the frame: an exception must not run through the driver's own frames.
    private void OnDebugMessage(GLEnum source, GLEnum type, int id, GLEnum severity, int length, nint message, nint user)
    {
        if (type is not (GLEnum.DebugTypeError or GLEnum.DebugTypeUndefinedBehavior)) return;
        ErrorCount++;
        _complaint ??= Marshal.PtrToStringUTF8(message, length);
    }
}
