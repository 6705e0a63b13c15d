using System.Globalization;
using System.Text.Json;
using SamMed2D.Core.Progress;

namespace SamMed2D.Cli.Terminal;

/// <summary>Turns the JSON lines that the training plug-in prints into progress with loss, Dice and the time left.</summary>
internal sealed class TrainingProgress(Shell shell)
{
    private string _validation = "", _conclusion = "";
    private int _skipped;

    /// <summary>What to say beside the bar.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>Takes one line of the plug-in's output.</summary>
    /// <param name="line">JSON; anything else is passed on to standard error.</param>
    /// <param name="report">Told the samples done and in all.</param>
    public void Show(string line, ProgressCallback report)
    {
        if (!line.StartsWith('{'))
        {
            Console.Error.WriteLine(line);
            return;
        }
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement root = document.RootElement;
        switch (TextOf(root, "event"))
        {
            case "started" when TextOf(root, "text") is { Length: > 0 } what:
                shell.Note(what);
                break;
            case "step":
                ShowStep(root, report);
                break;
            case "evaluation":
                _validation = string.Create(CultureInfo.InvariantCulture, $", validation {NumberOf(root, "dice"):0.000}");
                break;
            case "skipped":
                _skipped++;
                break;
            case "finished" or "stopped":
                string why = TextOf(root, "text") is { Length: > 0 } text ? $" ({text})" : "";
                _conclusion = string.Create(CultureInfo.InvariantCulture,
                    $"training {TextOf(root, "event")} after {NumberOf(root, "samples"):0} {TextOf(root, "unit")}{why}; the same command goes on from here if any are left");
                break;
        }
    }

    /// <summary>Says how it ended, once the bar is gone.</summary>
    public void Conclude()
    {
        if (_conclusion.Length > 0) shell.Note(_conclusion);
    }

    private void ShowStep(JsonElement root, ProgressCallback report)
    {
        string skipped = _skipped == 0 ? "" : $", {_skipped} files left out";
        Detail = string.Create(CultureInfo.InvariantCulture,
            $"loss {NumberOf(root, "loss"):0.000}, Dice {NumberOf(root, "dice"):0.000}{_validation}, {NumberOf(root, "samplesPerSecond"):0.0} {TextOf(root, "unit")}/s, {TimeText(NumberOf(root, "secondsLeft"))} left{skipped}");
        double step = NumberOf(root, "step"), samples = NumberOf(root, "samples");
        report((long)samples, step > 0 ? (long)(samples / step * NumberOf(root, "steps")) : 0);
    }

    private static string TimeText(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{seconds / 60:0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };

    private static string TextOf(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value) ? value.GetString() ?? "" : "";

    private static double NumberOf(JsonElement root, string name) => root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
}
