using System.Diagnostics;
using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Inference.Checkpoints;
using SamMed2D.Inference.Import;
using SamMed2D.Testing.Checkpoints;
using SamMed2D.Training.Native;
using SamMed2D.Training.Sam;
using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace SamMed2D.Training.Tests.Sam;

/// <summary>Weights from a checkpoint into a network and back into a file that PyTorch and the product's own import take.</summary>
public sealed class SamWeightsTests : IDisposable
{
    private const string Python = "/usr/bin/python3";
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-weights-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Write_LoadedCheckpoint_HasEveryTensorUnchangedAndCanBeImported()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        string original = WriteOriginal(TinyTraining.Checkpoint), written = Path.Combine(_folder, "written.pth");
        using (SamNetwork network = Load(original, TinyTraining.Side)) TorchFile.Write(written, [.. SamWeights.ToStateDict(network)]);

        using CheckpointFile before = CheckpointFile.Open(original), after = CheckpointFile.Open(written);
        Assert.Equal(before.Tensors.Keys.Order(), after.Tensors.Keys.Order());
        foreach ((string name, CheckpointTensor tensor) in before.Tensors) Assert.Equal(tensor.ToArray(), after.Tensors[name].ToArray());
        Assert.Empty(after.CodeReferences);
        ImportResult import = ModelImport.Run(written, Path.Combine(_folder, "model"), new());
        Assert.True(import.Architecture.HasAdapters);
    }

    [Fact]
    public void Write_AnyNetwork_OpensInPythonsTorchWithTheSameSums()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        Assert.SkipUnless(File.Exists(Python) && Run("import torch").ExitCode == 0, "needs Debian's python3-torch");
        string written = Path.Combine(_folder, "written.pth");
        Dictionary<string, double> sums = [];
        using (SamNetwork network = Load(WriteOriginal(TinyTraining.Checkpoint), TinyTraining.Side))
        {
            TorchFile.Write(written, [.. SamWeights.ToStateDict(network)]);
            foreach ((string name, Parameter parameter) in network.named_parameters()) sums[name] = parameter.to_type(ScalarType.Float64).sum().item<double>();
        }
        (int exitCode, string output) = Run($"""
            import inspect, torch
            safe = dict(weights_only=True) if 'weights_only' in inspect.signature(torch.load).parameters else dict()
            for name, tensor in torch.load(r'{written}', map_location='cpu', **safe)['model'].items():
                print(name, tensor.dtype, repr(tensor.double().sum().item()), tensor.is_contiguous())
            """);

        Assert.Equal(0, exitCode);
        string[][] lines = [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' '))];
        Assert.Equal(sums.Keys.Order(), lines.Select(line => line[0]).Order());
        foreach (string[] line in lines)
        {
            Assert.Equal(("torch.float32", "True"), (line[1], line[3]));
            Assert.Equal(sums[line[0]], double.Parse(line[2], CultureInfo.InvariantCulture), 1e-6);
        }
    }

    [Fact]
    public void ToStateDict_LowRankThatLearned_IsMergedSoThatTheAnswerStays()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        string original = WriteOriginal(TinyTraining.Checkpoint), merged = Path.Combine(_folder, "merged.pth");
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using SamNetwork plain = Load(original, TinyTraining.Side), network = Load(original, TinyTraining.Side);
        network.AddLowRank(3, seed: 4);
        Tensor picture = arange(3L * TinyTraining.Side * TinyTraining.Side, dtype: ScalarType.Float32).sin().reshape(1, 3, TinyTraining.Side, TinyTraining.Side);
        Tensor start = network.Encoder.Encode(picture);
        Assert.Equal(0, Difference(plain.Encoder.Encode(picture), start)); // a new low-rank part changes nothing
        int changed = 0;
        foreach ((string name, Parameter parameter) in network.named_parameters())
            if (name.EndsWith(Linear.LowRankUp, StringComparison.Ordinal))
            {
                parameter.add_(0.1);
                changed++;
            }
        Tensor learned = network.Encoder.Encode(picture);
        TorchFile.Write(merged, [.. SamWeights.ToStateDict(network)]);
        using SamNetwork reloaded = Load(merged, TinyTraining.Side);

        Assert.Equal(TinyTraining.Checkpoint.Depth, changed);
        Assert.True(Difference(start, learned) > 1e-2);
        Assert.InRange(Difference(learned, reloaded.Encoder.Encode(picture)), 0, 1e-4);
    }

    [Fact]
    public void Load_SamCheckpointOfAnotherSize_ResizesTablesAndStartsAdapters()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        string path = WriteOriginal(TinyTraining.Checkpoint with { ImageSize = 128, Adapters = false });
        using SamNetwork network = Load(path, TinyTraining.Side, hasAdapters: true);
        using CheckpointFile file = CheckpointFile.Open(path);
        Dictionary<string, Parameter> parameters = network.named_parameters().ToDictionary(parameter => parameter.name, parameter => parameter.parameter);

        // Halving with align_corners=False is the mean of two neighbours along each axis.
        float[] stored = file.Tensors["image_encoder.pos_embed"].ToArray(), positions = parameters["image_encoder.pos_embed"].detach().data<float>().ToArray();
        const int width = 32, grid = 8;
        for (int n = 0; n < positions.Length; n++)
        {
            (int token, int channel) = Math.DivRem(n, width);
            int first = (2 * (token / 4) * grid + 2 * (token % 4)) * width + channel;
            Assert.Equal((stored[first] + stored[first + width] + stored[first + grid * width] + stored[first + (grid + 1) * width]) / 4, positions[n], 1e-5f);
        }
        Assert.Equal([7L, 16L], parameters["image_encoder.blocks.1.attn.rel_pos_h"].shape);
        Assert.Equal([27L, 16L], parameters["image_encoder.blocks.0.attn.rel_pos_h"].shape);
        Assert.All(parameters["image_encoder.blocks.0.Adapter.norm.weight"].detach().data<float>().ToArray(), weight => Assert.Equal(1, weight));
        float limit = 1 / MathF.Sqrt(9 * width);
        float[] drawn = parameters["image_encoder.blocks.0.Adapter.spatial.0.weight"].detach().data<float>().ToArray();
        Assert.InRange(drawn.Max(), 0.95f * limit, limit);
        Assert.InRange(drawn.Average(), -0.05 * limit, 0.05 * limit);
    }

    [Fact]
    public void Load_TensorOfAnotherShape_NamesFileAndTensor()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        string path = Path.Combine(_folder, "odd.pth");
        TorchFile.Write(path, [.. TinyTraining.Checkpoint.Tensors().Select(tensor =>
            new SamMed2D.Training.Runs.NamedValues(tensor.Name, tensor.Name == "mask_decoder.iou_token.weight" ? [1, 128] : tensor.Shape,
                () => new float[tensor.Name == "mask_decoder.iou_token.weight" ? 128 : tensor.ElementCount]))]);

        ModelException refusal = Assert.Throws<ModelException>(() => Load(path, TinyTraining.Side));
        Assert.Contains("mask_decoder.iou_token.weight", refusal.Message);
        Assert.Contains("odd.pth", refusal.Message);
    }

    private string WriteOriginal(SamCheckpoint checkpoint)
    {
        string path = Path.Combine(_folder, "original.pth");
        checkpoint.Write(path);
        return path;
    }

    private static SamNetwork Load(string path, int side, bool hasAdapters = true)
    {
        using CheckpointFile file = CheckpointFile.Open(path);
        SamNetwork network = new(SamArchitecture.Read(file), side, hasAdapters, new Arithmetic());
        SamWeights.Load(file, network, seed: 1);
        return network;
    }

    private static double Difference(Tensor one, Tensor other) => (one - other).abs().max().item<float>();

    private static (int ExitCode, string Output) Run(string script)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
