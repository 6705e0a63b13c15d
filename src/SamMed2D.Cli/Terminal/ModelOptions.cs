using System.CommandLine;
using SamMed2D.Core.Errors;
using SamMed2D.Inference;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;

namespace SamMed2D.Cli.Terminal;

/// <summary>The options of every command that runs a model, and the opening of what they name.</summary>
internal sealed class ModelOptions
{
    private const string BundledName = "bundled";
    private readonly Option<string[]> _model = new("--model") { Description = "A model folder made by 'sammed2d model import', or one with an exported encoder.onnx and decoder.onnx. Default: the bundled compact model.", HelpName = "FOLDER" };
    private readonly Option<InferenceDevice> _device = new("--device") { Description = "auto, cpu or cuda.", DefaultValueFactory = _ => InferenceDevice.Auto };
    private readonly Option<int> _threads = new("--threads") { Description = "Threads inside one model run; 0 takes one for each physical core." };
    private readonly Option<bool> _verify = new("--verify") { Description = "Compare the SHA-256 of all model files before running." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(_model);
        command.Options.Add(_device);
        command.Options.Add(_threads);
        command.Options.Add(_verify);
    }

    /// <summary>Opens the model; the caller disposes it.</summary>
    public IPromptableSegmenter Open(ParseResult parsed, Shell shell) => parsed.GetValue(_model) is { Length: > 1 } several
        ? throw new InvalidPromptException($"--model is given {several.Length} times, and this command runs one model; name one")
        : Open(parsed.GetValue(_model)?.FirstOrDefault(), parsed, shell);

    /// <summary>Opens all models that are named, or the bundled one; the caller disposes them.</summary>
    public IReadOnlyList<IPromptableSegmenter> OpenAll(ParseResult parsed, Shell shell)
    {
        List<IPromptableSegmenter> segmenters = [];
        try
        {
            foreach (string? model in parsed.GetValue(_model) is { Length: > 0 } named ? named : (string?[])[null]) segmenters.Add(Open(model, parsed, shell));
            return segmenters;
        }
        catch
        {
            foreach (IPromptableSegmenter segmenter in segmenters) segmenter.Dispose();
            throw;
        }
    }

    private IPromptableSegmenter Open(string? model, ParseResult parsed, Shell shell) => SegmenterFactory.Open(model == BundledName ? null : model, new()
    {
        Device = parsed.GetValue(_device),
        Threads = Math.Max(parsed.GetValue(_threads), 0),
        VerifyHashes = parsed.GetValue(_verify),
        GraphCacheFolder = InferenceOptions.UserGraphCacheFolder,
        Notice = shell.Note,
    });
}
