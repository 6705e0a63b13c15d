using System.Buffers;
using System.Collections.Concurrent;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Sam;

/// <summary>What a SAM encoder made of a slice; in managed memory, so that a cache can count it.</summary>
internal sealed class SamEmbedding : SliceEmbedding
{
    private readonly int _length;
    private float[]? _values;

    /// <summary>Creates an embedding without content, for the encoder to write into.</summary>
    /// <param name="owner">Identity of the model that encodes.</param>
    /// <param name="length">How many numbers it holds.</param>
    /// <param name="fit">The slice's place in the model's input.</param>
    public SamEmbedding(string owner, int length, SamFit fit) : base(fit.Width, fit.Height) =>
        (Owner, _length, _values, Fit) = (owner, length, ArrayPool<float>.Shared.Rent(length), fit);

    /// <summary>Identity of the model that encoded.</summary>
    public string Owner { get; }

    /// <summary>The slice's place in the model's input.</summary>
    public SamFit Fit { get; }

    /// <summary>The numbers, channel by channel.</summary>
    public Span<float> Values => (_values ?? throw new ObjectDisposedException(nameof(SamEmbedding))).AsSpan(0, _length);

    public override long SizeBytes => (long)_length * sizeof(float);

    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _values, null) is { } values) ArrayPool<float>.Shared.Return(values);
    }
}

/// <summary>Makes embeddings of one model, again out of those that were given back. Safe for concurrent calls.</summary>
/// <param name="owner">Identity of the model.</param>
/// <param name="shape">Channels, rows, columns.</param>
internal sealed class SamEmbeddingPool(string owner, IReadOnlyList<int> shape) : IDisposable
{
    private readonly ConcurrentQueue<SamEmbedding> _idle = new();

    /// <summary>How many numbers an embedding holds.</summary>
    public int Length { get; } = shape.Aggregate(1, (product, size) => checked(product * size));

    /// <summary>An embedding without content.</summary>
    public SamEmbedding Take(SamFit fit)
    {
        // Of another size are the slices of an earlier scan or another axis; they are not kept.
        while (_idle.TryDequeue(out SamEmbedding? embedding))
        {
            if (embedding.Fit == fit) return embedding;
            embedding.Dispose();
        }
        return new(owner, Length, fit);
    }

    /// <summary>Takes back an embedding of this pool's model.</summary>
    public void Return(SamEmbedding embedding) => _idle.Enqueue(embedding);

    /// <inheritdoc/>
    public void Dispose()
    {
        while (_idle.TryDequeue(out SamEmbedding? embedding)) embedding.Dispose();
    }
}
