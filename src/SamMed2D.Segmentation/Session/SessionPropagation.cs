using System.Collections.Concurrent;
using System.Collections.Immutable;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Session;

/// <summary>
/// A propagation under way on a thread of its own. What it has done so far may be looked at from any thread; it becomes part of the session
/// only by <see cref="SegmentationSession.Finish"/>.
/// </summary>
public sealed class SessionPropagation
{
    private readonly IPromptableSegmenter _segmenter;
    private readonly SegmentationRequest _request;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly ConcurrentQueue<PropagatedSlice> _slices = new();
    private Task<SegmentationResult>? _task;
    private long _done, _planned;

    internal SessionPropagation(IPromptableSegmenter segmenter, SegmentationRequest request, ImmutableArray<SegmentNews> news) =>
        (_segmenter, _request, News) = (segmenter, request, news);

    internal ImmutableArray<SegmentNews> News { get; }

    /// <summary>Slice visits done.</summary>
    public long SlicesDone => Interlocked.Read(ref _done);

    /// <summary>Slice visits in all, as far as is known; 0 before the first. It shrinks when a direction stops.</summary>
    public long SlicesPlanned => Interlocked.Read(ref _planned);

    /// <summary>True when <see cref="SegmentationSession.Finish"/> would not wait.</summary>
    public bool HasEnded => _task!.IsCompleted;

    /// <summary>Takes the next step that nobody has taken yet, in the order of work.</summary>
    /// <returns>False where there is none, for now.</returns>
    public bool TryTake(out PropagatedSlice slice)
    {
        bool has = _slices.TryDequeue(out PropagatedSlice? next);
        slice = next!;
        return has;
    }

    /// <summary>Asks the work to stop, within the slice that it is at. <see cref="SegmentationSession.Finish"/> is still to be called.</summary>
    public void Cancel() => _cancellation.Cancel();

    internal void Start() => _task = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Waits for the end.</summary>
    /// <returns>Null where it was cancelled.</returns>
    internal SegmentationResult? Wait()
    {
        try
        {
            return _task!.GetAwaiter().GetResult();
        }
        catch (OperationCanceledException) when (_cancellation.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            _cancellation.Dispose();
        }
    }

    private SegmentationResult Run()
    {
        SegmentationRequest request = _request.Previous is { } previous
            ? _request with { Previous = previous with { Runs = HandEdits.Note(previous, _request.Window, _request.WindowName) } }
            : _request;
        return SegmentationRun.Run(_segmenter, request, (done, planned) =>
        {
            Interlocked.Exchange(ref _done, done);
            Interlocked.Exchange(ref _planned, planned);
        }, _cancellation.Token, Show);
    }

    private void Show(PropagationStep step, LabelMap labels)
    {
        VoxelMask mask = new(labels.Geometry, default);
        if (step.IsKept && News.FirstOrDefault(n => n.Segment.Label == step.Segment.Label) is { } news)
        {
            VoxelMask whole = VoxelMask.Of(labels, step.Segment.Label, VoxelBox.OfSlice(labels.Geometry, news.Segment.Axis, step.Slice));
            mask = whole.Over(whole.GetBounds());
        }
        _slices.Enqueue(new(step, mask));
    }
}

/// <summary>What propagation did on one slice, for a preview.</summary>
/// <param name="Step">The step.</param>
/// <param name="Mask">The segment's voxels on the slice as they would be; empty where the step was not kept.</param>
public sealed record PropagatedSlice(PropagationStep Step, VoxelMask Mask);
