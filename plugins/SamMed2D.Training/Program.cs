using System.CommandLine;
using SamMed2D.Core.Errors;
using SamMed2D.Training.Commands;

// A process of its own, started by `sammed2d train`: libtorch must not share one with ONNX Runtime's GPU build.
RootCommand root = new("Trains and measures SamMed2D's models. Progress is JSON, a line each, on standard output.")
{
    SamCommands.Train(),
    FocusCommands.Train(),
    FocusCommands.ShowExamples(),
    FocusCommands.Export(),
    FocusCommands.Evaluate(),
};
try
{
    return await root.Parse(args).InvokeAsync(new() { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });
}
catch (Exception failure)
{
    Exception cause = Failure.Unwrap(failure);
    ExitCode code = Failure.CodeOf(cause);
    Console.Error.WriteLine(code == ExitCode.InternalError ? $"internal error: {failure}" : Failure.Describe(cause));
    return (int)code;
}
