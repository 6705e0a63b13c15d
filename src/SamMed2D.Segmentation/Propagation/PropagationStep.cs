using SamMed2D.Core.Prompts;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>How a step came to its slice.</summary>
public enum StepKind
{
    /// <summary>A key slice, by the user's prompts.</summary>
    Key,

    /// <summary>From the slice below (towards higher indices).</summary>
    Up,

    /// <summary>From the slice above (towards lower indices).</summary>
    Down,

    /// <summary>Between two key slices: the masks from both sides, weighted by distance.</summary>
    Blend,
}

/// <summary>What propagation did on one slice for one segment.</summary>
public readonly record struct PropagationStep
{
    /// <summary>The segment.</summary>
    public required Segment Segment { get; init; }

    /// <summary>The slice index along the segment's axis.</summary>
    public required int Slice { get; init; }

    /// <summary>How the step came here.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>What the model was prompted with, in slice pixels; null for a blend. Its mask may be used until the next step is asked for, then its memory is used again.</summary>
    public PromptSet? Prompts { get; init; }

    /// <summary>The IoU that the model predicts; null for a blend.</summary>
    public double? PredictedIou { get; init; }

    /// <summary>The mask's stability score; null for a blend.</summary>
    public double? Stability { get; init; }

    /// <summary>IoU with the previous slice's mask; null for key slices and blends.</summary>
    public double? Overlap { get; init; }

    /// <summary>The share of grey values in common with the key slice's mask, 0 to 1; null for key slices and blends.</summary>
    public double? Similarity { get; init; }

    /// <summary>
    /// IoU of the model's mask with the one that registration carried here, or for a blend of the masks of both directions (0 where one stopped early);
    /// null for key slices and where motion is not compensated.
    /// </summary>
    public double? Agreement { get; init; }

    /// <summary>Natural logarithm of the larger over the smaller of the mask's and the previous slice's areas; null for key slices, blends and empty masks.</summary>
    public double? AreaChange { get; init; }

    /// <summary>The probability that the mask is right, as <see cref="Confidence.ConfidenceModel"/> has it; null where nobody has measured that for the model.</summary>
    public double? Confidence { get; init; }

    /// <summary>The probability that the object is still there, as <see cref="Confidence.ConfidenceModel.Presence"/> has it; null for key slices, blends and where nobody has measured that.</summary>
    public double? Presence { get; init; }

    /// <summary>Pixels of the mask, before segments are set against each other.</summary>
    public required int AreaPixels { get; init; }

    /// <summary>Why the direction ends here; null where it goes on. The mask counts only where <see cref="IsKept"/> is true.</summary>
    public StopReason? Stop { get; init; }

    /// <summary>True where the mask went into the result. False where a rule rejected it, and between key slices, where the blend goes in.</summary>
    public required bool IsKept { get; init; }
}

/// <summary>Where and why one direction of a segment's propagation ended.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="KeySlice">The key slice that it started from.</param>
/// <param name="Kind"><see cref="StepKind.Up"/> or <see cref="StepKind.Down"/>.</param>
/// <param name="LastSlice">The last slice with an accepted mask; the key slice where there is none.</param>
/// <param name="Reason">Why it ended.</param>
public sealed record PropagationEnd(Segment Segment, int KeySlice, StepKind Kind, int LastSlice, StopReason Reason);
