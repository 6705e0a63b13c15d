using System.CommandLine;
using SamMed2D.Core.Errors;
using SamMed2D.Imaging.Png;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Training.Native;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Runs;
using SamMed2D.Training.Sam;

namespace SamMed2D.Training.Commands;

/// <summary>The command that fine-tunes SAM and SAM-Med2D.</summary>
internal static class SamCommands
{
    /// <summary>The published recipe, which lies beside the program.</summary>
    internal static string DefaultRecipe { get; } = Path.Combine(AppContext.BaseDirectory, "Recipes", "Sam", "sam-med2d.json");

    public static Option<string> CreateDeviceOption()
    {
        Option<string> device = new("--device") { DefaultValueFactory = _ => "cpu", Description = "Where to compute: cpu, cuda, or auto for cuda where it works." };
        device.AcceptOnlyFromAmong("cpu", "cuda", "auto");
        return device;
    }

    public static Command Train()
    {
        Option<string> data = new("--data") { Required = true, Description = "A data set as 'sammed2d dataset' makes it (SA-Med2D-20M's layout)." };
        Option<string> checkpoint = new("--checkpoint") { Required = true, Description = "The SAM or SAM-Med2D checkpoint to start from (.pth)." };
        Option<string> folder = new("--run") { Required = true, Description = "The run's folder; a run that is there already goes on." };
        Option<string> recipe = new("--recipe") { DefaultValueFactory = _ => DefaultRecipe, Description = "The recipe (JSON)." };
        RecipeChanges changes = new();
        Option<long?> lastStep = new("--last-step") { Description = "Stop after this step." };
        Option<double> minutes = new("--checkpoint-minutes") { DefaultValueFactory = _ => 10, Description = "Time between checkpoints." };
        Option<long> snapshots = new("--snapshot-samples") { Description = "Masks between snapshots that are kept; 0 keeps none." };
        Option<string> device = CreateDeviceOption();
        Command command = new("sam", "Fine-tunes SAM or SAM-Med2D, or resumes it.") { data, checkpoint, folder, recipe, lastStep, minutes, snapshots, device };
        changes.AddTo(command);
        command.SetAction((parsed, cancellation) => Task.Run(() =>
        {
            SamRecipe chosen = changes.Apply(parsed, SamRecipe.Read(parsed.GetRequiredValue(recipe)));
            string place = parsed.GetRequiredValue(data);
            PictureDataset pictures = PictureDataset.Open(place, PictureDataset.HasSplit(place, DatasetSplit.Train) ? DatasetSplit.Train : DatasetSplit.All);
            TrainingDevice.Select(parsed.GetRequiredValue(device));
            LibTorch.KeepMemory();
            using SamTraining training = new(chosen, parsed.GetRequiredValue(checkpoint), pictures.Pictures, new PngFiles());
            new TrainingRun(training, parsed.GetRequiredValue(folder), Console.Out).Run(new()
            {
                LastStep = parsed.GetValue(lastStep),
                CheckpointEvery = TimeSpan.FromMinutes(parsed.GetValue(minutes)),
                SnapshotEverySamples = parsed.GetValue(snapshots),
                ReportEverySteps = 5,
                ValidateEverySteps = training.ValidateEverySteps,
                Patience = chosen.Validation.Patience,
            }, cancellation);
            return ReportSkipped(training.Skipped);
        }, CancellationToken.None));
        return command;
    }

    // The run is whole, but the user should know that it learned from less than was given.
    private static int ReportSkipped(IReadOnlyList<string> skipped)
    {
        if (skipped.Count == 0) return 0;
        Console.Error.WriteLine($"error: {skipped.Count} pictures could not be used and were left out:");
        foreach (string problem in skipped) Console.Error.WriteLine($"  {problem.ReplaceLineEndings(" ")}");
        return (int)ExitCode.InvalidFile;
    }

    /// <summary>The settings of a recipe that are asked for most, as options.</summary>
    private sealed class RecipeChanges
    {
        private const string Source = "the command line";
        private readonly Option<SamParts?> _train = new("--train") { Description = "What of the encoder learns, beside prompt encoder and decoder: adapters, decoder (nothing), all." };
        private readonly Option<int?> _lowRank = new("--low-rank") { Description = "Rank of additions to the encoder's attention (LoRA); 0 for none." };
        private readonly Option<double?> _epochs = new("--epochs") { Description = "How often every picture is seen." };
        private readonly Option<int?> _batch = new("--batch") { Description = "Pictures a step." };
        private readonly Option<int?> _masks = new("--masks") { Description = "Masks drawn of each picture." };
        private readonly Option<int?> _accumulate = new("--accumulate") { Description = "Batches before an update." };
        private readonly Option<double?> _rate = new("--learning-rate") { Description = "The learning rate." };
        private readonly Option<string?> _precision = new("--precision") { Description = "float32 or bfloat16." };
        private readonly Option<long?> _seed = new("--seed") { Description = "The same seed gives the same model." };
        private readonly Option<float?> _neighbour = new("--neighbour-mask") { Description = "Part of the steps that begin with a neighbouring slice's mask." };
        private readonly Option<bool> _perMask = new("--per-mask-loss") { Description = "Dice and IoU mask by mask instead of over the batch." };
        private readonly Option<double?> _validation = new("--validation") { Description = "Part of the subjects kept back to measure the model." };
        private readonly Option<int?> _patience = new("--patience") { Description = "End after so many validations without a better one; 0 never." };

        public void AddTo(Command command)
        {
            foreach (Option option in (Option[])[_train, _lowRank, _epochs, _batch, _masks, _accumulate, _rate, _precision, _seed, _neighbour, _perMask, _validation, _patience]) command.Add(option);
        }

        public SamRecipe Apply(ParseResult parsed, SamRecipe recipe) => (recipe with
        {
            Train = parsed.GetValue(_train) ?? recipe.Train,
            LowRank = parsed.GetValue(_lowRank) ?? recipe.LowRank,
            Epochs = parsed.GetValue(_epochs) ?? recipe.Epochs,
            Batch = parsed.GetValue(_batch) ?? recipe.Batch,
            MasksPerImage = parsed.GetValue(_masks) ?? recipe.MasksPerImage,
            Accumulate = parsed.GetValue(_accumulate) ?? recipe.Accumulate,
            Precision = parsed.GetValue(_precision) ?? recipe.Precision,
            Seed = parsed.GetValue(_seed) ?? recipe.Seed,
            NeighbourMask = parsed.GetValue(_neighbour) ?? recipe.NeighbourMask,
            PerMaskLoss = parsed.GetValue(_perMask) || recipe.PerMaskLoss,
            Optimiser = parsed.GetValue(_rate) is { } rate ? recipe.Optimiser with { LearningRate = rate } : recipe.Optimiser,
            Validation = recipe.Validation with { Part = parsed.GetValue(_validation) ?? recipe.Validation.Part, Patience = parsed.GetValue(_patience) ?? recipe.Validation.Patience },
        }).Checked(Source);
    }
}
