namespace SamMed2D.Inference.Onnx;

/// <summary>Layers of the decoder on values with channels last. Its weights are small, so they are read and put in order at import.</summary>
internal sealed class DecoderWeights(GraphBuilder graph, CheckpointWeights weights)
{
    /// <summary>A tensor as it is.</summary>
    public string Get(string name, params ReadOnlySpan<long> shape) => weights.Get(name, shape);

    /// <summary>The values of a tensor.</summary>
    public float[] Read(string name, params ReadOnlySpan<long> shape) => weights.Read(name, shape);

    /// <summary>The sizes of a tensor.</summary>
    public IReadOnlyList<long> ShapeOf(string name) => weights.ShapeOf(name);

    /// <summary>A linear layer.</summary>
    public string AddLinear(string name, string value, int inputs, int outputs)
    {
        string weight = graph.Weight(name + ".weight", WeightSource.From(Transposed(Read(name + ".weight", outputs, inputs), outputs, inputs)), inputs, outputs);
        return graph.Sum(graph.MatMul(value, weight), Get(name + ".bias", outputs));
    }

    /// <summary>Layer normalisation over the channels.</summary>
    public string AddNorm(string name, string value, int channels, float epsilon) =>
        graph.LayerNorm(value, Get(name + ".weight", channels), Get(name + ".bias", channels), epsilon);

    /// <summary>A convolution whose stride is its size, on values that hold each square's pixels one after another: [...,size²·inputs] to [...,outputs].</summary>
    public string AddConvolution(string name, string value, int inputs, int outputs, int size)
    {
        int pixels = size * size;
        float[] stored = Read(name + ".weight", outputs, inputs, size, size);
        float[] ordered = new float[stored.Length];
        for (int output = 0; output < outputs; output++)
            for (int input = 0; input < inputs; input++)
                for (int pixel = 0; pixel < pixels; pixel++)
                    ordered[(pixel * inputs + input) * outputs + output] = stored[(output * inputs + input) * pixels + pixel];
        return graph.Sum(graph.MatMul(value, graph.Weight(name + ".weight", WeightSource.From(ordered), pixels * inputs, outputs)), Get(name + ".bias", outputs));
    }

    /// <summary>A transposed 2x2 convolution with stride 2: [...,inputs] to [...,4·outputs], pixel by pixel.</summary>
    public string AddTransposedConvolution(string name, string value, int inputs, int outputs)
    {
        const int pixels = 4;
        float[] stored = Read(name + ".weight", inputs, outputs, 2, 2);
        float[] ordered = new float[stored.Length];
        for (int input = 0; input < inputs; input++)
            for (int output = 0; output < outputs; output++)
                for (int pixel = 0; pixel < pixels; pixel++)
                    ordered[(input * pixels + pixel) * outputs + output] = stored[(input * outputs + output) * pixels + pixel];
        float[] bias = Read(name + ".bias", outputs);
        string weight = graph.Weight(name + ".weight", WeightSource.From(ordered), inputs, pixels * outputs);
        return graph.Sum(graph.MatMul(value, weight), graph.Weight(name + ".bias", WeightSource.From([.. bias, .. bias, .. bias, .. bias]), pixels * outputs));
    }

    /// <summary>Several tensors of one shape after another.</summary>
    public string AddStacked(string name, IReadOnlyList<string> tensors, ReadOnlySpan<long> shape, params ReadOnlySpan<long> stackedShape)
    {
        List<float> values = [];
        foreach (string tensor in tensors) values.AddRange(Read(tensor, shape));
        return graph.Weight(name, WeightSource.From([.. values]), stackedShape);
    }

    /// <summary>Several matrices [outputs,inputs] after another, each transposed: [count,inputs,outputs].</summary>
    public string AddStackedTransposed(string name, IReadOnlyList<string> tensors, int outputs, int inputs)
    {
        List<float> values = [];
        foreach (string tensor in tensors) values.AddRange(Transposed(Read(tensor, outputs, inputs), outputs, inputs));
        return graph.Weight(name, WeightSource.From([.. values]), tensors.Count, inputs, outputs);
    }

    private static float[] Transposed(float[] matrix, int rows, int columns)
    {
        float[] transposed = new float[matrix.Length];
        for (int row = 0; row < rows; row++)
            for (int column = 0; column < columns; column++) transposed[column * rows + row] = matrix[row * columns + column];
        return transposed;
    }
}
