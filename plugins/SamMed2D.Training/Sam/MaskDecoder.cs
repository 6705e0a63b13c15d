using static TorchSharp.torch;

namespace SamMed2D.Training.Sam;

/// <summary>SAM's mask decoder: embeddings and prompts to low-resolution logits [N,M,4G,4G] and predicted IoUs [N,M], the single-mask output first.</summary>
internal sealed class MaskDecoder : Group
{
    private readonly int _masks;
    private readonly TwoWayTransformer _transformer;
    private readonly Table _iouToken, _maskTokens;
    private readonly TransposedConvolution _up0, _up3;
    private readonly Norm _up1;
    private readonly Perceptron[] _hypernetworks;
    private readonly Perceptron _iouHead;

    public MaskDecoder(int channels, int depth, int masks, Arithmetic arithmetic) : base("mask_decoder")
    {
        _masks = masks;
        _transformer = Add(new TwoWayTransformer("transformer", channels, depth, arithmetic));
        _iouToken = Add(new Table("iou_token", 1, channels));
        _maskTokens = Add(new Table("mask_tokens", masks, channels));
        Group up = Add(new Group("output_upscaling"));
        _up0 = up.Add(new TransposedConvolution("0", channels, channels / 4, 2, arithmetic, stride: 2));
        _up1 = up.Add(new Norm("1", channels / 4, 1e-6, isOverChannels: true));
        _up3 = up.Add(new TransposedConvolution("3", channels / 4, channels / 8, 2, arithmetic, stride: 2));
        Group hypernetworks = Add(new Group("output_hypernetworks_mlps"));
        _hypernetworks = [.. Enumerable.Range(0, masks).Select(n => hypernetworks.Add(new Perceptron($"{n}", arithmetic, channels, channels, channels, channels / 8)))];
        _iouHead = Add(new Perceptron("iou_prediction_head", arithmetic, channels, channels, channels, masks));
    }

    /// <summary>Decodes.</summary>
    /// <param name="embeddings">One a mask [N,C,G,G].</param>
    /// <param name="gridPositions">[1,C,G,G].</param>
    /// <param name="tokens">Prompt tokens [N,T,C].</param>
    /// <param name="map">Mask prompts [N,C,G,G].</param>
    public (Tensor Logits, Tensor Ious) Decode(Tensor embeddings, Tensor gridPositions, Tensor tokens, Tensor map)
    {
        long count = tokens.shape[0], channels = embeddings.shape[1], rows = embeddings.shape[2], columns = embeddings.shape[3];
        Tensor own = cat([_iouToken.Weight, _maskTokens.Weight], 0).unsqueeze(0).expand(count, -1, -1);
        (Tensor queries, Tensor keys) = _transformer.Apply(embeddings + map, gridPositions, cat([own, tokens], 1));
        Tensor image = keys.transpose(1, 2).reshape(count, channels, rows, columns);
        Tensor upscaled = nn.functional.gelu(_up3.forward(nn.functional.gelu(_up1.forward(_up0.forward(image)))));
        Tensor weights = stack([.. _hypernetworks.Select((network, n) => network.Apply(queries.select(1, 1 + n)))], 1);
        Tensor logits = weights.matmul(upscaled.flatten(2)).reshape(count, _masks, upscaled.shape[2], upscaled.shape[3]);
        return (logits, _iouHead.Apply(queries.select(1, 0)));
    }
}
