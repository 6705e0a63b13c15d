using System.Buffers.Binary;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Embeddings;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Embeddings;

/// <summary>A segmenter whose embeddings stand by themselves: it keeps a copy of the picture, and counts what it encodes.</summary>
internal sealed class CountingSegmenter(int width, int height) : IPromptableSegmenter, IEmbeddingCodec
{
    private readonly ThresholdSegmenter _threshold = new();

    /// <summary>Called at the start of each encoding with the picture's first pixel.</summary>
    public Action<byte, CancellationToken>? OnEncode { get; init; }

    /// <summary>The first pixels of the pictures encoded, in order.</summary>
    public List<byte> Encoded { get; } = [];

    public int Live;

    public string Identity { get; init; } = "counting-1";

    public int SizeBytes => width * height;

    public SegmenterDescription Description => _threshold.Description;

    public IEmbeddingCodec EmbeddingCodec => this;

    public SliceEmbedding Encode(SliceImage image, CancellationToken cancellation = default)
    {
        OnEncode?.Invoke(image.Pixels.Span[0], cancellation);
        cancellation.ThrowIfCancellationRequested();
        lock (Encoded) Encoded.Add(image.Pixels.Span[0]);
        return new Copy(this, image.Width, image.Height, image.Pixels.ToArray());
    }

    public MaskPrediction Predict(SliceEmbedding embedding, PromptSet prompts, CancellationToken cancellation = default)
    {
        Copy copy = (Copy)embedding;
        using SliceEmbedding fresh = _threshold.Encode(new(copy.Width, copy.Height, 1, copy.Pixels), cancellation);
        return _threshold.Predict(fresh, prompts, cancellation);
    }

    public void Write(SliceEmbedding embedding, Span<byte> bytes) => ((Copy)embedding).Pixels.CopyTo(bytes);

    public SliceEmbedding Read(ReadOnlySpan<byte> bytes, int columns, int rows) => new Copy(this, columns, rows, bytes.ToArray());

    public void Dispose()
    {
    }

    /// <summary>A picture that can be told from others by its first pixel.</summary>
    public static SliceImage Picture(byte stamp, int columns = 8, int rows = 6)
    {
        byte[] pixels = new byte[columns * rows];
        BinaryPrimitives.WriteInt32LittleEndian(pixels.AsSpan(1), stamp * 7919);
        pixels[0] = stamp;
        return new(columns, rows, 1, pixels);
    }

    private sealed class Copy : SliceEmbedding
    {
        private readonly CountingSegmenter _owner;

        public Copy(CountingSegmenter owner, int columns, int rows, byte[] pixels) : base(columns, rows)
        {
            (_owner, Pixels) = (owner, pixels);
            Interlocked.Increment(ref owner.Live);
        }

        public byte[] Pixels { get; }

        public override long SizeBytes => Pixels.Length;

        protected override void Dispose(bool disposing) => Interlocked.Decrement(ref _owner.Live);
    }
}
