using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d replay</c>: runs a segmentation again from its record and tells whether the voxels are the same.</summary>
internal sealed class ReplayCommand
{
    private readonly Argument<string> _record = new("RECORD") { Description = "The record that lies beside a segmentation, as NAME.json." };
    private readonly Option<string> _scan = new("--scan") { Description = "The scan that was segmented, in the same format.", HelpName = "SCAN", Required = true };
    private readonly Option<string?> _output = new("--output", "-o") { Description = "Where the labels are written again, with their record; nowhere without it.", HelpName = "FILE" };
    private readonly Option<string?> _masks = new("--masks") { Description = "The folder of the mask files that the prompts name; the record's own without it.", HelpName = "DIR" };
    private readonly Option<string?> _series = new("--series") { Description = "Which DICOM series: its number in the listing, its UID, or the start of either.", HelpName = "SERIES" };
    private readonly ModelOptions _model = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print the outcome as JSON." };
    private readonly Shell _shell;

    private ReplayCommand(Shell shell) => _shell = shell;

    public static Command Create(Shell shell)
    {
        ReplayCommand options = new(shell);
        Command command = new("replay", "Runs a segmentation again exactly as its record says, and tells whether the voxels are the same.")
        {
            options._record, options._scan, options._output, options._masks, options._series, options._json,
        };
        options._model.AddTo(command);
        command.SetAction(parsed => (int)options.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_record)!;
        SegmentationOutput? output = parsed.GetValue(_output) is { } file ? new(file) : null;
        output?.Require([path, parsed.GetValue(_scan)!]);
        SegmentationRecord record = SegmentationRecordReader.Read(path);
        using IPromptableSegmenter segmenter = _model.Open(parsed, _shell);
        record.RequireModel(segmenter.Description);
        VolumeFiles files = new();
        Volume volume = files.Read(parsed.GetValue(_scan)!, new() { Series = parsed.GetValue(_series), Frame = record.ScanFrame }, cancellation: _shell.Cancellation);
        string masks = parsed.GetValue(_masks) ?? Path.GetDirectoryName(path) ?? "";
        ReplayResult replay = _shell.WithProgress("Replaying", "slices", progress => SegmentationReplay.Run(
            segmenter, volume, record, masks, ReadMask, progress, _shell.Cancellation));
        output?.Write(replay.Result, files, _shell.Cancellation);
        Tell(replay, record, parsed.GetValue(_json));
        return replay.IsSame(record) ? ExitCode.Success : ExitCode.Different;

        LabelMap ReadMask(string mask) => File.Exists(mask) ? files.ReadLabelMap(mask, _shell.Cancellation)
            : throw new InvalidFileException(mask, "does not exist, but the record was made with this mask; give the folder that holds it with --masks");
    }

    private static void Tell(ReplayResult replay, SegmentationRecord record, bool asJson)
    {
        bool isSame = replay.IsSame(record);
        string found = replay.Result.Runs[^1].LabelsSha256, expected = record.Runs[^1].LabelsSha256;
        if (asJson) Shell.PrintJson(new { same = isSame, runs = record.Runs.Count, firstDifferentRun = replay.FirstDifferentRun, labelsSha256 = found, expectedSha256 = expected });
        else if (isSame) Shell.Print($"the same voxels, after {record.Runs.Count} {(record.Runs.Count == 1 ? "run" : "runs")} (SHA-256 {found})");
        else Shell.Print($"other voxels from run {replay.FirstDifferentRun + 1} of {record.Runs.Count} on: found SHA-256 {found}, expected {expected}; another device, processor or version computes slightly differently");
    }
}
