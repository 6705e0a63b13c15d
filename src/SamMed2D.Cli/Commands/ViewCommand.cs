using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using SamMed2D.Cli.Terminal;

namespace SamMed2D.Cli.Commands;

/// <summary><c>sammed2d view</c>: starts the viewer, a program of its own beside this one.</summary>
internal static class ViewCommand
{
    private static readonly CompanionProgram s_viewer = new("sammed2d-viewer", "viewer", Path.Combine("src", "SamMed2D.Viewer"), "SAMMED2D_VIEWER");

    public static Command Create()
    {
        Argument<string[]> scans = new("SCAN") { Description = "Scans to open: NIfTI, NRRD, MetaImage or DICOM files, or folders of DICOM files; the second lies on top of the first.", Arity = ArgumentArity.ZeroOrMore };
        Option<string?> size = new("--size") { Description = "Width and height of the window in pixels, such as 1440x900.", HelpName = "WxH" };
        size.Validators.Add(result => RequireSize(result.GetValueOrDefault<string?>(), result.AddError));
        Option<double?> scale = new("--scale") { Description = "How large text and controls are, 0.5 to 4; the display's own scale where not given.", HelpName = "NUMBER" };
        scale.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (>= 0.5 and <= 4))) result.AddError("--scale takes a number from 0.5 to 4");
        });
        Option<string?> script = new("--script") { Description = "Commands to run (JSON); the viewer ends after them, or at the first that fails.", HelpName = "FILE" };
        Option<string?> screenshot = new("--screenshot") { Description = "Save a picture of the window once everything is loaded, then end.", HelpName = "PNG" };
        Option<bool> offscreen = new("--offscreen") { Description = "Draw into memory, without a display; for scripts and screenshots." };
        Option<bool> frameTimes = new("--frame-times") { Description = "Say at the end how long the first picture, frames and masks took (median, 95th percentile), by the notes of the script, and the most memory." };
        Option<bool> checkOpenGl = new("--check-opengl") { Description = "Have the graphics driver check every call, and say at the end how many errors it found; slow." };
        Command command = new("view", "Opens a window: look at scans, segment them, correct and measure.") { scans, size, scale, script, screenshot, offscreen, frameTimes, checkOpenGl };
        command.Validators.Add(result =>
        {
            if (result.GetValue(offscreen) && result.GetValue(script) is null && result.GetValue(screenshot) is null) result.AddError("--offscreen needs --script or --screenshot: nobody could use the window");
        });
        command.SetAction(parsed =>
        {
            ProcessStartInfo start = s_viewer.ToStart();
            Pass("--size", parsed.GetValue(size));
            Pass("--scale", parsed.GetValue(scale)?.ToString(CultureInfo.InvariantCulture));
            Pass("--script", parsed.GetValue(script));
            Pass("--screenshot", parsed.GetValue(screenshot));
            if (parsed.GetValue(offscreen)) start.ArgumentList.Add("--offscreen");
            if (parsed.GetValue(frameTimes)) start.ArgumentList.Add("--frame-times");
            if (parsed.GetValue(checkOpenGl)) start.ArgumentList.Add("--check-opengl");
            foreach (string scan in parsed.GetValue(scans) ?? []) start.ArgumentList.Add(scan);
            using Process process = Process.Start(start)!;
            process.WaitForExit();
            return process.ExitCode;

            void Pass(string name, string? value)
            {
                if (value is null) return;
                start.ArgumentList.Add(name);
                start.ArgumentList.Add(value);
            }
        });
        return command;
    }

    private static void RequireSize(string? text, Action<string> addError)
    {
        if (text is null) return;
        string[] parts = text.Split('x');
        bool isSize = parts.Length == 2 && Array.TrueForAll(parts, part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int side) && side is >= 200 and <= 16384);
        if (!isSize) addError($"'{text}' is not a size such as 1440x900");
    }
}
