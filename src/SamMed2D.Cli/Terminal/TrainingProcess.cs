using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using SamMed2D.Core.Errors;

namespace SamMed2D.Cli.Terminal;

/// <summary>Runs the training plug-in and turns the JSON lines that it prints into a progress bar with loss and Dice.</summary>
internal static partial class TrainingProcess
{
    /// <summary>Names another program to start instead of the plug-in that lies with this one.</summary>
    public const string PathVariable = "SAMMED2D_TRAINING";

    private static readonly CompanionProgram s_program = new("sammed2d-training", Path.Combine("plugins", "training"), Path.Combine("plugins", "SamMed2D.Training"), PathVariable);

    /// <summary>Runs the plug-in to its end. Its errors go to standard error as they are.</summary>
    /// <param name="shell">Where progress is shown; its cancellation stops the plug-in after a checkpoint.</param>
    /// <param name="arguments">The plug-in's arguments.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="MissingComponentException">The plug-in is not built.</exception>
    public static int Run(Shell shell, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = s_program.ToStart();
        start.RedirectStandardOutput = true;
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration stop = shell.Cancellation.Register(() => Terminate(process));
        string detail = "";
        shell.WithProgress("Training", "crops", report =>
        {
            while (process.StandardOutput.ReadLine() is { } line) Show(line, shell, report, ref detail);
            return 0;
        }, () => detail);
        process.WaitForExit();
        return process.ExitCode;
    }

    private static void Show(string line, Shell shell, Core.Progress.ProgressCallback report, ref string detail)
    {
        if (!line.StartsWith('{'))
        {
            Console.Error.WriteLine(line);
            return;
        }
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        long Number(string name) => root.TryGetProperty(name, out JsonElement value) ? value.GetInt64() : 0;
        string what = root.TryGetProperty("event", out JsonElement kind) ? kind.GetString() ?? "" : "";
        if (what == "step")
        {
            detail = string.Create(CultureInfo.InvariantCulture, $"loss {root.GetProperty("loss").GetDouble():0.000}, Dice {root.GetProperty("dice").GetDouble():0.000}");
            long step = Number("step"), samples = Number("samples");
            report(samples, step > 0 ? samples / step * Number("steps") : 0);
        }
        else if (what is "finished" or "stopped")
            shell.Note(FormattableString.Invariant($"training {what} after {Number("samples")} crops; the same command goes on from here if crops are left"));
    }

    private static void Terminate(Process process)
    {
        try
        {
            const int terminate = 15;
            if (OperatingSystem.IsWindows()) process.Kill();
            else _ = Signal(process.Id, terminate);
        }
        catch (InvalidOperationException)
        {
            // It ended by itself in the meantime.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
