namespace SamMed2D.Segmentation.Confidence;

/// <summary>
/// How sure a slice's mask may be taken for right: the probability that its Dice with the truth is at least <see cref="GoodDice"/>, by logistic
/// regressions on what propagation measures on the way. A further one says when to stop: the probability that the object is still there, that is, that at least half of
/// the mask is of it; a poor mask of a thin object is to be looked at, not an end. Fitted to one model on labelled scans by <c>sammed2d calibrate</c>.
/// </summary>
public sealed record ConfidenceModel
{
    /// <summary>A mask with at least this Dice counts as right.</summary>
    public const double GoodDice = 0.8;

    /// <summary>Slices under this confidence deserve a look: they are rather wrong than right.</summary>
    public const double ReviewBelow = 0.5;

    /// <summary>The <see cref="SegmenterDescription.Id"/> of the model that it was fitted to; it says nothing of others.</summary>
    public required string ModelId { get; init; }

    /// <summary>What it was fitted on, in words.</summary>
    public required string Provenance { get; init; }

    /// <summary>Propagation stops where <see cref="Presence"/> gives less when nobody chose a limit; 0 never does.</summary>
    public required double StopBelow { get; init; }

    /// <summary>Key slices, which users prompted.</summary>
    public required KeyWeights Key { get; init; }

    /// <summary>Slices prompted from their neighbour.</summary>
    public required StepWeights Step { get; init; }

    /// <summary>Whether slices prompted from their neighbour still show the object.</summary>
    public required StepWeights Presence { get; init; }

    /// <summary>Slices between key slices, where the passes from both are blended.</summary>
    public required BlendWeights Blend { get; init; }

    internal static double Sigmoid(double value) => 1 / (1 + Math.Exp(-value));

    /// <summary>The inverse of the logistic function, for numbers a little inside 0 and 1.</summary>
    internal static double Logit(double share)
    {
        double inside = Math.Clamp(share, 0.01, 0.99);
        return Math.Log(inside / (1 - inside));
    }
}

/// <summary>The regression of key slices.</summary>
/// <param name="Intercept">Added to the rest.</param>
/// <param name="PredictedIou">Of the model's own estimate.</param>
/// <param name="Stability">Of the stability score.</param>
public sealed record KeyWeights(double Intercept, double PredictedIou, double Stability)
{
    /// <summary>The confidence, 0 to 1.</summary>
    public double ConfidenceOf(double predictedIou, double stability) => ConfidenceModel.Sigmoid(Intercept + PredictedIou * predictedIou + Stability * stability);
}

/// <summary>What propagation measures on a slice that was prompted from its neighbour.</summary>
/// <param name="PredictedIou">The model's own estimate.</param>
/// <param name="Stability">The stability score.</param>
/// <param name="Overlap">IoU with the previous slice's mask.</param>
/// <param name="Agreement">IoU of the model's mask with the one that registration carried here.</param>
/// <param name="AreaChange">Natural logarithm of the larger over the smaller of the mask's and the previous slice's areas.</param>
/// <param name="Similarity">The share of grey values in common with the key slice's mask.</param>
/// <param name="Distance">Slices from the key slice, at least 1.</param>
public readonly record struct SliceFeatures(
    double PredictedIou, double Stability, double Overlap, double Agreement, double AreaChange, double Similarity, int Distance);

/// <summary>A regression of slices that were prompted from their neighbour; each weight is of the feature of its name, that of the distance of its logarithm.</summary>
/// <param name="Intercept">Added to the rest.</param>
/// <param name="PredictedIou">Of the model's own estimate.</param>
/// <param name="Stability">Of the stability score.</param>
/// <param name="Overlap">Of the overlap with the previous slice.</param>
/// <param name="Agreement">Of the agreement with the carried mask.</param>
/// <param name="AreaChange">Of the change of area.</param>
/// <param name="Similarity">Of the likeness to the key slice.</param>
/// <param name="Distance">Of the natural logarithm of the distance.</param>
public sealed record StepWeights(
    double Intercept, double PredictedIou, double Stability, double Overlap, double Agreement, double AreaChange, double Similarity, double Distance)
{
    /// <summary>The probability, 0 to 1.</summary>
    public double ProbabilityOf(SliceFeatures features) => ConfidenceModel.Sigmoid(
        Intercept + PredictedIou * features.PredictedIou + Stability * features.Stability + Overlap * features.Overlap + Agreement * features.Agreement
        + AreaChange * features.AreaChange + Similarity * features.Similarity + Distance * Math.Log(features.Distance));
}

/// <summary>The regression of blended slices.</summary>
/// <param name="Intercept">Added to the rest.</param>
/// <param name="Passes">Of the mean of both passes' log-odds, weighted as their masks are; that of the only pass where one stopped early.</param>
/// <param name="Agreement">Of the IoU of both passes' masks; 0 where one stopped early.</param>
public sealed record BlendWeights(double Intercept, double Passes, double Agreement)
{
    /// <summary>The confidence, 0 to 1.</summary>
    /// <param name="passes">The mean of the passes' log-odds.</param>
    /// <param name="agreement">The IoU of their masks.</param>
    public double ConfidenceOf(double passes, double agreement) => ConfidenceModel.Sigmoid(Intercept + Passes * passes + Agreement * agreement);
}
