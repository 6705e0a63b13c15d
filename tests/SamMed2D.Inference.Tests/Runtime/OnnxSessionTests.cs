using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Errors;
using SamMed2D.Inference.Runtime;
using SamMed2D.Inference.Tests.Models;

namespace SamMed2D.Inference.Tests.Runtime;

public sealed class OnnxSessionTests : IDisposable
{
    private const int Side = 384, Steps = 250;

    private readonly string _folder = Directory.CreateTempSubdirectory("session-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_CancelledInside_StopsLongBeforeTheEnd()
    {
        using OnnxSession session = OnnxSession.Open(WriteLongModel(), new() { Device = InferenceDevice.Cpu });
        TimeSpan whole = Time(() => Run(session, CancellationToken.None));
        using CancellationTokenSource source = new();
        source.CancelAfter(whole / 10);

        TimeSpan stopped = Time(() => Assert.Throws<OperationCanceledException>(() => Run(session, source.Token)));

        Assert.True(stopped < whole * 0.7, $"It stopped after {stopped} where the whole run takes {whole}.");
        Run(session, CancellationToken.None);
    }

    [Fact]
    public void Open_DamagedFile_IsAModelError()
    {
        string path = Path.Combine(_folder, "damaged.onnx");
        File.WriteAllBytes(path, [8, 8, 58, 200, 1]);

        ModelException refusal = Assert.Throws<ModelException>(() => OnnxSession.Open(path, new() { Device = InferenceDevice.Cpu }));

        Assert.Contains("damaged.onnx: does not load", refusal.Message);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Fact]
    public void Run_InputOfAnotherShape_IsAModelErrorThatNamesTheFile()
    {
        string path = WriteLongModel();
        using OnnxSession session = OnnxSession.Open(path, new() { Device = InferenceDevice.Cpu });
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(new float[4], [2, 2]);

        ModelException refusal = Assert.Throws<ModelException>(() => session.Run(["x"], [input], ["y"], CancellationToken.None).Dispose());

        Assert.StartsWith(path, refusal.Message);
    }

    [Fact]
    public void Open_CudaWithoutIt_NamesPackageAndProperty()
    {
        Assert.SkipWhen(OnnxRuntimeInfo.HasCuda(), "this build has CUDA");

        MissingComponentException refusal = Assert.Throws<MissingComponentException>(() => OnnxSession.Open(WriteLongModel(), new() { Device = InferenceDevice.Cuda }));

        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", refusal.Message);
        Assert.Contains("-p:OnnxRuntime=Gpu", refusal.Message);
    }

    [Fact]
    public void Open_AutoWithoutCuda_FallsBackToTheCpuAndSaysSoAtMostOnce()
    {
        Assert.SkipWhen(OnnxRuntimeInfo.HasCuda(), "this build has CUDA");
        string path = WriteLongModel();
        List<string> notices = [];
        for (int n = 0; n < 3; n++)
        {
            using OnnxSession session = OnnxSession.Open(path, new() { Device = InferenceDevice.Auto, Notice = notices.Add });
            Assert.Equal("cpu", session.Device);
        }

        Assert.True(notices.Count <= 1, string.Join('\n', notices));
        Assert.All(notices, notice => Assert.Contains("running on the CPU", notice));
    }

    [Fact]
    public void CountPhysical_IsWithinWhatTheProcessHas() => Assert.InRange(ProcessorCores.CountPhysical(), 1, Environment.ProcessorCount);

    private static void Run(OnnxSession session, CancellationToken cancellation)
    {
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(new float[Side * Side], [Side, Side]);
        session.Run(["x"], [input], ["y"], cancellation).Dispose();
    }

    private static TimeSpan Time(Action work)
    {
        long started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started);
    }

    // Many products, one after the other: time enough to be cancelled in.
    private string WriteLongModel()
    {
        TinyOnnx model = new TinyOnnx().Input("x", Side, Side).Output("y", Side, Side).Constant("w", [Side, Side], new float[Side * Side]);
        for (int n = 0; n < Steps; n++) model.Node("MatMul", [n == 0 ? "x" : $"y{n}", "w"], n == Steps - 1 ? "y" : $"y{n + 1}");
        string path = Path.Combine(_folder, "long.onnx");
        model.Save(path);
        return path;
    }
}
