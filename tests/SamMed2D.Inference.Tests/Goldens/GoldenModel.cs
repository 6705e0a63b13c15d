using System.Text.Json;
using SamMed2D.Core.Prompts;
using SamMed2D.Testing;

namespace SamMed2D.Inference.Tests.Goldens;

/// <summary>One of the models in <c>../shared/model-goldens</c>: random weights, with what the reference code made of real slices.</summary>
internal sealed class GoldenModel
{
    public static readonly string[] Names = ["sam-med2d-tiny", "sam-med2d-tiny-no-adapter", "sam-tiny-1024"];

    public GoldenModel(string name)
    {
        Name = name;
        Arrays = new(Repository.SharedPath("model-goldens", name + ".npz"));
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(Repository.SharedPath("model-goldens", name + ".json")));
        Cases = [.. cases.RootElement.EnumerateArray().Select(GoldenCase.Read)];
    }

    public static string? Missing => Repository.SharedMissing("model-goldens") ?? Repository.SharedMissing("data", "slices-2d");

    public string Name { get; }

    public NpzFile Arrays { get; }

    public IReadOnlyList<GoldenCase> Cases { get; }

    /// <summary>Side of the model's input.</summary>
    public int ImageSize => Cases[0].InputSize;
}

/// <summary>One prompt on one image.</summary>
/// <param name="Name">Image and prompt, as in the arrays' names.</param>
/// <param name="Image">The image's name.</param>
/// <param name="Box">The box, if any.</param>
/// <param name="Points">The points.</param>
/// <param name="MaskFrom">The case whose low-resolution mask is the mask prompt, if any.</param>
/// <param name="MaskIndex">Which of its masks.</param>
/// <param name="InputSize">Side of the model's input.</param>
/// <param name="Best">The mask that the reference chose.</param>
internal sealed record GoldenCase(
    string Name, string Image, PromptBox? Box, IReadOnlyList<PromptPoint> Points, string? MaskFrom, int MaskIndex, int InputSize, int Best)
{
    public static GoldenCase Read(JsonElement element)
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
        return new(name, image, box, points, maskFrom, maskFrom is null ? 0 : prompt.GetProperty("mask_index").GetInt32(),
            element.GetProperty("input_size").GetInt32(), element.GetProperty("best_multimask").GetInt32());
    }
}
