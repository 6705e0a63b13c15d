using Microsoft.ML.OnnxRuntime;
using SamMed2D.Inference.Runtime;
using SamMed2D.Inference.Tests.Models;

namespace SamMed2D.Inference.Tests.Runtime;

public sealed class GraphCacheTests : IDisposable
{
    private const int Side = 64;
    private readonly string _folder = Directory.CreateTempSubdirectory("graphs-").FullName;
    private readonly List<string> _notices = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string CacheFolder => Path.Combine(_folder, "cache");

    [Fact]
    public void Open_SecondTime_TakesTheKeptGraphAndAnswersAlike()
    {
        string model = WriteModel();
        float[] plain = Run(OnnxSession.Open(model, new() { Device = InferenceDevice.Cpu }));
        float[] first = Run(Open(model));
        string entry = Assert.Single(Directory.GetDirectories(CacheFolder));
        DateTime made = File.GetLastWriteTimeUtc(Path.Combine(entry, "graph.onnx"));
        File.Delete(model); // what is kept is enough

        float[] second = Run(Open(model));

        Assert.Equal(plain, first);
        Assert.Equal(plain, second);
        Assert.Equal(made, File.GetLastWriteTimeUtc(Path.Combine(entry, "graph.onnx")));
        Assert.Empty(_notices);
    }

    [Theory]
    [InlineData("graph.onnx", "changed")]
    [InlineData("graph.onnx", "shortened")]
    [InlineData("graph.weights", "shortened")]
    [InlineData("graph.weights", "missing")]
    [InlineData("contents.txt", "shortened")]
    [InlineData("contents.txt", "emptied")]
    [InlineData("contents.txt", "a line short")]
    [InlineData("contents.txt", "missing")]
    public void Open_DamagedEntry_IsToldAndMadeAnew(string file, string damage)
    {
        string model = WriteModel();
        float[] expected = Run(Open(model));
        string path = Path.Combine(Assert.Single(Directory.GetDirectories(CacheFolder)), file);
        byte[] bytes = File.ReadAllBytes(path);
        if (damage == "changed") bytes[bytes.Length / 2] ^= 0x55;
        if (damage == "missing") File.Delete(path);
        else File.WriteAllBytes(path, damage switch
        {
            "changed" => bytes,
            "emptied" => [],
            "a line short" => bytes[..(bytes.AsSpan().IndexOf((byte)'\n') + 1)],
            _ => bytes[..(bytes.Length / 2)],
        });

        Assert.Equal(expected, Run(Open(model)));

        Assert.Contains("is damaged", Assert.Single(_notices));
        Assert.Equal(expected, Run(Open(model)));
        Assert.Single(_notices);
    }

    [Fact]
    public void Open_ChangedWeights_AreFoundWhereHashesAreVerified()
    {
        string model = WriteModel();
        float[] expected = Run(Open(model));
        string path = Path.Combine(Assert.Single(Directory.GetDirectories(CacheFolder)), "graph.weights");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 3] ^= 0x40;
        File.WriteAllBytes(path, bytes);
        Assert.Equal(expected, Run(Open(model, verify: true)));
        Assert.Single(_notices);
    }

    [Fact]
    public void Open_SeveralAtOnce_LeavesOneWholeEntry()
    {
        string model = WriteModel();
        float[] expected = Run(OnnxSession.Open(model, new() { Device = InferenceDevice.Cpu }));
        Parallel.For(0, 6, new() { MaxDegreeOfParallelism = 3 }, _ => Assert.Equal(expected, Run(Open(model))));
        string entry = Assert.Single(Directory.GetFileSystemEntries(CacheFolder));
        Assert.DoesNotContain("/.", entry[_folder.Length..]);
        Assert.Empty(_notices);
    }

    [Fact]
    public void Open_WhereNothingCanBeWritten_RunsWithoutAndSaysSo()
    {
        string model = WriteModel();
        File.WriteAllText(CacheFolder, "a file in the way");
        Run(Open(model));
        Assert.Contains("cannot be kept", Assert.Single(_notices));
    }

    [Fact]
    public void Store_BeyondTheCapacity_DropsTheEntryUsedLongestAgo()
    {
        GraphCache cache = new(CacheFolder, 2500, _notices.Add);
        string[] keys = [.. Enumerable.Range(1, 3).Select(n => new string((char)('0' + n), 64))];
        foreach (string key in keys)
        {
            cache.Store(key, (graph, _) => { File.WriteAllBytes(graph, new byte[1000]); return "made"; });
            if (key != keys[2]) File.SetLastWriteTimeUtc(Path.Combine(CacheFolder, key, "contents.txt"), DateTime.UtcNow.AddHours(-int.Parse(key[..1])));
        }
        Assert.Equal([keys[0], keys[2]], Directory.GetDirectories(CacheFolder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Store_WhereAKilledProcessLeftSomething_CleansItUpAndLeavesWhatIsBeingWritten()
    {
        string left = Path.Combine(CacheFolder, $".{new string('a', 64)}.1-b"), underWay = Path.Combine(CacheFolder, $".{new string('a', 64)}.2-c");
        foreach (string path in (string[])[left, underWay]) File.WriteAllBytes(Path.Combine(Directory.CreateDirectory(path).FullName, "graph.weights"), new byte[10]);
        Directory.SetLastWriteTimeUtc(left, DateTime.UtcNow.AddHours(-3));

        new GraphCache(CacheFolder, 2500, _notices.Add).Store(new string('1', 64), (graph, _) => { File.WriteAllBytes(graph, new byte[10]); return "made"; });

        Assert.False(Directory.Exists(left));
        Assert.True(Directory.Exists(underWay));
        Assert.Empty(_notices);
    }

    private OnnxSession Open(string model, bool verify = false) => OnnxSession.Open(
        model, new() { Device = InferenceDevice.Cpu, GraphCacheFolder = CacheFolder, VerifyHashes = verify, Notice = notice => { lock (_notices) _notices.Add(notice); } }, "fingerprint");

    private static float[] Run(OnnxSession session)
    {
        using OnnxSession disposed = session;
        float[] numbers = [.. Enumerable.Range(0, Side * Side).Select(n => n % 7 - 3f)];
        float[] answer = new float[Side * Side];
        using OnnxRun run = session.CreateRun(["x"], ["y"]);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(numbers, [Side, Side]), output = OrtValue.CreateTensorValueFromMemory(answer, [Side, Side]);
        run.SetInput(0, input);
        run.SetOutput(0, output);
        run.Run(CancellationToken.None);
        return answer;
    }

    private string WriteModel()
    {
        float[] weights = [.. Enumerable.Range(0, Side * Side).Select(n => (n * 37 % 101 - 50) / 50f)];
        TinyOnnx model = new TinyOnnx().Input("x", Side, Side).Output("y", Side, Side).Constant("w", [Side, Side], weights).Node("MatMul", ["x", "w"], "z").Node("Relu", ["z"], "y");
        string path = Path.Combine(_folder, "model.onnx");
        model.Save(path);
        return path;
    }
}
