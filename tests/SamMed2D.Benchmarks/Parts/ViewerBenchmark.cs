using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using SamMed2D.Benchmarks.Harness;
using SamMed2D.Testing;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>The viewer itself, as <c>sammed2d view --script … --frame-times</c> tells it: start, frames, masks, memory, and scans opened and closed.</summary>
internal sealed partial class ViewerBenchmark : IBenchmark
{
    private const int Rounds = 3, Scans = 100;
    private static readonly string s_program = Path.Combine(Repository.Root, "src", "SamMed2D.Cli", "bin", "Release", "net10.0", "sammed2d.dll");
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-viewer-").FullName;

    public string Name => "viewer";

    public string Title => "The viewer: start, frames, masks, memory";

    public void Run(Report report)
    {
        try
        {
            report.Text($"`sammed2d view --script … --frame-times --size 1440x900` on the sample scans, a process of its own each time, {Rounds} rounds; figures are the medians of the rounds, with the best in brackets. "
                + "*offscreen* lays the window out and draws the views; *window* also draws it all on the screen (Xvfb, llvmpipe). Each step of a script is a frame, as each notch of a wheel is.");
            foreach (string scan in (string[])["abdomen-ct", "brain-mr"]) Measure(report, scan);
            OpenAndClose(report);
        }
        finally
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void Measure(Report report, string scan)
    {
        string path = Path.Combine(Repository.Root, "sample-volumes", $"{scan}.nii.gz"), script = Path.Combine(_folder, $"{scan}.json");
        File.WriteAllText(script, Session().ToJsonString());
        List<(string Where, List<Dictionary<string, double>> Runs)> found = [("offscreen", [])];
        if (HasXvfb) found.Add(("window", []));
        for (int round = 0; round < Rounds; round++)
            foreach ((string where, List<Dictionary<string, double>> runs) in found) runs.Add(Viewer(where == "window", script, path));
        string[] names = [.. found[0].Runs[0].Keys];
        report.Table([scan, .. found.Select(f => f.Where)], [.. names.Select(name => (string[])[name, .. found.Select(f => Cell(f.Runs, name))])]);
        Dictionary<string, double> shown = Medians(found[^1].Runs);
        long scanBytes = VoxelBytes(path);
        double limit = 3 * scanBytes / 1048576.0 + 300, fastest = Best(found[^1].Runs, "scroll: frames, median ms");
        report.Goal($"{scan}, whole command from start to end of a first picture", "< 3 s", $"{Report.Number(shown["whole command to the first picture, s"])} s", shown["whole command to the first picture, s"] < 3);
        report.Goal($"{scan}, slice scrolling", "≥ 60 frames/s", $"{Report.Number(1000 / shown["scroll: frames, median ms"])} frames/s by the median, {Report.Number(1000 / fastest)} in the best round", shown["scroll: frames, median ms"] <= 1000 / 60.0);
        report.Goal($"{scan}, turning in 3D", "≥ 10 frames/s", $"{Report.Number(1000 / shown["turn: frames, median ms"])} frames/s by the median", shown["turn: frames, median ms"] <= 100);
        report.Goal($"{scan}, a prompt's mask", "< 100 ms", $"median {Report.Number(shown["prompts: masks, median ms"])} ms", shown["prompts: masks, median ms"] < 100);
        report.Goal($"{scan}, the most memory of the session", "< scan × 3 + 300 MB", $"{shown["most memory at once, MB"]:0} MB of {limit:0} MB", shown["most memory at once, MB"] < limit);
    }

    private void OpenAndClose(Report report)
    {
        string path = Path.Combine(Repository.Root, "sample-volumes", "abdomen-ct.nii.gz"), script = Path.Combine(_folder, "open-close.json");
        JsonArray steps = [];
        for (int n = 0; n < Scans; n++)
        {
            if (n == Scans / 5) steps.Add(Note("first fifth done"));
            steps.Add(Step("scan.open", new() { ["path"] = path }));
            steps.Add(new JsonObject { ["wait"] = 60 });
            steps.Add(Step("scan.close", new() { ["discard"] = true }));
            steps.Add(new JsonObject { ["wait"] = 60 });
        }
        File.WriteAllText(script, steps.ToJsonString());
        Dictionary<string, double> found = Viewer(HasXvfb, script);
        double grown = found["first fifth done: memory MB"] - found["memory MB"];
        report.Goal($"{Scans} scans opened and closed in the {(HasXvfb ? "window" : "offscreen viewer")}", "no growth of more than 30 MB after the first fifth",
            $"{found["memory MB"]:0} MB after the first fifth, {found["first fifth done: memory MB"]:0} MB at the end", grown < 30);
    }

    // Looking, scrolling, turning; a first mask and twenty more; the same with labels and their surface.
    private static JsonArray Session()
    {
        JsonArray steps = [new JsonObject { ["wait"] = 60 }, Note("look"), new JsonObject { ["wait"] = 60 }, Note("scroll")];
        Repeat(120, n => Step("view.scroll", new() { ["view"] = "axial", ["slices"] = n / 20 % 2 == 0 ? 1 : -1 }));
        steps.Add(Note("turn"));
        Repeat(60, n => Step("3d.orbit", new() { ["right"] = 12, ["down"] = n % 2 == 0 ? 3 : -3 }));
        Add(Note("first prompt"), Step("tool.box"), Step("view.slice", new() { ["view"] = "axial", ["slice"] = 30 }), new JsonObject { ["wait"] = 60 });
        Repeat(21, n =>
        {
            if (n == 1) steps.Add(Note("prompts"));
            steps.Add(Step("prompt.box", new() { ["view"] = "axial", ["slice"] = 30, ["box"] = new JsonArray(40 + n % 5, 40, 110 + n % 7, 110) }));
            return new JsonObject { ["wait"] = 30 };
        });
        Add(Step("prompt.accept"), new JsonObject { ["wait"] = 60 }, Note("scroll with labels"));
        Repeat(60, n => Step("view.scroll", new() { ["view"] = "axial", ["slices"] = n / 10 % 2 == 0 ? 1 : -1 }));
        return steps;

        void Add(params ReadOnlySpan<JsonNode> more)
        {
            foreach (JsonNode step in more) steps.Add(step);
        }

        void Repeat(int times, Func<int, JsonNode> step)
        {
            for (int n = 0; n < times; n++) steps.Add(step(n));
            steps.Add(new JsonObject { ["wait"] = 30 });
        }
    }

    private static JsonObject Step(string command, JsonObject? arguments = null) => arguments is null ? new() { ["run"] = command } : new() { ["run"] = command, ["with"] = arguments };

    private static JsonObject Note(string words) => new() { ["note"] = words };

    private static bool HasXvfb { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "Xvfb")));

    private Dictionary<string, double> Viewer(bool inWindow, string script, params string[] scans)
    {
        Process? server = inWindow ? Process.Start(new ProcessStartInfo("Xvfb", ["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"]) { RedirectStandardOutput = true, RedirectStandardError = true }) : null;
        try
        {
            Dictionary<string, double> figures = [];
            string display = server is null ? "" : $":{server.StandardOutput.ReadLine()}", empty = Path.Combine(_folder, "empty.json");
            File.WriteAllText(empty, "[{ \"wait\": 60 }]");
            if (scans.Length > 0)
            {
                Stopwatch clock = Stopwatch.StartNew();
                Start(display, empty, scans);
                figures["whole command to the first picture, s"] = clock.Elapsed.TotalSeconds;
            }
            foreach (Match match in Line().Matches(Start(display, script, scans)))
            {
                string kind = match.Groups["kind"].Value;
                double Number(string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);
                if (kind is "start to first picture") figures["viewer's start to the first picture, s"] = Number("value");
                else if (kind.EndsWith("memory at the end", StringComparison.Ordinal)) figures[kind.Replace("memory at the end", "memory MB", StringComparison.Ordinal)] = Number("value");
                else if (kind is "most memory at once") figures["most memory at once, MB"] = Number("value");
                else
                {
                    string what = CountIn().Replace(kind, "");
                    if (what is "frames") continue; // before the first note
                    (figures[$"{what}, median ms"], figures[$"{what}, 95th percentile ms"]) = (Number("median"), Number("high"));
                }
            }
            return figures;
        }
        finally
        {
            server?.Kill();
            server?.WaitForExit();
            server?.Dispose();
        }
    }

    private string Start(string display, string script, string[] scans)
    {
        ProcessStartInfo start = new("dotnet", [s_program, "view", "--size", "1440x900", "--frame-times", "--script", script, .. scans]) { RedirectStandardError = true };
        if (display.Length == 0) start.ArgumentList.Add("--offscreen");
        start.Environment["DISPLAY"] = display;
        start.Environment["LIBGL_ALWAYS_SOFTWARE"] = "1";
        string state = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        start.Environment["XDG_CONFIG_HOME"] = start.Environment["XDG_STATE_HOME"] = state;
        using Process process = Process.Start(start)!;
        string told = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? told : throw new InvalidOperationException($"The viewer ended with {process.ExitCode}: {told}");
    }

    private static Dictionary<string, double> Medians(List<Dictionary<string, double>> runs) =>
        runs[0].Keys.Where(name => runs.All(run => run.ContainsKey(name))).ToDictionary(name => name, name => runs.Select(run => run[name]).Order().ElementAt(runs.Count / 2));

    private static double Best(List<Dictionary<string, double>> runs, string name) => runs.Min(run => run[name]);

    private static string Cell(List<Dictionary<string, double>> runs, string name) =>
        Medians(runs).TryGetValue(name, out double median) ? $"{Report.Number(median)} ({Report.Number(Best(runs, name))})" : "";

    private static long VoxelBytes(string path)
    {
        Core.Volumes.Volume volume = new Imaging.VolumeFiles().Read(path);
        return volume.Geometry.VoxelCount * 2; // the sample scans hold 16 bits a voxel
    }

    [GeneratedRegex(@"^(?<kind>.*?): (?:(?<value>[0-9.]+) (?:s|MB)|median (?<median>[0-9.]+) ms, 95th percentile (?<high>[0-9.]+) ms.*)$", RegexOptions.Multiline)]
    private static partial Regex Line();

    [GeneratedRegex("[0-9]+ (?=frames|masks)")]
    private static partial Regex CountIn();
}
