using SamMed2D.Core.Slices;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Focus;

/// <summary>What a focus model knows of a slice: the slice itself, grey. A grey slice is kept, not copied.</summary>
internal sealed class FocusEmbedding : SliceEmbedding
{
    // Rec. 601 luma, as usual for 8-bit pictures.
    private const float RedShare = 0.299f, GreenShare = 0.587f, BlueShare = 0.114f;

    private readonly int _canvasSize;

    public FocusEmbedding(SliceImage image, int canvasSize) : base(image.Width, image.Height)
    {
        _canvasSize = canvasSize;
        Show(image);
    }

    /// <summary>The slice's canvas.</summary>
    public FocusCanvas Canvas { get; private set; }

    /// <summary>Width × Height pixels, row by row.</summary>
    public ReadOnlyMemory<byte> Pixels { get; private set; }

    public override long SizeBytes => Pixels.Length;

    /// <summary>Turns to another slice of the same size.</summary>
    public void Show(SliceImage image)
    {
        Canvas = new(image, _canvasSize);
        Pixels = image.Channels == 1 ? image.Pixels : ToGrey(image.Pixels.Span);
    }

    private static byte[] ToGrey(ReadOnlySpan<byte> colour)
    {
        byte[] grey = new byte[colour.Length / 3];
        for (int n = 0; n < grey.Length; n++)
            grey[n] = (byte)(RedShare * colour[3 * n] + GreenShare * colour[3 * n + 1] + BlueShare * colour[3 * n + 2] + 0.5f);
        return grey;
    }
}
