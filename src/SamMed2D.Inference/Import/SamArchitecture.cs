using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Inference.Checkpoints;

namespace SamMed2D.Inference.Import;

/// <summary>The sizes of a SAM or SAM-Med2D network, read off the tensors of its checkpoint (SAM-Med2D, arXiv 2308.16184; Segment Anything, arXiv 2304.02643).</summary>
public sealed record SamArchitecture
{
    private const string Encoder = "image_encoder.";

    /// <summary>Attention heads of the decoder: the same in every published SAM; the checkpoint's tensors do not tell it.</summary>
    public const int DecoderHeads = 8;

    // Likewise.
    internal const int WindowTokens = 14;

    private SamArchitecture()
    {
    }

    /// <summary>Width of the encoder's tokens.</summary>
    public required int EmbedDim { get; init; }

    /// <summary>Number of encoder blocks.</summary>
    public required int Depth { get; init; }

    /// <summary>Attention heads of an encoder block.</summary>
    public required int Heads { get; init; }

    /// <summary>Pixels along a patch.</summary>
    public required int PatchSize { get; init; }

    /// <summary>The blocks that attend to the whole image; the others attend within windows of <see cref="WindowSize"/>.</summary>
    public required IReadOnlyList<int> GlobalBlocks { get; init; }

    /// <summary>Pixels along the image that the checkpoint was made for.</summary>
    public required int ImageSize { get; init; }

    /// <summary>True where every block has an adapter branch.</summary>
    public required bool HasAdapters { get; init; }

    /// <summary>Channels of the embedding.</summary>
    public required int EmbeddingChannels { get; init; }

    /// <summary>Layers of the decoder's transformer.</summary>
    public required int DecoderDepth { get; init; }

    /// <summary>Masks that the decoder offers: the single-mask output and the multimask ones.</summary>
    public required int MaskCount { get; init; }

    /// <summary>Numbers in all tensors of encoder, prompt encoder and decoder.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Tokens along an attention window.</summary>
    public int WindowSize => WindowTokens;

    /// <summary>Width of one attention head.</summary>
    public int HeadDim => EmbedDim / Heads;

    /// <summary>The published name of these encoder sizes (ViT-B, ViT-L, ViT-H), or the sizes themselves.</summary>
    public string EncoderName => (EmbedDim, Depth, Heads) switch
    {
        (768, 12, 12) => "ViT-B",
        (1024, 24, 16) => "ViT-L",
        (1280, 32, 16) => "ViT-H",
        _ => $"ViT {EmbedDim}x{Depth}",
    };

    /// <summary>Reads the sizes.</summary>
    /// <exception cref="ModelException">The checkpoint is not of SAM's architecture, or its tensors contradict one another.</exception>
    public static SamArchitecture Read(CheckpointFile checkpoint)
    {
        long[] patch = ShapeOf(checkpoint, Encoder + "patch_embed.proj.weight", 4);
        long[] positions = ShapeOf(checkpoint, Encoder + "pos_embed", 4);
        int embedDim = Size(checkpoint, patch[0], 8192), depth = CountIndices(checkpoint, Encoder + "blocks.");
        int headDim = Size(checkpoint, ShapeOf(checkpoint, Encoder + "blocks.0.attn.rel_pos_h", 2)[1], embedDim);
        if (depth == 0 || embedDim % headDim != 0 || patch[1] != 3 || patch[2] != patch[3] || positions[1] != positions[2] || positions[3] != embedDim)
            throw new ModelException(checkpoint.Path, "its image encoder's tensors contradict one another; choose a checkpoint of SAM or SAM-Med2D");
        int patchSize = Size(checkpoint, patch[2], 64), grid = Size(checkpoint, positions[1], 256);
        int adapters = Enumerable.Range(0, depth).Count(block => checkpoint.Tensors.ContainsKey($"{Encoder}blocks.{block}.Adapter.norm.weight"));
        if (adapters > 0 && adapters < depth)
            throw new ModelException(checkpoint.Path, $"has adapters in {adapters} of {depth} blocks, and all or none are known; import it with --no-adapters or choose another checkpoint");
        return new()
        {
            EmbedDim = embedDim,
            Depth = depth,
            Heads = embedDim / headDim,
            PatchSize = patchSize,
            ImageSize = grid * patchSize,
            GlobalBlocks = [.. Enumerable.Range(0, depth).Where(block => IsGlobal(checkpoint, block, grid))],
            HasAdapters = adapters > 0,
            EmbeddingChannels = Size(checkpoint, ShapeOf(checkpoint, Encoder + "neck.0.weight", 4)[0], 4096),
            DecoderDepth = CountIndices(checkpoint, "mask_decoder.transformer.layers."),
            MaskCount = Size(checkpoint, ShapeOf(checkpoint, "mask_decoder.mask_tokens.weight", 2)[0], 64),
            ParameterCount = checkpoint.Tensors.Values.Sum(tensor => tensor.ElementCount),
        };
    }

    // A relative-position table of 2·14-1 entries belongs to a window; any other spans the image.
    private static bool IsGlobal(CheckpointFile checkpoint, int block, int grid)
    {
        long length = ShapeOf(checkpoint, $"{Encoder}blocks.{block}.attn.rel_pos_h", 2)[0];
        return length != 2 * WindowTokens - 1 || grid == WindowTokens;
    }

    private static int CountIndices(CheckpointFile checkpoint, string prefix)
    {
        const int most = 128;
        int count = 0;
        foreach (string name in checkpoint.Tensors.Keys)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            ReadOnlySpan<char> rest = name.AsSpan(prefix.Length);
            int dot = rest.IndexOf('.');
            if (dot > 0 && int.TryParse(rest[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < most) count = Math.Max(count, index + 1);
        }
        return count;
    }

    private static long[] ShapeOf(CheckpointFile checkpoint, string name, int rank)
    {
        if (!checkpoint.Tensors.TryGetValue(name, out CheckpointTensor? tensor))
            throw new ModelException(checkpoint.Path, $"is not a checkpoint of SAM or SAM-Med2D: among its {checkpoint.Tensors.Count} tensors there is no {name}{checkpoint.CodeRemark}; choose another one");
        return tensor.Shape.Count == rank ? [.. tensor.Shape] : throw new ModelException(checkpoint.Path, $"its tensor {name} has {tensor.Shape.Count} axes, expected {rank}; choose a checkpoint of SAM or SAM-Med2D");
    }

    private static int Size(CheckpointFile checkpoint, long size, int most) =>
        size >= 1 && size <= most ? (int)size : throw new ModelException(checkpoint.Path, $"one of its tensors has a size of {size}, expected 1 to {most}; choose a checkpoint of SAM or SAM-Med2D");
}
