namespace SamMed2D.Core.Errors;

/// <summary>The exit codes of all of the product's programs; documented in the README and stable.</summary>
public enum ExitCode
{
    /// <summary>Done.</summary>
    Success = 0,

    /// <summary>A bug.</summary>
    InternalError = 1,

    /// <summary>The command line, a prompt or a command is wrong.</summary>
    Usage = 2,

    /// <summary>A file is missing or damaged.</summary>
    InvalidFile = 3,

    /// <summary>The input is sound but not usable here, or a choice is needed.</summary>
    UnsupportedInput = 4,

    /// <summary>The model is missing, damaged or of another kind.</summary>
    Model = 5,

    /// <summary>The result cannot be written.</summary>
    Output = 6,

    /// <summary>A package or library is missing.</summary>
    MissingComponent = 7,

    /// <summary>Too little memory.</summary>
    Memory = 8,

    /// <summary>A replay gave other voxels.</summary>
    Different = 9,

    /// <summary>Stopped by Ctrl-C.</summary>
    Cancelled = 130,
}

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
