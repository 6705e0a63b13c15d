using System.Globalization;
using System.Text;
using SamMed2D.Segmentation.Confidence;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Writes what a calibration found, for people (Markdown) and for programs (CSV).</summary>
public static class CalibrationReport
{
    /// <summary>Trust, weights and rules as Markdown.</summary>
    public static string ToMarkdown(Calibration calibration)
    {
        StringBuilder text = new();
        ConfidenceModel model = calibration.Model;
        Append(text, $"""
            # Confidence of `{model.ModelId}`

            Confidence is the probability that a slice's mask has a Dice of at least {ConfidenceModel.GoodDice} with the truth. Fitted to {model.Provenance}.
            Every rule is switched off, and up to ten slices beyond either end count as wrong. Slices under {ConfidenceModel.ReviewBelow} deserve a look.
            Unless said otherwise, each subject is judged by a fit to the other subjects.

            | slices | number | right | expected calibration error | Brier score | of always saying the share | ranks a right one above a wrong one |
            |---|---|---|---|---|---|---|

            """);
        foreach ((string name, Reliability trust, int count) in calibration.Rows)
            Append(text, $"| {name} | {count} | {trust.GoodShare:0.000} | {trust.ExpectedError:0.000} | {trust.BrierScore:0.000} | {trust.GoodShare * (1 - trust.GoodShare):0.000} | {trust.RankShare:0.000} |\n");
        text.Append("\nOn the test scans, by what was said (`reliability.png`):\n\n| said | slices | mean | were right |\n|---|---|---|---|\n");
        foreach ((double low, int count, double? mean, double? good) in calibration.Rows[0].Reliability.Bins)
            Append(text, $"| {low:0.0}-{low + 0.1:0.0} | {count} | {mean:0.000} | {good:0.000} |\n");
        Append(text, $"""

            ## When to stop

            From one box. Leak: slices filled beyond an end of the structure; loss: slices of it not reached, an end. Presence: the probability that at least
            half of a mask is of the structure. Fits and their limits come from the other subjects, each limit the one with the best Dice there; that of all subjects is {model.StopBelow:0.000}. `stops.csv` and `stops.png` have the whole trade.

            | scans: rule | Dice | leak, median | leak, mean | loss, mean |
            |---|---|---|---|---|

            """);
        foreach ((string name, StopPoint point) in calibration.Stops)
            Append(text, $"| {name} | {point.Dice:0.000} | {point.LeakMedian:0.0} | {point.LeakMean:0.00} | {point.LossMean:0.00} |\n");
        return text.ToString();
    }

    /// <summary>The trade of leak against loss as CSV, a line a limit.</summary>
    public static string ToStopsCsv(Calibration calibration)
    {
        StringBuilder text = new("limit,scans,dice,leak_median,leak_mean,loss_mean\n");
        foreach ((string scans, IReadOnlyList<StopPoint> curve) in ((string, IReadOnlyList<StopPoint>)[])[("fit", calibration.FitCurve), ("test", calibration.TestCurve)])
            foreach (StopPoint p in curve) Append(text, $"{p.Limit:0.###},{scans},{p.Dice:0.0000},{p.LeakMedian:0.#},{p.LeakMean:0.000},{p.LossMean:0.000}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture));
}
