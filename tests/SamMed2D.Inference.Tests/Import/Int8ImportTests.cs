using SamMed2D.Core.Slices;
using SamMed2D.Inference.Checkpoints;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Onnx;
using SamMed2D.Inference.Tests.Sam;
using SamMed2D.Segmentation;
using SamMed2D.Testing;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Inference.Tests.Import;

/// <summary><c>--precision int8</c>: near to float32 in masks, not equal in numbers, and honest about it.</summary>
public sealed class Int8ImportTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("int8-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_GoldenModelInInt8_KeepsTheReferencesMasksAndTellsWhatItCost()
    {
        Assert.SkipWhen(GoldenAnswers.Missing is not null, GoldenAnswers.Missing ?? "");
        ModelManifest manifest = ModelImport.Run(Repository.SharedPath("model-goldens", "sam-med2d-tiny.pth"), _folder, new() { Precision = ModelPrecision.Int8 }).Manifest;
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(_folder, new() { Device = SamMed2D.Inference.Runtime.InferenceDevice.Cpu, VerifyHashes = true });
        GoldenAnswers goldens = new("sam-med2d-tiny");
        List<double> dice = [];
        foreach (IGrouping<string, GoldenPrompt> image in goldens.Cases.Where(golden => golden.MaskFrom is null).GroupBy(golden => golden.Image))
        {
            using SliceEmbedding embedding = segmenter.Encode(DemoSlices.ReadImage(image.Key));
            foreach (GoldenPrompt golden in image)
                dice.Add(PrecisionTrial.Dice(ToPlane(goldens[golden.Name + ".mask"].Values, embedding, 0), ToPlane(segmenter.Predict(embedding, golden.Prompts).Mask.Probabilities.Span, embedding, 0.5f)));
        }
        output.WriteLine($"{dice.Count} golden prompts: mean Dice {dice.Average():0.0000}, lowest {dice.Min():0.0000}; told at import: {manifest.PrecisionCost}");

        Assert.True(dice.Average() > 0.97, $"mean Dice {dice.Average()}");
        PrecisionCost cost = ModelManifest.Read(Path.Combine(_folder, ModelManifest.FileName)).PrecisionCost!;
        Assert.Equal(ModelPrecision.Int8, manifest.Precision);
        Assert.InRange(cost.MeanDice, 0.9, 1);
        Assert.InRange(cost.LowestDice, 0, cost.MeanDice);
        Assert.True(cost.Prompts >= 10);
        Assert.False(Directory.Exists(Path.Combine(_folder, "float32")));
    }

    [Theory]
    [InlineData(false, 127)]
    [InlineData(true, 63)] // what processors without VNNI add without overflow
    public void Build_Int8Weights_UseTheWholeRangeAndNoMore(bool reducedRange, int largest)
    {
        using CheckpointFile checkpoint = OpenRandom();
        SamArchitecture architecture = SamArchitecture.Read(checkpoint);
        using MemoryStream graph = new(), data = new();
        using WeightsFile weights = new(data);
        new EncoderGraph(checkpoint, architecture, 256, hasAdapters: true, builder => new Int8Linear(builder, reducedRange)).Build().Write(graph, weights, "w", _ => { }, default);

        SamMed2D.Inference.Onnx.Format.ModelProto model = SamMed2D.Inference.Onnx.Format.ModelProto.Parser.ParseFrom(graph.ToArray());
        List<sbyte> numbers = [];
        foreach (SamMed2D.Inference.Onnx.Format.TensorProto tensor in model.Graph.Initializer.Where(tensor => tensor.DataType == 3))
        {
            Dictionary<string, string> place = tensor.ExternalData.ToDictionary(entry => entry.Key, entry => entry.Value);
            foreach (byte number in data.GetBuffer().AsSpan(int.Parse(place["offset"]), int.Parse(place["length"]))) numbers.Add((sbyte)number);
        }
        Assert.Equal(largest, numbers.Max(number => Math.Abs((int)number)));
        // qkv, proj, lin1, lin2 and five products of the adapter in each of two blocks.
        Assert.Equal(2 * 9, model.Graph.Node.Count(node => node.OpType == "DynamicQuantizeMatMul"));
        Assert.Contains(model.OpsetImport, entry => entry.Domain == "com.microsoft");
    }

    [Fact]
    public void Run_NotFiniteWeight_IsRefusedInInt8Too()
    {
        string path = Path.Combine(_folder, "nan.pth");
        CheckpointWriter.Write(path, [.. new SamCheckpoint().Tensors().Select(tensor => tensor.Name != "image_encoder.blocks.1.mlp.lin1.weight" ? tensor : tensor with { Fill = values => { tensor.Fill(values); values[77] = float.NaN; } })]);

        string problem = Assert.Throws<SamMed2D.Core.Errors.ModelException>(() => ModelImport.Run(path, Path.Combine(_folder, "model"), new() { Precision = ModelPrecision.Int8 })).Message;

        Assert.Contains("not finite", problem);
        Assert.False(Directory.Exists(Path.Combine(_folder, "model")));
    }

    private CheckpointFile OpenRandom()
    {
        string path = Path.Combine(_folder, "random.pth");
        new SamCheckpoint().Write(path);
        return CheckpointFile.Open(path);
    }

    private static MaskPlane ToPlane(ReadOnlySpan<float> values, SliceEmbedding slice, float threshold)
    {
        MaskPlane plane = new(slice.Width, slice.Height);
        for (int n = 0; n < plane.Pixels.Length; n++) plane.Pixels[n] = values[n] > threshold ? (byte)1 : (byte)0;
        return plane;
    }
}
