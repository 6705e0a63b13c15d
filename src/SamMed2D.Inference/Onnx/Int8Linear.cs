using System.Runtime.InteropServices;

namespace SamMed2D.Inference.Onnx;

/// <summary>
/// Writes linear layers with weights of 8 bits and a scale for each output; their inputs become 8 bits at run time, by the range of the whole
/// matrix (ONNX Runtime's <c>DynamicQuantizeMatMul</c>, whose products run on the processor's 8-bit instructions). Biases stay float32.
/// </summary>
/// <param name="graph">The graph.</param>
/// <param name="reducedRange">
/// True keeps weights to 7 bits: processors without VNNI add pairs of 8-bit products in 16 bits, which overflow otherwise.
/// </param>
internal sealed class Int8Linear(GraphBuilder graph, bool reducedRange) : EncoderLinear(graph)
{
    private readonly int _levels = reducedRange ? 63 : 127;

    /// <inheritdoc/>
    public override string Add(LinearWeight weight, string rows, string? bias = null)
    {
        WeightSource numbers = new((long)weight.Inputs * weight.Outputs, stream => stream.Write(MemoryMarshal.AsBytes(Quantise(weight).AsSpan())), WeightElement.Int8);
        string quantised = Graph.Weight(weight.Name + ".int8", numbers, weight.Inputs, weight.Outputs);
        string scales = Graph.Weight(weight.Name + ".scale", WeightSource.From(weight.Outputs, () => ScalesOf(weight.Read(), weight.Inputs)), weight.Outputs);
        return Graph.AddMicrosoft("DynamicQuantizeMatMul", bias is null ? [rows, quantised, scales] : [rows, quantised, scales, "", bias]);
    }

    /// <summary>What one step of each output's numbers is worth; NaN where a weight is.</summary>
    private float[] ScalesOf(float[] values, int inputs)
    {
        float[] scales = new float[values.Length / inputs];
        for (int output = 0; output < scales.Length; output++)
        {
            float largest = 0;
            foreach (float value in values.AsSpan(output * inputs, inputs)) largest = MathF.Max(largest, MathF.Abs(value));
            scales[output] = largest == 0 ? 1 : largest / _levels;
        }
        return scales;
    }

    // [outputs,inputs] to [inputs,outputs].
    private sbyte[] Quantise(LinearWeight weight)
    {
        float[] values = weight.Read(), scales = ScalesOf(values, weight.Inputs);
        sbyte[] numbers = new sbyte[values.Length];
        for (int output = 0; output < weight.Outputs; output++)
            for (int input = 0; input < weight.Inputs; input++)
                numbers[input * weight.Outputs + output] = (sbyte)MathF.Round(values[output * weight.Inputs + input] / scales[output]);
        return numbers;
    }
}
