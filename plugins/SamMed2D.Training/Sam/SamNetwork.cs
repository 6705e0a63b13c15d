using SamMed2D.Inference.Import;
using SamMed2D.Training.Scenes;
using static TorchSharp.torch;

namespace SamMed2D.Training.Sam;

/// <summary>SAM or SAM-Med2D as a network to be trained. Parameters have the names of the public checkpoints; sizes are those of a checkpoint.</summary>
internal sealed class SamNetwork : Group
{
    public SamNetwork(SamArchitecture architecture, int imageSize, bool hasAdapters, Arithmetic arithmetic) : base("sam")
    {
        (Architecture, ImageSize, HasAdapters) = (architecture, imageSize, hasAdapters);
        int grid = imageSize / architecture.PatchSize;
        Encoder = Add(new ImageEncoder(architecture, imageSize, hasAdapters, arithmetic));
        Prompts = Add(new PromptEncoder(imageSize, grid, architecture.EmbeddingChannels, arithmetic));
        Decoder = Add(new MaskDecoder(architecture.EmbeddingChannels, architecture.DecoderDepth, architecture.MaskCount, arithmetic));
    }

    public SamArchitecture Architecture { get; }

    /// <summary>Pixels along a picture.</summary>
    public int ImageSize { get; }

    public bool HasAdapters { get; }

    public ImageEncoder Encoder { get; }

    public PromptEncoder Prompts { get; }

    public MaskDecoder Decoder { get; }

    /// <summary>Pixels along a low-resolution mask.</summary>
    public int MaskSize => 4 * ImageSize / Architecture.PatchSize;

    /// <summary>All answers of the decoder.</summary>
    /// <param name="embeddings">One a mask.</param>
    /// <param name="prompts">The prompts.</param>
    /// <param name="promptsLearn">Whether gradients reach the prompt encoder.</param>
    public (Tensor Logits, Tensor Ious) Decode(Tensor embeddings, SamPrompts prompts, bool promptsLearn = true)
    {
        Tensor tokens, map;
        using (promptsLearn ? null : no_grad()) (tokens, map) = Prompts.Encode(prompts);
        return Decoder.Decode(embeddings, Prompts.GetGridPositions(), tokens, map);
    }

    /// <summary>The answer of the multimask outputs with the best predicted IoU, as SAM-Med2D is trained and tested.</summary>
    public SamAnswer Predict(Tensor embeddings, SamPrompts prompts, bool promptsLearn = true)
    {
        (Tensor logits, Tensor ious) = Decode(embeddings, prompts, promptsLearn);
        Tensor several = ious.narrow(1, 1, ious.shape[1] - 1);
        Tensor best = several.argmax(1, keepdim: true);
        Tensor where = (best + 1).reshape(-1, 1, 1, 1).expand(-1, 1, logits.shape[2], logits.shape[3]);
        Tensor low = logits.gather(1, where);
        Tensor masks = nn.functional.interpolate(low, [ImageSize, ImageSize], mode: InterpolationMode.Bilinear, align_corners: false);
        return new(masks, low, several.gather(1, best));
    }

    /// <summary>Adds low-rank parts to the encoder's attention.</summary>
    public void AddLowRank(int rank, long seed) => Encoder.AddLowRank(rank, new RandomSource(seed, -7));
}

/// <summary>One mask for each prompt.</summary>
/// <param name="Masks">Logits at the picture's size [N,1,S,S].</param>
/// <param name="LowResolution">Logits as decoded [N,1,S/4,S/4].</param>
/// <param name="Ious">Predicted IoU [N,1].</param>
internal sealed record SamAnswer(Tensor Masks, Tensor LowResolution, Tensor Ious);
