using System.Text.Json;
using SamMed2D.Core.Prompts;
using SamMed2D.Testing;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Inference.Tests.Sam;

/// <summary>What the reference code made of real slices and prompts with one model of <c>../shared/model-goldens</c>, in slice pixels.</summary>
internal sealed class GoldenAnswers : IDisposable
{
    private readonly NumpyArchive _arrays;

    public GoldenAnswers(string name)
    {
        Name = name;
        _arrays = new(Repository.SharedPath("model-goldens", name + ".npz"));
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(Repository.SharedPath("model-goldens", name + ".json")));
        Cases = [.. cases.RootElement.EnumerateArray().Select(GoldenPrompt.Read)];
    }

    public static string? Missing => Repository.SharedMissing("model-goldens") ?? Repository.SharedMissing("data", "slices-2d");

    public string Name { get; }

    public IReadOnlyList<GoldenPrompt> Cases { get; }

    public NumpyArray this[string name] => _arrays[name];

    public void Dispose() => _arrays.Dispose();

    /// <summary>One of the low-resolution masks of a case.</summary>
    public ReadOnlySpan<float> LowResolution(string name, int mask)
    {
        NumpyArray masks = _arrays[name + ".low_res"];
        int pixels = masks.Shape[2] * masks.Shape[3];
        return masks.Values.AsSpan(mask * pixels, pixels);
    }
}

/// <summary>One prompt on one image.</summary>
/// <param name="Name">Image and prompt, as in the arrays' names.</param>
/// <param name="Image">The image's name.</param>
/// <param name="Prompts">Box and points.</param>
/// <param name="MaskFrom">The case whose low-resolution mask is the mask prompt, if any.</param>
/// <param name="MaskIndex">Which of its masks.</param>
/// <param name="Height">Rows of the image.</param>
/// <param name="Width">Columns of the image.</param>
/// <param name="InputSize">Side of the model's input.</param>
/// <param name="Best">The mask that the reference chose.</param>
internal sealed record GoldenPrompt(string Name, string Image, PromptSet Prompts, string? MaskFrom, int MaskIndex, int Height, int Width, int InputSize, int Best)
{
    public static GoldenPrompt Read(JsonElement element)
    {
        string name = element.GetProperty("case").GetString()!;
        string image = name[..name.IndexOf('.')];
        JsonElement prompt = element.GetProperty("prompt");
        PromptBox? box = prompt.TryGetProperty("box", out JsonElement corners)
            ? new(corners[0].GetDouble(), corners[1].GetDouble(), corners[2].GetDouble(), corners[3].GetDouble())
            : null;
        PromptPoint[] points = prompt.TryGetProperty("pts", out JsonElement places)
            ? [.. places.EnumerateArray().Zip(prompt.GetProperty("labels").EnumerateArray(), (place, label) => new PromptPoint(place[0].GetDouble(), place[1].GetDouble(), label.GetInt32() == 1))]
            : [];
        string? maskFrom = prompt.TryGetProperty("mask_from", out JsonElement from) ? $"{image}.{from.GetString()}" : null;
        return new(name, image, new() { Box = box, Points = points }, maskFrom, maskFrom is null ? 0 : prompt.GetProperty("mask_index").GetInt32(),
            element.GetProperty("original_size")[0].GetInt32(), element.GetProperty("original_size")[1].GetInt32(), element.GetProperty("input_size").GetInt32(), element.GetProperty("best_multimask").GetInt32());
    }
}
