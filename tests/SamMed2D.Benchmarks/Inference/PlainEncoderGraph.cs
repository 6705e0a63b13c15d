using SamMed2D.Inference.Checkpoints;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Onnx;

namespace SamMed2D.Benchmarks.Inference;

/// <summary>
/// The image encoder as the public script exports it: tokens are padded to whole windows with zeros, and queries, scores and projections
/// are computed for the padding too; relative positions are added to the scores one after the other; adapters use convolutions. The measure for the product's graph.
/// </summary>
internal sealed class PlainEncoderGraph(CheckpointFile checkpoint, SamArchitecture architecture, int imageSize, bool hasAdapters)
    : EncoderGraph(checkpoint, architecture, imageSize, hasAdapters)
{
    protected override EncoderAdapter CreateAdapter() => new PlainAdapter(Graph, Weights, Linear, Grid, Width);

    protected override string AddAttention(int block, string tokens)
    {
        WindowPlan plan = PlanOf(block);
        string name = $"image_encoder.blocks.{block}.attn";
        int window = plan.Window, windows = (Grid + window - 1) / window, padded = windows * window, places = window * window;
        int width = Architecture.EmbedDim, heads = Architecture.Heads, headDim = Architecture.HeadDim;

        string grid = Graph.Add("Pad", [Graph.Reshape(tokens, -1, Grid, Grid, width), Graph.Int64s(0, 0, 0, 0, 0, padded - Grid, padded - Grid, 0)]);
        string apart = Graph.Transpose(Graph.Reshape(grid, -1, windows, window, windows, window, width), 0, 1, 3, 2, 4, 5);
        string qkv = AddLinear(name + ".qkv", Graph.Reshape(apart, -1, width), width, 3 * width);
        string ordered = Graph.Transpose(Graph.Reshape(qkv, -1, places, 3, heads, headDim), 2, 0, 3, 1, 4);
        string[] three = Graph.AddSeveral("Split", 3, [Graph.Reshape(ordered, 3, -1, heads, places, headDim)], NodeAttribute.Int("axis", 0), NodeAttribute.Int("num_outputs", 3));
        string query = Graph.Reshape(three[0], -1, heads, places, headDim), key = Graph.Reshape(three[1], -1, heads, places, headDim);
        string value = Graph.Reshape(three[2], -1, heads, places, headDim);

        string scaled = Graph.Add("Mul", [query, Graph.Scalar(MathF.Pow(headDim, -0.5f))]);
        string scores = Graph.Reshape(Graph.MatMul(scaled, Graph.Transpose(key, 0, 1, 3, 2)), -1, heads, window, window, window, window);
        string square = Graph.Reshape(query, -1, heads, window, window, headDim);
        string rows = Graph.MatMul(square, Table(name + ".rel_pos_h", window, headDim));
        string columns = Graph.Transpose(Graph.MatMul(Graph.Transpose(square, 0, 1, 3, 2, 4), Table(name + ".rel_pos_w", window, headDim)), 0, 1, 3, 2, 4);
        scores = Graph.Sum(scores, Graph.Add("Unsqueeze", [rows, Graph.Int64s(5)]));
        scores = Graph.Sum(scores, Graph.Add("Unsqueeze", [columns, Graph.Int64s(4)]));
        string attended = Graph.MatMul(Graph.Softmax(Graph.Reshape(scores, -1, heads, places, places)), value);

        string projected = AddLinear(name + ".proj", Graph.Reshape(Graph.Transpose(attended, 0, 2, 1, 3), -1, width), width, width);
        string together = Graph.Transpose(Graph.Reshape(projected, -1, windows, windows, window, window, width), 0, 1, 3, 2, 4, 5);
        string whole = Graph.Reshape(together, -1, padded, padded, width);
        return Graph.Reshape(Graph.Slice(Graph.Slice(whole, 1, 0, Grid), 2, 0, Grid), -1, width);
    }

    private string Table(string name, int window, int headDim)
    {
        int length = (int)Weights.ShapeOf(name)[0];
        float[] table = TableResizing.ResizeLinear(Weights.Read(name, length, headDim), 1, length, headDim, 2 * window - 1);
        float[] picked = [.. from query in Enumerable.Range(0, window) from dim in Enumerable.Range(0, headDim) from key in Enumerable.Range(0, window)
            select table[(query - key + window - 1) * headDim + dim]];
        return Graph.Weight(name, WeightSource.From(picked), window, headDim, window);
    }
}

/// <summary>The adapter with the convolutions themselves.</summary>
internal sealed class PlainAdapter(GraphBuilder graph, CheckpointWeights weights, EncoderLinear linear, int grid, int width)
    : EncoderAdapter(graph, weights, linear, grid, width)
{
    private readonly int _grid = grid, _width = width;

    protected override string AddSpatial(string name, string tokens)
    {
        string planes = Graph.Reshape(Graph.Transpose(tokens, 0, 2, 1), 0, _width, _grid, _grid);
        string down = Graph.Add("Relu", [Graph.Add("Conv", [planes, Weights.Get(name + ".0.weight", _width, _width, 3, 3)],
            NodeAttribute.Ints("strides", 2, 2), NodeAttribute.Ints("pads", 1, 1, 1, 1))]);
        string up = Graph.Add("Relu", [Graph.Add("ConvTranspose", [down, Weights.Get(name + ".2.weight", _width, _width, 4, 4)],
            NodeAttribute.Ints("strides", 2, 2), NodeAttribute.Ints("pads", 1, 1, 1, 1))]);
        return Graph.Reshape(Graph.Transpose(Graph.Reshape(up, 0, _width, _grid * _grid), 0, 2, 1), -1, _width);
    }
}
