using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SamMed2D.Cli.Terminal;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Models;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d model import CHECKPOINT.pth -o DIR</c>: turns a PyTorch checkpoint into a model folder.</summary>
internal static class ModelImportCommand
{
    public static Command Create(Shell shell)
    {
        Argument<string> checkpoint = new("CHECKPOINT") { Description = "A .pth file of SAM-Med2D or Segment Anything (ViT-B, L or H). Nothing in it is run." };
        Option<string> output = new("--output", "-o") { Description = "The model folder to make.", Required = true, HelpName = "DIR" };
        Option<bool> withoutAdapters = new("--no-adapters") { Description = "Leave the adapters out (SAM-Med2D* in the paper): faster, less accurate." };
        Option<int?> imageSize = new("--image-size") { Description = "Pixels along the model's image, a multiple of 16; default: what the checkpoint was made for." };
        Option<SamFamily?> family = new("--family")
        {
            Description = "How images and mask prompts are given: sam-med2d or sam; default: by adapters and image size.",
            HelpName = "sam-med2d|sam",
            CustomParser = result => result.Tokens[0].Value.ToLowerInvariant() switch
            {
                "sam-med2d" => SamFamily.SamMed2D,
                "sam" => SamFamily.Sam,
                _ => Refuse(result),
            },
        };
        Option<ModelPrecision> precision = new("--precision")
        {
            Description = "How the encoder's linear layers are kept and computed: float32, or int8 (about twice as fast and a third of the size; what that costs is measured and told).",
            HelpName = "float32|int8",
            CustomParser = result => result.Tokens[0].Value.ToLowerInvariant() switch
            {
                "float32" => ModelPrecision.Float32,
                "int8" => ModelPrecision.Int8,
                _ => RefusePrecision(result),
            },
        };
        Option<string?> name = new("--name") { Description = "The model's name, as shown; default: the checkpoint's." };
        Option<string?> licence = new("--licence") { Description = "Licence of the weights, as shown." };
        Option<string?> provenance = new("--provenance") { Description = "Where the weights come from, as shown." };

        Command command = new("import", "Turn a PyTorch checkpoint into a model folder, without Python.")
        {
            checkpoint, output, withoutAdapters, imageSize, precision, family, name, licence, provenance,
        };
        command.SetAction(parsed =>
        {
            ImportOptions options = new()
            {
                Name = parsed.GetValue(name),
                Licence = parsed.GetValue(licence),
                Provenance = parsed.GetValue(provenance),
                ImageSize = parsed.GetValue(imageSize),
                WithoutAdapters = parsed.GetValue(withoutAdapters),
                Family = parsed.GetValue(family),
                Precision = parsed.GetValue(precision),
            };
            string folder = parsed.GetRequiredValue(output);
            Stopwatch clock = Stopwatch.StartNew();
            ImportResult result = shell.WithProgress("Importing", "MB", progress => ModelImport.Run(
                parsed.GetRequiredValue(checkpoint), folder, options, (done, total) => progress(done >> 20, total >> 20), shell.Cancellation));
            foreach (string note in result.Notes) shell.Note(note);
            ModelInfoCommand.Print(result.Manifest, folder);
            Shell.Print(string.Create(CultureInfo.InvariantCulture, $"imported in    {clock.Elapsed.TotalSeconds:0.0} s"));
        });
        return command;
    }

    private static ModelPrecision RefusePrecision(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--precision is float32 or int8, not '{result.Tokens[0].Value}'");
        return default;
    }

    private static SamFamily? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--family is sam-med2d or sam, not '{result.Tokens[0].Value}'");
        return null;
    }
}
