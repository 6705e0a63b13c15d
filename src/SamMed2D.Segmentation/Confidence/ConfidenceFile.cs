using System.Text.Json;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Confidence;

/// <summary>Reads and writes a <see cref="ConfidenceModel"/> as JSON: the file <c>confidence.json</c> of a model's folder, and part of records.</summary>
public static class ConfidenceFile
{
    /// <summary>Its name in a model's folder.</summary>
    public const string Name = "confidence.json";

    private const string Format = "sammed2d-confidence";
    private const int Version = 1;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="InvalidFileException">The file cannot be read, is no such file, is damaged, or is of another version.</exception>
    public static ConfidenceModel Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidFileException(path, "cannot be read; check that it exists and its permissions", failure);
        }
    }

    /// <summary>Writes a file; one already there stays whole until the new one is complete.</summary>
    /// <exception cref="OutputException">The place cannot be written.</exception>
    public static void Write(ConfidenceModel model, string path) => AtomicFile.Write(path, stream =>
    {
        using Utf8JsonWriter json = new(stream, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteString("format", Format);
        json.WriteNumber("version", Version);
        WriteContent(json, model);
        json.WriteEndObject();
    });

    internal static ConfidenceModel Parse(string text, string file)
    {
        RecordNode root = RecordNode.Parse(text, file, "Take an undamaged copy of it, or make it anew with 'sammed2d calibrate'.");
        if (root.Find("format") is not { } format || format.Text != Format) throw new InvalidFileException(file, "is no confidence file; expected one that 'sammed2d calibrate' wrote");
        if (root["version"].Whole() is var version && version != Version)
            throw new InvalidFileException(file, $"is a confidence file of version {version}; this program reads version {Version}; make it anew with 'sammed2d calibrate'");
        return ReadContent(root);
    }

    internal static void WriteContent(Utf8JsonWriter json, ConfidenceModel model)
    {
        json.WriteString("modelId", model.ModelId);
        json.WriteString("provenance", model.Provenance);
        json.WriteNumber("stopBelow", model.StopBelow);
        (KeyWeights key, BlendWeights blend) = (model.Key, model.Blend);
        Write(json, "key", ("intercept", key.Intercept), ("predictedIou", key.PredictedIou), ("stability", key.Stability));
        Write(json, "step", model.Step);
        Write(json, "presence", model.Presence);
        Write(json, "blend", ("intercept", blend.Intercept), ("passes", blend.Passes), ("agreement", blend.Agreement));
    }

    internal static ConfidenceModel ReadContent(RecordNode node)
    {
        RecordNode key = node["key"], blend = node["blend"];
        return new()
        {
            ModelId = node["modelId"].Text,
            Provenance = node["provenance"].Text,
            StopBelow = node["stopBelow"].Number,
            Key = new(key["intercept"].Number, key["predictedIou"].Number, key["stability"].Number),
            Step = ReadStep(node["step"]),
            Presence = ReadStep(node.Find("presence") ?? node["step"]), // files of earlier versions stop by confidence
            Blend = new(blend["intercept"].Number, blend["passes"].Number, blend["agreement"].Number),
        };
    }

    private static StepWeights ReadStep(RecordNode step) => new(
        step["intercept"].Number, step["predictedIou"].Number, step["stability"].Number, step["overlap"].Number, step["agreement"].Number,
        step["areaChange"].Number, step["similarity"].Number, step["distance"].Number);

    private static void Write(Utf8JsonWriter json, string name, StepWeights step) =>
        Write(json, name, ("intercept", step.Intercept), ("predictedIou", step.PredictedIou), ("stability", step.Stability), ("overlap", step.Overlap),
            ("agreement", step.Agreement), ("areaChange", step.AreaChange), ("similarity", step.Similarity), ("distance", step.Distance));

    private static void Write(Utf8JsonWriter json, string name, params ReadOnlySpan<(string Key, double Value)> numbers)
    {
        json.WriteStartObject(name);
        foreach ((string key, double value) in numbers) json.WriteNumber(key, value);
        json.WriteEndObject();
    }
}
