using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Sam;

/// <summary>What a SAM encoder made of a slice; in managed memory, so that a cache can count it.</summary>
internal sealed class SamEmbedding : SliceEmbedding
{
    private readonly SamEmbeddingPool _pool;
    private EmbeddingBuffer? _buffer;

    /// <summary>Creates an embedding without content, for the encoder to write into.</summary>
    public SamEmbedding(SamEmbeddingPool pool, EmbeddingBuffer buffer, SamFit fit) : base(fit.Width, fit.Height) => (_pool, _buffer, Fit) = (pool, buffer, fit);

    /// <summary>Identity of the model that encoded.</summary>
    public string Owner => _pool.Owner;

    /// <summary>The slice's place in the model's input.</summary>
    public SamFit Fit { get; }

    /// <summary>The numbers, channel by channel.</summary>
    public Span<float> Values => Buffer.Values;

    /// <summary>The same memory, as ONNX Runtime takes it; alone in its list.</summary>
    public OrtValue[] Tensors => Buffer.Tensors;

    public override long SizeBytes => _pool.BufferBytes;

    private EmbeddingBuffer Buffer => _buffer ?? throw new ObjectDisposedException(nameof(SamEmbedding));

    protected override void Dispose(bool disposing)
    {
        if (disposing && Interlocked.Exchange(ref _buffer, null) is { } buffer) _pool.Return(buffer);
    }
}

/// <summary>The memory of one embedding, pinned for ONNX Runtime as long as it lives.</summary>
internal sealed class EmbeddingBuffer : IDisposable
{
    public EmbeddingBuffer(long[] shape)
    {
        Values = new float[shape.Aggregate(1L, (product, size) => checked(product * size))];
        Tensors = [OrtValue.CreateTensorValueFromMemory(Values, shape)];
    }

    public float[] Values { get; }

    public OrtValue[] Tensors { get; }

    public void Dispose() => Tensors[0].Dispose();
}

/// <summary>Hands out the memory of embeddings, and takes back a few for the next slices; the rest is freed. Safe for concurrent calls.</summary>
/// <param name="owner">Identity of the model.</param>
/// <param name="shape">Channels, rows, columns.</param>
internal sealed class SamEmbeddingPool(string owner, IReadOnlyList<int> shape) : IDisposable
{
    private const int MostIdle = 8;

    private readonly long[] _shape = [1, .. shape.Select(size => (long)size)];
    private readonly ConcurrentQueue<EmbeddingBuffer> _idle = new();
    private volatile bool _disposed;

    /// <summary>Identity of the model.</summary>
    public string Owner => owner;

    /// <summary>Bytes of one embedding.</summary>
    public long BufferBytes { get; } = shape.Aggregate((long)sizeof(float), (product, size) => checked(product * size));

    /// <summary>An embedding without content.</summary>
    public SamEmbedding Create(SamFit fit) => new(this, _idle.TryDequeue(out EmbeddingBuffer? buffer) ? buffer : new(_shape), fit);

    /// <summary>Takes memory back.</summary>
    public void Return(EmbeddingBuffer buffer)
    {
        if (_disposed || _idle.Count >= MostIdle) buffer.Dispose();
        else _idle.Enqueue(buffer);
    }

    /// <summary>Frees what is idle; what is in use is freed when it comes back.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_idle.TryDequeue(out EmbeddingBuffer? buffer)) buffer.Dispose();
    }
}
