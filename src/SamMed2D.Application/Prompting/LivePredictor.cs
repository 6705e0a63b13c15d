using System.Diagnostics;
using System.Runtime.CompilerServices;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Embeddings;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Application.Prompting;

/// <summary>
/// Runs the model beside the user interface: answers prompts, and has the slices round the one looked at encoded ahead where encoding takes its time
/// (<see cref="BackgroundEncoder"/>). Only the newest question matters: one that a newer one has overtaken is never asked. Its methods are called on one
/// thread; answers come on its own.
/// </summary>
internal sealed class LivePredictor : IDisposable
{
    // Scrolling past slices must not start the encoder.
    private static readonly TimeSpan s_restBeforeEncoding = TimeSpan.FromMilliseconds(120);

    private readonly object _gate = new();
    private readonly Action<PredictionAnswer> _answer;
    private readonly Action _progressed;
    private readonly Thread _thread;
    private IPromptableSegmenter? _segmenter, _retired;
    private BackgroundEncoder? _ahead;
    private SliceKey _aheadOf;
    private PredictionRequest? _request;
    private SliceKey? _visible;
    private (SliceKey Key, SliceEmbedding Embedding)? _held; // the thread's own
    private CancellationTokenSource _work = new();
    private bool _isWorking, _isWarmingUp, _isWarm, _isPaused, _isStopped, _isClearing;

    /// <summary>Starts the thread.</summary>
    /// <param name="answer">Given every answer, on the predictor's thread.</param>
    /// <param name="progressed">Told, on whatever thread, when another slice is encoded ahead.</param>
    public LivePredictor(Action<PredictionAnswer> answer, Action progressed)
    {
        (_answer, _progressed) = (answer, progressed);
        _thread = new(Work) { IsBackground = true, Name = "live predictor" };
        _thread.Start();
    }

    /// <summary>How many slices round the one looked at are encoded, of how many that will be; null where none are encoded ahead.</summary>
    public (int Done, int Total)? Ahead => _ahead is { } ahead ? (ahead.Done, ahead.Total) : null;

    /// <summary>Takes another model over, or none; the one before is disposed as soon as it rests.</summary>
    public void SetModel(IPromptableSegmenter? segmenter)
    {
        lock (_gate)
        {
            Rest();
            _retired?.Dispose();
            (_retired, _segmenter, _request, _isWarm) = (_segmenter, segmenter, null, false);
            Monitor.PulseAll(_gate);
        }
        EncodeAhead();
    }

    /// <summary>Tells which slice is looked at; it and its neighbours are made ready.</summary>
    public void Show(SliceKey? key)
    {
        if (_visible == key) return;
        lock (_gate)
        {
            _visible = key;
            Monitor.PulseAll(_gate);
        }
        EncodeAhead();
    }

    /// <summary>Asks, in place of what was asked before.</summary>
    public void Ask(PredictionRequest request)
    {
        lock (_gate)
        {
            _request = request;
            if (_isWarmingUp && _visible != request.Key) _work.Cancel();
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
            (_request, _visible, _isClearing) = (null, null, true);
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
        EncodeAhead();
    }

    /// <summary>Ends the thread and disposes the model.</summary>
    public void Dispose()
    {
        StopAhead();
        lock (_gate)
        {
            _isStopped = true;
            _work.Cancel();
            Monitor.PulseAll(_gate);
        }
        _thread.Join();
        Drop();
        _retired?.Dispose();
        _segmenter?.Dispose();
        _work.Dispose();
    }

    // Has the neighbourhood of the slice looked at encoded, by a model that keeps what it encodes.
    private void EncodeAhead()
    {
        if (_isPaused || _visible is not { } key || _segmenter is not CachingSegmenter cache)
        {
            StopAhead();
            return;
        }
        // One that has come to its bound of memory starts again where the user has gone; what is kept is not encoded again.
        bool isSameScan = _ahead is not null && _aheadOf with { Slice = key.Slice } == key;
        if (isSameScan && !(_ahead!.HasEnded && !_ahead.Has(key.Slice)))
        {
            _ahead.Nearest = key.Slice;
            return;
        }
        StopAhead();
        _aheadOf = key;
        _ahead = new(cache, SamplerOf(key), key.Slice, (_, _) => _progressed(), s_restBeforeEncoding);
    }

    private void StopAhead()
    {
        _ahead?.Dispose();
        (_ahead, _aheadOf) = (null, default);
    }

    // Stops what is under way and waits for it; the gate is held.
    private void Rest()
    {
        if (_isWorking) _work.Cancel();
        while (_isWorking) Monitor.Wait(_gate);
        StopAhead();
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
        PredictionAnswer? answer = work.Request is null ? WarmUp(work) : Do(work, work.Request);
        lock (_gate)
        {
            (_isWorking, _isWarmingUp) = (false, false);
            Monitor.PulseAll(_gate);
        }
        if (answer is not null) _answer(answer);
        return true;
    }

    private PredictionAnswer? Do(ModelWork work, PredictionRequest request)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            SliceEmbedding embedding = Encode(work);
            MaskPrediction prediction = request.Candidate is { } candidate
                ? work.Segmenter.PredictCandidate(embedding, request.Prompts, candidate, work.Cancellation)
                : work.Segmenter.Predict(embedding, request.Prompts, work.Cancellation);
            return new(request, prediction, null, Stopwatch.GetElapsedTime(start));
        }
        catch (Exception failure)
        {
            return work.Cancellation.IsCancellationRequested ? null : new(request, null, failure, Stopwatch.GetElapsedTime(start));
        }
    }

    // A model's first answer takes many times as long as its second. What goes wrong here is told when somebody asks.
    private PredictionAnswer? WarmUp(ModelWork work)
    {
        try
        {
            SliceEmbedding embedding = Encode(work);
            PromptSet middle = new() { Box = new(embedding.Width / 4, embedding.Height / 4, embedding.Width - embedding.Width / 4, embedding.Height - embedding.Height / 4) };
            work.Segmenter.Recycle(work.Segmenter.Predict(embedding, middle, work.Cancellation));
        }
        catch (Exception) when (work.Cancellation.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception)
        {
            // Not tried again.
        }
        lock (_gate) _isWarm = true;
        return null;
    }

    private SliceEmbedding Encode(ModelWork work)
    {
        if (_held is { } held && held.Key == work.Key) return held.Embedding;
        Drop();
        SliceSampler sampler = SamplerOf(work.Key);
        SliceEmbedding embedding = work.Segmenter.Encode(sampler.Sample(work.Key.Slice, new byte[sampler.PixelCount].AsMemory()), work.Cancellation);
        _held = (work.Key, embedding);
        return embedding;
    }

    private static SliceSampler SamplerOf(SliceKey key) => SliceSampler.Create(key.Volume, new SliceFrame(key.Volume.Geometry, key.Axis), key.Window);

    private void Drop()
    {
        _held?.Embedding.Dispose();
        _held = null;
    }

    /// <summary>Waits for something to do; null when the work is over.</summary>
    private ModelWork? TakeWork()
    {
        lock (_gate)
            while (!_isStopped)
            {
                DropUnwanted();
                if (FindWork() is { } work) return Begin(work);
                Monitor.Wait(_gate);
            }
        return null;
    }

    private ModelWork? FindWork()
    {
        if (_isPaused || _segmenter is not { } segmenter) return null;
        if (_request is { } request)
        {
            _request = null;
            return new(segmenter, request.Key, request);
        }
        return !_isWarm && _visible is { } key ? new(segmenter, key, null) : null;
    }

    private void DropUnwanted()
    {
        if (_isClearing || _retired is not null) Drop();
        _retired?.Dispose();
        (_retired, _isClearing) = (null, false);
    }

    private ModelWork Begin(ModelWork work)
    {
        _work.Dispose();
        _work = new();
        (_isWorking, _isWarmingUp) = (true, work.Request is null);
        return work with { Cancellation = _work.Token };
    }

    /// <summary>One run of the model.</summary>
    /// <param name="Segmenter">The model.</param>
    /// <param name="Key">The slice.</param>
    /// <param name="Request">The question; null for one that nobody asks.</param>
    private sealed record ModelWork(IPromptableSegmenter Segmenter, SliceKey Key, PredictionRequest? Request)
    {
        public CancellationToken Cancellation { get; init; }
    }
}
