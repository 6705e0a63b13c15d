using System.CommandLine;
using SamMed2D.Core.Errors;

namespace SamMed2D.Cli.Terminal;

/// <summary>The exit codes of <c>sammed2d</c>; documented in the README and stable.</summary>
internal enum ExitCode
{
    Success = 0,
    InternalError = 1,
    Usage = 2,
    InvalidFile = 3,
    UnsupportedInput = 4,
    Model = 5,
    Output = 6,
    MissingComponent = 7,
    Memory = 8,
    Different = 9,
    Cancelled = 130,
}

/// <summary>The one table from exceptions to exit codes, and how an error is shown: one line, no stack trace.</summary>
internal static class ErrorReport
{
    /// <summary>Shows stack traces, for bug reports.</summary>
    public static Option<bool> DebugOption { get; } = new("--debug") { Description = "Show the stack trace of an error.", Recursive = true };

    public static int Print(Exception failure, Shell shell, string[] arguments)
    {
        Exception cause = Unwrap(failure, shell.Cancellation);
        ExitCode code = CodeOf(cause);
        Console.Error.WriteLine(code switch
        {
            ExitCode.Cancelled => "stopped; nothing was written",
            ExitCode.InternalError => $"internal error: {OneLine($"{cause.GetType().Name}: {cause.Message}")} (this is a bug; run again with --debug and report it)",
            ExitCode.Memory when cause is OutOfMemoryException => "error: the machine has too little free memory for this; close other programs or use a smaller volume",
            _ => $"error: {OneLine(cause.Message)}",
        });
        if (arguments.Contains(DebugOption.Name)) Console.Error.WriteLine(failure);
        return (int)code;
    }

    /// <summary>Shows what is wrong with the command line itself.</summary>
    public static int PrintUsage(ParseResult parsed)
    {
        foreach (System.CommandLine.Parsing.ParseError error in parsed.Errors) Console.Error.WriteLine($"error: {OneLine(error.Message)}");
        string command = parsed.CommandResult.Command is RootCommand ? "" : $" {parsed.CommandResult.Command.Name}";
        Console.Error.WriteLine($"'sammed2d{command} --help' shows what it takes");
        return (int)ExitCode.Usage;
    }

    private static ExitCode CodeOf(Exception cause) => cause switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        InvalidFileException => ExitCode.InvalidFile,
        UnsupportedInputException or AmbiguousInputException => ExitCode.UnsupportedInput,
        InvalidPromptException or InvalidEditException or InvalidCommandException => ExitCode.Usage,
        ModelException => ExitCode.Model,
        OutputException => ExitCode.Output,
        MissingComponentException => ExitCode.MissingComponent,
        InsufficientMemoryForWorkException or OutOfMemoryException => ExitCode.Memory,
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException or IOException => ExitCode.InvalidFile,
        _ => ExitCode.InternalError,
    };

    // Parallel and asynchronous work wraps its errors; a cancelled run may surface as whatever broke first.
    private static Exception Unwrap(Exception failure, CancellationToken cancellation)
    {
        while (failure is AggregateException { InnerExceptions.Count: > 0 } aggregate) failure = aggregate.InnerExceptions[0];
        return failure is not SamMed2DException && cancellation.IsCancellationRequested ? new OperationCanceledException() : failure;
    }

    private static string OneLine(string text) => string.Join(' ', text.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
