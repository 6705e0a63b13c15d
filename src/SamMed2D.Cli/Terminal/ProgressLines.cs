using System.Diagnostics;
using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace SamMed2D.Cli.Terminal;

/// <summary>Progress where there is no terminal (logs, pipes): one line every five seconds.</summary>
internal sealed class ProgressLines(string title, string unit, Func<string>? detail = null, bool isTimed = true)
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = s_interval;

    public void Report(long done, long total)
    {
        TimeSpan elapsed = _clock.Elapsed;
        if (elapsed < _next) return;
        _next = elapsed + s_interval;
        double rate = done / elapsed.TotalSeconds;
        string left = isTimed && total > done && rate > 0 ? $", {(total - done) / rate:0} s left" : "";
        string speed = isTimed ? $", {rate:0.0} {unit}/s" : "";
        string count = unit.Length == 0 ? $"{100.0 * done / Math.Max(total, 1):0} %" : $"{done} of {total} {unit}{speed}";
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{title}: {count}{left}{(detail is null ? "" : ", " + detail())}"));
    }
}

/// <summary>Shows units a second beside a progress bar.</summary>
internal sealed class RateColumn(string unit) : ProgressColumn
{
    public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime)
    {
        if (unit.Length == 0 || task.ElapsedTime is not { TotalSeconds: > 0.2 } elapsed) return Text.Empty;
        return new Text(string.Create(CultureInfo.InvariantCulture, $"{task.Value / elapsed.TotalSeconds:0.0} {unit}/s"));
    }
}
