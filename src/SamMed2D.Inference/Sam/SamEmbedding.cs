using Microsoft.ML.OnnxRuntime;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Sam;

/// <summary>What a SAM encoder made of a slice; in managed memory, so that a cache can count it.</summary>
internal sealed class SamEmbedding : SliceEmbedding
{
    /// <summary>Creates an embedding without content, for the encoder to write into.</summary>
    /// <param name="owner">Identity of the model that encodes.</param>
    /// <param name="fit">The slice's place in the model's input.</param>
    /// <param name="shape">Channels, rows, columns.</param>
    public SamEmbedding(string owner, SamFit fit, IReadOnlyList<int> shape) : base(fit.Width, fit.Height)
    {
        (Owner, Fit) = (owner, fit);
        Values = new float[checked(shape[0] * shape[1] * shape[2])];
        Tensor = OrtValue.CreateTensorValueFromMemory(Values, [1, shape[0], shape[1], shape[2]]);
    }

    /// <summary>Identity of the model that encoded.</summary>
    public string Owner { get; }

    /// <summary>The slice's place in the model's input.</summary>
    public SamFit Fit { get; }

    /// <summary>The numbers, channel by channel.</summary>
    public float[] Values { get; }

    /// <summary>The same memory, as ONNX Runtime takes it.</summary>
    public OrtValue Tensor { get; }

    public override long SizeBytes => Values.LongLength * sizeof(float);

    protected override void Dispose(bool disposing)
    {
        if (disposing) Tensor.Dispose();
    }
}
