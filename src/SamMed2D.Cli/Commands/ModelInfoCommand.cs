using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using SamMed2D.Cli.Terminal;
using SamMed2D.Inference.Models;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d model info DIR</c>: what a model folder holds.</summary>
internal static class ModelInfoCommand
{
    public static Command Create(Shell shell)
    {
        Argument<string> folder = new("DIR") { Description = "A model folder; default: the bundled model.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> json = new("--json") { Description = "Print model.json as it is." };
        Option<bool> verify = new("--verify") { Description = "Compare the SHA-256 of every file." };
        Command command = new("info", "Show what a model folder holds.") { folder, json, verify };
        command.SetAction(parsed =>
        {
            ModelFolder model = ModelFolder.Open(parsed.GetValue(folder) ?? ModelFolder.Bundled, parsed.GetValue(verify));
            if (model.Manifest is not { } manifest) PrintForeign(model);
            else if (parsed.GetValue(json)) Shell.Print(manifest.ToJson().TrimEnd());
            else Print(manifest, model.Path);
            if (parsed.GetValue(verify) && !parsed.GetValue(json)) shell.Note("the SHA-256 of every file is as model.json says");
        });
        return command;
    }

    /// <summary>Prints a model's description.</summary>
    public static void Print(ModelManifest manifest, string folder)
    {
        Line("model", $"{manifest.Name} ({manifest.Id})");
        Line("folder", folder);
        if (manifest.Architecture is { } net)
        {
            Line("architecture", $"width {net.EmbedDim}, {net.Depth} blocks, {net.Heads} heads, windows of {net.WindowSize}, {(net.Adapters ? "with" : "without")} adapters");
            Line("parameters", string.Create(CultureInfo.InvariantCulture, $"{net.Parameters / 1e6:0.0} M in the checkpoint"));
        }
        if (manifest.PrecisionCost is { } cost)
            Line("precision", string.Create(CultureInfo.InvariantCulture, $"{Word(manifest.Precision)}; against float32's masks from {cost.Prompts} boxes: mean Dice {cost.MeanDice:0.000}, lowest {cost.LowestDice:0.000}"));
        if (manifest.Sam is { } sam)
            Line("interface", $"{sam.ImageSize} pixels ({Word(sam.Preprocessing.Resize)}), mask prompt as {Word(sam.MaskPrompt)}");
        foreach (ModelFile file in manifest.Files) Line("file", string.Create(CultureInfo.InvariantCulture, $"{file.Name,-16} {file.SizeBytes / 1e6,10:0.0} MB  {file.Sha256[..12]}…"));
        if (manifest.Source is { } source) Line("source", string.Create(CultureInfo.InvariantCulture, $"{source.Name}, {source.SizeBytes / 1e6:0.0} MB, SHA-256 {source.Sha256[..12]}…"));
        Line("licence", manifest.Licence);
        Line("provenance", manifest.Provenance);
    }

    private static void PrintForeign(ModelFolder model)
    {
        Line("model", $"{model.Name} ({model.Id}), a pair of ONNX files from elsewhere");
        Line("encoder", model.PathOf(ModelFileRole.Encoder));
        Line("decoder", model.PathOf(ModelFileRole.Decoder));
    }

    private static string Word(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    private static void Line(string label, string value) => Shell.Print($"{label,-14} {value}");
}
