namespace SamMed2D.Testing.Checkpoints;

/// <summary>
/// Writes checkpoints of SAM's architecture with random weights under the official names, of any size: small ones for tests, ViT-B with
/// adapters (1.1 GB) for measurements.
/// </summary>
public sealed record SamCheckpoint
{
    public int EmbedDim { get; init; } = 32;

    public int Depth { get; init; } = 2;

    public int Heads { get; init; } = 2;

    public int[] GlobalBlocks { get; init; } = [1];

    public int ImageSize { get; init; } = 256;

    public bool Adapters { get; init; } = true;

    public int Seed { get; init; } = 1;

    /// <summary>ViT-B as SAM-Med2D uses it.</summary>
    public static SamCheckpoint VitBase { get; } = new() { EmbedDim = 768, Depth = 12, Heads = 12, GlobalBlocks = [2, 5, 8, 11] };

    public void Write(string path, bool isHalf = false) => CheckpointWriter.Write(path, [.. Tensors()], isHalf: isHalf);

    public IEnumerable<TensorToWrite> Tensors()
    {
        Random random = new(Seed);
        return Encoder(random).Concat(PromptEncoder(random)).Concat(Decoder(random));
    }

    private IEnumerable<TensorToWrite> Encoder(Random random)
    {
        const string name = "image_encoder";
        int grid = ImageSize / 16, width = EmbedDim;
        yield return Random(random, $"{name}.pos_embed", 0.1f, 1, grid, grid, width);
        yield return Random(random, $"{name}.patch_embed.proj.weight", 0.03f, width, 3, 16, 16);
        yield return Random(random, $"{name}.patch_embed.proj.bias", 0.1f, width);
        for (int block = 0; block < Depth; block++)
            foreach (TensorToWrite tensor in Block(random, $"{name}.blocks.{block}", GlobalBlocks.Contains(block) ? grid : 14)) yield return tensor;
        yield return Random(random, $"{name}.neck.0.weight", Fan(width), 256, width, 1, 1);
        foreach (TensorToWrite tensor in Norm(random, $"{name}.neck.1", 256)) yield return tensor;
        yield return Random(random, $"{name}.neck.2.weight", Fan(256 * 9), 256, 256, 3, 3);
        foreach (TensorToWrite tensor in Norm(random, $"{name}.neck.3", 256)) yield return tensor;
    }

    private IEnumerable<TensorToWrite> Block(Random random, string name, int window)
    {
        int width = EmbedDim;
        List<TensorToWrite> tensors =
        [
            .. Norm(random, $"{name}.norm1", width),
            Random(random, $"{name}.attn.rel_pos_h", 0.3f, 2 * window - 1, width / Heads),
            Random(random, $"{name}.attn.rel_pos_w", 0.3f, 2 * window - 1, width / Heads),
            .. Linear(random, $"{name}.attn.qkv", width, 3 * width),
            .. Linear(random, $"{name}.attn.proj", width, width),
            .. Norm(random, $"{name}.norm2", width),
            .. Linear(random, $"{name}.mlp.lin1", width, 4 * width),
            .. Linear(random, $"{name}.mlp.lin2", 4 * width, width),
        ];
        if (Adapters)
        {
            tensors.AddRange(Norm(random, $"{name}.Adapter.norm", width));
            tensors.Add(Random(random, $"{name}.Adapter.channel.0.weight", Fan(width), width / 4, width));
            tensors.Add(Random(random, $"{name}.Adapter.channel.2.weight", Fan(width / 4), width, width / 4));
            tensors.Add(Random(random, $"{name}.Adapter.spatial.0.weight", Fan(9 * width), width, width, 3, 3));
            tensors.Add(Random(random, $"{name}.Adapter.spatial.2.weight", Fan(4 * width), width, width, 4, 4));
        }
        return tensors;
    }

    private static IEnumerable<TensorToWrite> PromptEncoder(Random random)
    {
        const string name = "prompt_encoder", mask = "prompt_encoder.mask_downscaling";
        return
        [
            Random(random, $"{name}.pe_layer.positional_encoding_gaussian_matrix", 1, 2, 128),
            .. Enumerable.Range(0, 4).Select(n => Random(random, $"{name}.point_embeddings.{n}.weight", 0.5f, 1, 256)),
            Random(random, $"{name}.not_a_point_embed.weight", 0.5f, 1, 256),
            Random(random, $"{mask}.0.weight", 0.5f, 4, 1, 2, 2), Random(random, $"{mask}.0.bias", 0.1f, 4), .. Norm(random, $"{mask}.1", 4),
            Random(random, $"{mask}.3.weight", Fan(16), 16, 4, 2, 2), Random(random, $"{mask}.3.bias", 0.1f, 16), .. Norm(random, $"{mask}.4", 16),
            Random(random, $"{mask}.6.weight", Fan(16), 256, 16, 1, 1), Random(random, $"{mask}.6.bias", 0.1f, 256),
            Random(random, $"{name}.no_mask_embed.weight", 0.5f, 1, 256),
        ];
    }

    private static IEnumerable<TensorToWrite> Decoder(Random random)
    {
        const string name = "mask_decoder";
        List<TensorToWrite> tensors = [];
        for (int layer = 0; layer < 2; layer++)
        {
            string prefix = $"{name}.transformer.layers.{layer}";
            tensors.AddRange(Attention(random, $"{prefix}.self_attn", 256));
            tensors.AddRange(Attention(random, $"{prefix}.cross_attn_token_to_image", 128));
            tensors.AddRange(Attention(random, $"{prefix}.cross_attn_image_to_token", 128));
            for (int norm = 1; norm <= 4; norm++) tensors.AddRange(Norm(random, $"{prefix}.norm{norm}", 256));
            tensors.AddRange(Linear(random, $"{prefix}.mlp.lin1", 256, 2048));
            tensors.AddRange(Linear(random, $"{prefix}.mlp.lin2", 2048, 256));
        }
        tensors.AddRange(Attention(random, $"{name}.transformer.final_attn_token_to_image", 128));
        tensors.AddRange(Norm(random, $"{name}.transformer.norm_final_attn", 256));
        tensors.Add(Random(random, $"{name}.iou_token.weight", 0.5f, 1, 256));
        tensors.Add(Random(random, $"{name}.mask_tokens.weight", 0.5f, 4, 256));
        tensors.Add(Random(random, $"{name}.output_upscaling.0.weight", Fan(256), 256, 64, 2, 2));
        tensors.Add(Random(random, $"{name}.output_upscaling.0.bias", 0.1f, 64));
        tensors.AddRange(Norm(random, $"{name}.output_upscaling.1", 64));
        tensors.Add(Random(random, $"{name}.output_upscaling.3.weight", Fan(64), 64, 32, 2, 2));
        tensors.Add(Random(random, $"{name}.output_upscaling.3.bias", 0.1f, 32));
        for (int mask = 0; mask < 4; mask++) tensors.AddRange(Mlp(random, $"{name}.output_hypernetworks_mlps.{mask}", 32));
        tensors.AddRange(Mlp(random, $"{name}.iou_prediction_head", 4));
        return tensors;
    }

    private static IEnumerable<TensorToWrite> Attention(Random random, string name, int inner) =>
        [.. Linear(random, $"{name}.q_proj", 256, inner), .. Linear(random, $"{name}.k_proj", 256, inner), .. Linear(random, $"{name}.v_proj", 256, inner), .. Linear(random, $"{name}.out_proj", inner, 256)];

    private static IEnumerable<TensorToWrite> Mlp(Random random, string name, int outputs) =>
        [.. Linear(random, $"{name}.layers.0", 256, 256), .. Linear(random, $"{name}.layers.1", 256, 256), .. Linear(random, $"{name}.layers.2", 256, outputs)];

    private static IEnumerable<TensorToWrite> Linear(Random random, string name, int inputs, int outputs) =>
        [Random(random, $"{name}.weight", Fan(inputs), outputs, inputs), Random(random, $"{name}.bias", 0.3f, outputs)];

    private static IEnumerable<TensorToWrite> Norm(Random random, string name, int width) =>
        [Random(random, $"{name}.weight", 0.2f, width) is var weight ? weight with { Fill = Shifted(weight.Fill, 1) } : null!, Random(random, $"{name}.bias", 0.2f, width)];

    private static float Fan(int inputs) => MathF.Sqrt(1f / inputs);

    private static FillValues Shifted(FillValues fill, float shift) => values =>
    {
        fill(values);
        foreach (ref float value in values) value += shift;
    };

    // Uniform with the given standard deviation.
    private static TensorToWrite Random(Random random, string name, float deviation, params long[] shape)
    {
        float half = deviation * MathF.Sqrt(3);
        return new(name, shape, values =>
        {
            foreach (ref float value in values) value = (random.NextSingle() * 2 - 1) * half;
        });
    }
}
