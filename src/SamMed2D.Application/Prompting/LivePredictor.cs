using System.Diagnostics;
using System.Runtime.CompilerServices;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Application.Prompting;

/// <summary>
/// Runs the model beside the user interface: keeps the embedding of the slice looked at ready, and answers prompts. Only the newest question matters: one
/// that a newer one has overtaken is never asked. Its methods are called on one thread; answers come on its own.
/// </summary>
internal sealed class LivePredictor : IDisposable
{
    private const long ShelfBytes = 256L << 20;

    // Scrolling past a slice must not start the encoder.
    private static readonly TimeSpan s_restBeforeEncoding = TimeSpan.FromMilliseconds(120);

    private readonly object _gate = new();
    private readonly Action<PredictionAnswer> _answer;
    private readonly EmbeddingShelf _shelf = new(ShelfBytes);
    private readonly Thread _thread;
    private IPromptableSegmenter? _segmenter, _retired;
    private PredictionRequest? _request;
    private SliceKey? _visible, _failedAhead;
    private long _visibleSince;
    private CancellationTokenSource _work = new();
    private bool _isWorking, _isEncodingAhead, _isPaused, _isStopped, _isClearing;

    /// <summary>Starts the thread.</summary>
    /// <param name="answer">Given every answer, on the predictor's thread.</param>
    public LivePredictor(Action<PredictionAnswer> answer)
    {
        _answer = answer;
        _thread = new(Work) { IsBackground = true, Name = "live predictor" };
        _thread.Start();
    }

    /// <summary>Takes another model over, or none; the one before is disposed as soon as it rests.</summary>
    public void SetModel(IPromptableSegmenter? segmenter)
    {
        lock (_gate)
        {
            Rest();
            _retired?.Dispose();
            (_retired, _segmenter, _request, _failedAhead) = (_segmenter, segmenter, null, null);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Tells which slice is looked at; its embedding is made ready.</summary>
    public void Show(SliceKey? key)
    {
        lock (_gate)
        {
            if (_visible == key) return;
            (_visible, _visibleSince, _failedAhead) = (key, Stopwatch.GetTimestamp(), null);
            if (_isEncodingAhead) _work.Cancel();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Asks, in place of what was asked before.</summary>
    public void Ask(PredictionRequest request)
    {
        lock (_gate)
        {
            _request = request;
            if (_isEncodingAhead && _visible != request.Key) _work.Cancel();
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes back what was asked and not yet answered.</summary>
    public void Forget()
    {
        lock (_gate) _request = null;
    }

    /// <summary>Gives back what was kept of slices, and asks nothing more.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            Rest();
            (_request, _visible, _failedAhead, _isClearing) = (null, null, null, true);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Keeps off the model from here on, once what is under way has ended.</summary>
    public void Pause()
    {
        lock (_gate)
        {
            _isPaused = true;
            Rest();
        }
    }

    /// <summary>Goes on after <see cref="Pause"/>.</summary>
    public void Resume()
    {
        lock (_gate)
        {
            _isPaused = false;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Ends the thread and disposes the model.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _isStopped = true;
            _work.Cancel();
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
        _shelf.Dispose();
        _retired?.Dispose();
        _segmenter?.Dispose();
        _work.Dispose();
    }

    // Stops what is under way and waits for it; the gate is held.
    private void Rest()
    {
        if (_isWorking) _work.Cancel();
        while (_isWorking) Monitor.Wait(_gate);
    }

    private void Work()
    {
        while (DoNext())
        {
            // A method of its own, so that no frame of this thread keeps a closed scan while it waits.
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool DoNext()
    {
        if (TakeWork() is not { } work) return false;
        PredictionAnswer? answer = Do(work);
        lock (_gate)
        {
            (_isWorking, _isEncodingAhead) = (false, false);
            Monitor.PulseAll(_gate);
        }
        if (answer is not null) _answer(answer);
        return true;
    }

    private PredictionAnswer? Do(ModelWork work)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            SliceEmbedding embedding = _shelf.Find(work.Key) ?? Encode(work);
            if (work.Request is not { } request) return null;
            MaskPrediction prediction = request.Candidate is { } candidate
                ? work.Segmenter.PredictCandidate(embedding, request.Prompts, candidate, work.Cancellation)
                : work.Segmenter.Predict(embedding, request.Prompts, work.Cancellation);
            return new(request, prediction, null, Stopwatch.GetElapsedTime(start));
        }
        catch (Exception failure)
        {
            if (work.Cancellation.IsCancellationRequested) return null;
            // A slice that cannot be made ready ahead of a question is told of when it is asked about, and not tried again before.
            if (work.Request is null)
            {
                lock (_gate) _failedAhead = work.Key;
                return null;
            }
            return new(work.Request, null, failure, Stopwatch.GetElapsedTime(start));
        }
    }

    private SliceEmbedding Encode(ModelWork work)
    {
        SliceSampler sampler = SliceSampler.Create(work.Key.Volume, new SliceFrame(work.Key.Volume.Geometry, work.Key.Axis), work.Key.Window);
        SliceImage picture = sampler.Sample(work.Key.Slice, new byte[sampler.PixelCount].AsMemory());
        SliceEmbedding embedding = work.Segmenter.Encode(picture, work.Cancellation);
        _shelf.Add(work.Key, embedding, picture.Pixels.Length);
        return embedding;
    }

    /// <summary>Waits for something to do; null when the work is over.</summary>
    private ModelWork? TakeWork()
    {
        lock (_gate)
            while (!_isStopped)
            {
                DropUnwanted();
                if (FindWork(out TimeSpan? wait) is { } work) return Begin(work);
                if (wait is { } left) Monitor.Wait(_gate, left);
                else Monitor.Wait(_gate);
            }
        return null;
    }

    private ModelWork? FindWork(out TimeSpan? wait)
    {
        wait = null;
        if (_isPaused || _segmenter is not { } segmenter) return null;
        if (_request is { } request)
        {
            _request = null;
            return new(segmenter, request.Key, request);
        }
        if (_visible is not { } key || key == _failedAhead || _shelf.Find(key) is not null) return null;
        TimeSpan left = s_restBeforeEncoding - Stopwatch.GetElapsedTime(_visibleSince);
        if (left > TimeSpan.Zero)
        {
            wait = left + TimeSpan.FromMilliseconds(1);
            return null;
        }
        return new(segmenter, key, null);
    }

    private void DropUnwanted()
    {
        if (_isClearing || _retired is not null) _shelf.Clear();
        _retired?.Dispose();
        (_retired, _isClearing) = (null, false);
    }

    private ModelWork Begin(ModelWork work)
    {
        _work.Dispose();
        _work = new();
        (_isWorking, _isEncodingAhead) = (true, work.Request is null);
        return work with { Cancellation = _work.Token };
    }

    /// <summary>One run of the model.</summary>
    /// <param name="Segmenter">The model.</param>
    /// <param name="Key">The slice.</param>
    /// <param name="Request">The question; null to make the slice ready only.</param>
    private sealed record ModelWork(IPromptableSegmenter Segmenter, SliceKey Key, PredictionRequest? Request)
    {
        public CancellationToken Cancellation { get; init; }
    }
}
