using System.Collections;
using System.Collections.Concurrent;
using SamMed2D.Core.Prompts;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Pictures;

/// <summary>The memory of one prediction, which is its list of candidates too. Used again once the prediction is given back.</summary>
internal sealed class PredictionBuffer : IReadOnlyList<MaskCandidate>
{
    private readonly MaskCandidate[] _candidates;
    private readonly MaskPrediction?[] _predictions;
    private readonly MaskPrompt _mask;

    /// <summary>Takes memory.</summary>
    /// <param name="width">Columns of the slice.</param>
    /// <param name="height">Rows of the slice.</param>
    /// <param name="candidates">Candidates.</param>
    /// <param name="shape">What the model's predictions hold.</param>
    public PredictionBuffer(int width, int height, int candidates, PredictionShape shape)
    {
        (_candidates, _predictions) = (new MaskCandidate[candidates], new MaskPrediction?[candidates]);
        Probabilities = new float[checked(width * height)];
        Native = new float[shape.NativeSize * shape.NativeSize];
        Picture = new byte[shape.HasPicture ? Probabilities.Length : 0];
        _mask = new(width, height, Probabilities, shape.NativeSize == 0 ? null : new(shape.ModelId, shape.NativeSize, shape.NativeSize, Native)) { Picture = Picture };
    }

    /// <summary>The mask, Width × Height numbers.</summary>
    public float[] Probabilities { get; }

    /// <summary>The mask in the model's own resolution; empty where it has none.</summary>
    public float[] Native { get; }

    /// <summary>The slice; empty where the model does not compare slices.</summary>
    public byte[] Picture { get; }

    /// <inheritdoc/>
    public int Count => _candidates.Length;

    /// <summary>A candidate, to be set before the prediction is made.</summary>
    public MaskCandidate this[int index]
    {
        get => _candidates[index];
        set => _candidates[index] = value;
    }

    /// <summary>True where it fits a slice and a number of candidates.</summary>
    public bool Fits(int width, int height, int candidates) => _mask.Width == width && _mask.Height == height && Count == candidates;

    /// <summary>The prediction that lies in this memory.</summary>
    /// <param name="chosen">Which candidate the mask is.</param>
    public MaskPrediction PredictionOf(int chosen) => _predictions[chosen] ??= new(_mask, this, chosen);

    /// <inheritdoc/>
    public IEnumerator<MaskCandidate> GetEnumerator() => ((IEnumerable<MaskCandidate>)_candidates).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>What the predictions of a model hold beside the mask on the slice's pixels.</summary>
/// <param name="ModelId">The model.</param>
/// <param name="NativeSize">Side of the mask in the model's own resolution; 0 for none.</param>
/// <param name="HasPicture">Whether the slice goes along.</param>
internal sealed record PredictionShape(string ModelId, int NativeSize, bool HasPicture);

/// <summary>Hands out the memory of a model's predictions, and takes back what is given back. Safe for concurrent calls.</summary>
internal sealed class PredictionPool(PredictionShape shape)
{
    private readonly ConcurrentBag<PredictionBuffer> _idle = [];

    /// <summary>Memory for a slice; its content is whatever it was.</summary>
    public PredictionBuffer Take(int width, int height, int candidates)
    {
        // Of another size are the slices of an earlier scan or another axis; they are not kept.
        while (_idle.TryTake(out PredictionBuffer? buffer))
            if (buffer.Fits(width, height, candidates)) return buffer;
        return new(width, height, candidates, shape);
    }

    /// <summary>Takes back the memory of a prediction that this pool's model made.</summary>
    public void Return(MaskPrediction prediction)
    {
        if (prediction.Candidates is PredictionBuffer buffer) _idle.Add(buffer);
    }
}
