using System.Text.Json;
using SamMed2D.Inference.Checkpoints;
using SamMed2D.Inference.Import;
using SamMed2D.Testing;
using SamMed2D.Testing.Checkpoints;
using SamMed2D.Training.Native;
using SamMed2D.Training.Sam;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamMed2D.Training.Tests.Sam;

/// <summary>The network against what the public reference code computed with the same weights (<c>../shared/model-goldens</c>).</summary>
public class SamParityTests
{
    private const double LogitTolerance = 2e-4, IouTolerance = 1e-5;

    [Fact]
    public void Decode_TinySamMed2D_EqualsReference() => AssertOutputs("sam-med2d-tiny", "sam-med2d-tiny", hasAdapters: true, cases: 21);

    [Fact]
    public void Decode_WithoutAdapters_EqualsReference() => AssertOutputs("sam-med2d-tiny", "sam-med2d-tiny-no-adapter", hasAdapters: false, cases: 3);

    [Fact]
    public void Backward_OneTrainingStep_EqualsReferenceLossesAndGradients()
    {
        RequireGoldens();
        using NumpyArchive golden = new(Repository.SharedPath("model-goldens", "training-step.npz"));
        using SamNetwork network = Load("sam-med2d-tiny", hasAdapters: true);
        using DisposeScope scope = NewDisposeScope();
        SamAnswer answer = network.Predict(network.Encoder.Encode(ToTensor(golden["input_image"])), new() { Count = 1, Boxes = ToTensor(golden["box"]).reshape(1, 4) });
        SamLossParts loss = new SamLoss().Of(answer, ToTensor(golden["label"]).reshape(1, 1, 256, 256));

        foreach ((string name, Tensor value) in (ReadOnlySpan<(string, Tensor)>)[("focal", loss.Focal), ("dice", loss.Dice), ("mask_iou", loss.IouError), ("loss", loss.Total)])
            Assert.InRange(value.item<float>() / golden[name].Values[0], 1 - 1e-5, 1 + 1e-5);

        loss.Total.backward();
        Dictionary<string, Parameter> parameters = network.named_parameters().ToDictionary(parameter => parameter.name, parameter => parameter.parameter);
        string[] names = Names(Repository.SharedPath("model-goldens", "training-step.npz"), "grad_norm_names");
        float[] norms = golden["grad_norms"].Values;
        Assert.Equal(192, names.Length);
        for (int n = 0; n < names.Length; n++)
        {
            double norm = parameters[names[n]].grad is { } gradient ? gradient.norm().item<float>() : 0;
            // A key's bias cancels in the softmax: its gradient is zero but for rounding, some 1e-8.
            Assert.True(Math.Abs(norm - norms[n]) <= 1e-3 * norms[n] + 1e-7, $"{names[n]}: {norm}, expected {norms[n]}");
        }
    }

    private static void AssertOutputs(string checkpoint, string goldens, bool hasAdapters, int cases)
    {
        RequireGoldens();
        using NumpyArchive golden = new(Repository.SharedPath("model-goldens", goldens + ".npz"));
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Repository.SharedPath("model-goldens", goldens + ".json")));
        using SamNetwork network = Load(checkpoint, hasAdapters);
        using IDisposable noGradient = no_grad();
        Dictionary<string, Tensor> embeddings = [];
        foreach (JsonElement element in json.RootElement.EnumerateArray())
        {
            using DisposeScope scope = NewDisposeScope();
            string name = element.GetProperty("case").GetString()!, image = name.Split('.')[0];
            if (!embeddings.TryGetValue(image, out Tensor? embedding))
            {
                embeddings[image] = embedding = network.Encoder.Encode(ToTensor(golden[image + ".input_image"])).MoveToOuterDisposeScope();
                AssertClose(golden[image + ".image_embeddings"], embedding, LogitTolerance, image);
            }
            (Tensor logits, Tensor ious) = network.Decode(embedding, ReadPrompts(element, golden, image));
            AssertClose(golden[name + ".low_res"], logits, LogitTolerance, name);
            AssertClose(golden[name + ".iou"], ious, IouTolerance, name);
            Assert.Equal(element.GetProperty("best_multimask").GetInt32(), 1 + ious.narrow(1, 1, 3).argmax(1).item<long>());
        }
        foreach (Tensor embedding in embeddings.Values) embedding.Dispose();
        Assert.Equal(cases, json.RootElement.GetArrayLength());
    }

    private static SamPrompts ReadPrompts(JsonElement element, NumpyArchive golden, string image)
    {
        JsonElement prompt = element.GetProperty("prompt"), size = element.GetProperty("original_size");
        float scaleX = 256f / size[1].GetInt32(), scaleY = 256f / size[0].GetInt32();
        float[] Scaled(JsonElement numbers) => [.. numbers.EnumerateArray().Select((number, n) => number.GetSingle() * (n % 2 == 0 ? scaleX : scaleY))];
        SamPrompts prompts = new() { Count = 1 };
        if (prompt.TryGetProperty("pts", out JsonElement points))
        {
            float[] coordinates = [.. points.EnumerateArray().SelectMany(Scaled)], labels = [.. prompt.GetProperty("labels").EnumerateArray().Select(label => label.GetSingle())];
            prompts = prompts with { Points = tensor(coordinates, 1, labels.Length, 2), Labels = tensor(labels, 1, labels.Length) };
        }
        if (prompt.TryGetProperty("box", out JsonElement box)) prompts = prompts with { Boxes = tensor(Scaled(box), 1, 4) };
        if (prompt.TryGetProperty("mask_from", out JsonElement from))
            prompts = prompts with { Masks = ToTensor(golden[$"{image}.{from.GetString()}.low_res"]).narrow(1, prompt.GetProperty("mask_index").GetInt32(), 1).sigmoid() };
        return prompts;
    }

    private static SamNetwork Load(string checkpoint, bool hasAdapters)
    {
        using CheckpointFile file = CheckpointFile.Open(Repository.SharedPath("model-goldens", checkpoint + ".pth"));
        SamNetwork network = new(SamArchitecture.Read(file), 256, hasAdapters, new Arithmetic());
        SamWeights.Load(file, network, seed: 1);
        return network;
    }

    private static void RequireGoldens()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        Assert.SkipWhen(Repository.SharedMissing("model-goldens") is not null, Repository.SharedMissing("model-goldens") ?? "");
    }

    private static Tensor ToTensor(NumpyArray array) => tensor(array.Values, [.. array.Shape.Select(size => (long)size)]);

    private static void AssertClose(NumpyArray expected, Tensor actual, double tolerance, string what)
    {
        Assert.Equal([.. expected.Shape.Select(size => (long)size)], actual.shape);
        double difference = (ToTensor(expected) - actual).abs().max().item<float>();
        Assert.True(difference <= tolerance, $"{what}: differs by {difference:e2}, allowed {tolerance}");
    }

    // NumPy's fixed-width texts are UTF-32, which the shared reader does not take.
    private static string[] Names(string path, string name)
    {
        using System.IO.Compression.ZipArchive archive = System.IO.Compression.ZipFile.OpenRead(path);
        using Stream stream = archive.GetEntry(name + ".npy")!.Open();
        using MemoryStream bytes = new();
        stream.CopyTo(bytes);
        byte[] all = bytes.ToArray();
        int header = 10 + BitConverter.ToUInt16(all, 8);
        int width = int.Parse(System.Text.RegularExpressions.Regex.Match(System.Text.Encoding.ASCII.GetString(all, 10, header - 10), @"<U(\d+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        return [.. Enumerable.Range(0, (all.Length - header) / (4 * width)).Select(n => System.Text.Encoding.UTF32.GetString(all, header + 4 * width * n, 4 * width).TrimEnd('\0'))];
    }
}
