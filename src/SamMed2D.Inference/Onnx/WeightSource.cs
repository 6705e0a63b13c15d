using System.Runtime.InteropServices;
using SamMed2D.Inference.Checkpoints;

namespace SamMed2D.Inference.Onnx;

/// <summary>The values of a graph's weight, written only when the weights file is made, so that no model has to fit in memory.</summary>
/// <param name="ElementCount">How many float32 numbers there are.</param>
/// <param name="Write">Writes them, little endian.</param>
internal sealed record WeightSource(long ElementCount, Action<Stream> Write)
{
    /// <summary>The tensor as it lies in the checkpoint.</summary>
    public static WeightSource From(CheckpointTensor tensor) => new(tensor.ElementCount, tensor.WriteFloat32);

    /// <summary>Numbers made from a small tensor.</summary>
    public static WeightSource From(float[] values) => new(values.Length, stream => stream.Write(MemoryMarshal.AsBytes(values.AsSpan())));
}
