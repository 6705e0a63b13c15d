using System.Text.Json.Serialization;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>What a model is given in the 2D protocol.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PictureSetting>))]
public enum PictureSetting
{
    /// <summary>The tight box.</summary>
    Box,

    /// <summary>One random point on the object.</summary>
    OnePoint,

    /// <summary>Then two points from errors, one after the other.</summary>
    ThreePoints,

    /// <summary>Then two more.</summary>
    FivePoints,

    /// <summary>Floor: the box filled.</summary>
    FilledBox,

    /// <summary>Floor: the ellipse inscribed in the box.</summary>
    Ellipse,
}

/// <summary>How one setting did on one mask.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Dice">Dice on the picture's pixels.</param>
/// <param name="Iou">Intersection over union on the picture's pixels.</param>
public readonly record struct PictureScore(PictureSetting Setting, double Dice, double Iou);

/// <summary>What the 2D protocol found for one mask.</summary>
/// <param name="Picture">The picture's name.</param>
/// <param name="Mask">The mask's name.</param>
/// <param name="AreaPixels">Pixels of the mask.</param>
/// <param name="Scores">One element a setting, in the order of <see cref="PictureSetting"/>.</param>
/// <param name="Prompts">What the model was given; replaying it gives the same scores.</param>
public sealed record MaskResult(string Picture, string Mask, int AreaPixels, IReadOnlyList<PictureScore> Scores, SavedPrompts Prompts);

/// <summary>The prompts of one mask, in the picture's pixels.</summary>
/// <param name="Box">x0, y0, x1, y1; half-open.</param>
/// <param name="Points">x, y and 1 (on the object) or 0 (off it), in the order given; null where the mask had no error left.</param>
public sealed record SavedPrompts(IReadOnlyList<double> Box, IReadOnlyList<IReadOnlyList<double>?> Points);
