using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamMed2D.Training.Sam;

/// <summary>Prompts of N masks, in pixels of the model's square picture. Tensors lie on the network's device.</summary>
internal sealed record SamPrompts
{
    /// <summary>How many masks are asked for.</summary>
    public required long Count { get; init; }

    /// <summary>Points [N,P,2] as x, y; null for none.</summary>
    public Tensor? Points { get; init; }

    /// <summary>What the points mean [N,P]: 1 on the object, 0 off it, -1 nothing.</summary>
    public Tensor? Labels { get; init; }

    /// <summary>Boxes [N,4] as x0, y0, x1, y1; null for none.</summary>
    public Tensor? Boxes { get; init; }

    /// <summary>Mask prompts as probabilities [N,1,S/4,S/4]; null for none.</summary>
    public Tensor? Masks { get; init; }

    /// <summary>Which masks have a mask prompt, 1 or 0 [N,1,1,1]; null for all.</summary>
    public Tensor? HasMasks { get; init; }
}

/// <summary>SAM's prompt encoder: points and boxes to tokens [N,T,C], masks to a map [N,C,G,G].</summary>
internal sealed class PromptEncoder : Group
{
    private readonly int _imageSize, _grid, _channels;
    private readonly PositionLayer _positions;
    private readonly Table[] _points;
    private readonly Table _notAPoint, _noMask;
    private readonly Convolution _mask0, _mask3, _mask6;
    private readonly Norm _mask1, _mask4;

    public PromptEncoder(int imageSize, int grid, int channels, Arithmetic arithmetic) : base("prompt_encoder")
    {
        (_imageSize, _grid, _channels) = (imageSize, grid, channels);
        _positions = Add(new PositionLayer(channels));
        Group points = Add(new Group("point_embeddings"));
        _points = [.. Enumerable.Range(0, 4).Select(n => points.Add(new Table($"{n}", 1, channels)))];
        _notAPoint = Add(new Table("not_a_point_embed", 1, channels));
        Group mask = Add(new Group("mask_downscaling"));
        _mask0 = mask.Add(new Convolution("0", 1, 4, 2, arithmetic, stride: 2));
        _mask1 = mask.Add(new Norm("1", 4, 1e-6, isOverChannels: true));
        _mask3 = mask.Add(new Convolution("3", 4, 16, 2, arithmetic, stride: 2));
        _mask4 = mask.Add(new Norm("4", 16, 1e-6, isOverChannels: true));
        _mask6 = mask.Add(new Convolution("6", 16, channels, 1, arithmetic));
        _noMask = Add(new Table("no_mask_embed", 1, channels));
    }

    /// <summary>The positions of the embedding's pixels [1,C,G,G].</summary>
    public Tensor GetGridPositions()
    {
        Tensor centres = (arange(_grid, dtype: ScalarType.Float32, device: _positions.Gaussian.device) + 0.5) / _grid;
        Tensor x = centres.reshape(1, _grid).expand(_grid, _grid), y = centres.reshape(_grid, 1).expand(_grid, _grid);
        return PositionsOf(stack([x, y], -1)).permute(2, 0, 1).unsqueeze(0);
    }

    public (Tensor Tokens, Tensor Map) Encode(SamPrompts prompts)
    {
        List<Tensor> tokens = [];
        if (prompts.Points is not null) tokens.Add(EncodePoints(prompts.Points, prompts.Labels!, isPadded: prompts.Boxes is null));
        if (prompts.Boxes is not null) tokens.Add(EncodeBoxes(prompts.Boxes));
        Tensor sparse = tokens.Count == 0 ? empty([prompts.Count, 0, _channels], device: _positions.Gaussian.device) : cat([.. tokens], 1);
        Tensor none = _noMask.Weight.reshape(1, -1, 1, 1).expand(prompts.Count, -1, _grid, _grid);
        Tensor dense = prompts.Masks is null ? none : EncodeMasks(prompts.Masks);
        if (prompts.HasMasks is { } has) dense = dense * has + none * (1 - has);
        return (sparse, dense);
    }

    private Tensor EncodeMasks(Tensor masks)
    {
        Tensor half = nn.functional.gelu(_mask1.forward(_mask0.forward(masks)));
        return _mask6.forward(nn.functional.gelu(_mask4.forward(_mask3.forward(half))));
    }

    // Without a box a padding point of label -1 goes along.
    private Tensor EncodePoints(Tensor points, Tensor labels, bool isPadded)
    {
        points = points + 0.5;
        if (isPadded)
        {
            points = cat([points, zeros([points.shape[0], 1, 2], device: points.device)], 1);
            labels = cat([labels, -ones([labels.shape[0], 1], device: labels.device)], 1);
        }
        labels = labels.unsqueeze(-1);
        Tensor none = Is(labels, -1), positions = PositionsOf(points / _imageSize) * (1 - none);
        return positions + none * _notAPoint.Weight + Is(labels, 0) * _points[0].Weight + Is(labels, 1) * _points[1].Weight;
    }

    private Tensor EncodeBoxes(Tensor boxes)
    {
        Tensor corners = PositionsOf((boxes + 0.5).reshape(-1, 2, 2) / _imageSize);
        return corners + cat([_points[2].Weight, _points[3].Weight], 0).unsqueeze(0);
    }

    private static Tensor Is(Tensor labels, double value) => labels.eq(value).to_type(ScalarType.Float32);

    // Coordinates from 0 to 1, last axis x, y.
    private Tensor PositionsOf(Tensor coordinates)
    {
        Tensor angles = (2 * coordinates - 1).matmul(_positions.Gaussian) * (2 * Math.PI);
        return cat([angles.sin(), angles.cos()], -1);
    }

    /// <summary>Holds the random frequencies, which are not learnt.</summary>
    private sealed class PositionLayer : Group
    {
        public PositionLayer(int channels) : base("pe_layer")
        {
            Gaussian = new Parameter(empty(2, channels / 2), requires_grad: false);
            register_parameter("positional_encoding_gaussian_matrix", Gaussian);
        }

        public Parameter Gaussian { get; }
    }
}
