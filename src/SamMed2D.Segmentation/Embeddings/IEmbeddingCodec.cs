namespace SamMed2D.Segmentation.Embeddings;

/// <summary>
/// Turns a model's embeddings into bytes and back, exactly. Only models whose encoding is worth keeping have one, and their embeddings no longer
/// need the picture that they were made of.
/// </summary>
public interface IEmbeddingCodec
{
    /// <summary>What must be the same for kept bytes to be what encoding again would give: the model, its runtime, the kind of processor.</summary>
    string Identity { get; }

    /// <summary>Bytes of one embedding.</summary>
    int SizeBytes { get; }

    /// <summary>Writes an embedding.</summary>
    /// <param name="embedding">One of the model's own.</param>
    /// <param name="bytes"><see cref="SizeBytes"/> bytes.</param>
    void Write(SliceEmbedding embedding, Span<byte> bytes);

    /// <summary>Reads an embedding; the caller disposes it.</summary>
    /// <param name="bytes"><see cref="SizeBytes"/> bytes, as written.</param>
    /// <param name="width">Width of the picture that it was made of.</param>
    /// <param name="height">Height of the picture that it was made of.</param>
    SliceEmbedding Read(ReadOnlySpan<byte> bytes, int width, int height);
}
