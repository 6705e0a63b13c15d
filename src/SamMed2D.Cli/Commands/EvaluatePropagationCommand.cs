using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d evaluate-propagation</c>: holds ways to carry masks through a scan against each other.</summary>
internal sealed class EvaluatePropagationCommand
{
    private readonly Argument<string> _scans = new("SCANS") { Description = "Labelled scans, as 'evaluate-volumes' takes them." };
    private readonly Option<int?> _most = LabelledScanFiles.MostOption();
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Write the table to this Markdown file instead of printing it.", HelpName = "FILE" };
    private readonly ModelOptions _model = new();
    private readonly Shell _shell;

    private EvaluatePropagationCommand(Shell shell) => _shell = shell;

    public static Command Create(Shell shell)
    {
        EvaluatePropagationCommand options = new(shell);
        Command command = new("evaluate-propagation", "Holds ways to carry masks through a scan against each other on labelled scans, to choose the one that suits a model.")
        {
            options._scans, options._most, options._output,
        };
        options._model.AddTo(command);
        command.SetAction(parsed => (int)options.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        IReadOnlyList<ListedScan> scans = ScanList.Read(parsed.GetValue(_scans)!);
        if (parsed.GetValue(_output) is { } file) AtomicFile.RequireWritable(file);
        using IPromptableSegmenter segmenter = _model.Open(parsed, _shell);
        VariantComparison comparison = new(segmenter, parsed.GetValue(_most) ?? int.MaxValue);
        List<string> skipped = LabelledScanFiles.ForEach(scans, _shell, (_, scan, progress) => comparison.Add(scan, progress, _shell.Cancellation));
        if (comparison.StructureCount == 0) throw new InvalidFileException(parsed.GetValue(_scans)!, $"has no structure to measure{(skipped.Count > 0 ? $"; {skipped[0]}" : "")}");
        string table = comparison.ToMarkdown();
        if (parsed.GetValue(_output) is { } output) AtomicFile.WriteText(output, table);
        else Shell.Print(table);
        return Shell.TellSkipped(skipped);
    }
}
