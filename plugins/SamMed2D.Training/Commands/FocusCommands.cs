using System.CommandLine;
using SamMed2D.Core.Errors;
using SamMed2D.Imaging;
using SamMed2D.Inference;
using SamMed2D.Inference.Focus;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;
using SamMed2D.Training.Evaluation;
using SamMed2D.Training.Examples;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Native;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Runs;

namespace SamMed2D.Training.Commands;

/// <summary>The commands about compact models: train one, look at what it is shown, export it, measure it.</summary>
internal static class FocusCommands
{
    private static readonly Option<string> s_recipe = new("--recipe") { Required = true, Description = "The recipe (JSON)." };
    private static readonly Option<string> s_data = new("--data") { Required = true, Description = "The data folder; the recipe's paths start there." };

    public static Command Train()
    {
        Option<string> folder = new("--run") { Required = true, Description = "The run's folder; a run that is there already goes on." };
        Option<long?> samples = new("--samples") { Description = "Crops to see in all, instead of the recipe's number." };
        Option<long?> lastStep = new("--last-step") { Description = "Stop after this step." };
        Option<double> minutes = new("--checkpoint-minutes") { DefaultValueFactory = _ => 4, Description = "Time between checkpoints." };
        Option<long> snapshots = new("--snapshot-samples") { DefaultValueFactory = _ => 20_000, Description = "Crops between snapshots that are kept; 0 keeps none." };
        Option<string> device = SamCommands.CreateDeviceOption();
        Command command = new("focus", "Trains a compact model, or resumes its training.") { s_recipe, s_data, folder, samples, lastStep, minutes, snapshots, device };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            TrainingDevice.Select(parsed.GetRequiredValue(device));
            LibTorch.KeepMemory();
            FocusRecipe recipe = FocusRecipe.Read(parsed.GetRequiredValue(s_recipe));
            if (parsed.GetValue(samples) is { } total) recipe = recipe with { Samples = total };
            string data = parsed.GetRequiredValue(s_data);
            IReadOnlyList<TrainingVolume> volumes = ReadSources(recipe, data, cancellation);
            string? warmStart = recipe.WarmStart is null or FocusWeights.Bundled ? recipe.WarmStart : Path.Combine(data, recipe.WarmStart);
            using FocusTraining training = new(recipe, warmStart, volumes);
            new TrainingRun(training, parsed.GetRequiredValue(folder), Console.Out).Run(
                new() { LastStep = parsed.GetValue(lastStep), CheckpointEvery = TimeSpan.FromMinutes(parsed.GetValue(minutes)), SnapshotEverySamples = parsed.GetValue(snapshots) }, cancellation);
            return 0;
        }, CancellationToken.None));
        return command;
    }

    public static Command ShowExamples()
    {
        Option<string> picture = new("--out") { Required = true, Description = "The picture to write (PNG)." };
        Command command = new("preview", "Draws what a recipe shows the model: crop, previous slice, prompts, target.") { s_recipe, s_data, picture };
        command.SetAction(parsed =>
        {
            FocusRecipe recipe = FocusRecipe.Read(parsed.GetRequiredValue(s_recipe));
            Preview.Write(recipe, ReadSources(recipe, parsed.GetRequiredValue(s_data), CancellationToken.None), rows: 14, columns: 4, parsed.GetRequiredValue(picture));
            return 0;
        });
        return command;
    }

    public static Command Export()
    {
        Option<string> weights = new("--weights") { Required = true, Description = "Trained weights: a run's model.safetensors." };
        Option<string> folder = new("--out") { Required = true, Description = "The model folder to make." };
        Option<string> card = new("--card") { Required = true, Description = "The model card (Markdown) to put beside it." };
        Option<string> name = new("--name") { DefaultValueFactory = _ => "SamMed2D compact (focus)", Description = "The model's name." };
        Option<string> provenance = new("--provenance") { DefaultValueFactory = _ => "Trained by sammed2d train.", Description = "Where the weights come from, in one sentence." };
        Option<string?> start = new("--start") { Description = "What the training started from (weights, a model folder, or 'bundled'), to be averaged with the trained weights." };
        Option<float> share = new("--share") { DefaultValueFactory = _ => 0.7f, Description = "What counts of the trained weights where --start is given, 0 to 1." };
        Command command = new("export", "Makes a model folder (ONNX) from trained weights.") { weights, folder, card, name, provenance, start, share };
        command.SetAction(parsed =>
        {
            string trained = parsed.GetRequiredValue(weights);
            SafetensorsFile file = parsed.GetValue(start) is { } from ? FocusWeights.Mean(trained, from, parsed.GetValue(share)) : SafetensorsFile.Read(trained);
            string cardPath = parsed.GetRequiredValue(card);
            if (!File.Exists(cardPath)) throw new InvalidFileException(cardPath, "does not exist; give the model card");
            FocusModelFolder.Write(parsed.GetRequiredValue(folder), FocusWeights.ToTensors(file),
                new FocusCard(parsed.GetRequiredValue(name), "Apache-2.0", parsed.GetRequiredValue(provenance), File.ReadAllText(cardPath)));
            return 0;
        });
        return command;
    }

    public static Command Evaluate()
    {
        Option<string?> model = new("--model") { Description = "The model folder; the bundled model if not given." };
        Command command = new("evaluate", "Measures a model on the development set, beside what no model scores (Markdown).") { model, s_data };
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            using IPromptableSegmenter segmenter = SegmenterFactory.Open(parsed.GetValue(model));
            PictureProtocol protocol = new(segmenter, asUsers: true);
            IEnumerable<PictureCase> pictures = DevelopmentSet.Find(parsed.GetRequiredValue(s_data)).SelectMany(source => source.Read(cancellation));
            MaskResult[] masks = [.. pictures.SelectMany(picture => protocol.Run(picture, cancellation: cancellation))];
            Console.Out.Write(PictureReport.ToMarkdown(new([new(segmenter.Description, masks)])));
            return 0;
        }, CancellationToken.None));
        return command;
    }

    private static IReadOnlyList<TrainingVolume> ReadSources(FocusRecipe recipe, string data, CancellationToken cancellation)
    {
        VolumeFiles reader = new();
        return [.. recipe.Sources.Select(source => TrainingVolume.Read(source, data, reader, cancellation))];
    }
}
