using SamMed2D.Inference.Import;

namespace SamMed2D.Inference.Onnx;

/// <summary>
/// The attention of an encoder block, within windows or over the whole image, with decomposed relative positions
/// (Li et al., "Exploring plain vision transformer backbones", and Segment Anything's image encoder).
/// The reference pads the grid with zero tokens to whole windows, whose keys and values are then the bias of the qkv layer. Here one zero
/// token stands for all of them: it goes through the qkv product once, windows pick it as key and value wherever they have padding, and no
/// query, score or projection is computed for it. The result is the same.
/// </summary>
internal sealed class EncoderAttention(GraphBuilder graph, CheckpointWeights weights, EncoderLinear linear, SamArchitecture architecture, KeyPlaces places, WindowPlan plan)
{
    private readonly int _heads = architecture.Heads, _headDim = architecture.HeadDim, _width = architecture.EmbedDim;
    private readonly int _tokens = plan.Grid * plan.Grid, _window = plan.Window, _keys = plan.Window * plan.Window;

    /// <summary>Adds the attention from normalised tokens [B·T,D] to projected ones [B·T,D].</summary>
    /// <param name="name">Prefix of the block's attention tensors.</param>
    /// <param name="rows">The tokens.</param>
    public string Add(string name, string rows)
    {
        (string query, string key, string value) = AddQkv(name, rows);
        float[] down = ReadRelativePositions(name + ".rel_pos_h"), across = ReadRelativePositions(name + ".rel_pos_w");
        string[] attended = new string[plan.Groups.Count];
        for (int n = 0; n < attended.Length; n++) attended[n] = AddGroup($"{name}.group{n}", plan.Groups[n], query, key, value, down, across);
        string heads = graph.Transpose(graph.Concat(2, attended), 0, 2, 1, 3);
        string tokens = graph.Reshape(heads, -1, _tokens, _width);
        if (!plan.IsWhole) tokens = graph.Gather(tokens, 1, plan.GetPlaces());
        return linear.Add(weights.Linear(name + ".proj.weight", _width, _width), graph.Reshape(tokens, -1, _width), weights.Get(name + ".proj.bias", _width));
    }

    // Query, key and value, each [B,heads,T,hd], with the padding token last where there is padding.
    private (string Query, string Key, string Value) AddQkv(string name, string rows)
    {
        int tokens = _tokens;
        if (plan.HasPadding)
        {
            tokens++;
            string grid = graph.Reshape(rows, -1, _tokens, _width);
            rows = graph.Reshape(graph.Add("Pad", [grid, graph.Int64s(0, 0, 0, 0, 1, 0)]), -1, _width);
        }
        string product = linear.Add(weights.Linear(name + ".qkv.weight", 3 * _width, _width), rows, weights.Get(name + ".qkv.bias", 3 * _width));
        string apart = graph.Transpose(graph.Reshape(product, -1, tokens, 3, _heads, _headDim), 2, 0, 3, 1, 4);
        string[] three = graph.AddSeveral("Split", 3, [apart], NodeAttribute.Int("axis", 0), NodeAttribute.Int("num_outputs", 3));
        return (WithoutFirstAxis(three[0], tokens), WithoutFirstAxis(three[1], tokens), WithoutFirstAxis(three[2], tokens));
    }

    private string WithoutFirstAxis(string value, int tokens) => graph.Reshape(value, -1, _heads, tokens, _headDim);

    // Scores are q·k/sqrt(hd) + rel_h + rel_w. Both relative terms become part of the same product: the query is lengthened by its
    // relative terms for each row and column of the window, the key by a one in its own row and column.
    private string AddGroup(string name, WindowGroup group, string query, string key, string value, float[] down, float[] across)
    {
        int windows = group.Keys.Length / _keys, queries = group.Rows * group.Columns;
        query = graph.Reshape(Pick(query, group.Queries), 0, _heads, windows, queries, _headDim);
        key = graph.Reshape(Pick(key, group.Keys), 0, _heads, windows, _keys, _headDim);
        value = graph.Reshape(Pick(value, group.Keys), 0, _heads, windows, _keys, _headDim);

        string square = graph.Reshape(query, 0, 0, 0, group.Rows, group.Columns, _headDim);
        string rowTerms = graph.MatMul(square, AddTable($"{name}.rows", down, group.Rows));
        string columnTerms = graph.Transpose(graph.MatMul(graph.Transpose(square, 0, 1, 2, 4, 3, 5), AddTable($"{name}.columns", across, group.Columns)), 0, 1, 2, 4, 3, 5);
        string terms = graph.Reshape(graph.Concat(5, rowTerms, columnTerms), 0, 0, 0, queries, 2 * _window);

        string scaled = graph.Add("Mul", [query, graph.Scalar(MathF.Pow(_headDim, -0.5f))]);
        string scores = graph.MatMul(graph.Concat(4, scaled, terms), graph.Transpose(graph.Concat(4, key, places.Get(_window, windows)), 0, 1, 2, 4, 3));
        return graph.Reshape(graph.MatMul(graph.Softmax(scores), value), 0, _heads, windows * queries, _headDim);
    }

    private string Pick(string value, long[] tokens) => plan.IsWhole ? value : graph.Gather(value, 2, tokens);

    // [rows,hd,window]: for each query row, the table's entry for every key row.
    private string AddTable(string name, float[] table, int rows)
    {
        float[] picked = new float[rows * _headDim * _window];
        for (int query = 0; query < rows; query++)
            for (int dim = 0; dim < _headDim; dim++)
                for (int key = 0; key < _window; key++)
                    picked[(query * _headDim + dim) * _window + key] = table[(query - key + _window - 1) * _headDim + dim];
        return graph.Weight(name, WeightSource.From(picked), rows, _headDim, _window);
    }

    private float[] ReadRelativePositions(string name)
    {
        int length = (int)weights.ShapeOf(name)[0];
        return TableResizing.ResizeLinear(weights.Read(name, length, _headDim), 1, length, _headDim, 2 * _window - 1);
    }
}
