using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>What propagation measured on one slice, and how right the slice was.</summary>
/// <param name="Kind">How the slice came about.</param>
/// <param name="Slice">The slice.</param>
/// <param name="Features">What was measured; of a key slice only the first two count, of a blend none.</param>
/// <param name="Passes">For a blend, what was measured on the ways up and down, in that order; null where one did not come here.</param>
/// <param name="ShareOfDown">For a blend, the weight of the way down.</param>
/// <param name="PassAgreement">For a blend, the IoU of both ways' masks.</param>
/// <param name="Found">Pixels found.</param>
/// <param name="True">Pixels of the truth.</param>
/// <param name="Both">Pixels of both.</param>
internal sealed record TracedSlice(
    StepKind Kind, int Slice, SliceFeatures Features, (SliceFeatures? Up, SliceFeatures? Down) Passes, double ShareOfDown, double PassAgreement, int Found, int True, int Both)
{
    /// <summary>Whether the mask counts as right.</summary>
    public bool IsGood => 2.0 * Both >= ConfidenceModel.GoodDice * (Found + True) && Found + True > 0;

    /// <summary>Whether the object is there: at least half of the mask is of it.</summary>
    public bool IsPresent => 2 * Both >= Found && Both > 0;

    /// <summary>The confidence that a model gives it.</summary>
    public double ConfidenceBy(ConfidenceModel model) => Kind switch
    {
        StepKind.Key => model.Key.ConfidenceOf(Features.PredictedIou, Features.Stability),
        StepKind.Blend => model.Blend.ConfidenceOf(PassesBy(model.Step), PassAgreement),
        _ => model.Step.ProbabilityOf(Features),
    };

    /// <summary>The mean of both ways' log-odds, weighted as their masks are.</summary>
    public double PassesBy(StepWeights step)
    {
        double? up = Passes.Up is { } u ? ConfidenceModel.Logit(step.ProbabilityOf(u)) : null, down = Passes.Down is { } d ? ConfidenceModel.Logit(step.ProbabilityOf(d)) : null;
        return (1 - ShareOfDown) * up + ShareOfDown * down ?? up ?? down ?? 0;
    }
}

/// <summary>A structure propagated with every rule switched off, some slices beyond its ends.</summary>
/// <param name="Subject">Whose scan it is.</param>
/// <param name="Name">Scan and structure, for reports.</param>
/// <param name="First">The structure's first slice.</param>
/// <param name="Last">Its last slice.</param>
/// <param name="Key">The slice with the one box.</param>
/// <param name="TruePixels">Pixels of the truth on all slices.</param>
/// <param name="OneBox">Every slice of the run from one box.</param>
/// <param name="ThreeBoxes">Every slice of the run from three boxes.</param>
internal sealed record TracedStructure(string Subject, string Name, int First, int Last, int Key, long TruePixels, IReadOnlyList<TracedSlice> OneBox, IReadOnlyList<TracedSlice> ThreeBoxes)
{
    /// <summary>The slices of both runs.</summary>
    public IEnumerable<TracedSlice> Slices => OneBox.Concat(ThreeBoxes);
}
