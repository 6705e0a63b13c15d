using System.Diagnostics;
using System.Runtime.InteropServices;
using SamMed2D.Core.Errors;

namespace SamMed2D.Cli.Terminal;

/// <summary>Runs the training plug-in, a process of its own, and shows how far it is.</summary>
internal static partial class TrainingProcess
{
    /// <summary>Names another program to start instead of the plug-in that lies with this one.</summary>
    public const string PathVariable = "SAMMED2D_TRAINING";

    private static readonly CompanionProgram s_program = new("sammed2d-training", Path.Combine("plugins", "training"), Path.Combine("plugins", "SamMed2D.Training"), PathVariable);

    /// <summary>Runs the plug-in to its end. Its errors go to standard error as they are.</summary>
    /// <param name="shell">Where progress is shown; its cancellation stops the plug-in after a checkpoint.</param>
    /// <param name="unit">What it learns from, in the plural.</param>
    /// <param name="arguments">The plug-in's arguments.</param>
    /// <returns>Its exit code.</returns>
    /// <exception cref="MissingComponentException">The plug-in is not built.</exception>
    public static int Run(Shell shell, string unit, IReadOnlyList<string> arguments)
    {
        ProcessStartInfo start = s_program.ToStart();
        start.RedirectStandardOutput = true;
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        using Process process = Process.Start(start)!;
        using CancellationTokenRegistration stop = shell.Cancellation.Register(() => Terminate(process));
        TrainingProgress progress = new(shell);
        shell.WithProgress("Training", unit, report =>
        {
            while (process.StandardOutput.ReadLine() is { } line) progress.Show(line, report);
            return 0;
        }, () => progress.Detail, isTimed: false);
        process.WaitForExit();
        progress.Conclude();
        return process.ExitCode;
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
