using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Errors;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Runtime;

namespace SamMed2D.Inference.Sam;

/// <summary>Reads how a SAM model is fed from the graphs themselves, where no <c>model.json</c> says it.</summary>
internal static class ExportedPair
{
    private const int PatchSize = 16;
    private const int SamMed2DImageSize = 256;

    /// <summary>Describes an encoder and decoder exported by the public scripts, and tells the user what had to be assumed.</summary>
    /// <exception cref="ModelException">The graphs' inputs and outputs are not those of the public export.</exception>
    public static SamInterface Describe(ModelFolder folder, OnnxSession encoder, OnnxSession decoder, Action<string>? notice)
    {
        (int channels, int grid) = ReadEmbeddingShape(folder, encoder, decoder);
        int imageSize = ReadImageSize(folder, encoder, grid);
        // Only 256-pixel SAM-Med2D models are exported at that size, and only they were trained on probabilities.
        MaskPromptDomain domain = imageSize == SamMed2DImageSize ? MaskPromptDomain.Probability : MaskPromptDomain.Logits;
        ResizePolicy resize = imageSize == SamMed2DImageSize ? ResizePolicy.PadSmall : ResizePolicy.LongestSide;
        int candidates = ReadCandidates(decoder);
        notice?.Invoke($"{folder.Name} has no {ModelManifest.FileName}: taken for {(domain == MaskPromptDomain.Probability ? "SAM-Med2D" : "original SAM")} at {imageSize} pixels");
        if (candidates == 1)
            notice?.Invoke($"{folder.Name} was exported to return a single mask, which SAM-Med2D never trained; export it with all masks for better results");
        return new()
        {
            ImageSize = imageSize,
            EmbeddingShape = [channels, grid, grid],
            Preprocessing = ImagePreprocessing.SegmentAnything(resize),
            MaskPrompt = domain,
            MaskSize = 4 * grid,
            Decoder = new()
            {
                Candidates = candidates,
                HasOriginalSizeInput = decoder.Inputs.ContainsKey(SamNames.OriginalSize),
                HasMasksOutput = decoder.Outputs.ContainsKey(SamNames.Masks),
            },
        };
    }

    private static (int Channels, int Grid) ReadEmbeddingShape(ModelFolder folder, OnnxSession encoder, OnnxSession decoder)
    {
        ReadOnlySpan<int> made = encoder.Outputs[SamNames.Embedding].Dimensions, taken = decoder.Inputs[SamNames.Embedding].Dimensions;
        ReadOnlySpan<int> shape = IsFixed(made) ? made : taken;
        if (!IsFixed(shape) || shape[2] != shape[3])
            throw new ModelException(folder.Path, $"has embeddings of the shape [{string.Join(',', shape.ToArray())}], expected [1,channels,n,n]; export it with fixed sizes");
        if (IsFixed(made) && IsFixed(taken) && !made[1..].SequenceEqual(taken[1..]))
            throw new ModelException(folder.Path, "holds an encoder and a decoder whose embeddings differ in size; export both from one checkpoint");
        return (shape[1], shape[2]);
    }

    private static bool IsFixed(ReadOnlySpan<int> shape) => shape.Length == 4 && shape[1] > 0 && shape[2] > 0 && shape[3] > 0;

    private static int ReadImageSize(ModelFolder folder, OnnxSession encoder, int grid)
    {
        ReadOnlySpan<int> shape = encoder.Inputs[SamNames.Image].Dimensions;
        if (shape.Length != 4 || shape[1] is not (3 or -1) || shape[2] != shape[3])
            throw new ModelException(folder.PathOf(ModelFileRole.Encoder), $"takes images of the shape [{string.Join(',', shape.ToArray())}], expected [1,3,n,n]; export it without preprocessing");
        return shape[2] > 0 ? shape[2] : grid * PatchSize;
    }

    private static int ReadCandidates(OnnxSession decoder)
    {
        foreach (string name in (string[])[SamNames.LowResolutionMasks, SamNames.Ious])
        {
            NodeMetadata output = decoder.Outputs[name];
            if (output.Dimensions.Length >= 2 && output.Dimensions[1] > 0) return output.Dimensions[1];
        }
        return new SamDecoderInterface().Candidates;
    }
}

/// <summary>Names of inputs and outputs in Segment Anything's public ONNX export.</summary>
internal static class SamNames
{
    public const string Image = "input_image";
    public const string Embedding = "image_embeddings";
    public const string Points = "point_coords";
    public const string Labels = "point_labels";
    public const string Mask = "mask_input";
    public const string HasMask = "has_mask_input";
    public const string OriginalSize = "orig_im_size";
    public const string LowResolutionMasks = "low_res_masks";
    public const string Ious = "iou_predictions";
    public const string Masks = "masks";

    /// <summary>Checks that both graphs have the inputs and outputs that are used.</summary>
    /// <exception cref="ModelException">One is missing.</exception>
    public static void Check(ModelFolder folder, OnnxSession encoder, OnnxSession decoder)
    {
        Require(folder.PathOf(ModelFileRole.Encoder), "input", encoder.Inputs, Image);
        Require(folder.PathOf(ModelFileRole.Encoder), "output", encoder.Outputs, Embedding);
        Require(folder.PathOf(ModelFileRole.Decoder), "input", decoder.Inputs, Embedding, Points, Labels, Mask, HasMask);
        Require(folder.PathOf(ModelFileRole.Decoder), "output", decoder.Outputs, LowResolutionMasks, Ious);
    }

    private static void Require(string path, string direction, IReadOnlyDictionary<string, NodeMetadata> found, params ReadOnlySpan<string> expected)
    {
        foreach (string name in expected)
            if (!found.ContainsKey(name))
                throw new ModelException(path, $"has no {direction} '{name}' but {string.Join(", ", found.Keys)}; export it with the public scripts' names, or import its checkpoint");
    }
}
