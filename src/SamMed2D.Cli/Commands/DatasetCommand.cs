using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Plots;
using SamMed2D.Imaging.Png;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d dataset</c>: makes a data set of pictures and masks out of labelled scans, or says what one holds.</summary>
internal sealed class DatasetCommand
{
    private const int MostBars = 40;
    private readonly Argument<string> _source = new("SCANS") { Description = "Labelled scans: a CSV file with the columns image,label,subject and, if wanted, name,modality,sub,dataset,organ,region,split,provenance,licence; or a folder of sub-folders with image.* and label*.*. Or a data set that is there already, to see what it holds." };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "The data set's folder; what an earlier run finished there is kept.", HelpName = "FOLDER" };
    private readonly Option<string?> _name = new("--name") { Description = "The data set's name in file names. Default: the folder's." };
    private readonly Option<string> _modality = new("--modality") { Description = "The modality where neither list nor header tells, such as ct or mr. Default: what the scan's name begins with.", DefaultValueFactory = _ => "" };
    private readonly Option<IntensityWindowChoice> _window = ScanOptions.Window("The intensities shown as black and white", IntensityWindowChoice.MinMax);
    private readonly Option<double> _testShare = new("--test-share") { Description = "The share of subjects kept for testing, 0 to 1.", DefaultValueFactory = _ => 0.2 };
    private readonly Option<int> _seed = new("--seed") { Description = "The same seed keeps the same subjects for testing.", DefaultValueFactory = _ => 1 };
    private readonly Option<int> _jobs = new("--jobs", "-j") { Description = "Scans worked on at the same time; each is held in memory.", HelpName = "COUNT", DefaultValueFactory = _ => Environment.ProcessorCount };
    private readonly Option<bool> _json = new("--json") { Description = "Print what the data set holds as JSON." };
    private readonly Shell _shell;

    private DatasetCommand(Shell shell) => _shell = shell;

    public static Command Create(Shell shell)
    {
        DatasetCommand options = new(shell);
        Command command = new("dataset", "Makes a data set of 2D pictures and masks (SA-Med2D-20M's layout) out of labelled scans, split by subject; or says what one holds.")
        {
            options._source, options._output, options._name, options._modality, options._window, options._testShare, options._seed, options._jobs, options._json,
        };
        command.SetAction(parsed => (int)options.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        (string source, string? output) = (parsed.GetValue(_source)!, parsed.GetValue(_output));
        if (PictureDataset.IsOne(source))
        {
            if (output is not null) throw new InvalidPromptException($"{source} is a data set already; leave out --output to see what it holds, or give scans");
            Print(parsed, new(PictureDataset.Open(source).ReadEntries(new PngFiles(), _shell.Cancellation)));
            return ExitCode.Success;
        }
        if (output is null) throw new InvalidPromptException("--output is missing; name the data set's folder");
        DatasetReport report = Build(parsed, source, OutputFolder.Create(output));
        foreach (string problem in report.Skipped) Console.Error.WriteLine($"skipped: {problem}");
        if (report.Entries.Count == 0) throw new InvalidFileException(source, "gave no mask");
        DatasetStatistics statistics = new(report.Entries);
        Save(statistics, output);
        Print(parsed, statistics);
        _shell.Note($"{report.Made} scans cut, {report.Kept} kept from earlier, {report.Skipped.Count} skipped");
        return report.Skipped.Count == 0 ? ExitCode.Success : ExitCode.InvalidFile;
    }

    private DatasetReport Build(ParseResult parsed, string source, string output)
    {
        double share = parsed.GetValue(_testShare);
        if (!(share is >= 0 and <= 1)) throw new InvalidPromptException(FormattableString.Invariant($"--test-share {share}: expected a share from 0 to 1"));
        DatasetOptions options = new()
        {
            Name = parsed.GetValue(_name) ?? Path.GetFileName(Path.GetFullPath(output).TrimEnd(Path.DirectorySeparatorChar)),
            Modality = parsed.GetValue(_modality)!,
            Window = parsed.GetValue(_window)!,
            TestShare = share,
            Seed = parsed.GetValue(_seed),
            Workers = Math.Max(1, parsed.GetValue(_jobs)),
        };
        IReadOnlyList<ListedScan> scans = ScanList.Read(source);
        DatasetBuilder builder = new(output, options, new VolumeFiles(), new PngFiles());
        return _shell.WithProgress("Cutting", "", progress => builder.Build(scans, progress, _shell.Cancellation));
    }

    private static void Save(DatasetStatistics statistics, string folder)
    {
        string place = OutputFolder.Create(Path.Combine(folder, "statistics"));
        AtomicFile.WriteText(Path.Combine(place, "README.md"), statistics.ToMarkdown());
        PlotCounts("modalities", statistics.Modalities);
        PlotCounts("regions", statistics.Regions);
        PlotCounts("structures", statistics.Structures);
        PlotFile.WriteBars(Path.Combine(place, "mask-areas.png"), "Masks by the part of their picture that they cover", "masks", [""], [.. statistics.Areas.Select(a => new PlotBars(a.Name, [a.Masks]))]);

        void PlotCounts(string what, IReadOnlyList<DatasetCount> counts) => PlotFile.WriteBars(
            Path.Combine(place, $"{what}.png"), counts.Count > MostBars ? $"Masks of the {MostBars} most frequent {what}" : $"Masks by {what}", "masks",
            ["training", "testing"], [.. counts.Take(MostBars).Select(c => new PlotBars(c.Name, [c.Masks - c.TestMasks, c.TestMasks]))]);
    }

    private void Print(ParseResult parsed, DatasetStatistics statistics)
    {
        if (parsed.GetValue(_json)) Shell.PrintJson(statistics);
        else Shell.Print(statistics.ToMarkdown());
    }
}
