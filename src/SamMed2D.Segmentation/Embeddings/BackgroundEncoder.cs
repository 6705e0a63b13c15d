using System.Runtime.ExceptionServices;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Embeddings;

/// <summary>
/// Encodes a scan's slices ahead of the user on a thread of its own, those nearest to the slice on show first, into a
/// <see cref="CachingSegmenter"/>, whose bounds it keeps to. Prompts never wait for it. Dispose before the segmenter.
/// </summary>
public sealed class BackgroundEncoder : IDisposable
{
    private readonly CachingSegmenter _segmenter;
    private readonly SliceSampler _sampler;
    private readonly ProgressCallback? _progress;
    private readonly CancellationTokenSource _cancellation = new();
    private readonly Thread _thread;
    private readonly bool[] _done;
    private volatile int _nearest;
    private volatile ExceptionDispatchInfo? _failure;

    /// <summary>Starts encoding.</summary>
    /// <param name="segmenter">The cache that is filled; it stays the caller's.</param>
    /// <param name="sampler">The slices, through the window that prompts will be given in.</param>
    /// <param name="nearest">The slice on show.</param>
    /// <param name="progress">Told on the working thread the slices done and to be done; null tells nobody.</param>
    public BackgroundEncoder(CachingSegmenter segmenter, SliceSampler sampler, int nearest, ProgressCallback? progress = null)
    {
        (_segmenter, _sampler, _nearest, _progress) = (segmenter, sampler, nearest, progress);
        _done = new bool[sampler.Frame.SliceCount];
        Total = Math.Min(_done.Length, segmenter.SlicesAhead);
        _thread = new(Encode) { IsBackground = true, Name = "background encoder", Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>The slice on show; setting it makes its neighbours come next.</summary>
    public int Nearest
    {
        get => _nearest;
        set => _nearest = value;
    }

    /// <summary>How many slices will be encoded.</summary>
    public int Total { get; }

    /// <summary>How many are.</summary>
    public int Done { get; private set; }

    /// <summary>Waits until all are encoded.</summary>
    /// <param name="cancellation">Ends the waiting, not the encoding.</param>
    /// <exception cref="Core.Errors.SamMed2DException">The model failed.</exception>
    public void WaitUntilDone(CancellationToken cancellation = default)
    {
        while (!_thread.Join(TimeSpan.FromMilliseconds(20))) cancellation.ThrowIfCancellationRequested();
        _failure?.Throw();
    }

    /// <summary>Stops within the slice under way.</summary>
    public void Dispose()
    {
        _cancellation.Cancel();
        _thread.Join();
        _cancellation.Dispose();
    }

    private void Encode()
    {
        byte[] pixels = new byte[_sampler.PixelCount];
        try
        {
            while (Done < Total)
            {
                int slice = FindNext();
                SliceImage image = _sampler.Sample(slice, pixels.AsMemory());
                _segmenter.EncodeInBackground(image, _cancellation.Token);
                _done[slice] = true;
                Done++;
                _progress?.Invoke(Done, Total);
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed; what is encoded stays.
        }
        catch (Exception problem)
        {
            _failure = ExceptionDispatchInfo.Capture(problem);
        }
    }

    private int FindNext()
    {
        int nearest = Math.Clamp(_nearest, 0, _done.Length - 1);
        for (int distance = 0; ; distance++)
        {
            if (nearest - distance is >= 0 and int below && !_done[below]) return below;
            if (nearest + distance is int above && above < _done.Length && !_done[above]) return above;
        }
    }
}
