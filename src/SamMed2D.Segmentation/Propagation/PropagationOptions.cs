using SamMed2D.Segmentation.Confidence;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>What the next slice is prompted with, taken from the mask of the previous one.</summary>
[Flags]
public enum PromptStrategy
{
    /// <summary>The mask itself, in the model's own domain.</summary>
    Mask = 1,

    /// <summary>The box round the mask.</summary>
    Box = 2,

    /// <summary>Points deep inside the mask.</summary>
    Points = 4,
}

/// <summary>The names of strategies, as the command line and records write them.</summary>
public static class PromptStrategies
{
    /// <summary>The names that are understood.</summary>
    public const string Known = "mask, box, mask+box, mask+box+points";

    /// <summary>Reads names joined by <c>+</c>, such as <c>mask+box</c>.</summary>
    /// <returns>False when the text is no strategy.</returns>
    public static bool TryParse(string text, out PromptStrategy strategy)
    {
        strategy = 0;
        foreach (string part in text.Split('+'))
        {
            PromptStrategy one = part.Trim().ToLowerInvariant() switch
            {
                "mask" => PromptStrategy.Mask,
                "box" => PromptStrategy.Box,
                "points" => PromptStrategy.Points,
                _ => 0,
            };
            if (one == 0 || strategy.HasFlag(one)) return false;
            strategy |= one;
        }
        return true;
    }

    /// <summary>The name of a strategy, such as <c>mask+box</c>.</summary>
    public static string ToName(this PromptStrategy strategy)
    {
        List<string> parts = [];
        if (strategy.HasFlag(PromptStrategy.Mask)) parts.Add("mask");
        if (strategy.HasFlag(PromptStrategy.Box)) parts.Add("box");
        if (strategy.HasFlag(PromptStrategy.Points)) parts.Add("points");
        return string.Join('+', parts);
    }

    /// <summary>
    /// The strategy for a kind of model (<see cref="SegmenterDescription.Kind"/>) when nobody chose one. A focus model takes the mask alone, since the box of the last mask holds an object
    /// in its place that moves from slice to slice, such as a rib (measured: <c>PROPAGATION.md</c> of the bundled model). Others get the box too, which SAM-Med2D
    /// leans on; not yet measured with trained weights.
    /// </summary>
    public static PromptStrategy DefaultFor(string kind) => kind == "focus" ? PromptStrategy.Mask : PromptStrategy.Mask | PromptStrategy.Box;
}

/// <summary>How far and by what rules masks are carried from slice to slice. Every limit can be switched off by its extreme value.</summary>
public sealed record PropagationOptions
{
    /// <summary>What the next slice is prompted with; null takes <see cref="PromptStrategies.DefaultFor"/>.</summary>
    public PromptStrategy? Strategy { get; init; }

    /// <summary>How much the derived box is larger than the mask, on each side, as a share of the box's own side.</summary>
    public double BoxMargin { get; init; } = 0;

    /// <summary>How many points are derived where the strategy has points.</summary>
    public int PointCount { get; init; } = 1;

    /// <summary>
    /// The most points off the object that are taken from other segments in its box, one from each; 0 takes none. Measured with the compact model on
    /// 30 structures of three labelled scans, ten to a run and one box each, true extent given: mean 3D Dice .575 without, .586 with 2 or 4, but 12
    /// structures got worse and 8 better; on 12 of the two phantoms .813 and .816. So nobody gets them unasked.
    /// </summary>
    public int NegativeCount { get; init; }

    /// <summary>Stops where the model's own estimate of its mask's IoU is lower; 0 never does; null takes <see cref="MinPredictedIouFor"/>.</summary>
    public double? MinPredictedIou { get; init; }

    /// <summary>
    /// How much the greys of the key slice's mask and of what surrounds it count beside the model's answers, which draws borders to where greys change; 0 for not at all.
    /// </summary>
    public double GreyWeight { get; init; } = 0.5;

    /// <summary>
    /// How confidence is worked out from what is measured on the way; null takes the segmenter's own, <see cref="SegmenterDescription.Confidence"/>,
    /// and where that is null too, steps have no confidence.
    /// </summary>
    public ConfidenceModel? Confidence { get; init; }

    /// <summary>Stops where the object is less likely still there; 0 never does; null takes <see cref="ConfidenceModel.StopBelow"/>, or 0 where there is no confidence.</summary>
    public double? MinPresence { get; init; }

    /// <summary>Stops where the confidence is lower; 0 never does.</summary>
    public double MinConfidence { get; init; }

    /// <summary>Whether the previous slice's mask is carried along what moved, by registering the two slices, before it becomes a prompt.</summary>
    public bool CompensateMotion { get; init; } = true;

    /// <summary>The weight of the carried mask in a slice's mask, beside the model's answer; 0 takes the model's alone. Without effect where motion is not compensated.</summary>
    public double CarriedShare { get; init; } = 0.5;

    /// <summary>Stops where the IoU of a slice's mask with the previous slice's is lower; 0 never does; null takes what <see cref="For"/> says.</summary>
    public double? MinOverlap { get; init; }

    /// <summary>Stops where the mask has a smaller share of grey values in common with the key slice's mask; 0 never does; null takes what <see cref="For"/> says.</summary>
    public double? MinSimilarity { get; init; }

    /// <summary>Stops where the area grows or shrinks by more than this factor (and 16 pixels) in one slice; infinity never does; null takes what <see cref="For"/> says.</summary>
    public double? MaxAreaRatio { get; init; }

    /// <summary>
    /// Stops where the centroid leaves the previous mask's box grown on each side by this share of its side; infinity never does; null takes what <see cref="For"/> says.
    /// </summary>
    public double? CentroidMargin { get; init; }

    /// <summary>A mask of fewer pixels counts as empty.</summary>
    public int MinAreaPixels { get; init; } = 1;

    /// <summary>The most slices from a key slice in one direction.</summary>
    public int MaxSlices { get; init; } = int.MaxValue;

    /// <summary>How many slices the encoder may be ahead of the decoder.</summary>
    public int EncodeAhead { get; init; } = 2;

    /// <summary>The most bytes of embeddings (and their pictures) held at once; fewer where the machine has less to spare.</summary>
    public long CacheBytes { get; init; } = 512L << 20;

    /// <summary>
    /// The options with what suits a model for those left open. A model with confidences stops by its <see cref="ConfidenceModel.Presence"/> alone; what that gives beside limits stands in the
    /// model's <c>CALIBRATION.md</c> and <c>PROPAGATION.md</c>. Others stop by limits of single measures: overlap 0.3, area ratio 3, centroid margin 0.25, and similarity 0.5, which was
    /// chosen on 28 structures of the training half of the labelled scans (3D Dice .545 without it, .610 at .4, .613 at .5, .608 at .6, .551 at .8).
    /// </summary>
    public PropagationOptions For(SegmenterDescription model)
    {
        ConfidenceModel? confidence = Confidence ?? model.Confidence;
        bool hasLimits = confidence is null;
        return this with
        {
            Strategy = Strategy ?? PromptStrategies.DefaultFor(model.Kind),
            Confidence = confidence,
            MinPresence = MinPresence ?? confidence?.StopBelow ?? 0,
            MinPredictedIou = MinPredictedIou ?? (hasLimits ? MinPredictedIouFor(model.Kind) : 0),
            MinOverlap = MinOverlap ?? (hasLimits ? 0.3 : 0),
            MinSimilarity = MinSimilarity ?? (hasLimits ? 0.5 : 0),
            MaxAreaRatio = MaxAreaRatio ?? (hasLimits ? 3 : double.PositiveInfinity),
            CentroidMargin = CentroidMargin ?? (hasLimits ? 0.25 : double.PositiveInfinity),
        };
    }

    /// <summary>
    /// The limit of the predicted IoU for a kind of model (<see cref="SegmenterDescription.Kind"/>) when nobody chose one. Focus models that have learnt from their own answers think
    /// little of thin objects: of 0, .3, .45, .6 and .7, the bundled one without its confidences gives .686, .682, .605, .545 and .485 from one box on the six largest
    /// structures of each scan of the training half, and .576, .626, .594, .456 and .331 on the evaluation split. Other kinds get a cautious .5.
    /// </summary>
    public static double MinPredictedIouFor(string kind) => kind == "focus" ? 0.3 : 0.5;
}

/// <summary>Why propagation in one direction ended.</summary>
public enum StopReason
{
    /// <summary>The model found nothing.</summary>
    EmptyMask,

    /// <summary>The model's own estimate of its mask was under the limit.</summary>
    LowPredictedIou,

    /// <summary>The probability that the object is still there was under the limit.</summary>
    LowPresence,

    /// <summary>The confidence was under the limit.</summary>
    LowConfidence,

    /// <summary>The mask overlapped the previous one less than the limit.</summary>
    LowOverlap,

    /// <summary>The grey values under the mask were too unlike those on the key slice.</summary>
    AppearanceChanged,

    /// <summary>The area grew or shrank by more than the limit.</summary>
    AreaJump,

    /// <summary>The mask's centroid left the surroundings of the previous mask.</summary>
    CentroidLeft,

    /// <summary>The segment's range, or the most slices allowed, ended.</summary>
    RangeEnd,

    /// <summary>The scan ended.</summary>
    VolumeEnd,

    /// <summary>The next key slice was reached.</summary>
    MetKeySlice,
}
