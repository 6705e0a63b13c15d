using System.Numerics;
using System.Reflection;
using SamMed2D.Core.Geometry;
using Silk.NET.OpenGL;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>An OpenGL object with a name. Disposing it from any thread gives it back to the device.</summary>
internal abstract class GraphicsObject(GraphicsDevice device, GraphicsObjectKind kind, uint handle, string name, long sizeBytes = 0) : IDisposable
{
    private bool _isDisposed;

    public GraphicsDevice Device { get; } = device;

    public uint Handle { get; } = handle;

    public long SizeBytes { get; } = sizeBytes;

    protected GL Gl => Device.Gl;

    public virtual void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Device.CountBytes(-SizeBytes);
        Device.Discard(kind, Handle);
    }

    /// <summary>Called at the end of the maker's constructor: names last until the object does.</summary>
    protected void Register()
    {
        Device.Label(kind, Handle, name);
        Device.CountBytes(SizeBytes);
    }
}

/// <summary>A 2D or 3D texture with fixed storage.</summary>
internal sealed class Texture : GraphicsObject
{
    private Texture(GraphicsDevice device, uint handle, string name, long sizeBytes) : base(device, GraphicsObjectKind.Texture, handle, name, sizeBytes) => Register();

    /// <exception cref="GraphicsMemoryException">There is no room for it.</exception>
    public static Texture Create2D(GraphicsDevice device, string name, int width, int height, SizedInternalFormat format, int bytesPerPixel, bool isLinear = false)
    {
        long sizeBytes = (long)width * height * bytesPerPixel;
        device.Reserve(sizeBytes);
        device.Gl.CreateTextures(TextureTarget.Texture2D, 1, out uint handle);
        device.Gl.TextureStorage2D(handle, 1, format, (uint)width, (uint)height);
        device.RequireMemory(GraphicsObjectKind.Texture, handle, sizeBytes);
        SetSampling(device.Gl, handle, isLinear);
        return new(device, handle, name, sizeBytes);
    }

    /// <exception cref="GraphicsMemoryException">There is no room for it.</exception>
    public static Texture Create3D(GraphicsDevice device, string name, int width, int height, int depth, SizedInternalFormat format, int bytesPerVoxel, bool isLinear)
    {
        long sizeBytes = (long)width * height * depth * bytesPerVoxel;
        device.Reserve(sizeBytes);
        device.Gl.CreateTextures(TextureTarget.Texture3D, 1, out uint handle);
        device.Gl.TextureStorage3D(handle, 1, format, (uint)width, (uint)height, (uint)depth);
        device.RequireMemory(GraphicsObjectKind.Texture, handle, sizeBytes);
        SetSampling(device.Gl, handle, isLinear);
        return new(device, handle, name, sizeBytes);
    }

    public void Upload2D<T>(int width, int height, PixelFormat format, PixelType type, ReadOnlySpan<T> pixels) where T : unmanaged =>
        Gl.TextureSubImage2D(Handle, 0, 0, 0, (uint)width, (uint)height, format, type, pixels);

    /// <summary>Reads the whole picture back; waits for what is being drawn.</summary>
    public void Download2D<T>(PixelFormat format, PixelType type, Span<T> pixels) where T : unmanaged =>
        Gl.GetTextureImage(Handle, 0, format, type, (uint)System.Runtime.InteropServices.MemoryMarshal.AsBytes(pixels).Length, pixels);

    /// <summary>Uploads whole slices.</summary>
    public void Upload3D<T>(int width, int height, int firstSlice, int slices, PixelFormat format, PixelType type, ReadOnlySpan<T> voxels) where T : unmanaged =>
        Gl.TextureSubImage3D(Handle, 0, 0, 0, firstSlice, (uint)width, (uint)height, (uint)slices, format, type, voxels);

    /// <summary>Uploads a box out of the voxels of a whole grid.</summary>
    public void UploadBox<T>(VolumeGeometry grid, VoxelBox box, PixelFormat format, PixelType type, ReadOnlySpan<T> voxels) where T : unmanaged
    {
        if (box.IsEmpty) return;
        Gl.PixelStore(PixelStoreParameter.UnpackRowLength, grid.SizeI);
        Gl.PixelStore(PixelStoreParameter.UnpackImageHeight, grid.SizeJ);
        (VoxelIndex first, uint width, uint height, uint depth) = (box.First, (uint)box.SizeI, (uint)box.SizeJ, (uint)box.SizeK);
        Gl.TextureSubImage3D(Handle, 0, first.I, first.J, first.K, width, height, depth, format, type, voxels[checked((int)grid.OffsetOf(first))..]);
        Gl.PixelStore(PixelStoreParameter.UnpackRowLength, 0);
        Gl.PixelStore(PixelStoreParameter.UnpackImageHeight, 0);
    }

    public void Bind(int unit) => Gl.BindTextureUnit((uint)unit, Handle);

    private static void SetSampling(GL gl, uint handle, bool isLinear)
    {
        int filter = isLinear ? (int)GLEnum.Linear : (int)GLEnum.Nearest;
        gl.TextureParameter(handle, TextureParameterName.TextureMinFilter, filter);
        gl.TextureParameter(handle, TextureParameterName.TextureMagFilter, filter);
        foreach (TextureParameterName axis in (ReadOnlySpan<TextureParameterName>)[TextureParameterName.TextureWrapS, TextureParameterName.TextureWrapT, TextureParameterName.TextureWrapR])
            gl.TextureParameter(handle, axis, (int)GLEnum.ClampToEdge);
    }
}

/// <summary>A buffer whose content is given once.</summary>
internal sealed class GraphicsBuffer : GraphicsObject
{
    private GraphicsBuffer(GraphicsDevice device, uint handle, string name, long sizeBytes) : base(device, GraphicsObjectKind.Buffer, handle, name, sizeBytes) => Register();

    /// <exception cref="GraphicsMemoryException">There is no room for it.</exception>
    public static unsafe GraphicsBuffer Create<T>(GraphicsDevice device, string name, ReadOnlySpan<T> content) where T : unmanaged
    {
        long sizeBytes = (long)content.Length * sizeof(T);
        device.Reserve(sizeBytes);
        device.Gl.CreateBuffers(1, out uint handle);
        device.Gl.NamedBufferStorage(handle, content, BufferStorageMask.DynamicStorageBit);
        device.RequireMemory(GraphicsObjectKind.Buffer, handle, sizeBytes);
        return new(device, handle, name, sizeBytes);
    }

    public void BindStorage(int slot) => Gl.BindBufferBase(BufferTargetARB.ShaderStorageBuffer, (uint)slot, Handle);
}

/// <summary>Where a picture is drawn to: colours and, where asked, depths. Row 0 is the top of the picture.</summary>
internal sealed class Framebuffer : GraphicsObject
{
    private Framebuffer(GraphicsDevice device, uint handle, string name) : base(device, GraphicsObjectKind.Framebuffer, handle, name) => Register();

    public required Texture Color { get; init; }

    public required Texture? Depth { get; init; }

    public required int Width { get; init; }

    public required int Height { get; init; }

    public static Framebuffer Create(GraphicsDevice device, string name, int width, int height, SizedInternalFormat colorFormat, int bytesPerPixel, bool hasDepth)
    {
        Texture color = Texture.Create2D(device, $"{name} colour", width, height, colorFormat, bytesPerPixel, isLinear: true);
        Texture? depth = null;
        try
        {
            if (hasDepth) depth = Texture.Create2D(device, $"{name} depth", width, height, SizedInternalFormat.DepthComponent32f, 4);
        }
        catch (GraphicsMemoryException)
        {
            color.Dispose();
            throw;
        }
        device.Gl.CreateFramebuffers(1, out uint handle);
        device.Gl.NamedFramebufferTexture(handle, FramebufferAttachment.ColorAttachment0, color.Handle, 0);
        if (depth is not null) device.Gl.NamedFramebufferTexture(handle, FramebufferAttachment.DepthAttachment, depth.Handle, 0);
        return new(device, handle, name) { Color = color, Depth = depth, Width = width, Height = height };
    }

    /// <summary>Draws here from now on, over nothing.</summary>
    public void BindAndClear()
    {
        Bind();
        Gl.DepthMask(true);
        Gl.ClearColor(0, 0, 0, 0);
        Gl.ClearDepth(1.0);
        Gl.Clear((uint)(Depth is null ? ClearBufferMask.ColorBufferBit : ClearBufferMask.ColorBufferBit | ClearBufferMask.DepthBufferBit));
    }

    /// <summary>Draws here from now on, over what is there.</summary>
    public void Bind()
    {
        Gl.BindFramebuffer(FramebufferTarget.Framebuffer, Handle);
        Gl.Viewport(0, 0, (uint)Width, (uint)Height);
    }

    public override void Dispose()
    {
        Color.Dispose();
        Depth?.Dispose();
        base.Dispose();
    }
}

/// <summary>A vertex and a fragment shader, from the resources of this assembly.</summary>
internal sealed class ShaderProgram : GraphicsObject
{
    private readonly Dictionary<string, int> _locations = [];

    private ShaderProgram(GraphicsDevice device, uint handle, string name) : base(device, GraphicsObjectKind.Program, handle, name) => Register();

    /// <summary>Compiles and links.</summary>
    /// <param name="device">The device.</param>
    /// <param name="name">For debuggers and messages.</param>
    /// <param name="vertex">Resource name of the vertex shader.</param>
    /// <param name="fragments">Resource names of the parts of the fragment shader, put after <c>common.glsl</c>.</param>
    /// <param name="defines">Names defined in both.</param>
    public static ShaderProgram Create(GraphicsDevice device, string name, string vertex, ReadOnlySpan<string> fragments, params ReadOnlySpan<string> defines)
    {
        GL gl = device.Gl;
        string prefix = "#version 450 core\n";
        foreach (string define in defines) prefix += $"#define {define}\n";
        string fragment = ReadResource("common.glsl");
        foreach (string part in fragments) fragment += ReadResource(part);
        uint vertexShader = Compile(gl, ShaderType.VertexShader, name, prefix + ReadResource(vertex));
        uint fragmentShader = Compile(gl, ShaderType.FragmentShader, name, prefix + fragment);
        uint handle = gl.CreateProgram();
        gl.AttachShader(handle, vertexShader);
        gl.AttachShader(handle, fragmentShader);
        gl.LinkProgram(handle);
        gl.DeleteShader(vertexShader);
        gl.DeleteShader(fragmentShader);
        if (gl.GetProgram(handle, ProgramPropertyARB.LinkStatus) == 0) throw new InvalidOperationException($"The shaders of '{name}' do not link: {gl.GetProgramInfoLog(handle)}");
        return new(device, handle, name);
    }

    public void Use() => Gl.UseProgram(Handle);

    public void Set(string name, int value) => Gl.ProgramUniform1(Handle, Location(name), value);

    public void Set(string name, double value) => Gl.ProgramUniform1(Handle, Location(name), (float)value);

    public void Set(string name, int x, int y, int z) => Gl.ProgramUniform3(Handle, Location(name), x, y, z);

    public void Set(string name, Vector2 value) => Gl.ProgramUniform2(Handle, Location(name), value.X, value.Y);

    public void Set(string name, Vector3 value) => Gl.ProgramUniform3(Handle, Location(name), value.X, value.Y, value.Z);

    public void Set(string name, Vector4 value) => Gl.ProgramUniform4(Handle, Location(name), value.X, value.Y, value.Z, value.W);

    public unsafe void Set(string name, in Matrix4x4 value)
    {
        // Row vectors in row order are column vectors in column order.
        fixed (Matrix4x4* first = &value) Gl.ProgramUniformMatrix4(Handle, Location(name), 1, false, (float*)first);
    }

    public unsafe void Set(string name, ReadOnlySpan<Vector4> values)
    {
        if (values.IsEmpty) return;
        fixed (Vector4* first = values) Gl.ProgramUniform4(Handle, Location(name), (uint)values.Length, (float*)first);
    }

    // Unused uniforms are optimised away and have location −1, which OpenGL ignores.
    private int Location(string name)
    {
        if (!_locations.TryGetValue(name, out int location)) _locations[name] = location = Gl.GetUniformLocation(Handle, name);
        return location;
    }

    private static uint Compile(GL gl, ShaderType type, string name, string source)
    {
        uint shader = gl.CreateShader(type);
        gl.ShaderSource(shader, source);
        gl.CompileShader(shader);
        if (gl.GetShader(shader, ShaderParameterName.CompileStatus) == 0) throw new InvalidOperationException($"The {type} of '{name}' does not compile: {gl.GetShaderInfoLog(shader)}");
        return shader;
    }

    private static string ReadResource(string name)
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name) ?? throw new InvalidOperationException($"The shader {name} is not in the assembly.");
        return new StreamReader(stream).ReadToEnd();
    }
}
