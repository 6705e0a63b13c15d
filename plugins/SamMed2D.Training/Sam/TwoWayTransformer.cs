using SamMed2D.Inference.Import;
using static TorchSharp.torch;

namespace SamMed2D.Training.Sam;

/// <summary>The decoder's transformer: tokens attend to themselves and the image, the image to the tokens.</summary>
internal sealed class TwoWayTransformer : Group
{
    private const double Epsilon = 1e-5;
    private readonly Layer[] _layers;
    private readonly DecoderAttention _final;
    private readonly Norm _finalNorm;

    public TwoWayTransformer(string name, int channels, int depth, Arithmetic arithmetic) : base(name)
    {
        Group layers = Add(new Group("layers"));
        _layers = [.. Enumerable.Range(0, depth).Select(n => layers.Add(new Layer($"{n}", channels, isFirst: n == 0, arithmetic)))];
        _final = Add(new DecoderAttention("final_attn_token_to_image", channels, channels / 2, arithmetic));
        _finalNorm = Add(new Norm("norm_final_attn", channels, Epsilon));
    }

    /// <summary>Image [N,C,G,G] and its positions [1,C,G,G], tokens [N,T,C]; gives tokens and image [N,G·G,C].</summary>
    public (Tensor Queries, Tensor Keys) Apply(Tensor image, Tensor positions, Tensor tokens)
    {
        Tensor keys = image.flatten(2).transpose(1, 2), keyPositions = positions.flatten(2).transpose(1, 2), queries = tokens;
        foreach (Layer layer in _layers) (queries, keys) = layer.Apply(queries, keys, tokens, keyPositions);
        Tensor attended = _final.Apply(queries + tokens, keys + keyPositions, keys);
        return (_finalNorm.forward(queries + attended), keys);
    }

    private sealed class Layer : Group
    {
        private readonly bool _isFirst;
        private readonly DecoderAttention _self, _toImage, _toTokens;
        private readonly Norm _norm1, _norm2, _norm3, _norm4;
        private readonly Linear _lin1, _lin2;

        public Layer(string name, int channels, bool isFirst, Arithmetic arithmetic) : base(name)
        {
            const int hidden = 2048;
            _isFirst = isFirst;
            _self = Add(new DecoderAttention("self_attn", channels, channels, arithmetic));
            _norm1 = Add(new Norm("norm1", channels, Epsilon));
            _toImage = Add(new DecoderAttention("cross_attn_token_to_image", channels, channels / 2, arithmetic));
            _norm2 = Add(new Norm("norm2", channels, Epsilon));
            Group perceptron = Add(new Group("mlp"));
            _lin1 = perceptron.Add(new Linear("lin1", channels, hidden, arithmetic));
            _lin2 = perceptron.Add(new Linear("lin2", hidden, channels, arithmetic));
            _norm3 = Add(new Norm("norm3", channels, Epsilon));
            _toTokens = Add(new DecoderAttention("cross_attn_image_to_token", channels, channels / 2, arithmetic));
            _norm4 = Add(new Norm("norm4", channels, Epsilon));
        }

        public (Tensor Queries, Tensor Keys) Apply(Tensor queries, Tensor keys, Tensor queryPositions, Tensor keyPositions)
        {
            Tensor placed = queries + queryPositions;
            queries = _norm1.forward(_isFirst ? _self.Apply(queries, queries, queries) : queries + _self.Apply(placed, placed, queries));
            queries = _norm2.forward(queries + _toImage.Apply(queries + queryPositions, keys + keyPositions, keys));
            queries = _norm3.forward(queries + _lin2.forward(_lin1.forward(queries).relu()));
            keys = _norm4.forward(keys + _toTokens.Apply(keys + keyPositions, queries + queryPositions, queries));
            return (queries, keys);
        }
    }
}

/// <summary>Multi-head attention whose inner width may be smaller than its outer one.</summary>
internal sealed class DecoderAttention : Group
{
    private readonly Arithmetic _arithmetic;
    private readonly Linear _query, _key, _value, _output;

    public DecoderAttention(string name, int channels, int inner, Arithmetic arithmetic) : base(name)
    {
        _arithmetic = arithmetic;
        _query = Add(new Linear("q_proj", channels, inner, arithmetic));
        _key = Add(new Linear("k_proj", channels, inner, arithmetic));
        _value = Add(new Linear("v_proj", channels, inner, arithmetic));
        _output = Add(new Linear("out_proj", inner, channels, arithmetic));
    }

    /// <summary>All [N,T,C].</summary>
    public Tensor Apply(Tensor query, Tensor key, Tensor value)
    {
        Tensor q = Heads(_query.forward(query)), k = Heads(_key.forward(key)), v = Heads(_value.forward(value));
        Tensor scores = _arithmetic.Cast(q).matmul(_arithmetic.Cast(k).transpose(2, 3)).to_type(ScalarType.Float32) / Math.Sqrt(q.shape[3]);
        Tensor mixed = _arithmetic.Cast(scores.softmax(-1)).matmul(_arithmetic.Cast(v)).to_type(ScalarType.Float32);
        return _output.forward(mixed.transpose(1, 2).flatten(2));
    }

    private static Tensor Heads(Tensor tokens) =>
        tokens.reshape(tokens.shape[0], tokens.shape[1], SamArchitecture.DecoderHeads, -1).transpose(1, 2);
}
