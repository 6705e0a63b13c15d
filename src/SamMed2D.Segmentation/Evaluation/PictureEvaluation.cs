using System.Globalization;
using System.Text;
using SamMed2D.Core.Files;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>What the 2D protocol found for one model.</summary>
/// <param name="Model">The model.</param>
/// <param name="Masks">What was found, mask by mask; at least one.</param>
public sealed record ModelPictures(SegmenterDescription Model, IReadOnlyList<MaskResult> Masks)
{
    /// <summary>The means of the settings that were run.</summary>
    public IReadOnlyList<SettingSummary> Summaries => Summarise(Masks);

    /// <summary>Pearson's correlation of predicted and true IoU over all scored answers; null for a model that always predicts the same.</summary>
    public double? IouCorrelation => Correlation.Of([.. Masks.SelectMany(m => m.Scores).Where(s => s.PredictedIou is not null).Select(s => (s.PredictedIou!.Value, s.Iou))]) is var r && double.IsFinite(r) ? r : null;

    /// <summary>The means over some masks, a setting each, where it was run on any of them.</summary>
    public static IReadOnlyList<SettingSummary> Summarise(IReadOnlyList<MaskResult> masks) =>
        [.. Enum.GetValues<PictureSetting>().Select(setting => SettingSummary.Of(setting, masks)).OfType<SettingSummary>()];
}

/// <summary>The means of one setting. Intervals are of 95 %, by <see cref="Bootstrap"/> over subjects.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Count">Masks that it was run on.</param>
/// <param name="Dice">Dice.</param>
/// <param name="Iou">Intersection over union.</param>
public sealed record SettingSummary(PictureSetting Setting, int Count, MeanInterval Dice, MeanInterval Iou)
{
    /// <summary>The means of a setting over some masks; null where it was run on none.</summary>
    public static SettingSummary? Of(PictureSetting setting, IReadOnlyList<MaskResult> masks)
    {
        (string Subject, PictureScore Score)[] scores = [.. masks.Select(m => (m.Subject, Score: m.Find(setting))).Where(s => s.Score is not null).Select(s => (s.Subject, s.Score!.Value))];
        return scores.Length == 0 ? null : new(setting, scores.Length, Bootstrap.Mean([.. scores.Select(s => (s.Subject, s.Score.Dice))]), Bootstrap.Mean([.. scores.Select(s => (s.Subject, s.Score.Iou))]));
    }
}

/// <summary>What the 2D protocol found for one or more models on the same masks.</summary>
/// <param name="Models">The models, in the order of the tables; at least one.</param>
public sealed record PictureEvaluation(IReadOnlyList<ModelPictures> Models)
{
    /// <summary>What a model's rows are called: its name, and its id too where another model has the same name (two trainings of one network).</summary>
    public string RowNameOf(ModelPictures model) =>
        Models.Any(other => other.Model.Id != model.Model.Id && other.Model.Name == model.Model.Name) ? $"{model.Model.Name} ({model.Model.Id})" : model.Model.Name;

    /// <summary>Every mask, model and setting as CSV, a line each.</summary>
    public string ToCsv()
    {
        StringBuilder text = new("model,picture,mask,subject,dataset,modality,region,organ,structure,area_pixels,prompt,dice,iou,predicted_iou\n");
        foreach (ModelPictures model in Models)
            foreach (MaskResult mask in model.Masks)
                foreach (PictureScore score in mask.Scores)
                    text.Append(CsvText.ToLine(
                        RowNameOf(model), mask.Picture, mask.Mask, mask.Subject, mask.Tags.Dataset, mask.Tags.Modality, mask.Tags.Region, mask.Tags.Organ, mask.Tags.Structure,
                        mask.AreaPixels.ToString(CultureInfo.InvariantCulture), score.Setting.ToString(), Text(score.Dice), Text(score.Iou), score.PredictedIou is { } iou ? Text(iou) : ""));
        return text.ToString();
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
