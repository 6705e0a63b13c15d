using System.Text.Json;
using System.Text.Json.Serialization;

namespace SamMed2D.Training.Runs;

/// <summary>One line of a run's progress, as JSON; the caller shows it as a bar. Fields that do not apply are left out.</summary>
internal sealed record ProgressLine
{
    /// <summary><c>started</c>, <c>step</c>, <c>checkpoint</c>, <c>evaluation</c> or <c>finished</c>.</summary>
    public required string Event { get; init; }

    public long? Step { get; init; }

    public long? Steps { get; init; }

    public long? Samples { get; init; }

    public double? Loss { get; init; }

    public double? Dice { get; init; }

    public double? IouError { get; init; }

    public double? GradientNorm { get; init; }

    public double? LearningRate { get; init; }

    public double? SamplesPerSecond { get; init; }

    public double? SecondsLeft { get; init; }

    public string? File { get; init; }

    public string? Text { get; init; }
}

/// <summary>Writes progress as JSON lines to standard output and, appended, to a file beside the checkpoints.</summary>
internal sealed class ProgressLog(string? path)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public void Write(ProgressLine line)
    {
        string text = JsonSerializer.Serialize(line, s_json);
        Console.Out.WriteLine(text);
        Console.Out.Flush();
        if (path is not null) File.AppendAllText(path, text + "\n");
    }
}
