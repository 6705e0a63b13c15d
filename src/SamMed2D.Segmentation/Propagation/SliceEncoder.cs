using System.Runtime.ExceptionServices;
using SamMed2D.Core.Errors;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>
/// Encodes slices on a thread of its own, a few visits ahead of the decoder, into a bounded cache. A slice is encoded again only where the cache
/// had to drop it. Visits that nobody wants any more are passed over.
/// </summary>
internal sealed class SliceEncoder : IDisposable
{
    // Events, since waiting on a monitor allocates.
    private readonly AutoResetEvent _hasWork = new(false), _hasNews = new(false);
    private readonly Lock _gate = new();
    private readonly IPromptableSegmenter _segmenter;
    private readonly SliceSampler _sampler;
    private readonly VisitSchedule _schedule;
    private readonly int _ahead;
    private readonly EmbeddingCache _cache;
    private readonly CancellationTokenSource _cancellation;
    private readonly CancellationTokenRegistration _wake;
    private readonly Thread _thread;
    private readonly Func<int, long> _nextUse;
    private int _current;
    private long _bytesPerSlice;
    private bool _stopped;
    private ExceptionDispatchInfo? _failure;

    public SliceEncoder(
        IPromptableSegmenter segmenter, SliceSampler sampler, VisitSchedule schedule, int ahead, long cacheBytes, CancellationToken cancellation)
    {
        (_segmenter, _sampler, _schedule, _ahead, _cache) = (segmenter, sampler, schedule, Math.Max(ahead, 0), new(segmenter, cacheBytes));
        _nextUse = slice => _schedule.NextUse(slice, _current);
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _wake = _cancellation.Token.Register(Wake);
        _thread = new Thread(Encode) { IsBackground = true, Name = "slice encoder" };
        _thread.Start();
    }

    /// <summary>How many encodings were made.</summary>
    public int EncodedCount { get; private set; }

    /// <summary>The most bytes that the cache held.</summary>
    public long PeakCacheBytes => _cache.PeakBytes;

    /// <summary>Waits for a visit's slice; the lease must be disposed before the next visit is taken.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    /// <exception cref="SamMed2DException">The encoder failed.</exception>
    public EmbeddingCache.Lease Take(int visit, CancellationToken cancellation)
    {
        lock (_gate) _current = visit;
        _hasWork.Set();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            lock (_gate) _failure?.Throw();
            if (_cache.TryLease(_schedule.Visits[visit].Slice) is { } lease) return lease;
            _hasNews.WaitOne();
        }
    }

    /// <summary>Tells that a visit is wanted by one task less.</summary>
    public void Unwant(Visit visit)
    {
        lock (_gate) visit.Live--;
    }

    /// <summary>Stops the thread, within the slice that it encodes, and frees the cache.</summary>
    public void Dispose()
    {
        lock (_gate) _stopped = true;
        _cancellation.Cancel(); // wakes it
        _thread.Join();
        _wake.Dispose();
        _cancellation.Dispose();
        _cache.Dispose();
        _hasWork.Dispose();
        _hasNews.Dispose();
    }

    private void Wake()
    {
        _hasWork.Set();
        _hasNews.Set();
    }

    private void Encode()
    {
        try
        {
            while (WaitForWork() is { } slice) Store(EncodeSlice(slice));
        }
        catch (Exception problem)
        {
            // The decoder sees cancellation by its own token; what else went wrong is handed to it.
            if (!_cancellation.IsCancellationRequested)
                lock (_gate) _failure = ExceptionDispatchInfo.Capture(problem);
            _hasNews.Set();
        }
    }

    /// <summary>The next slice to encode, with room set aside for it; null when the work is over.</summary>
    private int? WaitForWork()
    {
        while (true)
        {
            lock (_gate)
            {
                if (_stopped || _cancellation.IsCancellationRequested) return null;
                if (FindVisit() is { } visit && _cache.TryReserve(_bytesPerSlice, visit, _nextUse))
                    return _schedule.Visits[visit].Slice;
            }
            _hasWork.WaitOne();
        }
    }

    /// <summary>The first wanted visit, from the decoder's on and not too far ahead, whose slice is missing.</summary>
    private int? FindVisit()
    {
        int wanted = 0;
        for (int visit = _current; visit < _schedule.Visits.Count && wanted <= _ahead; visit++)
        {
            if (_schedule.Visits[visit].Live == 0) continue;
            if (!_cache.Contains(_schedule.Visits[visit].Slice)) return visit;
            wanted++;
        }
        return null;
    }

    private EncodedSlice EncodeSlice(int slice)
    {
        EncodedSlice encoded = _cache.TakeBlank(_sampler.PixelCount);
        encoded.Slice = slice;
        encoded.Embedding = _segmenter.Encode(_sampler.Sample(slice, encoded.Picture), _cancellation.Token);
        return encoded;
    }

    private void Store(EncodedSlice encoded)
    {
        lock (_gate)
        {
            if (encoded.SizeBytes > _cache.CapacityBytes)
            {
                long bytes = encoded.SizeBytes;
                encoded.Embedding!.Dispose();
                throw new InsufficientMemoryForWorkException(
                    $"one encoded slice takes {bytes >> 20} MB, but only {_cache.CapacityBytes >> 20} MB may be used for them; allow more or close other programs");
            }
            long reserved = _bytesPerSlice;
            _bytesPerSlice = Math.Max(_bytesPerSlice, encoded.SizeBytes);
            _cache.Add(encoded, reserved);
            EncodedCount++;
        }
        _hasNews.Set();
    }
}
