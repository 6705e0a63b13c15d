using SamMed2D.Core.Errors;

namespace SamMed2D.Training.Commands;

/// <summary>Shows an error as one line and gives the exit code that <c>sammed2d</c> gives for its kind (README, "Exit codes").</summary>
internal static class Failure
{
    public static int Report(Exception failure)
    {
        while (failure is AggregateException { InnerExceptions.Count: > 0 } aggregate) failure = aggregate.InnerExceptions[0];
        Console.Error.WriteLine(failure is SamMed2DException or OperationCanceledException
            ? $"error: {failure.Message.ReplaceLineEndings(" ")}"
            : $"internal error: {failure}");
        return failure switch
        {
            OperationCanceledException => 130,
            InvalidFileException => 3,
            UnsupportedInputException or AmbiguousInputException => 4,
            ModelException => 5,
            OutputException => 6,
            MissingComponentException => 7,
            InsufficientMemoryForWorkException => 8,
            _ => 1,
        };
    }
}
