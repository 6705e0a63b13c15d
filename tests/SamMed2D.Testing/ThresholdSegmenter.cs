using System.Collections.Concurrent;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Embeddings;

namespace SamMed2D.Testing;

/// <summary>
/// A segmenter for tests that needs no model and still answers honestly: it marks the pixels, in and near the prompt, whose grey value is near that
/// of the prompted object. Its native mask prompt carries that grey value, so it knows an object that has ended from one that has changed.
/// It counts and watches what its caller does with embeddings.
/// </summary>
public sealed class ThresholdSegmenter : IPromptableSegmenter
{
    private readonly ConcurrentDictionary<int, int> _encodesByFirstPixel = new();
    private int _live, _encodes, _predicts, _concurrent;

    /// <summary>Grey values this near the object's belong to it.</summary>
    public int Tolerance { get; init; } = 30;

    /// <summary>How far beyond a mask prompt's frame the object may reach, in pixels.</summary>
    public int Reach { get; init; } = 6;

    /// <summary>What each embedding claims to hold.</summary>
    public long EmbeddingBytes { get; init; } = 1000;

    /// <summary>True gives it a codec, as models have whose embeddings are worth keeping.</summary>
    public bool IsWorthKeeping { get; init; }

    /// <inheritdoc/>
    public IEmbeddingCodec? EmbeddingCodec => IsWorthKeeping ? new Codec((int)EmbeddingBytes) : null;

    /// <summary>Called at the start of every encoding, with its number from 0 and the token.</summary>
    public Action<int, CancellationToken>? OnEncode { get; init; }

    /// <summary>Called at the start of every prediction, with its number from 0, the prompts and the token.</summary>
    public Action<int, PromptSet, CancellationToken>? OnPredict { get; init; }

    /// <summary>Encodings so far.</summary>
    public int EncodeCount => _encodes;

    /// <summary>Predictions so far.</summary>
    public int PredictCount => _predicts;

    /// <summary>Embeddings that nobody has disposed.</summary>
    public int LiveEmbeddings => _live;

    /// <summary>How many embeddings were given back for later slices.</summary>
    public int RecycledEmbeddings { get; private set; }

    /// <inheritdoc/>
    public void Recycle(SliceEmbedding embedding)
    {
        RecycledEmbeddings++;
        embedding.Dispose();
    }

    /// <summary>The most embeddings alive at once.</summary>
    public int MostLiveEmbeddings { get; private set; }

    /// <summary>How often slices were encoded, by the value of their first pixel (which tests use as a stamp).</summary>
    public IReadOnlyDictionary<int, int> EncodesByFirstPixel => _encodesByFirstPixel;

    /// <inheritdoc/>
    public SegmenterDescription Description { get; } = new("threshold-test", "Threshold", "test", "Apache-2.0", "tests", "cpu");

    /// <inheritdoc/>
    public SliceEmbedding Encode(SliceImage image, CancellationToken cancellation = default)
    {
        OnEncode?.Invoke(_encodes, cancellation);
        cancellation.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _encodes);
        _encodesByFirstPixel.AddOrUpdate(image.Pixels.Span[0], 1, (_, count) => count + 1);
        MostLiveEmbeddings = Math.Max(MostLiveEmbeddings, Interlocked.Increment(ref _live));
        // What is kept must not need the picture any more.
        return new Embedding(this, IsWorthKeeping ? new(image.Width, image.Height, image.Channels, image.Pixels.ToArray()) : image, EmbeddingBytes);
    }

    /// <inheritdoc/>
    public MaskPrediction Predict(SliceEmbedding embedding, PromptSet prompts, CancellationToken cancellation = default)
    {
        if (prompts.IsEmpty) throw new InvalidPromptException("there is no prompt");
        if (Interlocked.Increment(ref _concurrent) > 1) throw new InvalidOperationException("Propagation predicts on one thread.");
        try
        {
            OnPredict?.Invoke(_predicts, prompts, cancellation);
            cancellation.ThrowIfCancellationRequested();
            _predicts++;
            return Predict(((Embedding)embedding).CheckedImage, prompts);
        }
        finally
        {
            Interlocked.Decrement(ref _concurrent);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private MaskPrediction Predict(SliceImage image, PromptSet prompts)
    {
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        PixelRectangle region = RegionOf(image, prompts);
        double grey = prompts.Mask?.Native is { ModelId: "threshold-test" } native ? native.Values.Span[0] : GreyOf(image, prompts);
        float[] probabilities = new float[image.Width * image.Height];
        int loose = 0, strict = 0;
        for (int y = region.Y0; y < region.Y1; y++)
            for (int x = region.X0; x < region.X1; x++)
            {
                double distance = Math.Abs(pixels[y * image.Width + x] - grey);
                probabilities[y * image.Width + x] = (float)(1 / (1 + Math.Exp((distance - Tolerance) / 4)));
                if (distance < Tolerance) loose++;
                if (distance < Tolerance / 2.0) strict++;
            }
        float iou = loose == 0 ? 0 : (float)strict / loose;
        MaskPrompt mask = new(image.Width, image.Height, probabilities, new("threshold-test", 1, 1, new[] { (float)grey }));
        return new(mask, [new(iou, 1)], 0);
    }

    private PixelRectangle RegionOf(SliceImage image, PromptSet prompts)
    {
        PixelRectangle whole = new(0, 0, image.Width, image.Height);
        PixelRectangle region = whole;
        if (prompts.Mask is { } mask)
        {
            PixelRectangle frame = PlaneOf(mask).GetBounds() ?? default;
            region = new(Math.Max(0, frame.X0 - Reach), Math.Max(0, frame.Y0 - Reach), Math.Min(image.Width, frame.X1 + Reach), Math.Min(image.Height, frame.Y1 + Reach));
        }
        else if (prompts.Box is { } box)
            region = new((int)box.X0, (int)box.Y0, Math.Min(image.Width, (int)Math.Ceiling(box.X1)), Math.Min(image.Height, (int)Math.Ceiling(box.Y1)));
        return region;
    }

    private static double GreyOf(SliceImage image, PromptSet prompts)
    {
        ReadOnlySpan<byte> pixels = image.Pixels.Span;
        if (prompts.Points.FirstOrDefault(p => p.IsForeground) is { IsForeground: true } point) return pixels[(int)point.Y * image.Width + (int)point.X];
        if (prompts.Box is { } box) return pixels[(int)((box.Y0 + box.Y1) / 2) * image.Width + (int)((box.X0 + box.X1) / 2)];
        ReadOnlySpan<byte> plane = PlaneOf(prompts.Mask!).Pixels;
        double sum = 0;
        int count = 0;
        for (int n = 0; n < plane.Length; n++)
            if (plane[n] != 0) (sum, count) = (sum + pixels[n], count + 1);
        return sum / Math.Max(count, 1);
    }

    private static MaskPlane PlaneOf(MaskPrompt mask)
    {
        MaskPlane plane = new(mask.Width, mask.Height);
        for (int n = 0; n < plane.Pixels.Length; n++) plane.Pixels[n] = mask.Probabilities.Span[n] > 0.5f ? (byte)1 : (byte)0;
        return plane;
    }

    /// <summary>For caches in memory, which only ask for the size.</summary>
    private sealed record Codec(int SizeBytes) : IEmbeddingCodec
    {
        public string Identity => "threshold-test";

        public void Write(SliceEmbedding embedding, Span<byte> bytes) => throw new NotSupportedException();

        public SliceEmbedding Read(ReadOnlySpan<byte> bytes, int width, int height) => throw new NotSupportedException();
    }

    private sealed class Embedding(ThresholdSegmenter owner, SliceImage image, long sizeBytes) : SliceEmbedding(image.Width, image.Height)
    {
        private readonly int _hash = HashOf(image);
        private bool _disposed;

        /// <summary>The picture, after making sure that the caller kept it.</summary>
        public SliceImage CheckedImage
        {
            get
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                if (HashOf(image) != _hash) throw new InvalidOperationException("The picture changed while its embedding was in use.");
                return image;
            }
        }

        public override long SizeBytes => sizeBytes;

        protected override void Dispose(bool disposing)
        {
            if (_disposed) throw new InvalidOperationException("An embedding was disposed twice.");
            _disposed = true;
            Interlocked.Decrement(ref owner._live);
        }

        private static int HashOf(SliceImage image)
        {
            HashCode hash = default;
            hash.AddBytes(image.Pixels.Span);
            return hash.ToHashCode();
        }
    }
}
