using System.CommandLine;
using System.Globalization;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Cli.Commands;

/// <summary>The options that say when propagation stops.</summary>
internal sealed class StopOptions
{
    private readonly Option<double?> _minIou = Limit("--min-iou", 1, "Stop where the model's own estimate of its mask is lower; 0 never stops.");
    private readonly Option<double?> _minPresence = Limit("--min-presence", 1, "Stop where the object is less likely still there than this, 0 to 1; 0 never stops.");
    private readonly Option<double?> _minConfidence = Limit("--min-confidence", 1, "Stop where a slice's mask is less likely to be right than this, 0 to 1; 0 never stops.");
    private readonly Option<double?> _minOverlap = Limit("--min-overlap", 1, "Stop where the mask's IoU with the previous slice's is lower; 0 never stops.");
    private readonly Option<double?> _minSimilarity = Limit("--min-similarity", 1, "Stop where the mask has a smaller share of grey values in common with the key slice's; 0 never stops.");
    private readonly Option<double?> _maxAreaRatio = Limit("--max-area-ratio", double.PositiveInfinity, "Stop where the area grows or shrinks by a larger factor in one slice; 'Infinity' never stops.");
    private readonly Option<double?> _centroidMargin = Limit("--centroid-margin", double.PositiveInfinity, "Stop where the centroid leaves the previous mask's box by more than this share of its side.");
    private readonly Option<int?> _maxSlices = new("--max-slices")
    {
        Description = "The most slices from a key slice in each direction.",
        HelpName = "COUNT",
        Validators = { result => { if (result.Errors.Count() == 0 && result.GetValueOrDefault<int?>() < 0) result.AddError("--max-slices must be at least 0"); } },
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[_minPresence, _minConfidence, _minIou, _minOverlap, _minSimilarity, _maxAreaRatio, _centroidMargin, _maxSlices]) command.Add(option);
    }

    /// <summary>The options with the limits that were given on the command line.</summary>
    public PropagationOptions Apply(ParseResult parsed, PropagationOptions options) => options with
    {
        MinPredictedIou = Given(parsed, _minIou) ?? options.MinPredictedIou,
        MinPresence = Given(parsed, _minPresence) ?? options.MinPresence,
        MinConfidence = Given(parsed, _minConfidence) ?? options.MinConfidence,
        MinOverlap = Given(parsed, _minOverlap) ?? options.MinOverlap,
        MinSimilarity = Given(parsed, _minSimilarity) ?? options.MinSimilarity,
        MaxAreaRatio = Given(parsed, _maxAreaRatio) ?? options.MaxAreaRatio,
        CentroidMargin = Given(parsed, _centroidMargin) ?? options.CentroidMargin,
        MaxSlices = Given(parsed, _maxSlices) ?? options.MaxSlices,
    };

    private static T? Given<T>(ParseResult parsed, Option<T?> option) where T : struct =>
        parsed.GetResult(option) is { Implicit: false } ? parsed.GetValue(option) : null;

    private static Option<double?> Limit(string name, double most, string description) => new(name)
    {
        Description = $"{description} Without it, what suits the model.",
        HelpName = "LIMIT",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double limit) && limit >= 0 && limit <= most) return limit;
            result.AddError($"{name} '{text}' is not a number from 0{(most == 1 ? " to 1" : "")}");
            return null;
        },
    };
}
