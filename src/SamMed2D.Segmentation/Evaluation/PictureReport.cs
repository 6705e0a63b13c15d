using System.Globalization;
using System.Text;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Writes what the 2D protocol found as Markdown: models as rows, floors beside every box.</summary>
public static class PictureReport
{
    private static readonly (string Name, int From, int Below)[] s_sizes = [("under 150 pixels", 0, 150), ("150 to 1000", 150, 1000), ("1000 to 4000", 1000, 4000), ("over 4000", 4000, int.MaxValue)];

    /// <summary>The whole report.</summary>
    public static string ToMarkdown(PictureEvaluation evaluation)
    {
        IReadOnlyList<MaskResult> masks = evaluation.Models[0].Masks;
        StringBuilder text = new();
        Append(text, $"""
            ## Pictures

            {masks.Count} masks of {masks.Select(m => m.Picture).Distinct().Count()} pictures, {masks.Select(m => m.Subject).Distinct().Count()} subjects. Models: {string.Join("; ", evaluation.Models.Select(m => $"{m.Model.Name} (`{m.Model.Id}`, {m.Model.Device})"))}.

            SAM-Med2D's own test: the tight box of the largest piece; or one random point on the object, then points from where the last mask was wrong, with that mask as
            prompt. Prompts are drawn on 256×256 pixels, scores are of the picture's own. Means over masks, in brackets the 95 % interval from drawing subjects
            with replacement (2000 draws). Floors need no model.

            """);
        AppendMeans(text, evaluation, PictureSettings.Published, "Dice", s => s.Dice);
        AppendMeans(text, evaluation, PictureSettings.Published, "IoU", s => s.Iou);
        if (masks.Any(m => m.Find(PictureSetting.LooseBox) is not null)) AppendUsers(text, evaluation);
        foreach ((string title, Func<MaskResult, string> key) in s_groupings) AppendGroups(text, evaluation, title, key);
        return text.ToString();
    }

    private static readonly (string Title, Func<MaskResult, string> Key)[] s_groupings =
    [
        ("data set", m => m.Tags.Dataset), ("modality", m => m.Tags.Modality), ("region", m => m.Tags.Region), ("organ", m => m.Tags.Organ),
        ("size", m => s_sizes.First(size => m.AreaPixels < size.Below).Name),
    ];

    private static void AppendUsers(StringBuilder text, PictureEvaluation evaluation)
    {
        text.Append("\nAs users prompt: a box 10 % larger on every side; a tight box and two points from errors; the mask of the neighbouring slice.\n");
        AppendMeans(text, evaluation, PictureSettings.OfUsers, "Dice", s => s.Dice);
        text.Append("\nThe goals of the compact model:\n\n| model | goal | at least | measured | floor | met |\n|---|---|---|---|---|---|\n");
        foreach (ModelPictures model in evaluation.Models)
            foreach (DevelopmentGoal goal in DevelopmentGoals.Of(model).Where(goal => !double.IsNaN(goal.Measured)))
                Append(text, $"| {evaluation.RowNameOf(model)} | {goal.Name} | {goal.Wanted:0.00} | {goal.Measured:0.000} | {goal.Beside} | {(goal.IsMet ? "yes" : "no")} |\n");
    }

    private static void AppendMeans(StringBuilder text, PictureEvaluation evaluation, IReadOnlyList<PictureSetting> settings, string measure, Func<SettingSummary, MeanInterval> value)
    {
        Append(text, $"\n| {measure} | {string.Join(" | ", settings.Select(s => s.ToName()))} |\n|---|{string.Concat(settings.Select(_ => "---|"))}\n");
        foreach (ModelPictures model in evaluation.Models)
            Append(text, $"| {evaluation.RowNameOf(model)} | {string.Join(" | ", settings.Select(s => SettingSummary.Of(s, model.Masks) is { } summary ? value(summary).ToText() : ""))} |\n");
        foreach (PictureSetting floor in Enum.GetValues<PictureSetting>().Where(s => s.IsFloor() && settings.Any(beside => s.IsFloorOf(beside))))
            if (SettingSummary.Of(floor, evaluation.Models[0].Masks) is { } summary)
                Append(text, $"| {floor.ToName()} | {string.Join(" | ", settings.Select(s => floor.IsFloorOf(s) ? value(summary).ToText() : ""))} |\n");
    }

    private static void AppendGroups(StringBuilder text, PictureEvaluation evaluation, string title, Func<MaskResult, string> key)
    {
        Append(text, $"\n| {title} | masks | subjects | model | box | ellipse | box filled | 1 point | 3 points | 5 points |\n|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (string group in GroupsOf(evaluation.Models[0].Masks, key))
            foreach (ModelPictures model in evaluation.Models)
            {
                MaskResult[] masks = [.. model.Masks.Where(m => key(m) == group)];
                Append(text, $"| {(group.Length > 0 ? group : "unknown")} | {masks.Length} | {masks.Select(m => m.Subject).Distinct().Count()} | {evaluation.RowNameOf(model)} | {SettingSummary.Of(PictureSetting.Box, masks)!.Dice.ToText()} |");
                foreach (PictureSetting setting in (ReadOnlySpan<PictureSetting>)[PictureSetting.Ellipse, PictureSetting.FilledBox, PictureSetting.OnePoint, PictureSetting.ThreePoints, PictureSetting.FivePoints])
                    Append(text, $" {masks.Average(m => m.Find(setting)!.Value.Dice):0.000} |");
                text.Append('\n');
            }
    }

    // Sizes from the smallest; all else by how many masks there are.
    private static IEnumerable<string> GroupsOf(IReadOnlyList<MaskResult> masks, Func<MaskResult, string> key)
    {
        HashSet<string> names = [.. masks.Select(key)];
        return s_sizes.Any(size => names.Contains(size.Name))
            ? s_sizes.Select(size => size.Name).Where(names.Contains)
            : masks.GroupBy(key).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key);
    }

    private static void Append(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture));
}
