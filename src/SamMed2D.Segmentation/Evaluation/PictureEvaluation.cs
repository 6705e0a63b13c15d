using System.Globalization;
using System.Text;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>What the 2D protocol found for a model. Means are over masks; intervals of 95 %, by <see cref="Bootstrap"/> over pictures.</summary>
/// <param name="Model">The model.</param>
/// <param name="Masks">What was found, mask by mask; at least one.</param>
public sealed record PictureEvaluation(SegmenterDescription Model, IReadOnlyList<MaskResult> Masks)
{
    /// <summary>The means, a setting a row.</summary>
    public IReadOnlyList<SettingSummary> Summaries =>
    [
        .. Enum.GetValues<PictureSetting>().Select(setting => new SettingSummary(setting,
            Bootstrap.Mean([.. Masks.Select(m => (m.Picture, ScoreOf(m, setting).Dice))]), Bootstrap.Mean([.. Masks.Select(m => (m.Picture, ScoreOf(m, setting).Iou))]))),
    ];

    /// <summary>The means as Markdown, over all masks and by picture.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new();
        string[] pictures = [.. Masks.Select(m => m.Picture).Distinct()];
        text.Append(CultureInfo.InvariantCulture, $"""
            ## Pictures

            Model: {Model.Name} (`{Model.Id}`, {Model.Device}). {Masks.Count} masks of {pictures.Length} pictures.

            SAM-Med2D's own test: the tight box of the largest piece; or one random point on the object, then points from where the last mask was wrong, with that mask as
            prompt. Prompts are drawn on 256×256 pixels, scores are of the picture's own. Means over masks, in brackets the 95 % interval from drawing pictures
            with replacement (2000 draws).

            | prompt | Dice | IoU |
            |---|---|---|

            """);
        foreach (SettingSummary row in Summaries)
            text.Append(CultureInfo.InvariantCulture, $"| {NameOf(row.Setting)} | {row.Dice.ToText()} | {row.Iou.ToText()} |\n");
        text.Append("\nMean Dice by picture:\n\n| picture | masks |").AppendJoin("", Enum.GetValues<PictureSetting>().Select(s => $" {NameOf(s)} |")).Append("\n|---|---|");
        text.AppendJoin("", Enum.GetValues<PictureSetting>().Select(_ => "---|")).Append('\n');
        foreach (string picture in pictures)
        {
            MaskResult[] masks = [.. Masks.Where(m => m.Picture == picture)];
            text.Append(CultureInfo.InvariantCulture, $"| {picture} | {masks.Length} |");
            foreach (PictureSetting setting in Enum.GetValues<PictureSetting>()) text.Append(CultureInfo.InvariantCulture, $" {masks.Average(m => ScoreOf(m, setting).Dice):0.000} |");
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Every mask and setting as CSV, a line each.</summary>
    public string ToCsv()
    {
        StringBuilder text = new("picture,mask,area_pixels,prompt,dice,iou\n");
        foreach (MaskResult mask in Masks)
            foreach (PictureScore score in mask.Scores)
                text.Append(CultureInfo.InvariantCulture, $"\"{mask.Picture}\",\"{mask.Mask}\",{mask.AreaPixels},{score.Setting},{score.Dice:R},{score.Iou:R}\n");
        return text.ToString();
    }

    private static PictureScore ScoreOf(MaskResult mask, PictureSetting setting) => mask.Scores[(int)setting];

    private static string NameOf(PictureSetting setting) => setting switch
    {
        PictureSetting.Box => "model, box",
        PictureSetting.OnePoint => "model, 1 point",
        PictureSetting.ThreePoints => "model, 3 points",
        PictureSetting.FivePoints => "model, 5 points",
        PictureSetting.FilledBox => "floor: box filled",
        _ => "floor: ellipse in the box",
    };
}

/// <summary>The means of one setting over all masks.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Dice">Dice.</param>
/// <param name="Iou">Intersection over union.</param>
public sealed record SettingSummary(PictureSetting Setting, MeanInterval Dice, MeanInterval Iou);
