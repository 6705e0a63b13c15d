using System.Diagnostics;
using SamMed2D.Benchmarks.Harness;

namespace SamMed2D.Benchmarks.Files;

/// <summary>Another program that stays ready and does a piece of work for each line that it is sent, so that its start is not measured.</summary>
internal sealed class ExternalWorker : IDisposable
{
    private readonly Process _process;
    private readonly string _name;

    /// <summary>Starts it and waits for its first line.</summary>
    /// <exception cref="PartUnavailableException">It is not there, or ends at once.</exception>
    public ExternalWorker(string name, string program, params string[] arguments)
    {
        _name = name;
        try
        {
            ProcessStartInfo start = new(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (string argument in arguments) start.ArgumentList.Add(argument);
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception failure)
        {
            throw new PartUnavailableException($"{name} does not start ({failure.Message})");
        }
        Await();
    }

    /// <summary>Sends a line and waits until its work is done.</summary>
    public void Do(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        Await();
    }

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="PartUnavailableException">It is not there, or fails.</exception>
    public static void RunOnce(string name, string program, params string[] arguments)
    {
        using ExternalWorker worker = new(name, "/bin/sh", ["-c", "\"$0\" \"$@\" >&2 && echo done", program, .. arguments]);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private void Await()
    {
        if (_process.StandardOutput.ReadLine() is null) throw new PartUnavailableException($"{_name} failed: {_process.StandardError.ReadToEnd().Trim()}");
    }
}
