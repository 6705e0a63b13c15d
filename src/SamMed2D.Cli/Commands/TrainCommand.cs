using System.CommandLine;
using System.Globalization;
using SamMed2D.Cli.Terminal;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d train</c>: starts the training plug-in, a process of its own, and shows how far it is.</summary>
internal static class TrainCommand
{
    private const string DeviceHelp = "cpu (the default), cuda, or auto for cuda where it works.";

    public static Command Create(Shell shell) => new("train", "Train models on your own scans.") { CreateSam(shell), CreateCompact(shell) };

    private static Command CreateSam(Shell shell)
    {
        ForwardedOptions options = new();
        options.Add<string>("--data", "A data set as 'sammed2d dataset' makes it (SA-Med2D-20M's layout).", isRequired: true);
        options.Add<string>("--checkpoint", "The SAM or SAM-Med2D checkpoint to start from (.pth).", isRequired: true);
        options.Add<string>("--out", "The run's folder; a run that is there already goes on where it was.", isRequired: true, forwardAs: "--run");
        options.Add<string?>("--recipe", "How to train (JSON); the published recipe if not given. See plugins/SamMed2D.Training/Recipes/Sam.");
        options.Add<string?>("--train", "What of the encoder learns, beside prompt encoder and decoder: adapters, decoder (nothing), all.");
        options.Add<int?>("--low-rank", "Rank of additions to the encoder's attention (LoRA); 0 for none.");
        options.Add<double?>("--epochs", "How often every picture is seen.");
        options.Add<int?>("--batch", "Pictures a step.");
        options.Add<int?>("--masks", "Masks drawn of each picture.");
        options.Add<int?>("--accumulate", "Batches before an update.");
        options.Add<double?>("--learning-rate", "The learning rate.");
        options.Add<string?>("--precision", "float32 or bfloat16.");
        options.Add<long?>("--seed", "The same seed gives the same model.");
        options.Add<double?>("--neighbour-mask", "Part of the steps that begin with a neighbouring slice's mask.");
        options.Add<bool>("--per-mask-loss", "Dice and IoU mask by mask instead of over the batch.");
        options.Add<double?>("--validation", "Part of the subjects kept back to measure the model.");
        options.Add<int?>("--patience", "End after so many validations without a better one; 0 never.");
        options.Add<string?>("--device", DeviceHelp);
        options.Add<long?>("--last-step", "Stop after this step.");
        options.Add<double?>("--checkpoint-minutes", "Time between checkpoints.");
        return CreateCommand(shell, "sam", "Fine-tune SAM or SAM-Med2D on a data set, or go on with an interrupted run.", "sam", "masks", options);
    }

    private static Command CreateCompact(Shell shell)
    {
        ForwardedOptions options = new();
        options.Add<string>("--recipe", "What to train on and how (JSON); see plugins/SamMed2D.Training/Recipes.", isRequired: true);
        options.Add<string>("--data", "The data folder; the recipe's paths start there.", isRequired: true);
        options.Add<string>("--out", "The run's folder; a run that is there already goes on where it was.", isRequired: true, forwardAs: "--run");
        options.Add<long?>("--samples", "Crops to see in all, instead of the recipe's number.");
        options.Add<string?>("--device", DeviceHelp);
        return CreateCommand(shell, "compact", "Train a compact model from a recipe, or go on with an interrupted run.", "focus", "crops", options);
    }

    private static Command CreateCommand(Shell shell, string name, string description, string pluginCommand, string unit, ForwardedOptions options)
    {
        Command command = new(name, description);
        options.AddTo(command);
        command.SetAction(parsed => TrainingProcess.Run(shell, unit, [pluginCommand, .. options.ToArguments(parsed)]));
        return command;
    }

    /// <summary>Options that only go on to the plug-in, which knows what they mean and what they are if not given.</summary>
    private sealed class ForwardedOptions
    {
        private readonly List<(Option Option, Func<ParseResult, IEnumerable<string>> ToArguments)> _options = [];

        public void Add<T>(string name, string description, bool isRequired = false, string? forwardAs = null)
        {
            Option<T> option = new(name) { Description = description, Required = isRequired };
            _options.Add((option, parsed => (object?)parsed.GetValue(option) switch
            {
                null or false => [],
                true => [forwardAs ?? name],
                { } value => [forwardAs ?? name, Convert.ToString(value, CultureInfo.InvariantCulture)!],
            }));
        }

        public void AddTo(Command command)
        {
            foreach ((Option option, _) in _options) command.Add(option);
        }

        public IEnumerable<string> ToArguments(ParseResult parsed) => _options.SelectMany(option => option.ToArguments(parsed));
    }
}
