using SamMed2D.Core.Errors;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using Silk.NET.OpenGL;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>A picture on the card that scenes are drawn into. Disposing it from any thread gives it back.</summary>
public sealed class RenderTarget : IDisposable
{
    internal RenderTarget(Framebuffer buffer) => Buffer = buffer;

    /// <summary>The picture's size.</summary>
    public ImageSize Size => new(Buffer.Width, Buffer.Height);

    /// <summary>The OpenGL name of the texture, for a toolkit that shows it; its first row is the top.</summary>
    public uint TextureHandle => Buffer.Color.Handle;

    internal Framebuffer Buffer { get; }

    /// <inheritdoc/>
    public void Dispose() => Buffer.Dispose();
}

/// <summary>
/// Draws scenes with OpenGL, on the one thread where its context is current. Volumes, labels and meshes stay on the card while
/// frames use them.
/// </summary>
public sealed class SceneRenderer : IDisposable
{
    private readonly GraphicsDevice _device;
    private readonly SceneResources _resources;
    private readonly SlicePainter _slices;
    private readonly SpatialPainter _spaces;
    private uint[] _readBack = [];

    /// <summary>Takes over the context that is current on the calling thread.</summary>
    /// <param name="context">The context; not owned.</param>
    /// <param name="maxVolumeVoxels">Volumes with more voxels are shown coarser, with a note; null for as many as suit this machine's memory.</param>
    /// <param name="castsOnProcessor">Whether volumes are ray cast by the processor's own code instead of shaders; null for where OpenGL itself
    /// runs on the processor, there the faster way by far.</param>
    /// <param name="maxGraphicsBytes">What textures and buffers may take together: where they need more, volumes are shown coarser, with a note;
    /// null for what the driver says is free.</param>
    /// <exception cref="MissingComponentException">The context is older than OpenGL 4.5.</exception>
    public SceneRenderer(IGraphicsContext context, long? maxVolumeVoxels = null, bool? castsOnProcessor = null, long? maxGraphicsBytes = null)
    {
        _device = new(context, maxGraphicsBytes);
        _resources = new(_device, maxVolumeVoxels ?? SuggestMaxVolumeVoxels(), castsOnProcessor ?? _device.IsSoftware);
        _slices = new(_device, _resources);
        _spaces = new(_device, _resources);
        _device.EndFrame();
    }

    /// <summary>The card or software renderer, and its OpenGL version.</summary>
    public string Device => _device.Description;

    /// <summary>Bytes that textures and buffers take.</summary>
    public long AllocatedBytes => _device.AllocatedBytes;

    /// <summary>Errors that the driver told of, whoever made the call; only debug contexts are told.</summary>
    public int ErrorCount => _device.ErrorCount;

    /// <summary>What users should know, each a sentence, such as that a volume is shown coarser; each is told once.</summary>
    public IReadOnlyList<string> TakeNotes() => _resources.TakeNotes();

    /// <summary>Makes a picture to draw into; the caller disposes it.</summary>
    /// <exception cref="InsufficientMemoryForWorkException">The graphics memory has no room for it.</exception>
    public RenderTarget CreateTarget(ImageSize size) =>
        WithRoom(() => new RenderTarget(Framebuffer.Create(_device, "target", size.Width, size.Height, SizedInternalFormat.Rgba8, 4, hasDepth: false)));

    /// <summary>Draws a slice. Letters and bar are left to whoever reads or shows the picture.</summary>
    /// <param name="scene">What to show; of the target's size.</param>
    /// <param name="target">Where to.</param>
    /// <exception cref="InsufficientMemoryForWorkException">The graphics memory has no room for it, however coarse the volume.</exception>
    public void Draw(SliceScene scene, RenderTarget target) => DrawFrame(() => _slices.Draw(scene, target.Buffer));

    /// <summary>Draws a 3D scene.</summary>
    /// <param name="scene">What to show; of the target's size.</param>
    /// <param name="target">Where to.</param>
    /// <param name="isDraft">Half the resolution and double steps, for while the user turns the scene.</param>
    /// <exception cref="InsufficientMemoryForWorkException">The graphics memory has no room for it, however coarse the volume.</exception>
    public void Draw(SpatialScene scene, RenderTarget target, bool isDraft = false) => DrawFrame(() => _spaces.Draw(isDraft ? Draft(scene) : scene, target.Buffer));

    /// <summary>The pixels of a picture: 3 channels, the first row on top.</summary>
    public SliceImage ReadPixels(RenderTarget target)
    {
        // Four channels are what the card has; drivers are slow at leaving one out.
        int count = target.Size.PixelCount;
        if (_readBack.Length < count) _readBack = new uint[count];
        _device.Gl.BindFramebuffer(FramebufferTarget.ReadFramebuffer, target.Buffer.Handle);
        _device.Gl.ReadPixels<uint>(0, 0, (uint)target.Size.Width, (uint)target.Size.Height, PixelFormat.Rgba, PixelType.UnsignedByte, _readBack.AsSpan(0, count));
        byte[] pixels = new byte[checked(count * 3)];
        for (int n = 0, to = 0; n < count; n++, to += 3)
        {
            uint pixel = _readBack[n];
            (pixels[to], pixels[to + 1], pixels[to + 2]) = ((byte)pixel, (byte)(pixel >> 8), (byte)(pixel >> 16));
        }
        return new(target.Size.Width, target.Size.Height, 3, pixels);
    }

    /// <summary>Gives back at once what is kept for a volume that will not be drawn any more; without this it goes after some further frames.</summary>
    public void Release(Volume volume) => ReleaseAll(volume);

    /// <summary>Likewise for a label map.</summary>
    public void Release(LabelMap labels) => ReleaseAll(labels);

    /// <summary>Likewise for a surface.</summary>
    public void Release(SurfaceMesh mesh) => ReleaseAll(mesh);

    /// <summary>Gives everything on the card back.</summary>
    public void Dispose()
    {
        _slices.Dispose();
        _spaces.Dispose();
        _resources.Dispose();
        _device.BeginFrame();
    }

    // A voxel on the card and beside it should cost no more than a sixteenth of what there is; 256 million are enough for any scan.
    private static long SuggestMaxVolumeVoxels() => Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16, 1L << 22, 1L << 28);

    private void ReleaseAll(object source)
    {
        _resources.Release(source);
        _device.BeginFrame();
    }

    private static SpatialScene Draft(SpatialScene scene) => scene with
    {
        Size = new((scene.Size.Width + 1) / 2, (scene.Size.Height + 1) / 2),
        Volume = scene.Volume is { } volume ? volume with { StepVoxels = volume.StepVoxels * 2 } : null,
    };

    private void DrawFrame(Action draw)
    {
        _device.BeginFrame();
        WithRoom(() =>
        {
            draw();
            _device.EndFrame();
            return true;
        });
        _resources.EndFrame();
    }

    // What has no room is tried again with less on the card, until it has.
    private T WithRoom<T>(Func<T> work)
    {
        for (; ; )
        {
            try
            {
                return work();
            }
            catch (GraphicsMemoryException failure)
            {
                if (!_resources.MakeRoom(failure))
                    throw new InsufficientMemoryForWorkException($"the graphics memory is full: {_device.AllocatedBytes >> 20} MB are in use and {failure.SizeBytes >> 20} MB more have no room; close other scans, or programs that use the graphics card, or draw a smaller picture");
                _device.BeginFrame();
            }
        }
    }
}
