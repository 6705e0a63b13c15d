using System.Runtime.InteropServices;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Embeddings;

namespace SamMed2D.Inference.Sam;

/// <summary>SAM's embeddings as bytes: the float32 numbers as they are, so that a mask from a kept embedding is the same to the bit.</summary>
/// <param name="model">How the model is fed.</param>
/// <param name="description">What it is.</param>
/// <param name="pool">Where embeddings come from.</param>
internal sealed class SamEmbeddingCodec(SamInterface model, SegmenterDescription description, SamEmbeddingPool pool) : IEmbeddingCodec
{
    /// <inheritdoc/>
    public string Identity { get; } = $"{description.Id} on {description.Device}, ONNX Runtime {OnnxRuntimeInfo.GetVersion()}, {ProcessorFeatures.Current}";

    /// <inheritdoc/>
    public int SizeBytes { get; } = checked(pool.Length * sizeof(float));

    /// <inheritdoc/>
    public void Write(SliceEmbedding embedding, Span<byte> bytes) => MemoryMarshal.AsBytes(((SamEmbedding)embedding).Values).CopyTo(bytes);

    /// <inheritdoc/>
    public SliceEmbedding Read(ReadOnlySpan<byte> bytes, int width, int height)
    {
        SamEmbedding embedding = pool.Take(new(width, height, model.ImageSize, model.Preprocessing.Resize));
        bytes.CopyTo(MemoryMarshal.AsBytes(embedding.Values));
        return embedding;
    }
}
