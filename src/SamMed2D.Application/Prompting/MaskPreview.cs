using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation;

namespace SamMed2D.Application.Prompting;

/// <summary>A mask that the model offers for a slice, before it is accepted.</summary>
public sealed class MaskPreview
{
    // A model with one answer still offers three: its own, a looser and a tighter reading of its probabilities.
    private static readonly float[] s_thresholds = [0.5f, 0.3f, 0.7f];

    internal MaskPreview(ushort label, SliceAxis axis, int slice, MaskPrediction prediction, int candidate, TimeSpan elapsed)
    {
        (Label, Axis, Slice, Candidate, Elapsed) = (label, axis, slice, candidate, elapsed);
        HasOwnCandidates = prediction.Candidates.Count > 1;
        CandidateCount = HasOwnCandidates ? prediction.Candidates.Count : s_thresholds.Length;
        (PredictedIou, Stability) = (prediction.PredictedIou, prediction.StabilityScore);
        Mask = MaskOf(prediction.Mask, HasOwnCandidates ? 0.5f : s_thresholds[candidate]);
    }

    /// <summary>The segment that it is for.</summary>
    public ushort Label { get; }

    /// <summary>The grid axis along which its slices run.</summary>
    public SliceAxis Axis { get; }

    /// <summary>The slice's index.</summary>
    public int Slice { get; }

    /// <summary>The mask on the slice's pixels; not to be changed.</summary>
    public MaskPlane Mask { get; }

    /// <summary>Which of the candidates it is, from 0.</summary>
    public int Candidate { get; }

    /// <summary>How many there are.</summary>
    public int CandidateCount { get; }

    /// <summary>The IoU that the model predicts for it.</summary>
    public float PredictedIou { get; }

    /// <summary>Its stability score.</summary>
    public float Stability { get; }

    /// <summary>How long the answer took.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>True where the model itself offers several masks.</summary>
    internal bool HasOwnCandidates { get; }

    /// <summary>The same answer read looser or tighter; for models with one answer.</summary>
    internal MaskPreview WithThreshold(int candidate, MaskPrediction prediction) => new(Label, Axis, Slice, prediction, candidate, Elapsed);

    private static MaskPlane MaskOf(MaskPrompt mask, float threshold)
    {
        MaskPlane plane = new(mask.Width, mask.Height);
        ReadOnlySpan<float> from = mask.Probabilities.Span;
        Span<byte> to = plane.Pixels;
        for (int n = 0; n < to.Length; n++) to[n] = from[n] > threshold ? (byte)1 : (byte)0;
        return plane;
    }
}
