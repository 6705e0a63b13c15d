using SamMed2D.Core.Prompts;
using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Runs;

/// <summary>A propagation step without its masks, small enough to keep for every slice.</summary>
public sealed record SliceRecord
{
    private const double DoubtfulIou = 0.75, DoubtfulOverlap = 0.6;

    /// <summary>The segment's label.</summary>
    public required ushort Label { get; init; }

    /// <summary>The slice index along the segment's axis.</summary>
    public required int Slice { get; init; }

    /// <summary>How the step came here.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>The box prompt, in slice pixels.</summary>
    public PromptBox? Box { get; init; }

    /// <summary>The point prompts, in slice pixels.</summary>
    public IReadOnlyList<PromptPoint> Points { get; init; } = [];

    /// <summary>True where a mask was among the prompts.</summary>
    public bool HasMask { get; init; }

    /// <summary>The IoU that the model predicts.</summary>
    public double? PredictedIou { get; init; }

    /// <summary>The mask's stability score.</summary>
    public double? Stability { get; init; }

    /// <summary>IoU with the previous slice's mask.</summary>
    public double? Overlap { get; init; }

    /// <summary>The share of grey values in common with the key slice's mask, 0 to 1; null for key slices and blends.</summary>
    public double? Similarity { get; init; }

    /// <summary>IoU with the mask that registration carried here; for blends, of both directions' masks; null for key slices and where nothing was carried.</summary>
    public double? Agreement { get; init; }

    /// <summary>Natural logarithm of the larger over the smaller of the mask's and the previous slice's areas; null for key slices and blends.</summary>
    public double? AreaChange { get; init; }

    /// <summary>The probability that the mask is right, as <see cref="ConfidenceModel"/> has it; null where nobody has measured that for the model.</summary>
    public double? Confidence { get; init; }

    /// <summary>The probability that the object is still there; null for key slices, blends and where nobody has measured that.</summary>
    public double? Presence { get; init; }

    /// <summary>Pixels of the mask, before segments are set against each other.</summary>
    public required int AreaPixels { get; init; }

    /// <summary>Why the direction ends here.</summary>
    public StopReason? Stop { get; init; }

    /// <summary>Which run of the chain made it, from 0.</summary>
    public int Run { get; init; }

    /// <summary>True where the mask went into the result.</summary>
    public required bool IsKept { get; init; }

    /// <summary>
    /// True for a slice of the result that is rather wrong than right, by its confidence; where there is none, one whose predicted IoU is under 0.75
    /// or whose overlap with its neighbour is under 0.6.
    /// </summary>
    public bool NeedsReview => IsKept && (Confidence is { } confidence ? confidence < ConfidenceModel.ReviewBelow : PredictedIou < DoubtfulIou || Overlap < DoubtfulOverlap);

    /// <summary>The record of a step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="run">Which run of the chain this is, from 0.</param>
    public static SliceRecord Of(PropagationStep step, int run = 0) => new()
    {
        Run = run,
        Label = step.Segment.Label,
        Slice = step.Slice,
        Kind = step.Kind,
        Box = step.Prompts?.Box,
        Points = step.Prompts?.Points ?? [],
        HasMask = step.Prompts?.Mask is not null,
        PredictedIou = step.PredictedIou,
        Stability = step.Stability,
        Overlap = step.Overlap,
        Similarity = step.Similarity,
        Agreement = step.Agreement,
        AreaChange = step.AreaChange,
        Confidence = step.Confidence,
        Presence = step.Presence,
        AreaPixels = step.AreaPixels,
        Stop = step.Stop,
        IsKept = step.IsKept,
    };
}
