using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Embeddings;

namespace SamMed2D.Segmentation;

/// <summary>
/// A model that marks the object a user points at in a 2D picture. Encode a slice once, then predict as often as prompts change.
/// Safe for concurrent calls.
/// </summary>
public interface IPromptableSegmenter : IDisposable
{
    /// <summary>What the model is.</summary>
    SegmenterDescription Description { get; }

    /// <summary>Turns its embeddings into bytes and back; null where making them again costs less than keeping them.</summary>
    IEmbeddingCodec? EmbeddingCodec => null;

    /// <summary>Does the part of the work that depends on the picture alone.</summary>
    /// <param name="image">The slice; its pixels must stay unchanged while the embedding is in use.</param>
    /// <param name="cancellation">Stops the run inside the model.</param>
    /// <returns>The embedding; the caller disposes it.</returns>
    SliceEmbedding Encode(SliceImage image, CancellationToken cancellation = default);

    /// <summary>Marks one object on an encoded slice.</summary>
    /// <param name="embedding">From this segmenter's <see cref="Encode"/>.</param>
    /// <param name="prompts">At least one prompt, in slice pixels.</param>
    /// <param name="cancellation">Stops the run inside the model.</param>
    /// <exception cref="Core.Errors.InvalidPromptException">There is no prompt, or one is outside the slice or not finite.</exception>
    MaskPrediction Predict(SliceEmbedding embedding, PromptSet prompts, CancellationToken cancellation = default);

    /// <summary>Marks one object, and answers with the candidate that the user asks for in place of the model's choice.</summary>
    /// <param name="embedding">From this segmenter's <see cref="Encode"/>.</param>
    /// <param name="prompts">At least one prompt, in slice pixels.</param>
    /// <param name="candidate">Its place among <see cref="MaskPrediction.Candidates"/>; models with one answer give that.</param>
    /// <param name="cancellation">Stops the run inside the model.</param>
    /// <exception cref="Core.Errors.InvalidPromptException">There is no prompt, or one is outside the slice or not finite.</exception>
    MaskPrediction PredictCandidate(SliceEmbedding embedding, PromptSet prompts, int candidate, CancellationToken cancellation = default) =>
        Predict(embedding, prompts, cancellation);

    /// <summary>
    /// Takes a prediction's memory back for later ones; nobody may use its masks any more. Optional: what is not given back is left to the garbage
    /// collector. Long runs give back, so that their memory does not grow and shrink with every slice.
    /// </summary>
    /// <param name="prediction">One of this segmenter's own, given back once.</param>
    void Recycle(MaskPrediction prediction)
    {
    }

    /// <summary>Takes an embedding back for a later slice; nobody may use or dispose it any more. What is disposed instead is left to the garbage collector.</summary>
    /// <param name="embedding">One of this segmenter's own, given back once.</param>
    void Recycle(SliceEmbedding embedding) => embedding.Dispose();
}

/// <summary>What a segmenter is, for logs, side-cars and the cache's key.</summary>
/// <param name="Id">Stable identity of the weights and preprocessing: <c>name-</c> and a hash.</param>
/// <param name="Name">Its name, as shown.</param>
/// <param name="Kind"><c>sam</c> (encode once, decode many) or <c>focus</c> (a crop round the prompt).</param>
/// <param name="Licence">Licence of the weights, as shown.</param>
/// <param name="Provenance">Where the weights come from, as shown.</param>
/// <param name="Device">Where it runs: <c>cpu</c> or <c>cuda</c>.</param>
public sealed record SegmenterDescription(string Id, string Name, string Kind, string Licence, string Provenance, string Device)
{
    /// <summary>How sure its masks may be taken for right; null where nobody has measured that.</summary>
    public ConfidenceModel? Confidence { get; init; }
}

/// <summary>What a segmenter knows of one picture. Belongs to the caller of <see cref="IPromptableSegmenter.Encode"/>.</summary>
public abstract class SliceEmbedding : IDisposable
{
    /// <summary>Creates the base.</summary>
    /// <param name="width">Width of the encoded picture in pixels.</param>
    /// <param name="height">Height of the encoded picture in pixels.</param>
    protected SliceEmbedding(int width, int height) => (Width, Height) = (width, height);

    /// <summary>Width of the encoded picture in pixels.</summary>
    public int Width { get; }

    /// <summary>Height of the encoded picture in pixels.</summary>
    public int Height { get; }

    /// <summary>The memory that it holds.</summary>
    public abstract long SizeBytes { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees what the embedding holds.</summary>
    protected virtual void Dispose(bool disposing)
    {
    }
}

/// <summary>What a segmenter answers: its candidates, and the chosen one as probabilities on the slice's pixels.</summary>
public sealed class MaskPrediction
{
    /// <summary>Creates a prediction.</summary>
    /// <param name="mask">The chosen candidate on the slice's pixels, with its native form where the model has one.</param>
    /// <param name="candidates">All candidates, in the model's order.</param>
    /// <param name="chosen">Index of the chosen candidate.</param>
    public MaskPrediction(MaskPrompt mask, IReadOnlyList<MaskCandidate> candidates, int chosen) =>
        (Mask, Candidates, Chosen) = (mask, candidates, chosen);

    /// <summary>The chosen candidate: probabilities on the slice's pixels; over 0.5 is the object. Ready to be the next slice's mask prompt.</summary>
    public MaskPrompt Mask { get; }

    /// <summary>All candidates, in the model's order.</summary>
    public IReadOnlyList<MaskCandidate> Candidates { get; }

    /// <summary>Index of the chosen candidate.</summary>
    public int Chosen { get; }

    /// <summary>The IoU that the model predicts for the chosen candidate.</summary>
    public float PredictedIou => Candidates[Chosen].PredictedIou;

    /// <summary>The stability score of the chosen candidate.</summary>
    public float StabilityScore => Candidates[Chosen].StabilityScore;
}

/// <summary>One of the masks that a model offers.</summary>
/// <param name="PredictedIou">The model's own estimate; not clamped.</param>
/// <param name="StabilityScore">IoU between the mask at logits over +1 and over -1 (Segment Anything, appendix B); 1 for an empty mask pair.</param>
public readonly record struct MaskCandidate(float PredictedIou, float StabilityScore);
