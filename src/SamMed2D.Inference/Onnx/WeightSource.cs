using System.Runtime.InteropServices;
using SamMed2D.Inference.Checkpoints;

namespace SamMed2D.Inference.Onnx;

/// <summary>The kinds of number that weights are kept as; their values are ONNX's.</summary>
internal enum WeightElement
{
    /// <summary>32-bit reals.</summary>
    Float32 = 1,

    /// <summary>8-bit whole numbers from -128 to 127.</summary>
    Int8 = 3,
}

/// <summary>The values of a graph's weight, written only when the weights file is made, so that no model has to fit in memory.</summary>
/// <param name="ElementCount">How many numbers there are.</param>
/// <param name="Write">Writes them, little endian.</param>
/// <param name="Element">Their kind.</param>
internal sealed record WeightSource(long ElementCount, Action<Stream> Write, WeightElement Element = WeightElement.Float32)
{
    /// <summary>Bytes of all of them.</summary>
    public long SizeBytes => ElementCount * (Element == WeightElement.Float32 ? sizeof(float) : sizeof(sbyte));

    /// <summary>The tensor as it lies in the checkpoint.</summary>
    public static WeightSource From(CheckpointTensor tensor) => new(tensor.ElementCount, tensor.WriteFloat32);

    /// <summary>Numbers made from a small tensor.</summary>
    public static WeightSource From(float[] values) => new(values.Length, stream => stream.Write(MemoryMarshal.AsBytes(values.AsSpan())));

    /// <summary>Numbers made, when they are written, from a tensor that is read only then.</summary>
    public static WeightSource From(long count, Func<float[]> make) => new(count, stream => stream.Write(MemoryMarshal.AsBytes(make().AsSpan())));
}
