using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json.Nodes;
using SamMed2D.Application.Views;
using SamMed2D.Core.Slices;
using SamMed2D.Testing;

namespace SamMed2D.Application.Tests.Prompting;

/// <summary>A model that takes its time to encode, and what is done about it before somebody asks.</summary>
public sealed class EncodingAheadTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly ConcurrentQueue<int> _begun = new();
    private readonly TestWorkspace _test;
    private Action<CancellationToken> _onEncode = _ => { };

    public EncodingAheadTests()
    {
        ThresholdSegmenter model = new() { IsWorthKeeping = true, EmbeddingBytes = 1 << 20, OnEncode = (number, cancellation) => { _begun.Enqueue(number); _onEncode(cancellation); } };
        _test = new(segmenter: model);
        _test.OpenAbdomen();
    }

    private Workspace Workspace => _test.Workspace;

    private SliceViewModel Axial => Workspace.SliceView(ViewId.Axial);

    private ThresholdSegmenter Model => _test.Models.Segmenter;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void PromptToolInHand_EncodesAllSlicesOnce_PromptsAndPropagationUseThem()
    {
        _test.Run("tool.box");
        int slices = Axial.SliceCount;
        _test.Settle(() => Workspace.Prompting.EncodedAhead == (slices, slices));
        Assert.Equal(slices, Model.EncodeCount);
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        Axial.ShowSlice(slice);
        _test.Run("prompt.box", new() { ["view"] = "axial", ["slice"] = slice, ["box"] = new JsonArray(liver.X0, liver.Y0, liver.X1, liver.Y1) });
        _test.Settle(() => Workspace.Prompting.Preview is not null);
        _test.Run("propagate.run");
        _test.Settle(() => !Workspace.Propagation.IsRunning);
        Assert.True(Workspace.Segments.VolumeMl(1) > 100);
        Assert.Equal(slices, Model.EncodeCount);
    }

    [Fact]
    public void Scrolling_EncodesNothingUntilASliceRests()
    {
        _test.Run("tool.paint");
        Workspace.Tick();
        Assert.Null(Workspace.Prompting.EncodedAhead); // Painting asks no model.
        _onEncode = cancellation => cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(20)); // so that scrolling is done before the slices are
        _test.Run("tool.box");
        _test.Settle(() => Workspace.Model.IsReady && Workspace.Prompting.EncodedAhead is not null);
        int before, after;
        TimeSpan longest;
        do
        {
            // Where this thread was held up so long that a slice did rest, there was no scrolling.
            (before, longest) = (_begun.Count, TimeSpan.Zero);
            for (int n = 0; n < 8; n++)
            {
                long start = Stopwatch.GetTimestamp();
                Axial.ShowSlice((Axial.Slice + 1) % Axial.SliceCount);
                Workspace.Tick();
                Thread.Sleep(10);
                longest = TimeSpan.FromTicks(Math.Max(longest.Ticks, Stopwatch.GetElapsedTime(start).Ticks));
            }
            after = _begun.Count;
        }
        while (longest > TimeSpan.FromMilliseconds(60));
        Assert.InRange(after - before, 0, 2); // at most the first question's, and one that was about to begin
        int slices = Axial.SliceCount;
        _test.Settle(() => Workspace.Prompting.EncodedAhead == (slices, slices));
        Assert.Equal(slices, Model.EncodeCount);
    }

    [Fact]
    public void Question_WhileASliceIsEncodedAhead_GoesBeforeIt()
    {
        using ManualResetEventSlim isEncoding = new();
        int runs = 0;
        _onEncode = cancellation =>
        {
            // The first run is for the slice in sight; the second, a neighbour's, takes long and can be given up.
            if (Interlocked.Increment(ref runs) != 2) return;
            isEncoding.Set();
            cancellation.WaitHandle.WaitOne(s_patience);
        };
        _test.Run("tool.box");
        _test.Settle(() => isEncoding.IsSet);
        Stopwatch clock = Stopwatch.StartNew();
        Axial.ShowSlice(3);
        _test.Run("prompt.box", new() { ["view"] = "axial", ["slice"] = 3, ["box"] = new JsonArray(20, 20, 40, 40) });
        _test.Settle(() => Workspace.Prompting.Preview is not null);
        Assert.True(clock.Elapsed < s_patience / 2, $"waited {clock.Elapsed}");
    }
}
