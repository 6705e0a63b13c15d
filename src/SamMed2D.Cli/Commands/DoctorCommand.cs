using System.CommandLine;
using SamMed2D.Cli.Doctor;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d doctor</c>: what this machine has, what it lacks, and what to do about it.</summary>
internal static class DoctorCommand
{
    public static Command Create(Shell shell)
    {
        Option<string?> model = new("--model") { Description = "The model folder to look at. Default: the bundled compact model." };
        Option<bool> json = new("--json") { Description = "Print the findings as JSON." };
        Command command = new("doctor", "Checks what this machine has and lacks, and says what to do about it.") { model, json };
        command.SetAction(parsed =>
        {
            List<Finding> findings = [];
            foreach (Check check in Checks.All(parsed.GetValue(model)))
            {
                shell.Cancellation.ThrowIfCancellationRequested();
                findings.Add(check.Run());
            }
            bool isSound = findings.TrueForAll(finding => finding.State != FindingState.Missing);
            if (parsed.GetValue(json)) Shell.PrintJson(new { isSound, findings = findings.Select(ToJson) });
            else Print(findings, isSound);
            return (int)(isSound ? ExitCode.Success : ExitCode.MissingComponent);
        });
        return command;
    }

    private static object ToJson(Finding finding) => new
    {
        finding.Area,
        finding.Name,
        State = finding.State.ToString().ToLowerInvariant(),
        finding.Found,
        finding.Remedy,
    };

    private static void Print(List<Finding> findings, bool isSound)
    {
        int width = findings.Max(finding => finding.Name.Length);
        foreach (Finding finding in findings)
        {
            string mark = finding.State switch { FindingState.Ok => "ok      ", FindingState.Optional => "optional", _ => "MISSING " };
            Shell.Print($"{mark}  {finding.Name.PadRight(width)}  {finding.Found}");
            if (finding.State != FindingState.Ok && !string.IsNullOrEmpty(finding.Remedy)) Shell.Print($"{new string(' ', 12 + width)}-> {finding.Remedy}");
        }
        Shell.Print(isSound ? "everything that is needed is there" : "something is missing; see the arrows");
    }
}
