using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Errors;
using SamMed2D.Inference.Runtime;
using SamMed2D.Inference.Tests.Models;

namespace SamMed2D.Inference.Tests.Runtime;

public sealed class OnnxSessionTests : IDisposable
{
    private const int Side = 512, Steps = 20;

    private readonly string _folder = Directory.CreateTempSubdirectory("session-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_CancelledInside_StopsLongBeforeTheEnd()
    {
        using OnnxSession part = OnnxSession.Open(WriteModel(Steps), new() { Device = InferenceDevice.Cpu }), whole = OnnxSession.Open(WriteModel(100 * Steps), new() { Device = InferenceDevice.Cpu });
        Run(part, Side);
        TimeSpan ofPart = Time(() => Run(part, Side));
        using CancellationTokenSource source = new();
        // A thread of its own: a timer would wait for one of the pool's, all of which may be running other tests.
        Thread canceller = new(() =>
        {
            Thread.Sleep(ofPart);
            source.Cancel();
        });
        canceller.Start();

        TimeSpan stopped = Time(() => Assert.Throws<OperationCanceledException>(() => Run(whole, Side, source.Token)));

        canceller.Join();
        Assert.True(stopped < 50 * ofPart, $"It stopped after {stopped} where a hundredth of the run takes {ofPart}.");
        Run(whole, 2);
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
        string path = WriteModel(Steps);
        using OnnxSession session = OnnxSession.Open(path, new() { Device = InferenceDevice.Cpu });
        ModelException refusal = Assert.Throws<ModelException>(() => Run(session, rows: 2, columns: 3));

        Assert.StartsWith(path, refusal.Message);
    }

    [Fact]
    public void Run_CancelledBefore_RunsAgainAfterwards()
    {
        using OnnxSession session = OnnxSession.Open(WriteModel(Steps), new() { Device = InferenceDevice.Cpu });
        using OnnxRun run = session.CreateRun(["x"], ["y"]);
        float[] numbers = new float[Side * Side], answer = [.. Enumerable.Repeat(5f, Side * Side)];
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(numbers, [Side, Side]), output = OrtValue.CreateTensorValueFromMemory(answer, [Side, Side]);
        run.SetInput(0, input);
        run.SetOutput(0, output);
        using CancellationTokenSource source = new();
        source.CancelAfter(1);
        Assert.Throws<OperationCanceledException>(() => RunUntil(source.Token, run));

        run.Run(CancellationToken.None);

        Assert.All(answer, value => Assert.Equal(0, value));
        Assert.Equal([[Side, Side]], run.MeasureOutputs(CancellationToken.None));
    }

    [Fact]
    public void Open_CudaWithoutIt_NamesPackageAndProperty()
    {
        Assert.SkipWhen(OnnxRuntimeInfo.HasCuda(), "this build has CUDA");

        MissingComponentException refusal = Assert.Throws<MissingComponentException>(() => OnnxSession.Open(WriteModel(Steps), new() { Device = InferenceDevice.Cuda }));

        Assert.Contains("Microsoft.ML.OnnxRuntime.Gpu", refusal.Message);
        Assert.Contains("-p:OnnxRuntime=Gpu", refusal.Message);
    }

    [Fact]
    public void Open_AutoWithoutCuda_FallsBackToTheCpuAndSaysSoAtMostOnce()
    {
        Assert.SkipWhen(OnnxRuntimeInfo.HasCuda(), "this build has CUDA");
        string path = WriteModel(Steps);
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

    private static void Run(OnnxSession session, int side, CancellationToken cancellation = default) => Run(session, side, side, cancellation);

    private static void Run(OnnxSession session, int rows, int columns, CancellationToken cancellation = default)
    {
        using OnnxRun run = session.CreateRun(["x"], ["y"]);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(new float[rows * columns], [rows, columns]), output = OrtValue.CreateTensorValueFromMemory(new float[rows * columns], [rows, columns]);
        run.SetInput(0, input);
        run.SetOutput(0, output);
        run.Run(cancellation);
    }

    private static void RunUntil(CancellationToken cancellation, OnnxRun run)
    {
        while (true) run.Run(cancellation);
    }

    private static TimeSpan Time(Action work)
    {
        long started = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(started);
    }

    // So many products of the input with itself, one after the other: time enough to be cancelled in.
    private string WriteModel(int steps)
    {
        TinyOnnx model = new TinyOnnx().Input("x", -1, -1).Output("y", -1, -1);
        for (int n = 0; n < steps; n++) model.Node("MatMul", [n == 0 ? "x" : $"y{n}", "x"], n == steps - 1 ? "y" : $"y{n + 1}");
        string path = Path.Combine(_folder, $"{steps}.onnx");
        model.Save(path);
        return path;
    }
}
