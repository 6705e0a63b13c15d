using System.CommandLine;
using SamMed2D.Inference;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;

namespace SamMed2D.Cli.Terminal;

/// <summary>The options of every command that runs a model, and the opening of what they name.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string?> _model = new("--model") { Description = "A model folder made by 'sammed2d model import', or one with an exported encoder.onnx and decoder.onnx. Default: the bundled compact model." };
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
    public IPromptableSegmenter Open(ParseResult parsed, Shell shell) => SegmenterFactory.Open(parsed.GetValue(_model), new()
    {
        Device = parsed.GetValue(_device),
        Threads = Math.Max(parsed.GetValue(_threads), 0),
        VerifyHashes = parsed.GetValue(_verify),
        Notice = shell.Note,
    });
}
