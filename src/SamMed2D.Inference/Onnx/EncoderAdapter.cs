namespace SamMed2D.Inference.Onnx;

/// <summary>
/// The adapter branch of an encoder block of SAM-Med2D: <c>LayerNorm(n + spatial(gate(n)))</c>.
/// Both of its convolutions are matrix products on picked tokens, which run faster than convolutions of so few pixels with so many channels,
/// and need no change of layout: the 3x3 one with stride 2 on nine neighbours, the transposed 4x4 one with stride 2 as four products, one for
/// each parity of the output's row and column, on the four tokens that reach such a pixel.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="weights">The checkpoint's tensors.</param>
/// <param name="linear">The writer of linear layers.</param>
/// <param name="grid">Tokens along the image; even.</param>
/// <param name="width">Width of a token.</param>
internal class EncoderAdapter(GraphBuilder graph, CheckpointWeights weights, EncoderLinear linear, int grid, int width)
{
    private const float Epsilon = 1e-5f;

    // Of a transposed convolution of 4 with stride 2 and padding 1 along one axis: which inputs, by which taps, reach an even and an odd output.
    private static readonly (int Offset, int Tap)[][] s_reach = [[(0, 1), (-1, 3)], [(0, 2), (1, 0)]];

    private readonly int _tokens = grid * grid, _half = grid / 2;

    /// <summary>The graph.</summary>
    protected GraphBuilder Graph => graph;

    /// <summary>The checkpoint's tensors.</summary>
    protected CheckpointWeights Weights => weights;

    /// <summary>Adds the branch from normalised tokens [B·T,D] to what is added to the block's output [B·T,D].</summary>
    /// <param name="name">Prefix of the adapter's tensors.</param>
    /// <param name="rows">The tokens.</param>
    public string Add(string name, string rows)
    {
        string spatial = AddSpatial(name + ".spatial", AddGate(name + ".channel", graph.Reshape(rows, -1, _tokens, width)));
        return graph.LayerNorm(graph.Sum(rows, spatial), weights.Get(name + ".norm.weight", width), weights.Get(name + ".norm.bias", width), Epsilon);
    }

    /// <summary>Adds both convolutions.</summary>
    /// <param name="name">Prefix of their tensors.</param>
    /// <param name="tokens">Gated tokens [B,T,D].</param>
    /// <returns>Tokens [B·T,D].</returns>
    protected virtual string AddSpatial(string name, string tokens) => AddUp(name + ".2.weight", AddDown(name + ".0.weight", tokens));

    private string AddGate(string name, string tokens)
    {
        int hidden = (int)weights.ShapeOf(name + ".0.weight")[0];
        string mean = graph.Add("ReduceMean", [tokens, graph.Int64s(1)], NodeAttribute.Int("keepdims", 0));
        string squeezed = graph.Add("Relu", [graph.Product(mean, weights.Get(name + ".0.weight", hidden, width))]);
        string gate = graph.Add("Sigmoid", [graph.Product(squeezed, weights.Get(name + ".2.weight", width, hidden))]);
        return graph.Add("Mul", [tokens, graph.Reshape(gate, -1, 1, width)]);
    }

    private string AddDown(string name, string tokens)
    {
        const int size = 3, taps = size * size;
        long[] picked = new long[_half * _half * taps];
        for (int n = 0; n < picked.Length; n++)
        {
            (int place, int tap) = Math.DivRem(n, taps);
            picked[n] = TokenAt(2 * (place / _half) + tap / size - 1, 2 * (place % _half) + tap % size - 1, grid);
        }
        LinearWeight ordered = LinearWeight.Ordered(name, width, taps * width, () => OrderTaps(weights.Read(name, width, width, size, size), taps));
        string rows = graph.Reshape(graph.Gather(WithZeroToken(tokens), 1, picked), -1, taps * width);
        return graph.Reshape(graph.Add("Relu", [linear.Add(ordered, rows)]), -1, _half * _half, width);
    }

    private string AddUp(string name, string tokens)
    {
        string padded = WithZeroToken(tokens);
        string[] parities = new string[4];
        for (int parity = 0; parity < parities.Length; parity++)
        {
            (int Offset, int Tap)[] down = s_reach[parity / 2], across = s_reach[parity % 2];
            long[] picked = [.. from place in Enumerable.Range(0, _half * _half) from y in down from x in across select TokenAt(place / _half + y.Offset, place % _half + x.Offset, _half)];
            int[] taps = [.. from y in down from x in across select 4 * y.Tap + x.Tap];
            LinearWeight ordered = LinearWeight.Ordered($"{name}.{parity}", width, 4 * width, () => PickTaps(weights.Read(name, width, width, 4, 4), taps));
            string rows = graph.Reshape(graph.Gather(padded, 1, picked), -1, 4 * width);
            string pixels = graph.Add("Relu", [linear.Add(ordered, rows)]);
            parities[parity] = graph.Reshape(pixels, -1, _half * _half, width);
        }
        long[] places = new long[_tokens];
        for (int n = 0; n < places.Length; n++)
        {
            (int y, int x) = Math.DivRem(n, grid);
            places[n] = (2 * (y % 2) + x % 2) * _half * _half + y / 2 * _half + x / 2;
        }
        return graph.Reshape(graph.Gather(graph.Concat(1, parities), 1, places), -1, width);
    }

    private string WithZeroToken(string tokens) => graph.Add("Pad", [tokens, graph.Int64s(0, 0, 0, 0, 1, 0)]);

    // Beyond the edge lies the zero token after the last.
    private static long TokenAt(int y, int x, int side) => y >= 0 && y < side && x >= 0 && x < side ? y * side + x : side * side;

    // [outputs,inputs,taps] to [outputs,taps,inputs].
    private float[] OrderTaps(float[] stored, int taps)
    {
        float[] ordered = new float[stored.Length];
        for (int output = 0; output < width; output++)
            for (int input = 0; input < width; input++)
                for (int tap = 0; tap < taps; tap++)
                    ordered[(output * taps + tap) * width + input] = stored[(output * width + input) * taps + tap];
        return ordered;
    }

    // [inputs,outputs,16] to [outputs,4,inputs].
    private float[] PickTaps(float[] stored, int[] taps)
    {
        float[] picked = new float[width * taps.Length * width];
        for (int input = 0; input < width; input++)
            for (int output = 0; output < width; output++)
                for (int tap = 0; tap < taps.Length; tap++)
                    picked[(output * taps.Length + tap) * width + input] = stored[(input * width + output) * 16 + taps[tap]];
        return picked;
    }
}
