using SamMed2D.Core.Errors;
using SamMed2D.Inference.Focus;
using SamMed2D.Training.Runs;
using static TorchSharp.torch;

namespace SamMed2D.Training.Focus;

/// <summary>Brings stored weights into a focus network.</summary>
internal static class FocusWeights
{
    /// <summary>What stands for the bundled model where a file or folder of weights is asked for.</summary>
    public const string Bundled = "bundled";

    private const string FirstLayer = "stem.weight";

    /// <summary>Loads weights by name from trained weights (safetensors), a model folder or the bundled model. Where the stored network had fewer input channels, the new ones start at zero, so that it does what it did.</summary>
    /// <exception cref="ModelException">The file is missing or damaged, or of another architecture.</exception>
    public static void Load(string path, IReadOnlyList<(string Name, Tensor Value)> parameters)
    {
        SafetensorsFile file = Read(path);
        foreach ((string name, Tensor value) in parameters) file.CopyTo(path, name, value);
    }

    /// <summary>
    /// The weighted mean of two sets of weights, of which one was trained from the other: what the start could do and training unlearnt comes
    /// back (Wortsman et al., Robust fine-tuning of zero-shot models, CVPR 2022).
    /// </summary>
    /// <param name="trained">The trained weights' file.</param>
    /// <param name="start">What the training started from: a file, a model folder, or the bundled model; fewer input channels are taken as in <see cref="Load"/>.</param>
    /// <param name="share">What counts of the trained weights, 0 to 1.</param>
    /// <exception cref="ModelException">A file is missing or damaged, or they are not of the same architecture.</exception>
    public static SafetensorsFile Mean(string trained, string start, float share)
    {
        SafetensorsFile result = Read(trained), other = Read(start);
        foreach ((string name, (long[] shape, float[] values)) in result.Tensors)
        {
            if (!other.Tensors.TryGetValue(name, out (long[] Shape, float[] Values) from) || !from.Shape.AsSpan().SequenceEqual(shape))
                throw new ModelException(start, $"has no tensor {name} of the shape [{string.Join(", ", shape)}], as {trained} has; give the weights that the training started from");
            for (int n = 0; n < values.Length; n++) values[n] = share * values[n] + (1 - share) * from.Values[n];
        }
        return result;
    }

    private static SafetensorsFile Read(string path)
    {
        SafetensorsFile file = path == Bundled || Directory.Exists(path) ? FromModel(path == Bundled ? null : path) : SafetensorsFile.Read(path);
        if (file.Tensors.TryGetValue(FirstLayer, out (long[] Shape, float[] Values) stem) && stem.Shape is [var to, var from, 3, 3] && from < FocusLayout.Channels)
            file.Tensors[FirstLayer] = ([to, FocusLayout.Channels, 3, 3], Widen(stem.Values, (int)to, (int)from));
        return file;
    }

    private static SafetensorsFile FromModel(string? folder)
    {
        SafetensorsFile file = new();
        foreach ((string name, FocusTensor tensor) in FocusModelFolder.Read(folder)) file.Tensors[name] = (tensor.Shape, tensor.Values);
        return file;
    }

    /// <summary>The weights as the inference room takes them.</summary>
    public static IReadOnlyDictionary<string, FocusTensor> ToTensors(SafetensorsFile file) =>
        file.Tensors.ToDictionary(tensor => tensor.Key, tensor => new FocusTensor(tensor.Value.Shape, tensor.Value.Values));

    private static float[] Widen(float[] values, int to, int from)
    {
        const int kernel = 9;
        float[] wide = new float[to * FocusLayout.Channels * kernel];
        for (int n = 0; n < to; n++)
            values.AsSpan(n * from * kernel, from * kernel).CopyTo(wide.AsSpan(n * FocusLayout.Channels * kernel));
        return wide;
    }
}
