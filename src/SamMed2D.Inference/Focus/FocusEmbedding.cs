using SamMed2D.Core.Slices;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Focus;

/// <summary>What a focus model knows of a slice: the slice itself, grey, 0 to 1.</summary>
internal sealed class FocusEmbedding : SliceEmbedding
{
    // Rec. 601 luma, as usual for 8-bit pictures.
    private const float RedShare = 0.299f, GreenShare = 0.587f, BlueShare = 0.114f;

    public FocusEmbedding(SliceImage image, int canvasSize) : base(image.Width, image.Height)
    {
        Canvas = new(image, canvasSize);
        Pixels = ToGrey(image);
    }

    /// <summary>The slice's canvas.</summary>
    public FocusCanvas Canvas { get; }

    /// <summary>Width × Height numbers from 0 to 1, row by row.</summary>
    public float[] Pixels { get; }

    public override long SizeBytes => Pixels.LongLength * sizeof(float);

    private static float[] ToGrey(SliceImage image)
    {
        ReadOnlySpan<byte> source = image.Pixels.Span;
        float[] grey = GC.AllocateUninitializedArray<float>(checked(image.Width * image.Height));
        if (image.Channels == 1)
            for (int n = 0; n < grey.Length; n++) grey[n] = source[n] / 255f;
        else
            for (int n = 0; n < grey.Length; n++)
                grey[n] = (RedShare * source[3 * n] + GreenShare * source[3 * n + 1] + BlueShare * source[3 * n + 2]) / 255f;
        return grey;
    }
}
