using SamMed2D.Core.Errors;
using SamMed2D.Inference.Focus;
using SamMed2D.Training.Runs;
using static TorchSharp.torch;

namespace SamMed2D.Training.Focus;

/// <summary>Brings stored weights into a focus network.</summary>
internal static class FocusWeights
{
    private const string FirstLayer = "stem.weight";

    /// <summary>Loads weights by name. Where the stored network had fewer input channels, the new ones start at zero, so that it does what it did.</summary>
    /// <exception cref="ModelException">The file is missing or damaged, or of another architecture.</exception>
    public static void Load(string path, IReadOnlyList<(string Name, Tensor Value)> parameters)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        if (file.Tensors.TryGetValue(FirstLayer, out (long[] Shape, float[] Values) stem) && stem.Shape is [var to, var from, 3, 3] && from < FocusInput.Channels)
            file.Tensors[FirstLayer] = ([to, FocusInput.Channels, 3, 3], Widen(stem.Values, (int)to, (int)from));
        foreach ((string name, Tensor value) in parameters) file.CopyTo(path, name, value);
    }

    /// <summary>The weights as the inference room takes them.</summary>
    public static IReadOnlyDictionary<string, FocusTensor> ToTensors(SafetensorsFile file) =>
        file.Tensors.ToDictionary(tensor => tensor.Key, tensor => new FocusTensor(tensor.Value.Shape, tensor.Value.Values));

    private static float[] Widen(float[] values, int to, int from)
    {
        const int kernel = 9;
        float[] wide = new float[to * FocusInput.Channels * kernel];
        for (int n = 0; n < to; n++)
            values.AsSpan(n * from * kernel, from * kernel).CopyTo(wide.AsSpan(n * FocusInput.Channels * kernel));
        return wide;
    }
}
