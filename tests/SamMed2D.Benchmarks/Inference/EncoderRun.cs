using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using SamMed2D.Inference.Runtime;

namespace SamMed2D.Benchmarks.Inference;

/// <summary>An image encoder with an image to encode, run as the product runs it.</summary>
internal sealed class EncoderRun : IDisposable
{
    private readonly OnnxSession _session;
    private readonly float[] _embedding;
    private readonly OrtValue _input, _output;
    private readonly OnnxRun _run;

    public EncoderRun(string path)
    {
        _session = OnnxSession.Open(path, new() { Device = InferenceDevice.Cpu });
        int[] input = [.. _session.Inputs["input_image"].Dimensions], output = [.. _session.Outputs["image_embeddings"].Dimensions];
        (input[0], output[0]) = (1, 1);
        float[] image = new float[input.Aggregate(1, (product, size) => product * size)];
        Random random = new(7);
        foreach (ref float value in image.AsSpan()) value = random.NextSingle() * 4 - 2;
        _embedding = new float[output.Aggregate(1, (product, size) => product * size)];
        _input = OrtValue.CreateTensorValueFromMemory(image, Array.ConvertAll(input, size => (long)size));
        _output = OrtValue.CreateTensorValueFromMemory(_embedding, Array.ConvertAll(output, size => (long)size));
        _run = _session.CreateRun(["input_image"], ["image_embeddings"]);
        _run.SetInput(0, _input);
        _run.SetOutput(0, _output);
    }

    public void Run() => _run.Run(CancellationToken.None);

    /// <summary>The largest difference between this run's embedding and another's.</summary>
    public double LargestDifference(EncoderRun other)
    {
        float[] difference = new float[_embedding.Length];
        TensorPrimitives.Subtract(_embedding, other._embedding, difference);
        return Math.Abs(TensorPrimitives.MaxMagnitude<float>(difference));
    }

    public void Dispose()
    {
        _run.Dispose();
        _input.Dispose();
        _output.Dispose();
        _session.Dispose();
    }
}
