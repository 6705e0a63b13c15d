using System.Text.Json;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Tests.Onnx;
using SamMed2D.Testing;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Inference.Tests.Import;

/// <summary>A golden checkpoint imported into a temporary folder, with the reference's outputs beside it.</summary>
public sealed class GoldenModel : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("golden-").FullName;

    internal GoldenModel(string checkpoint, string goldens, ImportOptions options)
    {
        string folder = Path.Combine(_folder, "model");
        Result = ModelImport.Run(Repository.SharedPath("model-goldens", checkpoint + ".pth"), folder, options);
        Encoder = new GraphRunner(Path.Combine(folder, "encoder.onnx"));
        Decoder = new GraphRunner(Path.Combine(folder, "decoder.onnx"));
        Goldens = new NumpyArchive(Repository.SharedPath("model-goldens", goldens + ".npz"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Repository.SharedPath("model-goldens", goldens + ".json")));
        Cases = [.. json.RootElement.EnumerateArray().Select(GoldenCase.Parse)];
    }

    internal ImportResult Result { get; }

    internal GraphRunner Encoder { get; }

    internal GraphRunner Decoder { get; }

    internal NumpyArchive Goldens { get; }

    internal IReadOnlyList<GoldenCase> Cases { get; }

    internal Numbers Golden(string name)
    {
        NumpyArray array = Goldens[name];
        return new(array.Values, Array.ConvertAll(array.Shape, size => (long)size));
    }

    public void Dispose()
    {
        Encoder.Dispose();
        Decoder.Dispose();
        Goldens.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}

/// <summary>One prompt and what the reference made of it.</summary>
internal sealed record GoldenCase(string Image, string Prompt, int Height, int Width, int InputSize, int Best, (float X, float Y, float Label)[] Points, string? MaskFrom, int MaskIndex)
{
    public string Name => $"{Image}.{Prompt}";

    public static GoldenCase Parse(JsonElement json)
    {
        string[] name = json.GetProperty("case").GetString()!.Split('.');
        JsonElement prompt = json.GetProperty("prompt"), size = json.GetProperty("original_size");
        List<(float, float, float)> points = [];
        if (prompt.TryGetProperty("pts", out JsonElement coordinates))
        {
            float[] labels = [.. prompt.GetProperty("labels").EnumerateArray().Select(label => label.GetSingle())];
            points.AddRange(coordinates.EnumerateArray().Select((point, n) => (point[0].GetSingle(), point[1].GetSingle(), labels[n])));
        }
        if (prompt.TryGetProperty("box", out JsonElement box))
        {
            points.Add((box[0].GetSingle(), box[1].GetSingle(), 2));
            points.Add((box[2].GetSingle(), box[3].GetSingle(), 3));
        }
        else if (points.Count > 0)
        {
            points.Add((0, 0, -1));
        }
        bool hasMask = prompt.TryGetProperty("mask_from", out JsonElement from);
        return new(name[0], name[1], size[0].GetInt32(), size[1].GetInt32(), json.GetProperty("input_size").GetInt32(), json.GetProperty("best_multimask").GetInt32(),
            [.. points], hasMask ? from.GetString() : null, hasMask ? prompt.GetProperty("mask_index").GetInt32() : 0);
    }

    /// <summary>Point coordinates in pixels of the model's image.</summary>
    public Numbers Coordinates => new([.. Points.SelectMany(point => (float[])[point.X * InputSize / Width, point.Y * InputSize / Height])], 1, Points.Length, 2);

    public Numbers Labels => new([.. Points.Select(point => point.Label)], 1, Points.Length);
}
