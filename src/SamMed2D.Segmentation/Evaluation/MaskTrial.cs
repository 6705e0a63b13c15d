using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Asks a model for one mask again and again and scores its answers.</summary>
internal sealed class MaskTrial(IPromptableSegmenter segmenter, SliceEmbedding embedding, MaskPlane truth, CancellationToken cancellation)
{
    private readonly MaskShape _answer = new(truth.Width, truth.Height);
    private readonly List<PictureScore> _scores = [];

    /// <summary>The scores, in the order of <see cref="PictureSetting"/>.</summary>
    public IReadOnlyList<PictureScore> Scores => [.. _scores.OrderBy(score => score.Setting)];

    /// <summary>The last answer's pixels.</summary>
    public MaskPlane Answer => _answer.Plane;

    /// <summary>Asks, and scores the answer where it stands for a setting.</summary>
    public MaskPrompt Ask(PictureSetting? setting, PromptSet prompts)
    {
        MaskPrediction prediction = segmenter.Predict(embedding, prompts, cancellation);
        _answer.Set(prediction.Mask);
        if (setting is { } scored) _scores.Add(Score(scored, _answer.Plane) with { PredictedIou = prediction.PredictedIou });
        return prediction.Mask;
    }

    /// <summary>Scores a mask that needs no model.</summary>
    public void AddFloor(PictureSetting floor, MaskPlane mask) => _scores.Add(Score(floor, mask));

    private PictureScore Score(PictureSetting setting, MaskPlane found)
    {
        int inTruth = 0, inFound = 0, inBoth = 0;
        ReadOnlySpan<byte> a = truth.Pixels, b = found.Pixels;
        for (int n = 0; n < a.Length; n++)
        {
            inTruth += a[n];
            inFound += b[n];
            inBoth += a[n] & b[n];
        }
        return new(setting, 2.0 * inBoth / (inTruth + inFound), (double)inBoth / (inTruth + inFound - inBoth));
    }
}
