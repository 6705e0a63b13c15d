using System.CommandLine;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Cli.Terminal;

/// <summary>The options of every command that reads a scan: which of several series and frames.</summary>
internal sealed class ScanOptions
{
    private readonly Option<string?> _series = new("--series") { Description = "The DICOM series: its number in the listing, or its UID or the start of it.", HelpName = "SERIES" };
    private readonly Option<int?> _frame = new("--frame") { Description = "The frame of a 4D file or the phase of a series, from 0.", HelpName = "NUMBER" };

    public void AddTo(Command command)
    {
        command.Add(_series);
        command.Add(_frame);
    }

    public VolumeReadOptions Of(ParseResult parsed) => new() { Series = parsed.GetValue(_series), Frame = parsed.GetValue(_frame) };

    /// <summary>The option <c>--window</c>; where not given the choice that is handed in, or <c>auto</c>.</summary>
    public static Option<IntensityWindowChoice> Window(string purpose, IntensityWindowChoice? otherwise = null) => new("--window")
    {
        Description = $"{purpose}: auto (0.5 to 99.5 percentile of the body), minmax, WIDTH,LEVEL or a preset such as ct-abdomen.",
        HelpName = "WINDOW",
        DefaultValueFactory = _ => otherwise ?? IntensityWindowChoice.Auto,
        CustomParser = result =>
        {
            if (!IntensityWindowChoice.TryParse(result.Tokens[0].Value, out IntensityWindowChoice choice, out string problem)) result.AddError(problem);
            return choice;
        },
    };
}
