using SamMed2D.Core.Slices;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Focus;

/// <summary>What a focus model knows of a slice: the slice itself, grey. A grey slice is kept, not copied.</summary>
internal sealed class FocusEmbedding : SliceEmbedding
{
    // Rec. 601 luma, as usual for 8-bit pictures.
    private const float RedShare = 0.299f, GreenShare = 0.587f, BlueShare = 0.114f;

    public FocusEmbedding(SliceImage image, int canvasSize) : base(image.Width, image.Height)
    {
        Canvas = new(image, canvasSize);
        Pixels = image.Channels == 1 ? image.Pixels : ToGrey(image.Pixels.Span);
    }

    /// <summary>The slice's canvas.</summary>
    public FocusCanvas Canvas { get; }

    /// <summary>Width × Height pixels, row by row.</summary>
    public ReadOnlyMemory<byte> Pixels { get; }

    public override long SizeBytes => Pixels.Length;

    private static byte[] ToGrey(ReadOnlySpan<byte> colour)
    {
        byte[] grey = new byte[colour.Length / 3];
        for (int n = 0; n < grey.Length; n++)
            grey[n] = (byte)(RedShare * colour[3 * n] + GreenShare * colour[3 * n + 1] + BlueShare * colour[3 * n + 2] + 0.5f);
        return grey;
    }
}
