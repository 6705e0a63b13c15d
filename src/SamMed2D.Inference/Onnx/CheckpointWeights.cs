using SamMed2D.Core.Errors;
using SamMed2D.Inference.Checkpoints;

namespace SamMed2D.Inference.Onnx;

/// <summary>Puts a checkpoint's tensors into a graph under their own names, after checking that their shapes are as expected.</summary>
internal sealed class CheckpointWeights(CheckpointFile checkpoint, GraphBuilder graph)
{
    /// <summary>A tensor as it is.</summary>
    /// <param name="name">Its name in the checkpoint.</param>
    /// <param name="shape">Its expected sizes.</param>
    public string Get(string name, params ReadOnlySpan<long> shape) => graph.Weight(name, WeightSource.From(Find(name, shape)), shape);

    /// <summary>A matrix, to be multiplied with.</summary>
    public LinearWeight Linear(string name, int outputs, int inputs) => LinearAs(name, [outputs, inputs], outputs, inputs);

    /// <summary>A tensor under other sizes with the same number of elements, such as a 1x1 convolution, to be multiplied with.</summary>
    public LinearWeight LinearAs(string name, ReadOnlySpan<long> shape, int outputs, int inputs)
    {
        CheckpointTensor tensor = Find(name, shape);
        return new(name, outputs, inputs, WeightSource.From(tensor), tensor.ToArray);
    }

    /// <summary>The values of a small tensor.</summary>
    /// <exception cref="ModelException">It is missing or of another shape.</exception>
    public float[] Read(string name, params ReadOnlySpan<long> shape) => Find(name, shape).ToArray();

    /// <summary>The sizes of a tensor.</summary>
    public IReadOnlyList<long> ShapeOf(string name) => checkpoint.GetTensor(name).Shape;

    private CheckpointTensor Find(string name, ReadOnlySpan<long> shape)
    {
        CheckpointTensor tensor = checkpoint.GetTensor(name);
        return tensor.Shape.SequenceEqual(shape.ToArray())
            ? tensor
            : throw new ModelException(checkpoint.Path, $"its tensor {name} is [{string.Join(", ", tensor.Shape)}], expected [{string.Join(", ", shape.ToArray())}]; choose a checkpoint of SAM or SAM-Med2D");
    }
}
