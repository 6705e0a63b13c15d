using System.Diagnostics;
using SamMed2D.Core.Errors;

namespace SamMed2D.Cli.Terminal;

/// <summary>Another program of the product that a command starts: the viewer, the training plug-in.</summary>
/// <param name="Name">Its file name, without an ending.</param>
/// <param name="InstalledFolder">Its folder beside this program where the product is installed.</param>
/// <param name="Project">Its project folder where it is built from source.</param>
/// <param name="PathVariable">The environment variable that names another file to start.</param>
internal sealed record CompanionProgram(string Name, string InstalledFolder, string Project, string PathVariable)
{
    /// <summary>How to start it, with nothing but its arguments to be added.</summary>
    /// <exception cref="MissingComponentException">It is not there.</exception>
    public ProcessStartInfo ToStart()
    {
        string path = Find();
        // Started by 'dotnet x.dll', this program may have no runtime where an executable looks for one.
        bool isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" && File.Exists(path + ".dll");
        ProcessStartInfo start = new(isHosted ? Environment.ProcessPath! : path) { UseShellExecute = false };
        if (isHosted) start.ArgumentList.Add(path + ".dll");
        return start;
    }

    private string Find()
    {
        if (Environment.GetEnvironmentVariable(PathVariable) is { Length: > 0 } named)
            return File.Exists(named) ? named : throw new MissingComponentException($"{PathVariable} names {named}, which does not exist; correct or unset it");
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            foreach (string candidate in (ReadOnlySpan<string>)[Path.Combine(InstalledFolder, Name), Path.Combine(Project, "bin", "Release", "net10.0", Name)])
            {
                string path = Path.Combine(folder.FullName, candidate);
                if (File.Exists(path)) return path;
            }
        throw new MissingComponentException($"{Name} is not built; run: dotnet build {Project} -c Release");
    }
}
