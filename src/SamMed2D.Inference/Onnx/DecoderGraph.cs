using SamMed2D.Inference.Checkpoints;
using SamMed2D.Inference.Import;

namespace SamMed2D.Inference.Onnx;

/// <summary>
/// Writes the prompt encoder and mask decoder of SAM and SAM-Med2D as one ONNX graph, for P objects at once on the same embedding:
/// <c>image_embeddings</c> [1,C,G,G], <c>point_coords</c> [P,N,2] in pixels of the input image, <c>point_labels</c> [P,N] (1 and 0 points, 2 and 3
/// box corners, -1 padding; N may be 0), <c>mask_input</c> [P,1,4G,4G], <c>has_mask_input</c> [P], to <c>low_res_masks</c> [P,M,4G,4G] (logits) and
/// <c>iou_predictions</c> [P,M]. The public export's resize to the original image is left out, since callers rarely want all of it.
/// Maps travel as tokens with channels last, so that 2x2 convolutions with stride 2 are matrix products and nothing large is transposed.
/// </summary>
internal sealed class DecoderGraph
{
    private const float MapEpsilon = 1e-6f;
    private const string Prompts = "prompt_encoder.", Decoder = "mask_decoder.";

    private readonly GraphBuilder _graph = new("sam-mask-decoder");
    private readonly DecoderWeights _weights;
    private readonly SamArchitecture _architecture;
    private readonly int _imageSize, _grid, _width;

    /// <summary>Prepares the graph.</summary>
    /// <param name="checkpoint">The weights; must stay open until the graph is written.</param>
    /// <param name="architecture">Their sizes.</param>
    /// <param name="imageSize">Pixels along the encoder's image.</param>
    public DecoderGraph(CheckpointFile checkpoint, SamArchitecture architecture, int imageSize)
    {
        _weights = new DecoderWeights(_graph, new CheckpointWeights(checkpoint, _graph));
        (_architecture, _imageSize, _grid, _width) = (architecture, imageSize, imageSize / architecture.PatchSize, architecture.EmbeddingChannels);
    }

    /// <summary>Builds the whole graph.</summary>
    public GraphBuilder Build()
    {
        int side = 4 * _grid, masks = _architecture.MaskCount;
        string embedding = _graph.Input("image_embeddings", "images", _width, _grid, _grid);
        string points = _graph.Input("point_coords", "prompts", "points", 2);
        string labels = _graph.Input("point_labels", "prompts", "points");
        string mask = _graph.Input("mask_input", "prompts", 1, side, side);
        string hasMask = _graph.Input("has_mask_input", "prompts");

        float[] frequencies = _weights.Read(Prompts + "pe_layer.positional_encoding_gaussian_matrix", 2, _width / 2);
        string tokens = AddTokens(AddPoints(points, labels, frequencies), points);
        string image = _graph.Transpose(_graph.Reshape(embedding, 0, _width, _grid * _grid), 0, 2, 1);
        string map = _graph.Sum(image, AddMask(mask, hasMask));
        string positions = _graph.Weight("image_positions", WeightSource.From(EncodeGrid(frequencies)), 1, _grid * _grid, _width);
        (tokens, map) = new DecoderTransformer(_graph, _weights, _architecture.DecoderDepth, _width).Add(tokens, map, positions);

        _graph.Scope = "iou";
        string iouToken = _graph.Reshape(_graph.Slice(tokens, 1, 0, 1), -1, _width);
        _graph.Output("iou_predictions", AddIou(iouToken), "prompts", masks);
        _graph.Output("low_res_masks", AddMasks(_graph.Slice(tokens, 1, 1, 1 + masks), map), "prompts", masks, side, side);
        return _graph;
    }

    // Coordinates are those of pixel centres after + 0.5, scaled to [-1,1], projected on random frequencies (Tancik et al., "Fourier features").
    private string AddPoints(string points, string labels, float[] frequencies)
    {
        _graph.Scope = "points";
        string centred = _graph.Sum(_graph.Add("Mul", [points, _graph.Scalar(2f / _imageSize)]), _graph.Scalar(1f / _imageSize - 1));
        string angles = _graph.MatMul(centred, _graph.Weight("point_frequencies", WeightSource.From(Array.ConvertAll(frequencies, value => value * 2 * MathF.PI)), 2, _width / 2));
        string encoded = _graph.Concat(2, _graph.Add("Sin", [angles]), _graph.Add("Cos", [angles]));

        // Row label + 1 of the table is added; padding has no encoding of its own.
        string label = _graph.Add("Unsqueeze", [labels, _graph.Int64s(-1)]);
        string isPoint = _graph.Add("GreaterOrEqual", [label, _graph.Scalar(0)]);
        string located = _graph.Add("Where", [isPoint, encoded, _graph.Scalar(0)]);
        string table = _weights.AddStacked("label_embeddings",
            [Prompts + "not_a_point_embed.weight", .. Enumerable.Range(0, 4).Select(n => $"{Prompts}point_embeddings.{n}.weight")], [1, _width], 5, _width);
        string row = _graph.Add("Cast", [_graph.Sum(labels, _graph.Scalar(1))], NodeAttribute.Int("to", 7));
        return _graph.Sum(located, _graph.Add("Gather", [table, row], NodeAttribute.Int("axis", 0)));
    }

    private string AddTokens(string prompts, string points)
    {
        _graph.Scope = "tokens";
        int own = 1 + _architecture.MaskCount;
        float[] values = [.. _weights.Read(Decoder + "iou_token.weight", 1, _width), .. _weights.Read(Decoder + "mask_tokens.weight", _architecture.MaskCount, _width)];
        string table = _graph.Weight("output_tokens", WeightSource.From(values), 1, own, _width);
        string count = _graph.Add("Shape", [points], NodeAttribute.Int("start", 0), NodeAttribute.Int("end", 1));
        return _graph.Concat(1, _graph.Add("Expand", [table, _graph.Concat(0, count, _graph.Int64s(own, _width))]), prompts);
    }

    // Two 2x2 convolutions with stride 2 and a 1x1 one: each 4x4 square of the mask becomes one token.
    private string AddMask(string mask, string hasMask)
    {
        _graph.Scope = "mask";
        const string name = Prompts + "mask_downscaling";
        int first = (int)_weights.ShapeOf(name + ".0.weight")[0], second = (int)_weights.ShapeOf(name + ".3.weight")[0];
        string squares = _graph.Transpose(_graph.Reshape(mask, -1, _grid, 2, 2, _grid, 2, 2), 0, 1, 4, 2, 5, 3, 6);
        string quarter = _graph.Reshape(squares, -1, _grid * _grid, 4, 4);
        string half = _weights.AddConvolution(name + ".0", quarter, 1, first, 2);
        half = _graph.Reshape(_graph.Gelu(_weights.AddNorm(name + ".1", half, first, MapEpsilon)), 0, 0, 4 * first);
        string whole = _weights.AddConvolution(name + ".3", half, first, second, 2);
        whole = _graph.Gelu(_weights.AddNorm(name + ".4", whole, second, MapEpsilon));
        string embedded = _weights.AddConvolution(name + ".6", whole, second, _width, 1);

        string has = _graph.Reshape(hasMask, -1, 1, 1);
        string none = _weights.Get(Prompts + "no_mask_embed.weight", 1, _width);
        string isMask = _graph.Add("Greater", [has, _graph.Scalar(0)]);
        return _graph.Add("Where", [isMask, embedded, none]);
    }

    private float[] EncodeGrid(float[] frequencies)
    {
        int half = _width / 2;
        float[] positions = new float[_grid * _grid * _width];
        for (int token = 0; token < _grid * _grid; token++)
        {
            float x = 2 * ((token % _grid + 0.5f) / _grid) - 1, y = 2 * ((token / _grid + 0.5f) / _grid) - 1;
            Span<float> encoded = positions.AsSpan(token * _width, _width);
            for (int n = 0; n < half; n++)
                (encoded[n], encoded[half + n]) = MathF.SinCos(2 * MathF.PI * (x * frequencies[n] + y * frequencies[half + n]));
        }
        return positions;
    }

    private string AddIou(string token)
    {
        const string name = Decoder + "iou_prediction_head.layers";
        int hidden = (int)_weights.ShapeOf(name + ".0.weight")[0];
        string x = _graph.Add("Relu", [_weights.AddLinear(name + ".0", token, _width, hidden)]);
        x = _graph.Add("Relu", [_weights.AddLinear(name + ".1", x, hidden, hidden)]);
        return _weights.AddLinear(name + ".2", x, hidden, _architecture.MaskCount);
    }

    // Two transposed 2x2 convolutions with stride 2: each token becomes 4x4 pixels, which meet one vector a mask.
    private string AddMasks(string maskTokens, string map)
    {
        _graph.Scope = "upscaling";
        const string name = Decoder + "output_upscaling";
        int masks = _architecture.MaskCount;
        int first = (int)_weights.ShapeOf(name + ".0.weight")[1], second = (int)_weights.ShapeOf(name + ".3.weight")[1];
        string half = _graph.Reshape(_weights.AddTransposedConvolution(name + ".0", map, _width, first), 0, 0, 4, first);
        half = _graph.Gelu(_weights.AddNorm(name + ".1", half, first, MapEpsilon));
        string pixels = _graph.Reshape(_graph.Gelu(_weights.AddTransposedConvolution(name + ".3", half, first, second)), 0, 16 * _grid * _grid, second);

        _graph.Scope = "masks";
        string vectors = _graph.Reshape(AddMaskVectors(maskTokens, second), 0, masks, second);
        string logits = _graph.MatMul(pixels, _graph.Transpose(vectors, 0, 2, 1));
        string apart = _graph.Reshape(logits, 0, _grid, _grid, 2, 2, 2, 2, masks);
        return _graph.Reshape(_graph.Transpose(apart, 0, 7, 1, 3, 5, 2, 4, 6), 0, masks, 4 * _grid, 4 * _grid);
    }

    // One small network a mask, run side by side: [P,M,1,width] times [M,width,hidden].
    private string AddMaskVectors(string maskTokens, int outputs)
    {
        int masks = _architecture.MaskCount;
        string x = _graph.Reshape(maskTokens, 0, masks, 1, _width);
        for (int layer = 0; layer < 3; layer++)
        {
            int inputs = _width, width = layer == 2 ? outputs : _width;
            string[] names = [.. Enumerable.Range(0, masks).Select(mask => $"{Decoder}output_hypernetworks_mlps.{mask}.layers.{layer}")];
            string weight = _weights.AddStackedTransposed($"mask_vectors.{layer}.weight", [.. names.Select(name => name + ".weight")], width, inputs);
            string bias = _weights.AddStacked($"mask_vectors.{layer}.bias", [.. names.Select(name => name + ".bias")], [width], masks, 1, width);
            x = _graph.Sum(_graph.MatMul(x, weight), bias);
            if (layer < 2) x = _graph.Add("Relu", [x]);
        }
        return x;
    }
}
