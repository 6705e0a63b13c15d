using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Inference.Focus;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Tests.Focus;

public sealed class FocusSegmenterTests : IDisposable
{
    private readonly FocusSegmenter _segmenter = FocusSegmenter.Open(ModelFolder.Open(ModelFolder.Bundled), new() { Device = InferenceDevice.Cpu });

    public void Dispose() => _segmenter.Dispose();

    [Fact]
    public void Paste_AnyCrop_EqualsTheNaiveInterpolation() =>
        Gen.Select(Gen.Int[10, 60], Gen.Int[10, 60], Gen.Double[-80, 200], Gen.Double[-80, 200], Gen.Double[24, 300], Gen.Int[0, 1 << 30]).Sample((width, height, x, y, side, seed) =>
        {
            FocusEmbedding slice = new(new(width, height, 1, new byte[width * height]), 256);
            Random random = new(seed);
            float[] logits = [.. Enumerable.Range(0, 96 * 96).Select(_ => random.NextSingle() * 8 - 4)];

            float[] found = new float[width * height];
            new FocusView(new(x, y, side), 96, slice.Canvas).Paste(logits, width, height, found);

            double scale = 256.0 / Math.Max(width, height);
            for (int py = 0; py < height; py++)
                for (int px = 0; px < width; px++)
                {
                    double u = ((px + 0.5) * scale - x) / side * 96, v = ((py + 0.5) * scale - y) / side * 96;
                    double distanceToEdge = Math.Min(Math.Min(Math.Abs(u), Math.Abs(u - 96)), Math.Min(Math.Abs(v), Math.Abs(v - 96)));
                    if (distanceToEdge < 1e-9) continue;
                    bool isInside = u >= 0 && u < 96 && v >= 0 && v < 96;
                    Assert.Equal(isInside ? 1 / (1 + Math.Exp(-Bilinear(logits, u - 0.5, v - 0.5))) : 0, found[py * width + px], 1e-4);
                }
        }, iter: 60);

    [Fact]
    public void Predict_DiskInABox_IsTheDisk()
    {
        using SliceEmbedding embedding = _segmenter.Encode(CreateDisk(200, 160, 90, 70, 25));

        MaskPrediction prediction = _segmenter.Predict(embedding, new() { Box = new(65, 45, 116, 96) });

        Assert.True(DiceOf(prediction, 90, 70, 25) > 0.93, $"Dice {DiceOf(prediction, 90, 70, 25)}");
        Assert.Single(prediction.Candidates);
        Assert.Null(prediction.Mask.Native);
    }

    [Theory]
    [InlineData(0, 0, 12)] // in the corner
    [InlineData(199, 80, 20)] // over the edge
    [InlineData(100, 80, 3)] // tiny
    [InlineData(100, 80, 78)] // nearly all of the slice
    public void Predict_DiskAnywhereOfAnySize_IsFoundFromItsBox(int x, int y, int radius)
    {
        using SliceEmbedding embedding = _segmenter.Encode(CreateDisk(200, 160, x, y, radius));

        MaskPrediction prediction = _segmenter.Predict(
            embedding, new() { Box = new(Math.Max(x - radius, 0), Math.Max(y - radius, 0), Math.Min(x + radius + 1, 200), Math.Min(y + radius + 1, 160)) });

        Assert.True(DiceOf(prediction, x, y, radius) > 0.75, $"Dice {DiceOf(prediction, x, y, radius)}");
    }

    [Fact]
    public void Predict_OneClickOnADisk_FindsItsSize()
    {
        using SliceEmbedding embedding = _segmenter.Encode(CreateDisk(200, 160, 90, 70, 25));

        MaskPrediction prediction = _segmenter.Predict(embedding, new() { Points = [new(90, 70, true)] });

        Assert.True(DiceOf(prediction, 90, 70, 25) > 0.85, $"Dice {DiceOf(prediction, 90, 70, 25)}");
    }

    [Fact]
    public void Predict_TheLastMaskAsPrompt_KeepsTheObject()
    {
        using SliceEmbedding embedding = _segmenter.Encode(CreateDisk(200, 160, 90, 70, 25)), next = _segmenter.Encode(CreateDisk(200, 160, 92, 71, 24));
        MaskPrediction prediction = _segmenter.Predict(embedding, new() { Box = new(65, 45, 116, 96) });

        MaskPrediction following = _segmenter.Predict(next, new() { Mask = prediction.Mask });

        Assert.True(DiceOf(following, 92, 71, 24) > 0.9, $"Dice {DiceOf(following, 92, 71, 24)}");
    }

    [Fact]
    public void Encode_GreySlice_HoldsNoCopyOfIt()
    {
        SliceImage slice = CreateDisk(200, 160, 90, 70, 25);
        _segmenter.Encode(slice).Dispose();
        long before = GC.GetAllocatedBytesForCurrentThread();

        using SliceEmbedding embedding = _segmenter.Encode(slice);

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 1, 1000);
        Assert.Equal(200 * 160, embedding.SizeBytes);
    }

    [Fact]
    public void Predict_ColourSlice_IsTakenAsItsGrey()
    {
        SliceImage grey = CreateDisk(80, 80, 40, 40, 15);
        byte[] colour = new byte[3 * grey.Pixels.Length];
        for (int n = 0; n < colour.Length; n++) colour[n] = grey.Pixels.Span[n / 3];
        using SliceEmbedding first = _segmenter.Encode(grey), second = _segmenter.Encode(grey with { Channels = 3, Pixels = colour });
        PromptSet prompts = new() { Box = new(25, 25, 56, 56) };

        Assert.Equal(_segmenter.Predict(first, prompts).PredictedIou, _segmenter.Predict(second, prompts).PredictedIou, 1e-4);
    }

    [Fact]
    public void Predict_ManyAtOnce_AnswersAsOneByOne()
    {
        (int X, int Y)[] places = [.. Enumerable.Range(0, 24).Select(n => (20 + 7 * n, 20 + 5 * n))];
        using SliceEmbedding embedding = _segmenter.Encode(CreateDisk(200, 160, 90, 70, 25));
        float[][] expected = [.. places.Select(place => Answer(place))];

        float[][] found = new float[places.Length][];
        Parallel.For(0, places.Length, new() { MaxDegreeOfParallelism = 4 }, n => found[n] = Answer(places[n]));

        for (int n = 0; n < places.Length; n++) Assert.Equal(expected[n], found[n]);

        float[] Answer((int X, int Y) place) => _segmenter.Predict(embedding, new() { Points = [new(place.X, place.Y, true)] }).Mask.Probabilities.ToArray();
    }

    [Fact]
    public void Predict_EmptyMaskAlone_IsRefused()
    {
        using SliceEmbedding embedding = _segmenter.Encode(CreateDisk(40, 40, 20, 20, 5));

        Assert.Throws<InvalidPromptException>(() => _segmenter.Predict(embedding, new() { Mask = new(40, 40, new float[1600]) }));
    }

    [Fact]
    public void Predict_AlreadyCancelled_Stops()
    {
        using SliceEmbedding embedding = _segmenter.Encode(CreateDisk(40, 40, 20, 20, 5));

        Assert.Throws<OperationCanceledException>(() => _segmenter.Predict(embedding, new() { Box = new(5, 5, 9, 9) }, new(canceled: true)));
    }

    [Theory]
    [InlineData(double.NaN, 5)]
    [InlineData(5, double.PositiveInfinity)]
    [InlineData(-1, 5)]
    [InlineData(5, 40)]
    public void Predict_PointOffTheSlice_IsRefused(double x, double y)
    {
        using SliceEmbedding embedding = _segmenter.Encode(CreateDisk(40, 40, 20, 20, 5));

        Assert.Throws<InvalidPromptException>(() => _segmenter.Predict(embedding, new() { Points = [new(5, 5, true), new(x, y, false)] }));
    }

    [Theory]
    [InlineData(double.NaN, 5, 9, 9)]
    [InlineData(5, 5, double.PositiveInfinity, 9)]
    [InlineData(9, 5, 5, 9)]
    [InlineData(5, 5, 9, 5)]
    [InlineData(40, 5, 50, 9)]
    [InlineData(-9, 5, 0, 9)]
    public void Predict_BoxOffTheSliceOrWithoutArea_IsRefused(double x0, double y0, double x1, double y1)
    {
        using SliceEmbedding embedding = _segmenter.Encode(CreateDisk(40, 40, 20, 20, 5));

        Assert.Throws<InvalidPromptException>(() => _segmenter.Predict(embedding, new() { Box = new(x0, y0, x1, y1) }));
    }

    [Fact]
    public void Predict_NoPromptOrBrokenMask_IsRefused()
    {
        using SliceEmbedding embedding = _segmenter.Encode(CreateDisk(40, 40, 20, 20, 5));
        foreach (PromptSet prompts in (PromptSet[])
            [new(), new() { Mask = new(39, 40, new float[1560]) }, new() { Mask = new(40, 40, new float[9]) }, new() { Mask = new(40, 40, Enumerable.Repeat(float.NaN, 1600).ToArray()) }])
            Assert.Throws<InvalidPromptException>(() => _segmenter.Predict(embedding, prompts));
    }

    internal static SliceImage CreateDisk(int width, int height, int x, int y, int radius)
    {
        Random random = new(7);
        byte[] pixels = new byte[width * height];
        for (int n = 0; n < pixels.Length; n++)
            pixels[n] = (byte)(random.Next(20) + (IsDisk(n % width, n / width, x, y, radius) ? 170 : 70));
        return new(width, height, 1, pixels);
    }

    private static double DiceOf(MaskPrediction prediction, int x, int y, int radius)
    {
        int both = 0, disk = 0, marked = 0;
        ReadOnlySpan<float> mask = prediction.Mask.Probabilities.Span;
        for (int n = 0; n < mask.Length; n++)
        {
            bool isDisk = IsDisk(n % prediction.Mask.Width, n / prediction.Mask.Width, x, y, radius), isMarked = mask[n] > 0.5f;
            (both, disk, marked) = (both + (isDisk && isMarked ? 1 : 0), disk + (isDisk ? 1 : 0), marked + (isMarked ? 1 : 0));
        }
        return 2.0 * both / (disk + marked);
    }

    private static bool IsDisk(int px, int py, int x, int y, int radius) => (px - x) * (px - x) + (py - y) * (py - y) <= radius * radius;

    private static double Bilinear(float[] logits, double x, double y)
    {
        (x, y) = (Math.Clamp(x, 0, 95), Math.Clamp(y, 0, 95));
        int x0 = (int)x, y0 = (int)y, x1 = Math.Min(x0 + 1, 95), y1 = Math.Min(y0 + 1, 95);
        double fx = x - x0, fy = y - y0;
        return (logits[y0 * 96 + x0] * (1 - fx) + logits[y0 * 96 + x1] * fx) * (1 - fy) + (logits[y1 * 96 + x0] * (1 - fx) + logits[y1 * 96 + x1] * fx) * fy;
    }
}
