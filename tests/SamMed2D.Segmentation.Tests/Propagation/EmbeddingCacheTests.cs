using SamMed2D.Segmentation.Propagation;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Propagation;

public class EmbeddingCacheTests
{
    private const int Pixels = 64, SliceBytes = 1000 + Pixels;

    [Fact]
    public void TryReserve_NoRoom_GivesTheLastNeededBackForTheNextSlice()
    {
        using ThresholdSegmenter segmenter = new();
        using EmbeddingCache cache = new(segmenter, 2 * SliceBytes);
        for (int slice = 0; slice < 3; slice++) Add(cache, segmenter, slice, moment: 0);

        Assert.False(cache.Contains(1)); // slice n is needed next at n, nothing at or before 0 goes
        Assert.Equal((1, 2), (segmenter.RecycledEmbeddings, segmenter.LiveEmbeddings));
    }

    [Fact]
    public void Dispose_SlicesInside_LeavesNothingWithTheSegmenter()
    {
        using ThresholdSegmenter segmenter = new();
        EmbeddingCache cache = new(segmenter, 10 * SliceBytes);
        for (int slice = 0; slice < 3; slice++) Add(cache, segmenter, slice, moment: 0);
        EmbeddingCache.Lease lease = cache.TryLease(2)!.Value;
        cache.Dispose();
        Assert.Equal(1, segmenter.LiveEmbeddings);
        lease.Dispose();

        Assert.Equal((0, 0), (segmenter.RecycledEmbeddings, segmenter.LiveEmbeddings));
    }

    private static void Add(EmbeddingCache cache, ThresholdSegmenter segmenter, int slice, long moment)
    {
        Assert.True(cache.TryReserve(SliceBytes, moment, n => n));
        EncodedSlice encoded = cache.TakeBlank(Pixels);
        encoded.Slice = slice;
        encoded.Embedding = segmenter.Encode(new(8, 8, 1, encoded.Picture), TestContext.Current.CancellationToken);
        cache.Add(encoded, SliceBytes);
    }
}
