using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Plots;
using SamMed2D.Imaging.Png;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d evaluate-2d</c>: measures models on single pictures, as SAM-Med2D was.</summary>
internal sealed class Evaluate2DCommand
{
    private readonly Argument<string[]> _sources = new("PICTURES") { Description = "Data sets with images/ and masks/ (made by 'sammed2d dataset', or images/NAME.png and masks/NAME_CLASS_INSTANCE.png), and lists of labelled scans, of which two slices a structure are taken.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<DatasetSplit?> _split = new("--split") { Description = "Which half of data sets: train, test or all. Default: test where the set names one, else all.", HelpName = "HALF" };
    private readonly Option<bool> _goals = new("--goals") { Description = "Also measure loose boxes, corrected boxes and neighbouring slices' masks, and print the compact model's goals." };
    private readonly Option<string> _modality = new("--modality") { Description = "The modality of pictures whose data set does not name one.", DefaultValueFactory = _ => "" };
    private readonly Option<int> _seed = new("--seed") { Description = "The same seed draws the same points.", DefaultValueFactory = _ => 1 };
    private readonly Option<string?> _save = new("--save-prompts") { Description = "Save the first model's prompts to this JSON file.", HelpName = "FILE" };
    private readonly Option<string?> _replay = new("--prompts") { Description = "Give saved prompts to all models instead of drawing.", HelpName = "FILE" };
    private readonly ReportOptions _report = new("Also write every mask's figures to this CSV file.", "Also draw the means to this PNG file.");
    private readonly ModelOptions _model = new();
    private readonly Shell _shell;

    private Evaluate2DCommand(Shell shell) => _shell = shell;

    public static Command Create(Shell shell)
    {
        Evaluate2DCommand options = new(shell);
        Command command = new("evaluate-2d", "Measures models on single pictures as SAM-Med2D was tested: box, 1, 3 and 5 points, beside floors without a model. Repeat --model for a row each ('bundled' is the compact model).")
        {
            options._sources, options._split, options._goals, options._modality, options._seed, options._save, options._replay,
        };
        options._report.AddTo(command);
        options._model.AddTo(command);
        command.SetAction(parsed => (int)options.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        PngFiles files = new();
        PictureSource[] sources = [.. parsed.GetValue(_sources)!.SelectMany(path => PictureSource.Find(path, parsed.GetValue(_split), new VolumeFiles(), files))];
        PromptBook? book = parsed.GetValue(_replay) is { } path ? ReadBook(path) : null;
        _report.RequireWritable(parsed);
        if (parsed.GetValue(_save) is { } save) AtomicFile.RequireWritable(save);
        IReadOnlyList<IPromptableSegmenter> segmenters = _model.OpenAll(parsed, _shell);
        try
        {
            PictureProtocol[] protocols = [.. segmenters.Select(segmenter => new PictureProtocol(segmenter, parsed.GetValue(_seed), parsed.GetValue(_goals)))];
            (List<MaskResult>[] masks, List<string> skipped) = Measure(sources, protocols, book, parsed.GetValue(_modality)!);
            if (masks[0].Count == 0) throw new InvalidFileException(parsed.GetValue(_sources)![0], $"every mask is empty on the 256×256 pixels of the test{(skipped.Count > 0 ? $"; {skipped[0]}" : "")}");
            if (parsed.GetValue(_save) is { } prompts) AtomicFile.WriteText(prompts, PromptBook.ToJson(masks[0]));
            PictureEvaluation evaluation = new([.. segmenters.Select((segmenter, n) => new ModelPictures(segmenter.Description, masks[n]))]);
            _report.Report(parsed, evaluation, PictureReport.ToMarkdown, figures => figures.ToCsv(), Plot);
            return Shell.TellSkipped(skipped);
        }
        finally
        {
            foreach (IPromptableSegmenter segmenter in segmenters) segmenter.Dispose();
        }
    }

    private (List<MaskResult>[] Masks, List<string> Skipped) Measure(PictureSource[] sources, PictureProtocol[] protocols, PromptBook? book, string modality) =>
        _shell.WithProgress("Measuring", "pictures", progress =>
        {
            List<MaskResult>[] masks = [.. protocols.Select(_ => new List<MaskResult>())];
            List<string> skipped = [];
            for (int n = 0; n < sources.Length; n++)
            {
                foreach (PictureCase picture in Read(sources[n], skipped))
                    for (int model = 0; model < protocols.Length; model++)
                        masks[model].AddRange(protocols[model].Run(WithModality(picture, modality), book is null ? null : book.Find, _shell.Cancellation));
                progress(n + 1, sources.Length);
            }
            return (masks, skipped);
        });

    private IReadOnlyList<PictureCase> Read(PictureSource source, List<string> skipped)
    {
        try
        {
            return source.Read(_shell.Cancellation);
        }
        catch (Exception problem) when (problem is InvalidFileException or UnsupportedInputException or AmbiguousInputException)
        {
            skipped.Add(problem.Message);
            return [];
        }
    }

    private static PictureCase WithModality(PictureCase picture, string modality) => modality.Length == 0 ? picture : picture with
    {
        Masks = [.. picture.Masks.Select(mask => mask.Tags.Modality.Length > 0 ? mask : mask with { Tags = mask.Tags with { Modality = modality } })],
    };

    private static void Plot(string path, PictureEvaluation evaluation) => PlotFile.WriteBars(path, "Mean Dice by prompt", "Dice", [.. evaluation.Models.Select(evaluation.RowNameOf)],
    [
        .. evaluation.Models[0].Summaries.Select(summary => new PlotBars(summary.Setting.ToName(),
            [.. evaluation.Models.Select(m => SettingSummary.Of(summary.Setting, m.Masks)?.Dice.Mean ?? double.NaN)])),
    ]);

    private static PromptBook ReadBook(string path) =>
        File.Exists(path) ? PromptBook.Parse(File.ReadAllText(path), path) : throw new InvalidFileException(path, "does not exist; save prompts with --save-prompts first");
}
