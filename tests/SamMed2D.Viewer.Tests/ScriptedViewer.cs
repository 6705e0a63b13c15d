using System.Diagnostics;
using SamMed2D.Testing;

namespace SamMed2D.Viewer.Tests;

/// <summary>The program run to its end by a script, without a display.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Error">What it said.</param>
internal sealed record ScriptedViewer(int ExitCode, string Error)
{
    /// <summary>Runs a script.</summary>
    /// <param name="folder">For the script, settings and state.</param>
    /// <param name="script">Its steps, as JSON.</param>
    /// <param name="environment">A variable to set; null for none.</param>
    /// <param name="arguments">Options, and what to open.</param>
    public static ScriptedViewer Run(string folder, string script, (string Name, string Value)? environment, params string[] arguments)
    {
        string file = Path.Combine(folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(file, script);
        ProcessStartInfo start = new("dotnet", [ViewerSession.Program, "view", "--offscreen", "--size", "1024x700", "--script", file, .. arguments]) { RedirectStandardError = true };
        start.Environment["XDG_CONFIG_HOME"] = start.Environment["XDG_STATE_HOME"] = start.Environment["XDG_CACHE_HOME"] = folder;
        if (environment is { } variable) start.Environment[variable.Name] = variable.Value;
        using Process process = Process.Start(start)!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return new(process.ExitCode, error);
    }

    public static string Sample(string name) => Path.Combine(Repository.Root, "sample-volumes", name);
}
