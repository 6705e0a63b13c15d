using System.CommandLine;
using SamMed2D.Cli.Terminal;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d train</c>: starts the training plug-in, a process of its own, and shows how far it is.</summary>
internal static class TrainCommand
{
    public static Command Create(Shell shell) => new("train", "Train models on your own scans (needs the training plug-in).") { CreateCompact(shell) };

    private static Command CreateCompact(Shell shell)
    {
        Option<string> recipe = new("--recipe") { Required = true, Description = "What to train on and how (JSON); see plugins/SamMed2D.Training/Recipes." };
        Option<string> data = new("--data") { Required = true, Description = "The data folder; the recipe's paths start there." };
        Option<string> folder = new("--out") { Required = true, Description = "The run's folder; a run that is there already goes on where it was." };
        Option<long?> samples = new("--samples") { Description = "Crops to see in all, instead of the recipe's number." };
        Option<bool> quiet = new("--quiet") { Description = "No progress." };
        Command command = new("compact", "Train a compact model from a recipe, or go on with an interrupted run.") { recipe, data, folder, samples, quiet };
        command.SetAction(parsed =>
        {
            shell.IsQuiet = parsed.GetValue(quiet);
            List<string> arguments = ["focus", "--recipe", parsed.GetRequiredValue(recipe), "--data", parsed.GetRequiredValue(data), "--run", parsed.GetRequiredValue(folder)];
            if (parsed.GetValue(samples) is { } total) arguments.AddRange(["--samples", FormattableString.Invariant($"{total}")]);
            return TrainingProcess.Run(shell, arguments);
        });
        return command;
    }
}
