namespace SamMed2D.Inference.Models;

/// <summary>
/// How a focus model is fed: input <c>focus_input</c> [N,6,crop,crop] (8 with <see cref="PreviousPicture"/>), outputs <c>logits</c>
/// [N,1,crop,crop] and <c>iou_predictions</c> [N].
/// The defaults are those of the bundled model. Lengths are in canvas pixels: square pixels, <see cref="CanvasSize"/> of them along the
/// slice's longer side.
/// </summary>
public sealed record FocusInterface
{
    /// <summary>Side of the network's square input in pixels.</summary>
    public int CropSize { get; init; } = 96;

    /// <summary>Canvas pixels along the slice's longer side.</summary>
    public int CanvasSize { get; init; } = 256;

    /// <summary>Side of the crop over the longer side of a box prompt.</summary>
    public double BoxFactor { get; init; } = 2;

    /// <summary>Side of the crop over the longer side of a mask's box.</summary>
    public double MaskFactor { get; init; } = 1.5;

    /// <summary>The smallest crop.</summary>
    public double MinimumSide { get; init; } = 24;

    /// <summary>The largest crop.</summary>
    public double MaximumSide { get; init; } = 300;

    /// <summary>Side of the first crop round clicks that come without box or mask.</summary>
    public double FirstClickSide { get; init; } = 160;

    /// <summary>
    /// True if two more channels follow: the slice that the mask prompt was drawn on (in the same crop, standardised with the mean and
    /// deviation of the slice in channel 0, clamped alike), and 1 everywhere where it is given.
    /// </summary>
    public bool PreviousPicture { get; init; }

    /// <summary>The smallest second crop round what the first one found.</summary>
    public double SecondClickMinimumSide { get; init; } = 32;
}
