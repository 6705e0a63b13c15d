using System.Text.Json;
using System.Text.Json.Serialization;
using SamMed2D.Core.Errors;

namespace SamMed2D.Training.Runs;

/// <summary>One line of a run's progress, as JSON; the caller shows it as a bar. Fields that do not apply are left out.</summary>
internal sealed record ProgressLine
{
    /// <summary><c>started</c>, <c>step</c>, <c>checkpoint</c>, <c>evaluation</c>, <c>skipped</c>, <c>stopped</c> or <c>finished</c>.</summary>
    public required string Event { get; init; }

    public long? Step { get; init; }

    public long? Steps { get; init; }

    public long? Samples { get; init; }

    /// <summary>What samples are, in the plural.</summary>
    public string? Unit { get; init; }

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

/// <summary>Writes progress as JSON lines for whoever watches and, appended, to a file beside the checkpoints.</summary>
/// <param name="path">The file.</param>
/// <param name="watcher">Where the lines go as they come; not disposed.</param>
internal sealed class ProgressLog(string path, TextWriter watcher)
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private bool _isBegun;

    public void Write(ProgressLine line)
    {
        string text = JsonSerializer.Serialize(line, s_json);
        watcher.WriteLine(text);
        watcher.Flush();
        try
        {
            File.AppendAllText(path, (_isBegun || EndsWithALine() ? "" : "\n") + text + "\n");
            _isBegun = true;
        }
        catch (IOException failure)
        {
            throw new OutputException(path, $"cannot be written ({failure.Message}); free some space and start again: the last checkpoint is sound", failure);
        }
    }

    // The last line may be cut off where an earlier session was killed; what follows must not become a part of it.
    private bool EndsWithALine()
    {
        using FileStream stream = new(path, FileMode.OpenOrCreate, FileAccess.Read);
        if (stream.Length == 0) return true;
        stream.Position = stream.Length - 1;
        return stream.ReadByte() == '\n';
    }
}
