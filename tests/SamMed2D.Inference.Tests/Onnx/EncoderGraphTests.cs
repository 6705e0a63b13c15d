using SamMed2D.Benchmarks.Inference;
using SamMed2D.Inference.Checkpoints;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Onnx;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Inference.Tests.Onnx;

public sealed class EncoderGraphTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("encoder-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(256, true)] // 16 tokens: four windows, three of them mostly padding
    [InlineData(224, false)] // 14 tokens: one whole window, no padding
    [InlineData(448, false)] // 28 tokens: four whole windows
    [InlineData(512, false)] // 32 tokens: nine windows of all four kinds
    [InlineData(128, true)] // 8 tokens: one window, mostly padding
    public void Build_AnyPadding_EqualsThePlainPaddedGraph(int imageSize, bool adapters)
    {
        using CheckpointFile checkpoint = OpenRandom(new SamCheckpoint { ImageSize = imageSize, Adapters = adapters });
        SamArchitecture architecture = SamArchitecture.Read(checkpoint);
        Numbers image = RandomImage(2, imageSize);

        Numbers ours = Run(new EncoderGraph(checkpoint, architecture, imageSize, adapters), "ours", image);
        Numbers plain = Run(new PlainEncoderGraph(checkpoint, architecture, imageSize, adapters), "plain", image);

        Assert.Equal([2L, 256L, imageSize / 16, imageSize / 16], ours.Shape);
        Assert.InRange(GraphRunner.LargestDifference(plain.Values, ours.Values), 0, 5e-5);
        Assert.True(ours.Values.Max() > 0.5);
    }

    [Fact]
    public void Build_Batch_EqualsOneByOne()
    {
        using CheckpointFile checkpoint = OpenRandom(new SamCheckpoint());
        EncoderGraph graph = new(checkpoint, SamArchitecture.Read(checkpoint), 256, hasAdapters: true);
        Numbers pair = RandomImage(2, 256);
        using GraphRunner runner = new(Write(graph, "batch"));

        float[] together = runner.Encode(pair).Values;
        float[] second = runner.Encode(new(pair.Values[(3 * 256 * 256)..], 1, 3, 256, 256)).Values;

        Assert.InRange(GraphRunner.LargestDifference(second, together.AsSpan(second.Length)), 0, 1e-5);
    }

    [Fact]
    public void Build_WithoutAdapters_DiffersFromWithThem()
    {
        using CheckpointFile checkpoint = OpenRandom(new SamCheckpoint());
        SamArchitecture architecture = SamArchitecture.Read(checkpoint);
        Numbers image = RandomImage(1, 256);
        float[] with = Run(new EncoderGraph(checkpoint, architecture, 256, hasAdapters: true), "with", image).Values;
        float[] without = Run(new EncoderGraph(checkpoint, architecture, 256, hasAdapters: false), "without", image).Values;
        Assert.True(GraphRunner.LargestDifference(with, without) > 0.01);
    }

    [Fact]
    public void Build_1024CheckpointAt256_EqualsPlainGraphWithResizedTables()
    {
        using CheckpointFile checkpoint = OpenRandom(new SamCheckpoint { ImageSize = 1024, Adapters = false });
        SamArchitecture architecture = SamArchitecture.Read(checkpoint);
        Numbers image = RandomImage(1, 256);
        Numbers ours = Run(new EncoderGraph(checkpoint, architecture, 256, hasAdapters: false), "ours", image);
        Numbers plain = Run(new PlainEncoderGraph(checkpoint, architecture, 256, hasAdapters: false), "plain", image);
        Assert.InRange(GraphRunner.LargestDifference(plain.Values, ours.Values), 0, 5e-5);
    }

    private CheckpointFile OpenRandom(SamCheckpoint sizes)
    {
        string path = Path.Combine(_folder, "random.pth");
        sizes.Write(path);
        return CheckpointFile.Open(path);
    }

    private Numbers Run(EncoderGraph graph, string name, Numbers image)
    {
        using GraphRunner runner = new(Write(graph, name));
        return runner.Encode(image);
    }

    private string Write(EncoderGraph graph, string name)
    {
        string path = Path.Combine(_folder, name + ".onnx");
        using FileStream onnx = File.Create(path), data = File.Create(Path.Combine(_folder, name + ".weights"));
        using WeightsFile weights = new(data);
        graph.Build().Write(onnx, weights, name + ".weights", _ => { }, CancellationToken.None);
        return path;
    }

    private static Numbers RandomImage(int batch, int size)
    {
        Random random = new(7);
        float[] values = new float[batch * 3 * size * size];
        foreach (ref float value in values.AsSpan()) value = random.NextSingle() * 4 - 2;
        return new(values, batch, 3, size, size);
    }
}
