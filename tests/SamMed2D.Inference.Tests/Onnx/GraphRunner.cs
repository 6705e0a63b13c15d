using Microsoft.ML.OnnxRuntime;

namespace SamMed2D.Inference.Tests.Onnx;

/// <summary>Numbers with a shape, in and out of graphs.</summary>
internal sealed record Numbers(float[] Values, params long[] Shape);

/// <summary>Runs an ONNX file plainly, with nothing of the product's runtime in between.</summary>
internal sealed class GraphRunner : IDisposable
{
    private readonly InferenceSession _session;

    public GraphRunner(string path, int threads = 2)
    {
        using SessionOptions options = new() { IntraOpNumThreads = threads, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        _session = new InferenceSession(path, options);
    }

    public IEnumerable<string> OutputNames => _session.OutputMetadata.Keys;

    public Dictionary<string, Numbers> Run(params (string Name, Numbers Value)[] inputs)
    {
        OrtValue[] values = [.. inputs.Select(input => OrtValue.CreateTensorValueFromMemory(input.Value.Values, input.Value.Shape))];
        using RunOptions run = new();
        string[] outputs = [.. _session.OutputMetadata.Keys];
        using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(run, [.. inputs.Select(input => input.Name)], values, outputs);
        Dictionary<string, Numbers> named = [];
        for (int n = 0; n < outputs.Length; n++)
            named[outputs[n]] = new(results[n].GetTensorDataAsSpan<float>().ToArray(), results[n].GetTensorTypeAndShape().Shape);
        foreach (OrtValue value in values) value.Dispose();
        return named;
    }

    public Numbers Encode(Numbers image) => Run(("input_image", image))["image_embeddings"];

    public void Dispose() => _session.Dispose();

    public static double LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        Assert.Equal(a.Length, b.Length);
        double largest = 0;
        for (int n = 0; n < a.Length; n++)
        {
            double difference = Math.Abs((double)a[n] - b[n]);
            if (!(difference <= largest)) largest = difference;
        }
        return largest;
    }
}
