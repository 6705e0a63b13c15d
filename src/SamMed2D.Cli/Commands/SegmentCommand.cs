using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d segment</c>: segments a whole scan from a few prompts.</summary>
internal sealed class SegmentCommand
{
    private readonly Argument<string> _scan = new("SCAN") { Description = "A NIfTI, NRRD, MetaImage or DICOM file, a DICOMDIR, or a folder of DICOM files." };
    private readonly Option<string[]> _prompts = new("--prompts") { Description = "A prompt file, or 3D Slicer markups (.mrk.json); may be given several times.", HelpName = "FILE" };
    private readonly Option<string[]> _boxes = new("--box") { Description = "A box by two opposite corners, in voxel indices; with depth it is a 3D box.", HelpName = "NAME:i0,j0,k0,i1,j1,k1" };
    private readonly Option<string[]> _points = new("--point") { Description = "A point on the object (1) or off it (0), in voxel indices.", HelpName = "NAME:i,j,k,1" };
    private readonly Option<string?> _continue = new("--continue")
    {
        Description = "An earlier result of this scan, with its record beside it. Prompted slices are corrected and only the spans to the next locked slices are made anew; window, strategy and limits are the earlier ones unless given.",
        HelpName = "LABELS",
    };
    private readonly Option<string?> _refine = new("--refine") { Description = "A rough label map on the scan's grid; its masks on every n-th slice are prompts.", HelpName = "LABELS" };
    private readonly Option<int> _every = new("--every")
    {
        Description = "How far apart the slices of --refine are.",
        HelpName = "COUNT",
        DefaultValueFactory = _ => 5,
        Validators = { result => { if (result.Errors.Count() == 0 && result.GetValueOrDefault<int>() < 1) result.AddError("--every must be at least 1"); } },
    };
    private readonly Option<IntensityRange?> _editable = new("--editable")
    {
        Description = "The intensities that may be labelled, such as 100,400; voxels outside never are.",
        HelpName = "LOW,HIGH",
        CustomParser = result =>
        {
            if (IntensityRange.TryParse(result.Tokens[0].Value, out IntensityRange range)) return range;
            result.AddError($"--editable '{result.Tokens[0].Value}' is no range of intensities; expected LOW,HIGH such as 100,400");
            return null;
        },
    };
    private readonly Option<string> _output = new("--output", "-o") { Description = "The label map: .nii.gz, .nii, .nrrd, .seg.nrrd (with names and colours), .mha or .mhd. What was done goes beside it, as NAME.json.", HelpName = "FILE", Required = true };
    private readonly ModelOptions _model = new();
    private readonly Option<PromptStrategy?> _strategy = new("--strategy")
    {
        Description = $"What each slice is prompted with, from the mask before it: {PromptStrategies.Known}.",
        HelpName = "STRATEGY",
        CustomParser = result =>
        {
            if (PromptStrategies.TryParse(result.Tokens[0].Value, out PromptStrategy strategy)) return strategy;
            result.AddError($"--strategy '{result.Tokens[0].Value}' is none of {PromptStrategies.Known}");
            return null;
        },
    };
    private readonly Option<int?> _negatives = new("--negatives")
    {
        Description = "How many other segments in a structure's box give a point off it, where they touch; 0 without it.",
        HelpName = "COUNT",
        Validators = { result => { if (result.Errors.Count() == 0 && result.GetValueOrDefault<int?>() < 0) result.AddError("--negatives must be at least 0"); } },
    };
    private readonly Option<IntensityWindowChoice> _window = ScanOptions.Window("The intensities that the model sees");
    private readonly Option<SliceAxis?> _axis = new("--axis")
    {
        Description = "The grid axis along which slices run, i, j or k, for segments whose prompts do not say; the one with the largest spacing without it.",
        HelpName = "AXIS",
        CustomParser = result =>
        {
            if (SliceAxes.TryParse(result.Tokens[0].Value, out SliceAxis axis)) return axis;
            result.AddError($"--axis '{result.Tokens[0].Value}' is none of i, j and k");
            return null;
        },
    };
    private readonly CacheOptions _cache = new();
    private readonly ScanOptions _scanOptions = new();
    private readonly StopOptions _stop = new();
    private readonly Option<bool> _json = new("--json") { Description = "Print the summary as JSON." };
    private readonly Shell _shell;

    private SegmentCommand(Shell shell) => _shell = shell;

    public static Command Create(Shell shell)
    {
        SegmentCommand options = new(shell);
        Command command = new("segment", "Segments a scan slice by slice, from boxes, points or masks on a few slices.")
        {
            options._scan, options._prompts, options._boxes, options._points, options._continue, options._refine, options._every, options._editable,
            options._output, options._strategy, options._negatives, options._window, options._axis, options._json,
        };
        options._model.AddTo(command);
        options._scanOptions.AddTo(command);
        options._stop.AddTo(command);
        options._cache.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetResult(options._prompts) is null && result.GetResult(options._boxes) is null && result.GetResult(options._points) is null && result.GetResult(options._refine) is null)
                result.AddError("there is nothing to segment; give --prompts, --box, --point or --refine");
            if (result.GetResult(options._every) is { Implicit: false } && result.GetResult(options._refine) is null)
                result.AddError("--every says how far apart the slices of --refine are; give --refine too");
        });
        command.SetAction(parsed => (int)options.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        SegmentationOutput output = new(parsed.GetValue(_output)!);
        VolumeFiles files = new();
        PromptDocument document = ReadPrompts(parsed, files); // what is wrong with the command line is said before any work
        string? labelsFile = parsed.GetValue(_continue);
        SegmentationRecord? record = labelsFile is null ? null : SegmentationRecordReader.Read(SegmentationRecordWriter.PathFor(labelsFile));
        output.Require([parsed.GetValue(_scan)!, .. parsed.GetValue(_prompts) ?? [], .. document.MaskFiles]);
        using IPromptableSegmenter segmenter = _cache.Over(_model.Open(parsed, _shell), parsed, _shell);
        record?.RequireModel(segmenter.Description);
        VolumeReadOptions which = _scanOptions.Of(parsed);
        Volume volume = files.Read(parsed.GetValue(_scan)!, which with { Frame = which.Frame ?? record?.ScanFrame }, cancellation: _shell.Cancellation);
        foreach (string note in volume.Info.Notes) _shell.Note(note);
        record?.RequireScan(volume);
        SegmentationState? previous = record?.ToState(files.ReadLabelMap(labelsFile!, _shell.Cancellation), labelsFile!, mayBeEdited: document.TakesPresentSlices);
        if (previous?.Runs.Count > record?.Runs.Count)
            _shell.Note($"{labelsFile} was changed after its record was written: it is taken as it is, but replay cannot make it again");
        SegmentationRequest request = CreateRequest(parsed, document, volume, files, previous);
        SegmentationResult result = _shell.WithProgress("Segmenting", "slices", progress => SegmentationRun.Run(segmenter, request, progress, _shell.Cancellation));
        output.Write(result, files, _shell.Cancellation);
        SegmentSummary.NoteEmpty(result, _shell);
        if (parsed.GetValue(_json)) Shell.PrintJson(SegmentSummary.ToJson(result, parsed.GetValue(_output)!));
        else SegmentSummary.Print(result, parsed.GetValue(_output)!, _shell);
        return ExitCode.Success;
    }

    /// <summary>What was not given is as in the run that is continued.</summary>
    private SegmentationRequest CreateRequest(ParseResult parsed, PromptDocument document, Volume volume, VolumeFiles files, SegmentationState? previous)
    {
        RunRecord? before = previous?.Runs[^1];
        IntensityWindowChoice choice = parsed.GetValue(_window)!;
        bool isWindowGiven = before is null || parsed.GetResult(_window) is { Implicit: false };
        SegmentationRequest request = SegmentationRequest.Create(
            volume, isWindowGiven ? choice.Resolve(volume) : before!.Window, isWindowGiven ? choice.Name : before!.WindowName,
            document, file => files.ReadLabelMap(file, _shell.Cancellation), parsed.GetValue(_axis) ?? before?.Axis, previous);
        PropagationOptions options = before?.Options ?? new();
        return request with
        {
            Options = _stop.Apply(parsed, options with
            {
                Strategy = parsed.GetValue(_strategy) ?? options.Strategy,
                NegativeCount = parsed.GetValue(_negatives) ?? options.NegativeCount,
            }),
            Editable = parsed.GetValue(_editable) ?? before?.Editable,
        };
    }

    private PromptDocument ReadPrompts(ParseResult parsed, VolumeFiles files) => PromptDocument.Combine(
    [
        .. (parsed.GetValue(_prompts) ?? []).Select(PromptFiles.Read),
        .. (parsed.GetValue(_boxes) ?? []).Select(PromptShorthand.ParseBox),
        .. (parsed.GetValue(_points) ?? []).Select(PromptShorthand.ParsePoint),
        .. parsed.GetValue(_refine) is { } rough ? [PromptShorthand.Refine(files.ReadLabelMap(rough, _shell.Cancellation), rough, parsed.GetValue(_every))] : (PromptDocument[])[],
    ]);
}
