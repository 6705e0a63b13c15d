namespace SamMed2D.Inference.Models;

/// <summary>
/// How a SAM model is fed. The graphs' inputs and outputs have the names of Segment Anything's public ONNX export
/// (<c>input_image</c>, <c>image_embeddings</c>, <c>point_coords</c>, <c>point_labels</c>, <c>mask_input</c>, <c>has_mask_input</c>,
/// <c>orig_im_size</c>; <c>low_res_masks</c>, <c>iou_predictions</c>, <c>masks</c>).
/// </summary>
public sealed record SamInterface
{
    /// <summary>Side of the square input image in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Shape of one slice's embedding: channels, rows, columns.</summary>
    public required IReadOnlyList<int> EmbeddingShape { get; init; }

    /// <summary>How slices become input images.</summary>
    public required ImagePreprocessing Preprocessing { get; init; }

    /// <summary>In which domain the decoder takes a mask prompt: SAM-Med2D probabilities, original SAM logits.</summary>
    public required MaskPromptDomain MaskPrompt { get; init; }

    /// <summary>Side of the decoder's square masks and mask prompts in pixels: a quarter of <see cref="ImageSize"/>.</summary>
    public required int MaskSize { get; init; }

    /// <summary>What the decoder graph offers.</summary>
    public SamDecoderInterface Decoder { get; init; } = new();
}

/// <summary>What differs between decoder graphs.</summary>
public sealed record SamDecoderInterface
{
    /// <summary>Masks a call: 4 (mask 0 is the single-mask output, 1 to 3 are chosen from), or 1 for exports that choose inside.</summary>
    public int Candidates { get; init; } = 4;

    /// <summary>True where the graph wants <c>orig_im_size</c>, as the public exports do.</summary>
    public bool HasOriginalSizeInput { get; init; }

    /// <summary>True where the graph also answers <c>masks</c> at <c>orig_im_size</c>, as the public exports do; not used here.</summary>
    public bool HasMasksOutput { get; init; }

    /// <summary>True where <c>point_coords</c> may have no points at all (a mask prompt alone); else one padding point is sent.</summary>
    public bool AcceptsNoPoints { get; init; }
}

/// <summary>How a slice becomes an input image.</summary>
/// <param name="Mean">Subtracted from pixels 0 to 255: red, green, blue.</param>
/// <param name="Std">Divides the difference: red, green, blue.</param>
/// <param name="Resize">How the slice is fitted into the square.</param>
public sealed record ImagePreprocessing(IReadOnlyList<float> Mean, IReadOnlyList<float> Std, ResizePolicy Resize)
{
    /// <summary>The figures of Segment Anything and SAM-Med2D.</summary>
    public static ImagePreprocessing SegmentAnything(ResizePolicy resize) =>
        new([123.675f, 116.28f, 103.53f], [58.395f, 57.12f, 57.375f], resize);
}

/// <summary>How a slice is fitted into a model's square input.</summary>
public enum ResizePolicy
{
    /// <summary>Nearest neighbour to the square, without keeping the aspect: SAM-Med2D's predictor class, and what the goldens used.</summary>
    Stretch,

    /// <summary>Centred on zeros (after normalising) where both sides are smaller than the square, else as <see cref="Stretch"/>:
    /// SAM-Med2D's training and testing.</summary>
    PadSmall,

    /// <summary>Bilinear so that the longer side fills the square, zeros right and below: original Segment Anything.</summary>
    LongestSide,
}

/// <summary>The domains of mask prompts.</summary>
public enum MaskPromptDomain
{
    /// <summary>Sigmoid of the last low-resolution logits, 0 to 1.</summary>
    Probability,

    /// <summary>The last low-resolution logits themselves.</summary>
    Logits,
}
