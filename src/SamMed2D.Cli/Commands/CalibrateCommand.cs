using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Confidence;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d calibrate</c>: fits how sure a model's masks may be taken for right.</summary>
internal sealed class CalibrateCommand
{
    private readonly Argument<string> _fit = new("FIT") { Description = "Labelled scans, as 'evaluate-volumes' takes them." };
    private readonly Argument<string> _test = new("TEST") { Description = "More of them, of other subjects, which the report is about. Confidences are fitted to all, and judged by fits to the other subjects." };
    private readonly Option<int?> _most = LabelledScanFiles.MostOption();
    private readonly Option<string> _output = new("--output", "-o") { Description = $"The folder for {ConfidenceFile.Name}, which belongs into the model's folder, and the report, its figures and plots.", HelpName = "DIR", Required = true };
    private readonly ModelOptions _model = new();
    private readonly Shell _shell;

    private CalibrateCommand(Shell shell) => _shell = shell;

    public static Command Create(Shell shell)
    {
        CalibrateCommand options = new(shell);
        Command command = new("calibrate", "Fits to labelled scans how sure a model's masks may be taken for right, and when propagation should stop.")
        {
            options._fit, options._test, options._most, options._output,
        };
        options._model.AddTo(command);
        command.SetAction(parsed => (int)options.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        (string fitList, string testList) = (parsed.GetValue(_fit)!, parsed.GetValue(_test)!);
        IReadOnlyList<ListedScan> fit = [.. ScanList.Read(fitList)];
        IReadOnlyList<ListedScan> test = ScanList.Read(testList);
        string folder = parsed.GetValue(_output)!;
        OutputFolder.Create(folder);
        using IPromptableSegmenter segmenter = _model.Open(parsed, _shell);
        CalibrationProtocol protocol = new(segmenter, parsed.GetValue(_most) ?? int.MaxValue);
        List<string> skipped = LabelledScanFiles.ForEach([.. fit, .. test], _shell, (listed, scan, _) => protocol.Add(scan, !fit.Contains(listed), _shell.Cancellation));
        if (skipped.Count > 0) throw new InvalidFileException(fitList, $"has scans that cannot be used, and confidences from the rest would mislead: {skipped[0]}");
        Calibration calibration = protocol.Finish($"{Path.GetFileName(fitList)} and {Path.GetFileName(testList)}");
        Write(calibration, folder);
        Shell.Print(CalibrationReport.ToMarkdown(calibration));
        return ExitCode.Success;
    }

    private static void Write(Calibration calibration, string folder)
    {
        ConfidenceFile.Write(calibration.Model, Path.Combine(folder, ConfidenceFile.Name));
        AtomicFile.WriteText(Path.Combine(folder, "CALIBRATION.md"), CalibrationReport.ToMarkdown(calibration));
        AtomicFile.WriteText(Path.Combine(folder, "stops.csv"), CalibrationReport.ToStopsCsv(calibration));
        CalibrationPlots.WriteReliability(calibration, Path.Combine(folder, "reliability.png"));
        CalibrationPlots.WriteStops(calibration, Path.Combine(folder, "stops.png"));
    }
}
