namespace SamMed2D.Inference.Onnx;

/// <summary>Frequent pieces of graphs, by what they do.</summary>
internal static class GraphLayers
{
    /// <summary>The same numbers in another shape; 0 keeps a size, -1 is worked out.</summary>
    public static string Reshape(this GraphBuilder graph, string value, params ReadOnlySpan<long> shape) => graph.Add("Reshape", [value, graph.Int64s(shape)]);

    /// <summary>Axes in another order.</summary>
    public static string Transpose(this GraphBuilder graph, string value, params ReadOnlySpan<long> order) => graph.Add("Transpose", [value], NodeAttribute.Ints("perm", order));

    /// <summary>Values joined along an axis.</summary>
    public static string Concat(this GraphBuilder graph, int axis, params ReadOnlySpan<string> values) =>
        values.Length == 1 ? values[0] : graph.Add("Concat", values, NodeAttribute.Int("axis", axis));

    /// <summary>Parts picked along an axis.</summary>
    public static string Gather(this GraphBuilder graph, string value, int axis, params ReadOnlySpan<long> indices) =>
        graph.Add("Gather", [value, graph.Int64s(indices)], NodeAttribute.Int("axis", axis));

    /// <summary>Parts from <paramref name="start"/> to before <paramref name="end"/> along an axis.</summary>
    public static string Slice(this GraphBuilder graph, string value, int axis, long start, long end) =>
        graph.Add("Slice", [value, graph.Int64s(start), graph.Int64s(end), graph.Int64s(axis)]);

    /// <summary>Sum of two values.</summary>
    public static string Sum(this GraphBuilder graph, string a, string b) => graph.Add("Add", [a, b]);

    /// <summary>Matrix product.</summary>
    public static string MatMul(this GraphBuilder graph, string a, string b) => graph.Add("MatMul", [a, b]);

    /// <summary>Rows times a weight [outputs,inputs], without bias.</summary>
    public static string Product(this GraphBuilder graph, string rows, string weight) => graph.Add("Gemm", [rows, weight], NodeAttribute.Int("transB", 1));

    /// <summary>Softmax over the last axis.</summary>
    public static string Softmax(this GraphBuilder graph, string value) => graph.Add("Softmax", [value], NodeAttribute.Int("axis", -1));

    /// <summary>Layer normalisation over the last axis.</summary>
    public static string LayerNorm(this GraphBuilder graph, string value, string weight, string bias, float epsilon) =>
        graph.Add("LayerNormalization", [value, weight, bias], NodeAttribute.Int("axis", -1), NodeAttribute.Float("epsilon", epsilon));

    /// <summary>Exact (erf) GELU.</summary>
    public static string Gelu(this GraphBuilder graph, string value) => graph.Add("Gelu", [value]);
}
