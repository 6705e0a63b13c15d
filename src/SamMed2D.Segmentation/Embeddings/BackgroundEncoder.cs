using System.Diagnostics;
using System.Runtime.ExceptionServices;
using SamMed2D.Core.Progress;
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
    private readonly TimeSpan _rest;
    private readonly Lock _gate = new();
    private CancellationTokenSource? _slice;
    private int _nearest, _current;
    private long _movedAt = Stopwatch.GetTimestamp();
    private volatile ExceptionDispatchInfo? _failure;

    /// <summary>Starts encoding.</summary>
    /// <param name="segmenter">The cache that is filled; it stays the caller's.</param>
    /// <param name="sampler">The slices, through the window that prompts will be given in.</param>
    /// <param name="nearest">The slice on show.</param>
    /// <param name="progress">Told on the working thread the slices done and to be done; null tells nobody.</param>
    /// <param name="rest">How long the same slice must have been on show before any is encoded: scrolling comes first.</param>
    public BackgroundEncoder(CachingSegmenter segmenter, SliceSampler sampler, int nearest, ProgressCallback? progress = null, TimeSpan rest = default)
    {
        (_segmenter, _sampler, _nearest, _progress, _rest) = (segmenter, sampler, nearest, progress, rest);
        _done = new bool[sampler.Frame.SliceCount];
        Total = Math.Min(_done.Length, segmenter.SlicesAhead);
        _thread = new(Encode) { IsBackground = true, Name = "background encoder", Priority = ThreadPriority.BelowNormal };
        _thread.Start();
    }

    /// <summary>The slice on show; setting another gives up the slice under way, unless it is that one, and makes its neighbours come next.</summary>
    public int Nearest
    {
        get
        {
            lock (_gate) return _nearest;
        }
        set
        {
            lock (_gate)
            {
                if (value == _nearest) return;
                (_nearest, _movedAt) = (value, Stopwatch.GetTimestamp());
                if (_current != value) _slice?.Cancel();
            }
        }
    }

    /// <summary>How many slices will be encoded.</summary>
    public int Total { get; }

    /// <summary>How many are.</summary>
    public int Done { get; private set; }

    /// <summary>True when it will encode no more: all are, or the model failed.</summary>
    public bool HasEnded => !_thread.IsAlive;

    /// <summary>True where it has encoded a slice.</summary>
    public bool Has(int slice) => slice >= 0 && slice < _done.Length && Volatile.Read(ref _done[slice]);

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
                using CancellationTokenSource own = CancellationTokenSource.CreateLinkedTokenSource(_cancellation.Token);
                int slice = BeginNext(own);
                if (!TryEncode(slice, pixels, own.Token)) continue;
                Volatile.Write(ref _done[slice], true);
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

    private int BeginNext(CancellationTokenSource own)
    {
        while (true)
        {
            _cancellation.Token.ThrowIfCancellationRequested();
            TimeSpan left;
            lock (_gate)
            {
                left = _rest - Stopwatch.GetElapsedTime(_movedAt);
                if (left <= TimeSpan.Zero)
                {
                    _slice = own;
                    return _current = FindNext();
                }
            }
            _cancellation.Token.WaitHandle.WaitOne(left + TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Encodes a slice; false where the user went elsewhere meanwhile.</summary>
    private bool TryEncode(int slice, byte[] pixels, CancellationToken own)
    {
        try
        {
            _segmenter.EncodeInBackground(_sampler.Sample(slice, pixels.AsMemory()), own);
            return true;
        }
        catch (OperationCanceledException) when (!_cancellation.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            lock (_gate) _slice = null;
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
