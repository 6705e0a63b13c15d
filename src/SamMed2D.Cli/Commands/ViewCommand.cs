using System.CommandLine;
using System.Diagnostics;
using SamMed2D.Cli.Terminal;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d view</c>: starts the viewer, a program of its own beside this one.</summary>
internal static class ViewCommand
{
    private static readonly CompanionProgram s_viewer = new("sammed2d-viewer", "viewer", Path.Combine("src", "SamMed2D.Viewer"), "SAMMED2D_VIEWER");

    public static Command Create()
    {
        Argument<string[]> scans = new("SCAN") { Description = "Scans to open: NIfTI, NRRD, MetaImage or DICOM files, or folders of DICOM files.", Arity = ArgumentArity.ZeroOrMore };
        Command command = new("view", "Opens a window: look at scans, segment them, correct and measure.") { scans };
        command.SetAction(parsed =>
        {
            ProcessStartInfo start = s_viewer.ToStart();
            foreach (string scan in parsed.GetValue(scans) ?? []) start.ArgumentList.Add(scan);
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;
        });
        return command;
    }
}
