using System.CommandLine;
using System.Globalization;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Imaging.Plots;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d evaluate-volumes</c>: measures a model on labelled scans.</summary>
internal sealed class EvaluateVolumesCommand
{
    private readonly Argument<string> _scans = new("SCANS") { Description = "A CSV file with the columns image,label,subject (paths from its folder), or a folder of sub-folders with image.*, label*.* and perhaps labels.json." };
    private readonly Option<string> _keys = new("--keys") { Description = "What the model is given: one box a structure (1), boxes on three slices (3), on every slice (every), or all of these in turn.", HelpName = "1|3|every|all", DefaultValueFactory = _ => "all" };
    private readonly Option<int?> _most = LabelledScanFiles.MostOption();
    private readonly Option<int> _minVoxels = new("--min-voxels") { Description = "Leave out structures of fewer voxels.", HelpName = "COUNT", DefaultValueFactory = _ => 1 };
    private readonly Option<double> _tolerance = new("--tolerance") { Description = "Tolerance of the normalised surface Dice, in mm.", DefaultValueFactory = _ => 2 };
    private readonly ReportOptions _report = new("Also write every structure's figures to this CSV file.", "Also draw Dice against the distance from the key slice to this PNG file.");
    private readonly ModelOptions _model = new();
    private readonly Shell _shell;

    private EvaluateVolumesCommand(Shell shell) => _shell = shell;

    public static Command Create(Shell shell)
    {
        EvaluateVolumesCommand options = new(shell);
        Command command = new("evaluate-volumes", "Measures a model on labelled scans: propagation from one and three boxes, a box on every slice, and floors without a model.")
        {
            options._scans, options._keys, options._most, options._minVoxels, options._tolerance,
        };
        options._keys.AcceptOnlyFromAmong("1", "3", "every", "all");
        options._report.AddTo(command);
        options._model.AddTo(command);
        command.SetAction(parsed => (int)options.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        string list = parsed.GetValue(_scans)!;
        VolumeProtocolOptions options = OptionsOf(parsed);
        IReadOnlyList<ListedScan> scans = ScanList.Read(list);
        _report.RequireWritable(parsed);
        using IPromptableSegmenter segmenter = _model.Open(parsed, _shell);
        VolumeProtocol protocol = new(segmenter, options);
        List<StructureResult> structures = [];
        List<string> skipped = LabelledScanFiles.ForEach(scans, _shell, (listed, scan, progress) =>
        {
            string modality = listed.ModalityOf(scan.Volume.Info.Modality);
            structures.AddRange(protocol.Run(scan, progress, _shell.Cancellation).Select(structure => structure with { Tags = listed.TagsOf(structure.Name, modality) }));
        });
        if (structures.Count == 0) throw new InvalidFileException(list, $"has no structure to measure{(skipped.Count > 0 ? $"; {skipped[0]}" : "")}");
        _report.Report(parsed, new VolumeEvaluation(segmenter.Description, options.ToleranceMm, structures), VolumeReport.ToMarkdown, VolumeReport.ToCsv, Plot);
        return Shell.TellSkipped(skipped);
    }

    private VolumeProtocolOptions OptionsOf(ParseResult parsed)
    {
        double tolerance = parsed.GetValue(_tolerance);
        if (!(tolerance >= 0)) throw new InvalidPromptException(string.Create(CultureInfo.InvariantCulture, $"--tolerance {tolerance}: expected a distance in mm, 0 or more"));
        VolumeMethod[] ofModel = parsed.GetValue(_keys) switch
        {
            "1" => [VolumeMethod.OneBox, VolumeMethod.OneBoxToldExtent],
            "3" => [VolumeMethod.ThreeBoxes, VolumeMethod.ThreeBoxesToldExtent],
            "every" => [VolumeMethod.BoxOnEverySlice],
            _ => Enum.GetValues<VolumeMethod>(),
        };
        return new()
        {
            Methods = [.. Enum.GetValues<VolumeMethod>().Where(m => m.IsFloor() || ofModel.Contains(m))],
            MostStructures = parsed.GetValue(_most) ?? int.MaxValue,
            MinVoxels = parsed.GetValue(_minVoxels),
            ToleranceMm = tolerance,
        };
    }

    private static void Plot(string path, VolumeEvaluation evaluation) => PlotFile.WriteLines(
        path, "Dice of slices by how far they lie from the nearest key slice", "slices to the nearest key slice", "Dice",
        [.. evaluation.ByDistance.Select(row => new PlotLine(row.Method.ToName(), [.. row.Dice.Select((_, bin) => (double)bin)], [.. row.Dice.Select(d => d ?? double.NaN)], row.Method.IsFloor()))],
        [.. DistanceBins.All.Select(DistanceBins.NameOf)]);
}
