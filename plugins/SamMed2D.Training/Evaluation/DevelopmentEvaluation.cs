using System.Globalization;
using System.Text;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Evaluation;

/// <summary>
/// Measures a promptable model on the development set: boxes, clicks, the neighbouring slice's mask; and beside each what no model at all
/// scores. Clicks follow SAM-Med2D's protocol: a random pixel of the object, then one random pixel of the error at a time, with the last
/// answer as mask prompt; the draws depend on the mask alone.
/// </summary>
internal sealed class DevelopmentEvaluation
{
    private static readonly string[] s_rows =
        ["tight box", "loose box (+10 %)", "1 click", "3 clicks", "5 clicks", "box + 2 clicks", "previous mask", "previous mask + box"];

    private readonly Dictionary<string, List<double>> _dice = [];
    private readonly Dictionary<string, List<double>> _floors = [];
    private readonly List<(double Predicted, double True)> _ious = [];
    private readonly List<(int Area, double Model, double Ellipse)> _boxes = [];

    private DevelopmentEvaluation()
    {
    }

    /// <summary>Number of masks.</summary>
    public int Count { get; private set; }

    /// <summary>Mean Dice of a row; not a number where the set has nothing for it.</summary>
    public double Dice(string row) => Mean(_dice, row);

    /// <summary>Runs the evaluation.</summary>
    public static DevelopmentEvaluation Run(IPromptableSegmenter segmenter, IReadOnlyList<DevelopmentMask> masks, CancellationToken cancellation)
    {
        DevelopmentEvaluation evaluation = new();
        foreach (DevelopmentMask mask in masks) evaluation.Add(segmenter, mask, evaluation.Count++, cancellation);
        return evaluation;
    }

    /// <summary>The results as Markdown tables.</summary>
    public string ToMarkdown(string model)
    {
        StringBuilder text = new();
        Line(text, $"## {model}, {Count} masks\n");
        Line(text, $"| prompt | mean Dice | floor | what the floor is | masks |\n|---|---|---|---|---|");
        foreach (string row in s_rows)
            if (_dice.TryGetValue(row, out List<double>? scores))
                Line(text, $"| {row} | {scores.Average():0.000} | {FloorsOf(row)} | {scores.Count} |");
        Line(text, $"\n| tight box, by size | masks | model | ellipse |\n|---|---|---|---|");
        foreach ((string name, int from, int to) in (ReadOnlySpan<(string, int, int)>)[("under 150 px", 0, 150), ("150 to 1000", 150, 1000), ("1000 to 4000", 1000, 4000), ("over 4000", 4000, int.MaxValue)])
        {
            (int Area, double Model, double Ellipse)[] group = [.. _boxes.Where(box => box.Area >= from && box.Area < to)];
            if (group.Length > 0) Line(text, $"| {name} | {group.Length} | {group.Average(box => box.Model):0.000} | {group.Average(box => box.Ellipse):0.000} |");
        }
        Line(text, $"\nPredicted against true IoU over all prompts: correlation {Correlation(_ious):0.00}, mean error {_ious.Average(pair => Math.Abs(pair.Predicted - pair.True)):0.000}.");
        return text.ToString();
    }

    /// <summary>Pearson's correlation.</summary>
    internal static double Correlation(IReadOnlyList<(double X, double Y)> pairs)
    {
        double meanX = pairs.Average(pair => pair.X), meanY = pairs.Average(pair => pair.Y);
        double covariance = pairs.Sum(pair => (pair.X - meanX) * (pair.Y - meanY));
        double spread = Math.Sqrt(pairs.Sum(pair => (pair.X - meanX) * (pair.X - meanX)) * pairs.Sum(pair => (pair.Y - meanY) * (pair.Y - meanY)));
        return spread > 0 ? covariance / spread : 0;
    }

    /// <summary>Dice of the ellipse inscribed in a box.</summary>
    internal static double EllipseDice(MaskPlane mask, PromptBox box)
    {
        double cx = (box.X0 + box.X1) / 2, cy = (box.Y0 + box.Y1) / 2, rx = (box.X1 - box.X0) / 2, ry = (box.Y1 - box.Y0) / 2;
        return DiceOf(mask, (x, y) => Square((x + 0.5 - cx) / rx) + Square((y + 0.5 - cy) / ry) <= 1);
    }

    private void Add(IPromptableSegmenter segmenter, DevelopmentMask item, int number, CancellationToken cancellation)
    {
        MaskPlane mask = item.Mask;
        PixelRectangle tight = mask.GetBounds()!.Value;
        PromptBox box = new(tight.X0, tight.Y0, tight.X1, tight.Y1), loose = Grow(box, 0.1, mask.Width, mask.Height);
        using SliceEmbedding embedding = segmenter.Encode(item.Image, cancellation);

        MaskPrediction boxed = Ask(new() { Box = box }, "tight box");
        double ellipse = EllipseDice(mask, box);
        _boxes.Add((mask.GetArea(), _dice["tight box"][^1], ellipse));
        Append(_floors, "tight box: ellipse", ellipse);
        Append(_floors, "tight box: filled", DiceOf(mask, (x, y) => x >= tight.X0 && x < tight.X1 && y >= tight.Y0 && y < tight.Y1));
        Ask(new() { Box = loose }, "loose box (+10 %)");
        Append(_floors, "loose box: ellipse", EllipseDice(mask, loose));
        Correct(new() { Box = box }, boxed, [null, "box + 2 clicks"]);

        PromptSet click = new() { Points = [RandomPixel(mask, null, number, 0)!.Value] };
        Correct(click, Ask(click, "1 click"), [null, "3 clicks", null, "5 clicks"]);
        if (item.PreviousMask is not { } previous) return;
        MaskPrompt prompt = ToPrompt(item);
        Ask(new() { Mask = prompt }, "previous mask");
        Ask(new() { Mask = prompt, Box = box }, "previous mask + box");
        Append(_floors, "previous mask: copied", DiceOf(mask, (x, y) => previous[x, y]));

        MaskPrediction Ask(PromptSet prompts, string? row)
        {
            MaskPrediction prediction = segmenter.Predict(embedding, prompts, cancellation);
            Score(prediction, mask, row);
            return prediction;
        }

        // One click on the last answer's error after another; an answer without an error stays as it is.
        void Correct(PromptSet prompts, MaskPrediction answer, string?[] rows)
        {
            for (int n = 0; n < rows.Length; n++)
            {
                if (RandomPixel(mask, answer.Mask, number, n + 1) is not { } next)
                {
                    Score(answer, mask, rows[n]);
                    continue;
                }
                bool isEmpty = !answer.Mask.Probabilities.Span.ContainsAnyInRange(0.5f, 1);
                prompts = prompts with { Points = [.. prompts.Points, next], Mask = isEmpty ? null : answer.Mask };
                answer = Ask(prompts, rows[n]);
            }
        }
    }

    private void Score(MaskPrediction prediction, MaskPlane mask, string? row)
    {
        ReadOnlyMemory<float> probabilities = prediction.Mask.Probabilities;
        double dice = DiceOf(mask, (x, y) => probabilities.Span[y * mask.Width + x] > 0.5f);
        _ious.Add((prediction.PredictedIou, dice / (2 - dice)));
        if (row is not null) Append(_dice, row, dice);
    }

    private static MaskPrompt ToPrompt(DevelopmentMask item)
    {
        float[] probabilities = new float[item.PreviousMask!.Pixels.Length];
        byte[] picture = new byte[probabilities.Length];
        for (int n = 0; n < probabilities.Length; n++)
        {
            probabilities[n] = item.PreviousMask.Pixels[n];
            picture[n] = item.Previous!.Pixels.Span[n * item.Previous.Channels];
        }
        return new(item.Mask.Width, item.Mask.Height, probabilities) { Picture = picture };
    }

    /// <summary>A random pixel of the object, or of the error of an answer; null where there is no error.</summary>
    private static PromptPoint? RandomPixel(MaskPlane mask, MaskPrompt? answer, int number, int click)
    {
        RandomSource random = new(number, click);
        List<int> wrong = [];
        for (int n = 0; n < mask.Pixels.Length; n++)
            if (answer is null ? mask.Pixels[n] != 0 : mask.Pixels[n] != 0 != answer.Probabilities.Span[n] > 0.5f) wrong.Add(n);
        if (wrong.Count == 0) return null;
        int at = wrong[random.Below(wrong.Count)];
        return new(at % mask.Width, at / mask.Width, mask.Pixels[at] != 0);
    }

    private static PromptBox Grow(PromptBox box, double part, int width, int height)
    {
        double dx = part * (box.X1 - box.X0), dy = part * (box.Y1 - box.Y0);
        return new(Math.Max(0, box.X0 - dx), Math.Max(0, box.Y0 - dy), Math.Min(width, box.X1 + dx), Math.Min(height, box.Y1 + dy));
    }

    private static double DiceOf(MaskPlane mask, Func<int, int, bool> found)
    {
        long common = 0, total = 0;
        for (int y = 0; y < mask.Height; y++)
            for (int x = 0; x < mask.Width; x++)
            {
                bool wanted = mask[x, y], is1 = found(x, y);
                if (wanted && is1) common++;
                total += (wanted ? 1 : 0) + (is1 ? 1 : 0);
            }
        return total == 0 ? 1 : 2.0 * common / total;
    }

    private string FloorsOf(string row) => row switch
    {
        "tight box" => string.Create(CultureInfo.InvariantCulture, $"{Mean(_floors, "tight box: ellipse"):0.000} / {Mean(_floors, "tight box: filled"):0.000} | ellipse in the box / the box filled"),
        "loose box (+10 %)" => string.Create(CultureInfo.InvariantCulture, $"{Mean(_floors, "loose box: ellipse"):0.000} | ellipse in the box"),
        "previous mask" or "previous mask + box" => string.Create(CultureInfo.InvariantCulture, $"{Mean(_floors, "previous mask: copied"):0.000} | the mask copied"),
        _ => "- | -",
    };

    private static void Append(Dictionary<string, List<double>> scores, string row, double dice)
    {
        if (!scores.TryGetValue(row, out List<double>? list)) scores[row] = list = [];
        list.Add(dice);
    }

    private static double Mean(Dictionary<string, List<double>> scores, string row) => scores.TryGetValue(row, out List<double>? list) ? list.Average() : double.NaN;

    private static double Square(double value) => value * value;

    private static void Line(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
