using System.Collections.Concurrent;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Annotations;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>Draws scenes into pictures without a window. It has a GL thread of its own, so it may be used from any thread.</summary>
public sealed class OffscreenRenderer : IDisposable
{
    private readonly BlockingCollection<Action<SceneRenderer>> _work = [];
    private readonly Thread _thread;
    private readonly TaskCompletionSource<string> _started = new();
    private RenderTarget? _target;

    private OffscreenRenderer(long? maxVolumeVoxels, bool? castsOnProcessor, long? maxGraphicsBytes)
    {
        _thread = new(() => Run(maxVolumeVoxels, castsOnProcessor, maxGraphicsBytes)) { IsBackground = true, Name = "OpenGL" };
        _thread.Start();
        Device = _started.Task.GetAwaiter().GetResult();
    }

    /// <summary>The card or software renderer, and its OpenGL version.</summary>
    public string Device { get; }

    /// <summary>Starts OpenGL without a window.</summary>
    /// <param name="maxVolumeVoxels">Volumes with more voxels are shown coarser, with a note; null for as many as suit this machine's memory.</param>
    /// <param name="castsOnProcessor">As for <see cref="SceneRenderer"/>.</param>
    /// <param name="maxGraphicsBytes">As for <see cref="SceneRenderer"/>.</param>
    /// <exception cref="MissingComponentException">This machine gives no OpenGL 4.5; the message says what to install.</exception>
    public static OffscreenRenderer Create(long? maxVolumeVoxels = null, bool? castsOnProcessor = null, long? maxGraphicsBytes = null) =>
        new(maxVolumeVoxels, castsOnProcessor, maxGraphicsBytes);

    /// <summary>Draws a slice: 3 channels, the size of the scene.</summary>
    public SliceImage Render(SliceScene scene)
    {
        SliceImage image = Invoke(renderer =>
        {
            RenderTarget target = TargetOf(renderer, scene.Size);
            renderer.Draw(scene, target);
            return renderer.ReadPixels(target);
        });
        return scene.IsAnnotated ? SliceAnnotations.Draw(image, scene.View) : image;
    }

    /// <summary>Draws a 3D scene: 3 channels, the size of the scene.</summary>
    /// <param name="scene">What to show.</param>
    /// <param name="isDraft">Half the resolution and double steps.</param>
    public SliceImage Render(SpatialScene scene, bool isDraft = false) => Invoke(renderer =>
    {
        RenderTarget target = TargetOf(renderer, scene.Size);
        renderer.Draw(scene, target, isDraft);
        return renderer.ReadPixels(target);
    });

    /// <summary>What users should know, each a sentence; each is told once.</summary>
    public IReadOnlyList<string> TakeNotes() => Invoke(renderer => renderer.TakeNotes());

    /// <summary>Ends the GL thread and gives everything back.</summary>
    public void Dispose()
    {
        _work.CompleteAdding();
        _thread.Join();
        _work.Dispose();
    }

    /// <summary>Runs work on the GL thread and waits for it; its exceptions arrive here.</summary>
    internal T Invoke<T>(Func<SceneRenderer, T> work)
    {
        TaskCompletionSource<T> done = new();
        _work.Add(renderer =>
        {
            try
            {
                done.SetResult(work(renderer));
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return done.Task.GetAwaiter().GetResult();
    }

    private RenderTarget TargetOf(SceneRenderer renderer, ImageSize size)
    {
        if (_target?.Size == size) return _target;
        _target?.Dispose();
        _target = null;
        return _target = renderer.CreateTarget(size);
    }

    private void Run(long? maxVolumeVoxels, bool? castsOnProcessor, long? maxGraphicsBytes)
    {
        try
        {
            using EglContext context = EglContext.Create();
            context.MakeCurrent();
            using SceneRenderer renderer = new(context, maxVolumeVoxels, castsOnProcessor, maxGraphicsBytes);
            _started.SetResult(renderer.Device);
            foreach (Action<SceneRenderer> work in _work.GetConsumingEnumerable()) work(renderer);
            _target?.Dispose();
        }
        catch (Exception failure) when (_started.TrySetException(failure))
        {
            // It is thrown where the renderer was asked for.
        }
    }
}
