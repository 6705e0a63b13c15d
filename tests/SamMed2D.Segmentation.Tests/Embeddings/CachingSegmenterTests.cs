using System.Diagnostics;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Embeddings;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Slicing;
using SamMed2D.Segmentation.Tests.Propagation;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Embeddings;

public sealed class CachingSegmenterTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly string _path = Directory.CreateTempSubdirectory("caching-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void Over_ModelWithNothingWorthKeeping_IsNone() => Assert.Null(CachingSegmenter.Over(new ThresholdSegmenter(), 1000));

    [Fact]
    public void Encode_Again_TakesWhatIsInMemoryUpToItsBytes()
    {
        CountingSegmenter inner = new(8, 6);
        using CachingSegmenter cache = CachingSegmenter.Over(inner, 3 * 48)!;
        foreach (byte stamp in (byte[])[1, 2, 3, 1, 4, 1, 2]) cache.Encode(CountingSegmenter.Picture(stamp)).Dispose();
        Assert.Equal([1, 2, 3, 4, 2], inner.Encoded); // 2 was used longest ago when 4 came
        Assert.Equal(3 * 48, cache.SizeBytes);
        Assert.Equal(3, inner.Live);
    }

    [Fact]
    public void Encode_AnotherPictureWindowSizeOrModel_IsAnotherKey()
    {
        SliceImage image = CountingSegmenter.Picture(1);
        SliceImage[] others = [CountingSegmenter.Picture(2), image with { Width = 6, Height = 8 }, image with { PixelWidthMm = 2 }];
        HashSet<EmbeddingKey> keys = [EmbeddingKey.Of("a", image), EmbeddingKey.Of("b", image), .. others.Select(other => EmbeddingKey.Of("a", other))];
        Assert.Equal(5, keys.Count);
        Assert.Contains(EmbeddingKey.Of("a", CountingSegmenter.Picture(1)), keys);
    }

    [Fact]
    public void Propagation_SecondRunOverAFolder_EncodesNothingAndLabelsAlike()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        CountingSegmenter first = new(24, 24), second = new(24, 24), other = new(24, 24) { Identity = "counting-2" };
        byte[] Run(CountingSegmenter model)
        {
            using CachingSegmenter cache = CachingSegmenter.Over(model, 0, new(_path))!;
            Propagator propagator = new(cache, scan.Volume, new(0, 255), [scan.Segment("a", 1, null, (12, SyntheticScan.Box(4, 5, 19, 20)))], new() { EncodeAhead = 0 });
            foreach (PropagationStep _ in propagator.Run(TestContext.Current.CancellationToken)) { }
            Assert.Equal(0, cache.SizeBytes);
            return [.. propagator.Labels.Labels.ToArray().Select(label => (byte)label)];
        }

        byte[] labels = Run(first);
        Assert.Equal(labels, Run(second));
        Run(other);

        Assert.Contains((byte)1, labels);
        Assert.True(first.Encoded.Count > 10);
        Assert.Empty(second.Encoded);
        Assert.Equal(first.Encoded.Count, other.Encoded.Count);
        Assert.Equal(0, first.Live + second.Live);
    }

    [Fact]
    public async Task Encode_TheSameSliceAtOnce_IsDoneOnce()
    {
        using ManualResetEventSlim inside = new(), goOn = new();
        CountingSegmenter inner = new(8, 6) { OnEncode = (_, _) => { inside.Set(); goOn.Wait(s_patience); } };
        using CachingSegmenter cache = CachingSegmenter.Over(inner, 1000)!;
        Task[] tasks = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(() => cache.Encode(CountingSegmenter.Picture(1)).Dispose()))];
        Assert.True(inside.Wait(s_patience, TestContext.Current.CancellationToken));
        goOn.Set();
        await Task.WhenAll(tasks).WaitAsync(s_patience, TestContext.Current.CancellationToken);
        Assert.Equal([1], inner.Encoded);
    }

    [Fact]
    public void Encode_CancelledOrFailed_LeavesNothingBehind()
    {
        int calls = 0;
        CountingSegmenter inner = new(8, 6) { OnEncode = (_, _) => { if (calls++ == 0) throw new InvalidOperationException("first"); } };
        using CachingSegmenter cache = CachingSegmenter.Over(inner, 1000, new(_path))!;
        Assert.Throws<InvalidOperationException>(() => cache.Encode(CountingSegmenter.Picture(1)));
        Assert.Throws<OperationCanceledException>(() => cache.Encode(CountingSegmenter.Picture(1), new(canceled: true)));
        cache.Encode(CountingSegmenter.Picture(1)).Dispose();
        Assert.Equal([1], inner.Encoded);
    }

    [Fact]
    public void Dispose_WhileAnEmbeddingIsInUse_KeepsThatOneUntilItIsGivenBack()
    {
        CountingSegmenter inner = new(8, 6);
        CachingSegmenter cache = CachingSegmenter.Over(inner, 1000)!;
        SliceEmbedding used = cache.Encode(CountingSegmenter.Picture(1));
        cache.Encode(CountingSegmenter.Picture(2)).Dispose();
        cache.Dispose();
        Assert.Equal(1, inner.Live);
        used.Dispose();
        used.Dispose();
        Assert.Equal(0, inner.Live);
    }

    [Fact]
    public void BackgroundEncoder_NearestFirst_WithinTheBytesOfMemory()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        CountingSegmenter inner = new(24, 24);
        using CachingSegmenter cache = CachingSegmenter.Over(inner, 9 * 24 * 24)!;
        using (BackgroundEncoder encoder = new(cache, SamplerOf(scan), nearest: 5))
        {
            encoder.WaitUntilDone(TestContext.Current.CancellationToken);
            Assert.Equal((9, 9), (encoder.Done, encoder.Total));
        }
        Assert.Equal([5, 4, 6, 3, 7, 2, 8, 1, 9], inner.Encoded); // the first pixel of each slice is its number
        Assert.Equal(9 * 24 * 24, cache.SizeBytes);
    }

    [Fact]
    public void Encode_WhileTheBackgroundEncodes_GoesBeforeIt()
    {
        SyntheticScan scan = SyntheticScan.Ball();
        using ManualResetEventSlim inside = new();
        CountingSegmenter inner = new(24, 24)
        {
            OnEncode = (stamp, cancellation) =>
            {
                if (stamp != 5 || inside.IsSet) return;
                inside.Set();
                cancellation.WaitHandle.WaitOne(s_patience); // a long run that can be given up
            },
        };
        using CachingSegmenter cache = CachingSegmenter.Over(inner, 24 * 24 * 24)!;
        using BackgroundEncoder encoder = new(cache, SamplerOf(scan), nearest: 5);
        Assert.True(inside.Wait(s_patience, TestContext.Current.CancellationToken));
        Stopwatch clock = Stopwatch.StartNew();

        cache.Encode(CountingSegmenter.Picture(99, 24, 24), TestContext.Current.CancellationToken).Dispose();

        Assert.True(clock.Elapsed < s_patience / 2, $"waited {clock.Elapsed}");
        Assert.Equal(99, inner.Encoded[0]);
        encoder.WaitUntilDone(TestContext.Current.CancellationToken);
        Assert.Equal(24 + 1, inner.Encoded.Count);
    }

    [Fact]
    public void BackgroundEncoder_Disposed_StopsWithinTheSlice()
    {
        using ManualResetEventSlim inside = new();
        CountingSegmenter inner = new(24, 24) { OnEncode = (_, cancellation) => { inside.Set(); cancellation.WaitHandle.WaitOne(s_patience); } };
        using CachingSegmenter cache = CachingSegmenter.Over(inner, 24 * 24 * 24)!;
        BackgroundEncoder encoder = new(cache, SamplerOf(SyntheticScan.Ball()), nearest: 5);
        Assert.True(inside.Wait(s_patience, TestContext.Current.CancellationToken));
        Stopwatch clock = Stopwatch.StartNew();
        encoder.Dispose();
        Assert.True(clock.Elapsed < s_patience / 2, $"took {clock.Elapsed}");
        Assert.Empty(inner.Encoded);
    }

    private static SliceSampler SamplerOf(SyntheticScan scan) => SliceSampler.Create(scan.Volume, new SliceFrame(scan.Geometry, scan.Axis), new(0, 255));
}
