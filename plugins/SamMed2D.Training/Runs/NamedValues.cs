using static TorchSharp.torch;

namespace SamMed2D.Training.Runs;

/// <summary>A tensor to be written: its values are made when they are asked for, so that no file has to fit in memory beside the model.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Shape">Its sizes, slowest first.</param>
/// <param name="Read">Gives its values, row-major.</param>
internal sealed record NamedValues(string Name, long[] Shape, Func<float[]> Read)
{
    /// <summary>Numbers in it.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    /// <summary>A tensor as it is when it is written.</summary>
    public static NamedValues From(string name, Tensor tensor) => new(name, tensor.shape, () =>
    {
        using Tensor plain = tensor.detach().cpu().to_type(ScalarType.Float32).contiguous();
        return plain.data<float>().ToArray();
    });
}
