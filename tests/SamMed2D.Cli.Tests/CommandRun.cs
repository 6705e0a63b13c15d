using SamMed2D.Cli.Terminal;

namespace SamMed2D.Cli.Tests;

/// <summary>One run of <c>sammed2d</c> inside the test process, with what it printed. Runs take turns, since the console is one.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    private static readonly Lock s_console = new();

    public static CommandRun Of(params string[] arguments)
    {
        lock (s_console)
        {
            TextWriter output = Console.Out, error = Console.Error;
            using StringWriter capturedOutput = new(), capturedError = new();
            try
            {
                Console.SetOut(capturedOutput);
                Console.SetError(capturedError);
                return new(EntryPoint.Run(arguments), capturedOutput.ToString(), capturedError.ToString());
            }
            finally
            {
                Console.SetOut(output);
                Console.SetError(error);
            }
        }
    }

    /// <summary>The lines on standard error that are neither notes nor progress.</summary>
    public string[] ErrorLines => [.. Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line.StartsWith("error:", StringComparison.Ordinal))];

    /// <summary>Exit code 0, or else what was said.</summary>
    public void AssertSucceeds() => Assert.True(ExitCode == 0, $"exit code {ExitCode}: {Error}{Output}");

    /// <summary>The rule for every failure: one line that names the file, an exit code of the right kind, no stack trace.</summary>
    public void AssertFailsWith(int exitCode, string named)
    {
        Assert.True(ExitCode == exitCode, $"exit code {ExitCode}, expected {exitCode}: {Error}");
        string line = Assert.Single(ErrorLines);
        Assert.Contains(named, line);
        Assert.DoesNotContain("   at ", Error);
        Assert.DoesNotContain("internal error", Error);
    }
}
