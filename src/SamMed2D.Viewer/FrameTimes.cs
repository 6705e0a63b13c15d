using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace SamMed2D.Viewer;

/// <summary>
/// How long the viewer takes: from its start to a scan's first picture, for frames from their input to the screen, for masks from the prompt to the answer;
/// and the memory it took. Frames and masks are told by section: those up to the next note of a script.
/// </summary>
internal sealed class FrameTimes
{
    private readonly List<Section> _sections = [new("")];
    private double? _firstPicture;
    private long _begun;

    /// <summary>Number of frames.</summary>
    public int Count => _sections.Sum(section => section.Frames.Count);

    /// <summary>A frame begins.</summary>
    public void Begin() => _begun = Stopwatch.GetTimestamp();

    /// <summary>A frame is on the screen.</summary>
    /// <param name="hasScan">Whether it shows a scan.</param>
    public void End(bool hasScan)
    {
        _sections[^1].Frames.Add(Stopwatch.GetElapsedTime(_begun).TotalMilliseconds);
        if (hasScan) _firstPicture ??= (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalSeconds;
    }

    /// <summary>A mask has come for a prompt.</summary>
    public void AddMask(TimeSpan elapsed) => _sections[^1].Masks.Add(elapsed.TotalMilliseconds);

    /// <summary>Ends a section and begins another.</summary>
    public void BeginSection(string section)
    {
        _sections[^1].Megabytes = Megabytes("VmRSS:");
        _sections.Add(new(section));
    }

    /// <summary>A line for each thing measured: number, median, 95th percentile and longest.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        if (_firstPicture is { } seconds) text.AppendLine(CultureInfo.InvariantCulture, $"start to first picture: {seconds:0.00} s");
        foreach (Section section in _sections)
        {
            string title = section.Name.Length > 0 ? $"{section.Name}: " : "";
            if (section.Frames.Count > 0) text.AppendLine($"{title}{section.Frames.Count} frames: {Describe(section.Frames)}");
            if (section.Masks.Count > 0) text.AppendLine($"{title}{section.Masks.Count} masks: {Describe(section.Masks)}");
            if ((section.Megabytes ?? Megabytes("VmRSS:")) is { } megabytes) text.AppendLine(CultureInfo.InvariantCulture, $"{title}memory at the end: {megabytes:0} MB");
        }
        if (Megabytes("VmHWM:") is { } peak) text.AppendLine(CultureInfo.InvariantCulture, $"most memory at once: {peak:0} MB");
        return text.ToString().TrimEnd();
    }

    private static string Describe(List<double> milliseconds)
    {
        double[] sorted = [.. milliseconds.Order()];
        return string.Create(CultureInfo.InvariantCulture, $"median {At(0.5):0.0} ms, 95th percentile {At(0.95):0.0} ms, longest {sorted[^1]:0.0} ms");

        double At(double share) => sorted[(int)Math.Round(share * (sorted.Length - 1))];
    }

    // What Linux says of the process: VmRSS is what it holds, VmHWM the most that it ever held.
    private static double? Megabytes(string name)
    {
        const string file = "/proc/self/status";
        if (!File.Exists(file)) return null;
        string? line = File.ReadLines(file).FirstOrDefault(l => l.StartsWith(name, StringComparison.Ordinal));
        return line is not null && long.TryParse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture, out long kilobytes) ? kilobytes / 1024.0 : null;
    }

    /// <summary>What was measured up to the next note.</summary>
    private sealed record Section(string Name)
    {
        public List<double> Frames { get; } = [];

        public List<double> Masks { get; } = [];

        public double? Megabytes { get; set; }
    }
}
