using System.Globalization;
using System.Text;
using System.Text.Json;
using SamMed2D.Core.Files;
using SamMed2D.Imaging.Plots;

namespace SamMed2D.Training.Runs;

/// <summary>A run's curves, read off its progress: <c>curves.csv</c> for tables, <c>curves.png</c> to look at.</summary>
/// <param name="folder">The run's folder.</param>
/// <param name="progress">The progress file.</param>
/// <param name="unit">What samples are.</param>
internal sealed class Curves(string folder, string progress, string unit)
{
    private static readonly string[] s_columns = ["step", "samples", "loss", "dice", "iouError", "gradientNorm", "learningRate", "validationDice"];

    /// <summary>Writes the table: a row for each report and each validation.</summary>
    public void Write()
    {
        StringBuilder text = new(string.Join(',', s_columns) + "\n");
        foreach (JsonElement line in ReadLines())
        {
            bool isValidation = IsEvent(line, "evaluation");
            text.AppendJoin(',', s_columns.Select(column => column switch
            {
                "validationDice" => isValidation ? Cell(line, "dice") : "",
                "dice" when isValidation => "",
                _ => Cell(line, column),
            })).Append('\n');
        }
        AtomicFile.WriteText(Path.Combine(folder, "curves.csv"), text.ToString());
    }

    /// <summary>Draws loss and Dice against samples; nothing while there is nothing to draw.</summary>
    public void Draw()
    {
        JsonElement[] lines = [.. ReadLines()];
        PlotLine? loss = LineOf("loss", "loss", "step"), dice = LineOf("Dice while learning", "dice", "step"), validation = LineOf("Dice of the validation", "dice", "evaluation");
        if (loss is not null) PlotFile.WriteLines(Path.Combine(folder, "loss.png"), "Loss", unit, "loss", [loss]);
        PlotLine[] scores = [.. new[] { dice, validation }.Where(line => line is not null).Select(line => line!)];
        if (scores.Length > 0) PlotFile.WriteLines(Path.Combine(folder, "dice.png"), "Dice", unit, "mean Dice", scores);

        PlotLine? LineOf(string name, string field, string what)
        {
            (double X, double Y)[] points = [.. lines.Where(line => IsEvent(line, what) && line.TryGetProperty(field, out _))
                .Select(line => (line.GetProperty("samples").GetDouble(), line.GetProperty(field).GetDouble()))];
            return points.Length == 0 ? null : new(name, [.. points.Select(point => point.X)], [.. points.Select(point => point.Y)]);
        }
    }

    // What a killed session reported beyond its last checkpoint is done and reported again by the next one.
    private List<JsonElement> ReadLines()
    {
        List<JsonElement> kept = [];
        if (!File.Exists(progress)) return kept;
        foreach (string text in File.ReadLines(progress))
        {
            if (Parse(text) is not { } line) continue;
            if (IsEvent(line, "started")) kept.RemoveAll(earlier => earlier.GetProperty("step").GetInt64() > line.GetProperty("step").GetInt64());
            else if (IsEvent(line, "step") || IsEvent(line, "evaluation")) kept.Add(line);
        }
        return kept;
    }

    // The last line may be cut off where the process was killed.
    private static JsonElement? Parse(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsEvent(JsonElement line, string what) => line.ValueKind == JsonValueKind.Object && line.TryGetProperty("event", out JsonElement name) && name.ValueEquals(what);

    private static string Cell(JsonElement line, string name) =>
        line.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble().ToString("R", CultureInfo.InvariantCulture) : "";
}
