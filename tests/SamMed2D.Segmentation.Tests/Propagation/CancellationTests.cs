using System.Diagnostics;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Propagation;

public class CancellationTests
{
    private static readonly PromptSet s_box = SyntheticScan.Box(4, 5, 19, 20);
    private static readonly PropagationOptions s_options = new() { Strategy = PromptStrategy.Mask };

    [Fact]
    public void Run_CancelledInsidePredict_EndsThereAndFreesAll()
    {
        using CancellationTokenSource source = new();
        SyntheticScan scan = SyntheticScan.Ball();
        ThresholdSegmenter model = new() { OnPredict = (number, _, _) => { if (number == 5) source.Cancel(); } };
        Propagator propagator = scan.Propagator(model, s_options, scan.Segment("a", 1, null, (12, s_box)));
        Assert.Throws<OperationCanceledException>(() => propagator.Run(source.Token).Count());
        Assert.Equal(5, model.PredictCount);
        Assert.Equal(0, model.LiveEmbeddings);
    }

    [Fact]
    public async Task Run_CancelledInsideEncode_EndsWithinTheSlice()
    {
        using CancellationTokenSource source = new();
        using ManualResetEventSlim inside = new();
        SyntheticScan scan = SyntheticScan.Ball();
        ThresholdSegmenter model = new()
        {
            OnEncode = (number, cancellation) =>
            {
                if (number < 3) return;
                inside.Set();
                cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(60)); // a long encoding that can be terminated
            },
        };
        Propagator propagator = scan.Propagator(model, s_options, scan.Segment("a", 1, null, (12, s_box)));
        Task work = Task.Run(() => Assert.Throws<OperationCanceledException>(() => propagator.Run(source.Token).Count()), TestContext.Current.CancellationToken);
        Assert.True(inside.Wait(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        Stopwatch clock = Stopwatch.StartNew();
        source.Cancel();
        await work.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
        Assert.Equal(0, model.LiveEmbeddings);
    }

    [Fact]
    public void Run_CancelledBefore_DoesNothing()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        ThresholdSegmenter model = new();
        Propagator propagator = scan.Propagator(model, s_options, scan.Segment("a", 1, null, (12, s_box)));
        Assert.Throws<OperationCanceledException>(() => propagator.Run(new CancellationToken(canceled: true)).Count());
        Assert.Equal(0, model.PredictCount);
    }

    [Fact]
    public void Run_EnumerationEndedEarly_StopsTheEncoderAndFreesAll()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        ThresholdSegmenter model = new();
        Propagator propagator = scan.Propagator(model, s_options, scan.Segment("a", 1, null, (12, s_box)));
        Assert.Equal(3, propagator.Run(TestContext.Current.CancellationToken).Take(3).Count());
        int encoded = model.EncodeCount;
        Assert.Equal(0, model.LiveEmbeddings);
        Thread.Sleep(50);
        Assert.Equal(encoded, model.EncodeCount);
    }

    [Fact]
    public void Run_EncoderFails_TheErrorArrives()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        ThresholdSegmenter model = new() { OnEncode = (number, _) => { if (number == 4) throw new ModelException("m.onnx", "fails"); } };
        Propagator propagator = scan.Propagator(model, s_options, scan.Segment("a", 1, null, (12, s_box)));
        Assert.Throws<ModelException>(() => propagator.Run(TestContext.Current.CancellationToken).Count());
        Assert.Equal(0, model.LiveEmbeddings);
    }
}
