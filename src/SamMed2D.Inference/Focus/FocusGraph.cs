using System.Runtime.InteropServices;
using SamMed2D.Inference.Onnx;
using SamMed2D.Inference.Onnx.Format;

namespace SamMed2D.Inference.Focus;

/// <summary>
/// The ONNX graph of a focus network: a U-Net with a stem, four halvings, four doublings with skips, a global branch, and a predicted IoU.
/// Sizes come from the weights, whose names are those of training: stem, down1..4, enc1..4, up3..0, dec3..0, head1..2, glob, iou1..2.
/// </summary>
internal sealed class FocusGraph
{
    private const int Levels = 4, Groups = 8;
    private const float Epsilon = 1e-5f;

    private readonly GraphBuilder _graph = new("focus");
    private readonly IReadOnlyDictionary<string, FocusTensor> _weights;
    private readonly HashSet<string> _added = [];

    private FocusGraph(IReadOnlyDictionary<string, FocusTensor> weights) => _weights = weights;

    /// <summary>Builds the graph.</summary>
    /// <param name="weights">All weights by name.</param>
    /// <param name="cropSize">Pixels along the crop, a multiple of 16.</param>
    /// <exception cref="KeyNotFoundException">A weight is missing.</exception>
    public static GraphBuilder Build(IReadOnlyDictionary<string, FocusTensor> weights, int cropSize)
    {
        FocusGraph graph = new(weights);
        graph.Build(cropSize);
        return graph._graph;
    }

    /// <summary>The weights of a graph made by <see cref="Build(IReadOnlyDictionary{string, FocusTensor}, int)"/>, in the shapes of training.</summary>
    public static IReadOnlyDictionary<string, FocusTensor> WeightsOf(GraphProto graph)
    {
        Dictionary<string, FocusTensor> weights = [];
        foreach (TensorProto tensor in graph.Initializer)
        {
            if (!tensor.Name.EndsWith(".weight", StringComparison.Ordinal) && !tensor.Name.EndsWith(".bias", StringComparison.Ordinal)) continue;
            long[] shape = [.. tensor.Dims];
            // Normalisation's scales are stored so that they spread over pictures; convolutions have four sizes.
            if (shape.Length == 3) shape = shape[..1];
            weights.Add(tensor.Name, new(shape, MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray()));
        }
        return weights;
    }

    private void Build(int cropSize)
    {
        int channels = (int)_weights["stem.weight"].Shape[1];
        string input = _graph.Input("focus_input", "batch", channels, cropSize, cropSize);
        string[] skips = new string[Levels + 1];
        skips[0] = NormRelu(Convolution(input, "stem"), "stem_norm", cropSize);
        for (int level = 1; level <= Levels; level++)
            skips[level] = Stage(Convolution(skips[level - 1], $"down{level}", stride: 2), $"enc{level}", cropSize >> level);

        string pooled = _graph.Add("GlobalAveragePool", [skips[Levels]]);
        string iou = Convolution(_graph.Add("Relu", [Convolution(pooled, "iou1")]), "iou2");
        string x = _graph.Sum(skips[Levels], Convolution(pooled, "glob"));
        for (int level = Levels - 1; level >= 0; level--)
            x = Stage(_graph.Sum(Double(Convolution(x, $"up{level}")), skips[level]), $"dec{level}", cropSize >> level);
        string logits = Convolution(NormRelu(Convolution(x, "head1"), "head_norm", cropSize), "head2");
        _graph.Output("logits", logits, "batch", 1, cropSize, cropSize);
        _graph.Output("iou_predictions", _graph.Reshape(iou, -1), "batch");
    }

    private string Stage(string value, string name, int size)
    {
        for (int block = 0; _weights.ContainsKey($"{name}.{block}.conv1.weight"); block++)
        {
            string prefix = $"{name}.{block}.";
            string inner = Convolution(NormRelu(value, prefix + "norm1", size), prefix + "conv1");
            value = _graph.Sum(value, Convolution(NormRelu(inner, prefix + "norm2", size), prefix + "conv2"));
        }
        return NormRelu(value, name + ".norm", size);
    }

    private string Convolution(string value, string name, int stride = 1)
    {
        FocusTensor weight = _weights[name + ".weight"];
        int kernel = (int)weight.Shape[2], padding = kernel / 2;
        string[] inputs = _weights.ContainsKey(name + ".bias")
            ? [value, Weight(name + ".weight"), Weight(name + ".bias")]
            : [value, Weight(name + ".weight")];
        return _graph.Add("Conv", inputs,
            NodeAttribute.Ints("kernel_shape", kernel, kernel), NodeAttribute.Ints("strides", stride, stride), NodeAttribute.Ints("pads", padding, padding, padding, padding));
    }

    /// <summary>Group normalisation, spelt as instance normalisation of the groups: opset 20's own operator has its scale the wrong way round.</summary>
    private string NormRelu(string value, string name, int size)
    {
        long channels = _weights[name + ".weight"].Shape[0];
        string grouped = _graph.Reshape(value, 0, Groups, -1);
        string normal = _graph.Add("InstanceNormalization", [grouped, Constant("ones", 1), Constant("zeros", 0)], NodeAttribute.Float("epsilon", Epsilon));
        string scaled = _graph.Add("Mul", [_graph.Reshape(normal, 0, channels, size, size), Weight(name + ".weight", channels, 1, 1)]);
        return _graph.Add("Relu", [_graph.Sum(scaled, Weight(name + ".bias", channels, 1, 1))]);
    }

    private string Double(string value) => _graph.Add("Resize", [value, "", Constant("doubling", 1, 1, 2, 2)],
        NodeAttribute.Text("mode", "nearest"), NodeAttribute.Text("coordinate_transformation_mode", "asymmetric"), NodeAttribute.Text("nearest_mode", "floor"));

    private string Weight(string name, params ReadOnlySpan<long> shape)
    {
        FocusTensor tensor = _weights[name];
        return _added.Add(name) ? _graph.Weight(name, WeightSource.From(tensor.Values), shape.IsEmpty ? tensor.Shape : shape) : name;
    }

    private string Constant(string name, params ReadOnlySpan<float> values)
    {
        float[] full = values.Length == 1 ? [.. Enumerable.Repeat(values[0], Groups)] : values.ToArray();
        return _added.Add(name) ? _graph.Weight(name, WeightSource.From(full), full.Length) : name;
    }
}
