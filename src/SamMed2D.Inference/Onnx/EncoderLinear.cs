namespace SamMed2D.Inference.Onnx;

/// <summary>The weight of a linear layer.</summary>
/// <param name="Name">Its name in the graph.</param>
/// <param name="Outputs">Its rows.</param>
/// <param name="Inputs">Its columns.</param>
/// <param name="Stored">Its values [outputs,inputs] as they are written.</param>
/// <param name="Read">The same values in memory, read when they are asked for.</param>
internal sealed record LinearWeight(string Name, int Outputs, int Inputs, WeightSource Stored, Func<float[]> Read)
{
    /// <summary>A weight that is put in order from others.</summary>
    public static LinearWeight Ordered(string name, int outputs, int inputs, Func<float[]> read) =>
        new(name, outputs, inputs, WeightSource.From((long)outputs * inputs, read), read);
}

/// <summary>Writes the linear layers of an encoder, on the rows of a matrix, in float32.</summary>
/// <param name="graph">The graph.</param>
internal class EncoderLinear(GraphBuilder graph)
{
    /// <summary>The graph.</summary>
    protected GraphBuilder Graph => graph;

    /// <summary>Adds a layer.</summary>
    /// <param name="weight">Its weight.</param>
    /// <param name="rows">What it is applied to [n,inputs].</param>
    /// <param name="bias">The value of its bias [outputs]; null for none.</param>
    /// <returns>The product [n,outputs].</returns>
    public virtual string Add(LinearWeight weight, string rows, string? bias = null)
    {
        string stored = graph.Weight(weight.Name, weight.Stored, weight.Outputs, weight.Inputs);
        return graph.Add("Gemm", bias is null ? [rows, stored] : [rows, stored, bias], NodeAttribute.Int("transB", 1));
    }
}
