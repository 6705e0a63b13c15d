using SamMed2D.Core.Errors;
using SamMed2D.Inference.Checkpoints;
using SamMed2D.Training.Runs;
using SamMed2D.Training.Scenes;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace SamMed2D.Training.Sam;

/// <summary>Takes weights from a checkpoint into a network and back.</summary>
internal static class SamWeights
{
    /// <summary>What the names of adapters' weights hold.</summary>
    public const string AdapterMark = ".Adapter.";

    /// <summary>
    /// Loads every parameter. Position tables of another image size are resized as SAM-Med2D does it; adapters that the checkpoint lacks get PyTorch's
    /// usual starting values, drawn from the seed.
    /// </summary>
    /// <exception cref="ModelException">A tensor is missing or of another shape: the checkpoint is of another architecture.</exception>
    public static void Load(CheckpointFile checkpoint, SamNetwork network, long seed)
    {
        using IDisposable noGradient = no_grad();
        RandomSource random = new(seed, -3);
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            using DisposeScope scope = NewDisposeScope();
            if (checkpoint.Tensors.TryGetValue(name, out CheckpointTensor? stored)) parameter.copy_(Fit(checkpoint, stored, parameter.shape));
            else if (name.Contains(AdapterMark, StringComparison.Ordinal)) Start(name, parameter, random);
            else checkpoint.GetTensor(name); // says that it is missing
        }
    }

    /// <summary>The state dict: all weights under the checkpoint's names, low-rank parts merged. Each tensor is made when asked for.</summary>
    public static IEnumerable<NamedValues> ToStateDict(SamNetwork network)
    {
        Dictionary<string, Linear> merged = network.Encoder.LowRankLayers.ToDictionary(layer => layer.Name, layer => layer.Layer);
        foreach ((string name, Parameter parameter) in network.named_parameters())
        {
            if (name.EndsWith(Linear.LowRankDown, StringComparison.Ordinal) || name.EndsWith(Linear.LowRankUp, StringComparison.Ordinal)) continue;
            yield return !merged.TryGetValue(name, out Linear? layer) ? NamedValues.From(name, parameter) : new(name, parameter.shape, () =>
            {
                using Tensor weight = layer.GetMergedWeight();
                return NamedValues.From(name, weight).Read();
            });
        }
    }

    private static Tensor Fit(CheckpointFile checkpoint, CheckpointTensor stored, long[] shape)
    {
        Tensor value = tensor(stored.ToArray(), [.. stored.Shape]);
        if (stored.Shape.SequenceEqual(shape)) return value;
        if (stored.Name.EndsWith("pos_embed", StringComparison.Ordinal) && stored.Shape is [1, _, _, var width] && width == shape[3])
            return nn.functional.interpolate(value.permute(0, 3, 1, 2), [shape[1], shape[2]], mode: InterpolationMode.Bilinear, align_corners: false).permute(0, 2, 3, 1);
        if (stored.Name.Contains("rel_pos", StringComparison.Ordinal) && stored.Shape is [_, var head] && head == shape[1])
            return nn.functional.interpolate(value.t().unsqueeze(0), [shape[0]], mode: InterpolationMode.Linear, align_corners: false).squeeze(0).t();
        throw new ModelException(checkpoint.Path, $"its tensor {stored.Name} is [{string.Join(", ", stored.Shape)}], expected [{string.Join(", ", shape)}]; it belongs to another architecture, so choose a checkpoint of SAM or SAM-Med2D");
    }

    // PyTorch's defaults: norms begin as 1 and 0, layers uniform within one over the root of their inputs.
    private static void Start(string name, Parameter parameter, RandomSource random)
    {
        if (parameter.dim() == 1) parameter.fill_(name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0);
        else parameter.copy_(Initial.Uniform(random, 1 / MathF.Sqrt(parameter.numel() / parameter.shape[0]), parameter.shape));
    }
}
