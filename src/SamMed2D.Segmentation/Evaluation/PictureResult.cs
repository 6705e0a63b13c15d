using System.Text.Json.Serialization;
using SamMed2D.Segmentation.Datasets;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>What a model is given for a mask on a picture, and floors that need no model.</summary>
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

    /// <summary>As users draw: a box that is 10 % larger on every side.</summary>
    LooseBox,

    /// <summary>As users correct: the tight box, then two points from errors.</summary>
    BoxAndTwoPoints,

    /// <summary>As slices are carried on: the true mask and the picture of the neighbouring slice.</summary>
    PreviousMask,

    /// <summary>The same with the tight box.</summary>
    PreviousMaskAndBox,

    /// <summary>Floor: the box filled.</summary>
    FilledBox,

    /// <summary>Floor: the ellipse inscribed in the box.</summary>
    Ellipse,

    /// <summary>Floor: the ellipse inscribed in the loose box.</summary>
    LooseEllipse,

    /// <summary>Floor: the neighbouring slice's mask, copied.</summary>
    CopiedMask,
}

/// <summary>What settings are called in reports.</summary>
public static class PictureSettings
{
    /// <summary>The settings of SAM-Med2D's own test.</summary>
    public static IReadOnlyList<PictureSetting> Published { get; } = [PictureSetting.Box, PictureSetting.OnePoint, PictureSetting.ThreePoints, PictureSetting.FivePoints];

    /// <summary>The settings of this product's users.</summary>
    public static IReadOnlyList<PictureSetting> OfUsers { get; } = [PictureSetting.LooseBox, PictureSetting.BoxAndTwoPoints, PictureSetting.PreviousMask, PictureSetting.PreviousMaskAndBox];

    /// <summary>True for settings that need no model.</summary>
    public static bool IsFloor(this PictureSetting setting) => setting >= PictureSetting.FilledBox;

    /// <summary>The name, as tables show it.</summary>
    public static string ToName(this PictureSetting setting) => setting switch
    {
        PictureSetting.Box => "box",
        PictureSetting.OnePoint => "1 point",
        PictureSetting.ThreePoints => "3 points",
        PictureSetting.FivePoints => "5 points",
        PictureSetting.LooseBox => "loose box",
        PictureSetting.BoxAndTwoPoints => "box + 2 points",
        PictureSetting.PreviousMask => "previous mask",
        PictureSetting.PreviousMaskAndBox => "previous mask + box",
        PictureSetting.FilledBox => "floor: box filled",
        PictureSetting.Ellipse => "floor: ellipse in the box",
        PictureSetting.LooseEllipse => "floor: ellipse in the loose box",
        _ => "floor: previous mask copied",
    };

    /// <summary>The setting that a floor stands beside.</summary>
    public static bool IsFloorOf(this PictureSetting floor, PictureSetting setting) => floor switch
    {
        PictureSetting.FilledBox or PictureSetting.Ellipse => setting == PictureSetting.Box,
        PictureSetting.LooseEllipse => setting == PictureSetting.LooseBox,
        PictureSetting.CopiedMask => setting == PictureSetting.PreviousMask,
        _ => false,
    };
}

/// <summary>How one setting did on one mask.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Dice">Dice on the picture's pixels.</param>
/// <param name="Iou">Intersection over union on the picture's pixels.</param>
/// <param name="PredictedIou">What the model took its IoU to be; null for floors.</param>
public readonly record struct PictureScore(PictureSetting Setting, double Dice, double Iou, double? PredictedIou = null);

/// <summary>What the 2D protocol found for one mask.</summary>
/// <param name="Picture">The picture's name.</param>
/// <param name="Mask">The mask's name.</param>
/// <param name="Tags">What it shows.</param>
/// <param name="AreaPixels">Pixels of the mask.</param>
/// <param name="Scores">The settings that were run, in the order of <see cref="PictureSetting"/>.</param>
/// <param name="Prompts">What the model was given; replaying it gives the same scores.</param>
public sealed record MaskResult(string Picture, string Mask, MaskTags Tags, int AreaPixels, IReadOnlyList<PictureScore> Scores, SavedPrompts Prompts)
{
    /// <summary>Whose mask it is: the subject, or the picture where the data set names none.</summary>
    [JsonIgnore]
    public string Subject => Tags.Subject.Length > 0 ? Tags.Subject : Picture;

    /// <summary>The score of a setting, or null where it was not run.</summary>
    public PictureScore? Find(PictureSetting setting)
    {
        foreach (PictureScore score in Scores)
            if (score.Setting == setting) return score;
        return null;
    }
}

/// <summary>The prompts of one mask, in the picture's pixels.</summary>
/// <param name="Box">x0, y0, x1, y1; half-open.</param>
/// <param name="Points">x, y and 1 (on the object) or 0 (off it), in the order given; null where the mask had no error left.</param>
public sealed record SavedPrompts(IReadOnlyList<double> Box, IReadOnlyList<IReadOnlyList<double>?> Points)
{
    /// <summary>The points that followed the box, likewise; null where that was not asked.</summary>
    public IReadOnlyList<IReadOnlyList<double>?>? Corrections { get; init; }
}
