using System.CommandLine;
using SamMed2D.Cli.Commands;

namespace SamMed2D.Cli.Terminal;

/// <summary>Runs one command line: everything that can go wrong on purpose arrives here as one exception and leaves as one line and an exit code.</summary>
internal static class EntryPoint
{
    public static int Run(string[] args)
    {
        using Interrupt interrupt = new();
        Shell shell = new(interrupt.Token);
        try
        {
            ParseResult parsed = CommandTree.Create(shell).Parse(args.Length == 0 ? ["--help"] : args);
            if (parsed.Errors.Count > 0) return ErrorReport.PrintUsage(parsed);
            shell.IsQuiet = parsed.GetValue(Shell.QuietOption);
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (Exception failure)
        {
            return ErrorReport.Print(failure, shell, args);
        }
    }
}
