using System.Diagnostics;
using SamMed2D.Testing;

namespace SamMed2D.EndToEnd.Tests;

/// <summary>A run of the built program as its own process.</summary>
internal sealed class ProgramRun : IDisposable
{
    private static readonly string s_program = Path.Combine(Repository.Root, "src", "SamMed2D.Cli", "bin", BuildConfiguration, "net10.0", "sammed2d.dll");
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private ProgramRun(string[] arguments)
    {
        ProcessStartInfo start = new("dotnet") { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in (string[])[s_program, .. arguments]) start.ArgumentList.Add(argument);
        _process = Process.Start(start)!;
        (_output, _error) = (_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync());
    }

    private const string BuildConfiguration =
#if DEBUG
        "Debug";
#else
        "Release";
#endif

    public int ExitCode => _process.ExitCode;

    public string Output => _output.Result;

    public string Error => _error.Result;

    public static ProgramRun Start(params string[] arguments) => new(arguments);

    /// <summary>Runs to the end and expects success.</summary>
    public static string Succeed(params string[] arguments)
    {
        using ProgramRun run = new(arguments);
        run.Wait();
        Assert.True(run.ExitCode == 0, $"sammed2d {string.Join(' ', arguments)} exited with {run.ExitCode}: {run.Error}");
        return run.Output;
    }

    /// <summary>Sends SIGINT, as Ctrl-C does.</summary>
    public void Interrupt() => Process.Start("kill", ["-INT", _process.Id.ToString()]).WaitForExit();

    public bool HasEnded => _process.HasExited;

    public void Wait() => Assert.True(_process.WaitForExit(TimeSpan.FromMinutes(5)), "the program did not end within five minutes");

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
