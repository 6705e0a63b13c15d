using System.CommandLine;
using SamMed2D.Core.Errors;

namespace SamMed2D.Cli.Terminal;

/// <summary>How an error is shown: one line, no stack trace.</summary>
internal static class ErrorReport
{
    /// <summary>Shows stack traces, for bug reports.</summary>
    public static Option<bool> DebugOption { get; } = new("--debug") { Description = "Show the stack trace of an error.", Recursive = true };

    public static int Print(Exception failure, Shell shell, string[] arguments)
    {
        Exception cause = Failure.Unwrap(failure);
        // A cancelled run may surface as whatever broke first.
        if (cause is not SamMed2DException && shell.Cancellation.IsCancellationRequested) cause = new OperationCanceledException();
        ExitCode code = Failure.CodeOf(cause);
        Console.Error.WriteLine(Failure.Describe(cause) + (code == ExitCode.InternalError ? " (this is a bug; run again with --debug and report it)" : ""));
        if (arguments.Contains(DebugOption.Name)) Console.Error.WriteLine(failure);
        return (int)code;
    }

    /// <summary>Shows what is wrong with the command line itself.</summary>
    public static int PrintUsage(ParseResult parsed)
    {
        foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors) Console.Error.WriteLine($"error: {Failure.OneLine(error.Message)}");
        string command = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
        Console.Error.WriteLine($"'sammed2d{command} --help' shows what it takes");
        return (int)ExitCode.Usage;
    }
}
