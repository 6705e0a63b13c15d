using System.Buffers;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Embeddings;

/// <summary>
/// A segmenter that encodes no picture twice: it keeps embeddings in memory up to a number of bytes, the last used longest, and on disk where
/// a folder is given. One that is asked for while it is being encoded is waited for. Whoever asks for a slice goes before
/// <see cref="BackgroundEncoder"/>. Safe for concurrent calls.
/// </summary>
public sealed class CachingSegmenter : IPromptableSegmenter
{
    private readonly object _gate = new();
    private readonly IPromptableSegmenter _inner;
    private readonly IEmbeddingCodec _codec;
    private readonly EmbeddingFolder? _folder;
    private readonly Dictionary<EmbeddingKey, Kept> _kept = [];
    private readonly LinkedList<Kept> _byUse = new();
    private readonly HashSet<EmbeddingKey> _underWay = [];
    private CancellationTokenSource? _background;
    private EmbeddingKey _backgroundKey;
    private int _foreground;
    private bool _disposed;

    private CachingSegmenter(IPromptableSegmenter inner, IEmbeddingCodec codec, long memoryBytes, EmbeddingFolder? folder) =>
        (_inner, _codec, MemoryBytes, _folder) = (inner, codec, memoryBytes, folder);

    /// <summary>Puts a cache round a segmenter, which it takes over, where its embeddings are worth keeping.</summary>
    /// <param name="inner">The segmenter; disposed with the result.</param>
    /// <param name="memoryBytes">The most bytes of embeddings kept in memory beside those in use; 0 keeps none.</param>
    /// <param name="folder">Where embeddings are kept between runs; null keeps none.</param>
    /// <returns>The cache; null where the model has no <see cref="IPromptableSegmenter.EmbeddingCodec"/>, since encoding again costs it less than looking up.</returns>
    public static CachingSegmenter? Over(IPromptableSegmenter inner, long memoryBytes, EmbeddingFolder? folder = null) =>
        inner.EmbeddingCodec is { } codec ? new(inner, codec, memoryBytes, folder) : null;

    /// <summary>The most bytes of embeddings kept in memory beside those in use.</summary>
    public long MemoryBytes { get; }

    /// <summary>Bytes of embeddings in memory, those in use included.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>How many pictures were encoded.</summary>
    public int EncodedCount { get; private set; }

    /// <summary>How many embeddings were read from disk.</summary>
    public int ReadCount { get; private set; }

    /// <summary>How many slices are worth encoding ahead: all that fit into memory, or any number where a folder keeps them.</summary>
    internal int SlicesAhead => _folder is null ? (int)Math.Min(MemoryBytes / _codec.SizeBytes, int.MaxValue) : int.MaxValue;

    /// <inheritdoc/>
    public SegmenterDescription Description => _inner.Description;

    /// <inheritdoc/>
    public IEmbeddingCodec? EmbeddingCodec => null; // wrapped embeddings are of no other use

    /// <inheritdoc/>
    public SliceEmbedding Encode(SliceImage image, CancellationToken cancellation = default)
    {
        EmbeddingKey key = EmbeddingKey.Of(_codec.Identity, image);
        lock (_gate)
        {
            _foreground++;
            if (_background is { } background && _backgroundKey != key) background.Cancel();
        }
        try
        {
            return Encode(key, image, cancellation);
        }
        finally
        {
            lock (_gate)
            {
                _foreground--;
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Encodes a picture while nobody else wants one; given up and begun again whenever somebody does.</summary>
    internal void EncodeInBackground(SliceImage image, CancellationToken cancellation)
    {
        EmbeddingKey key = EmbeddingKey.Of(_codec.Identity, image);
        using CancellationTokenRegistration wake = cancellation.Register(() => { lock (_gate) Monitor.PulseAll(_gate); });
        while (true)
        {
            using CancellationTokenSource own = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            lock (_gate)
            {
                while (_foreground > 0 && !cancellation.IsCancellationRequested) Monitor.Wait(_gate);
                (_background, _backgroundKey) = (own, key);
            }
            try
            {
                Encode(key, image, own.Token).Dispose();
                return;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Somebody wants another slice now; this one comes after it.
            }
            finally
            {
                lock (_gate) _background = null;
            }
        }
    }

    /// <inheritdoc/>
    public MaskPrediction Predict(SliceEmbedding embedding, PromptSet prompts, CancellationToken cancellation = default) =>
        _inner.Predict(Unwrap(embedding), prompts, cancellation);

    /// <inheritdoc/>
    public MaskPrediction PredictCandidate(SliceEmbedding embedding, PromptSet prompts, int candidate, CancellationToken cancellation = default) =>
        _inner.PredictCandidate(Unwrap(embedding), prompts, candidate, cancellation);

    /// <inheritdoc/>
    public void Recycle(MaskPrediction prediction) => _inner.Recycle(prediction);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            DropUnused(0);
        }
        _inner.Dispose();
    }

    private static SliceEmbedding Unwrap(SliceEmbedding embedding) => embedding is Lease lease ? lease.Inner : embedding;

    private Lease Encode(EmbeddingKey key, SliceImage image, CancellationToken cancellation)
    {
        if (TakeOrBegin(key, cancellation) is { } known) return known;
        try
        {
            SliceEmbedding embedding = ReadKept(key, image) ?? EncodeAndKeep(key, image, cancellation);
            lock (_gate) return new(this, Add(key, embedding));
        }
        finally
        {
            lock (_gate)
            {
                _underWay.Remove(key);
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>The embedding where it is in memory, after waiting for whoever is making it; null makes the caller the one who does.</summary>
    private Lease? TakeOrBegin(EmbeddingKey key, CancellationToken cancellation)
    {
        using CancellationTokenRegistration wake = cancellation.Register(() => { lock (_gate) Monitor.PulseAll(_gate); });
        lock (_gate)
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                if (_kept.TryGetValue(key, out Kept? kept)) return new(this, kept);
                if (_underWay.Add(key)) return null;
                Monitor.Wait(_gate);
            }
    }

    private SliceEmbedding? ReadKept(EmbeddingKey key, SliceImage image)
    {
        if (_folder is null) return null;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(_codec.SizeBytes);
        try
        {
            Span<byte> payload = bytes.AsSpan(0, _codec.SizeBytes);
            if (!_folder.TryRead(key.Name, payload)) return null;
            lock (_gate) ReadCount++;
            return _codec.Read(payload, image.Width, image.Height);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    private SliceEmbedding EncodeAndKeep(EmbeddingKey key, SliceImage image, CancellationToken cancellation)
    {
        SliceEmbedding embedding = _inner.Encode(image, cancellation);
        lock (_gate) EncodedCount++;
        if (_folder is null) return embedding;
        byte[] bytes = ArrayPool<byte>.Shared.Rent(_codec.SizeBytes);
        _codec.Write(embedding, bytes.AsSpan(0, _codec.SizeBytes));
        _folder.Write(key.Name, bytes.AsSpan(0, _codec.SizeBytes));
        ArrayPool<byte>.Shared.Return(bytes);
        return embedding;
    }

    private Kept Add(EmbeddingKey key, SliceEmbedding embedding)
    {
        Kept kept = new(key, embedding);
        _kept.Add(key, kept);
        SizeBytes += embedding.SizeBytes;
        return kept;
    }

    private void Take(Kept kept)
    {
        kept.Leases++;
        if (kept.Place is not { } place) return;
        _byUse.Remove(place);
        kept.Place = null;
    }

    private void GiveBack(Kept kept)
    {
        lock (_gate)
        {
            if (--kept.Leases > 0) return;
            kept.Place = _byUse.AddLast(kept);
            DropUnused(_disposed ? 0 : MemoryBytes);
        }
    }

    private void DropUnused(long bytes)
    {
        while (SizeBytes > bytes && _byUse.First is { } oldest)
        {
            _byUse.RemoveFirst();
            _kept.Remove(oldest.Value.Key);
            SizeBytes -= oldest.Value.Embedding.SizeBytes;
            oldest.Value.Embedding.Dispose();
        }
    }

    /// <summary>An embedding in memory. It has a place in the order of use while nobody uses it.</summary>
    private sealed class Kept(EmbeddingKey key, SliceEmbedding embedding)
    {
        public EmbeddingKey Key => key;

        public SliceEmbedding Embedding => embedding;

        public int Leases { get; set; }

        public LinkedListNode<Kept>? Place { get; set; }
    }

    /// <summary>The right to use an embedding until disposed. Made while the gate is held.</summary>
    private sealed class Lease : SliceEmbedding
    {
        private readonly CachingSegmenter _owner;
        private Kept? _kept;

        public Lease(CachingSegmenter owner, Kept kept) : base(kept.Embedding.Width, kept.Embedding.Height)
        {
            (_owner, _kept, SizeBytes) = (owner, kept, kept.Embedding.SizeBytes);
            owner.Take(kept);
        }

        public SliceEmbedding Inner => (_kept ?? throw new ObjectDisposedException(nameof(Lease))).Embedding;

        public override long SizeBytes { get; }

        protected override void Dispose(bool disposing)
        {
            if (disposing && Interlocked.Exchange(ref _kept, null) is { } kept) _owner.GiveBack(kept);
        }
    }
}
