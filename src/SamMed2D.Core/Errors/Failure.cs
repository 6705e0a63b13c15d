namespace SamMed2D.Core.Errors;

/// <summary>The one table from exceptions to exit codes, and to the one line that a user sees.</summary>
public static class Failure
{
    /// <summary>The error inside the wrappings of parallel and asynchronous work.</summary>
    public static Exception Unwrap(Exception failure)
    {
        while (failure is AggregateException { InnerExceptions.Count: > 0 } aggregate) failure = aggregate.InnerExceptions[0];
        return failure;
    }

    /// <summary>The exit code of an error that <see cref="Unwrap"/> gave.</summary>
    public static ExitCode CodeOf(Exception cause) => cause switch
    {
        OperationCanceledException => ExitCode.Cancelled,
        InvalidFileException => ExitCode.InvalidFile,
        UnsupportedInputException or AmbiguousInputException => ExitCode.UnsupportedInput,
        InvalidPromptException or InvalidEditException or InvalidCommandException => ExitCode.Usage,
        ModelException => ExitCode.Model,
        OutputException => ExitCode.Output,
        MissingComponentException => ExitCode.MissingComponent,
        InsufficientMemoryForWorkException or OutOfMemoryException => ExitCode.Memory,
        IOException or UnauthorizedAccessException => ExitCode.InvalidFile,
        _ => ExitCode.InternalError,
    };

    /// <summary>What a user is told of an error that <see cref="Unwrap"/> gave: one line, without a stack trace.</summary>
    public static string Describe(Exception cause) => CodeOf(cause) switch
    {
        ExitCode.Cancelled => "stopped; nothing was written",
        ExitCode.InternalError => $"internal error: {OneLine($"{cause.GetType().Name}: {cause.Message}")}",
        ExitCode.Memory when cause is OutOfMemoryException => "error: the machine has too little free memory for this; close other programs or use a smaller volume",
        _ => $"error: {OneLine(cause.Message)}",
    };

    /// <summary>A text on one line.</summary>
    public static string OneLine(string text) => string.Join(' ', text.Split((char[])['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
