using TorchSharp;
using static TorchSharp.torch;

namespace SamMed2D.Training.Runs;

/// <summary>
/// AdamW (Loshchilov and Hutter, 2019) with clipping by the global norm and a moving average of the weights. Its own, because exact resume needs its whole
/// state as plain tensors, and because gradients come as lists summed over workers. Parameters that an update has no gradient for stay as they are.
/// </summary>
internal sealed class AdamW : IDisposable
{
    private const string UpdatesName = "updates";

    private readonly (string Name, Tensor Value)[] _parameters;
    private readonly Tensor[] _first;
    private readonly Tensor[] _second;
    private readonly Tensor[] _average;
    private readonly long[] _updates;
    private readonly OptimiserSettings _settings;

    public AdamW(IReadOnlyList<(string Name, Tensor Value)> parameters, OptimiserSettings settings)
    {
        (_parameters, _settings) = ([.. parameters], settings);
        _first = [.. parameters.Select(parameter => zeros_like(parameter.Value).requires_grad_(false))];
        _second = [.. parameters.Select(parameter => zeros_like(parameter.Value).requires_grad_(false))];
        _average = settings.Average > 0 ? [.. parameters.Select(parameter => parameter.Value.detach().clone())] : [];
        _updates = new long[_parameters.Length];
    }

    /// <summary>Makes one update.</summary>
    /// <param name="gradients">One a parameter, in their order, or null for one that is not updated; scaled in place.</param>
    /// <param name="learningRate">The step's learning rate.</param>
    /// <returns>The gradients' norm before clipping; not finite if any of them is not, and then nothing was changed.</returns>
    public double Update(IReadOnlyList<Tensor?> gradients, double learningRate)
    {
        using IDisposable noGradient = no_grad();
        using DisposeScope scope = NewDisposeScope();
        double norm = stack([.. gradients.Where(gradient => gradient is not null).Select(gradient => gradient!.norm())]).norm().item<float>();
        if (!double.IsFinite(norm)) return norm;
        float clip = _settings.Clip > 0 ? (float)Math.Min(1, _settings.Clip / (norm + 1e-6)) : 1;
        for (int n = 0; n < _parameters.Length; n++)
            if (gradients[n] is { } gradient) Update(n, clip == 1 ? gradient : gradient.mul_(clip), learningRate);
        return norm;
    }

    /// <summary>The averaged weights, which are the ones to use; the weights themselves where no average is kept.</summary>
    public IEnumerable<NamedValues> GetWeights() => _parameters.Select((parameter, n) => NamedValues.From(parameter.Name, _average.Length > 0 ? _average[n] : parameter.Value));

    /// <summary>Everything that an exact continuation needs, the weights included.</summary>
    public IEnumerable<NamedValues> GetState()
    {
        for (int n = 0; n < _parameters.Length; n++)
            foreach ((string part, Tensor value) in PartsOf(n)) yield return NamedValues.From($"{part}/{_parameters[n].Name}", value);
        yield return new(UpdatesName, [_updates.Length], () => [.. _updates.Select(count => (float)count)]); // exact to 16 million
    }

    /// <summary>Takes up a state again.</summary>
    /// <param name="path">The file, for messages.</param>
    /// <param name="file">The state.</param>
    /// <param name="steps">Steps done, for states that do not say how often each parameter was updated: once a step.</param>
    public void Restore(string path, SafetensorsFile file, long steps)
    {
        for (int n = 0; n < _parameters.Length; n++)
            foreach ((string part, Tensor value) in PartsOf(n)) file.CopyTo(path, $"{part}/{_parameters[n].Name}", value);
        bool isCounted = file.Tensors.TryGetValue(UpdatesName, out (long[] Shape, float[] Values) counts) && counts.Values.Length == _updates.Length;
        for (int n = 0; n < _updates.Length; n++) _updates[n] = isCounted ? (long)counts.Values[n] : steps;
    }

    private void Update(int n, Tensor gradient, double learningRate)
    {
        Tensor parameter = _parameters[n].Value;
        long updates = ++_updates[n];
        double correction1 = 1 - Math.Pow(_settings.Beta1, updates), correction2 = 1 - Math.Pow(_settings.Beta2, updates);
        _first[n].mul_(_settings.Beta1).add_(gradient, 1 - _settings.Beta1);
        _second[n].mul_(_settings.Beta2).addcmul_(gradient, gradient, 1 - _settings.Beta2);
        // Norms and biases (one dimension) are not decayed.
        if (parameter.dim() > 1 && _settings.WeightDecay > 0) parameter.mul_(1 - learningRate * _settings.WeightDecay);
        using Tensor divisor = (_second[n] / correction2).sqrt_().add_(1e-8);
        parameter.addcdiv_(_first[n], divisor, -learningRate / correction1);
        if (_average.Length == 0) return;
        // Early on the average follows faster, so that it is not a memory of the start.
        double keep = Math.Min(_settings.Average, (1.0 + updates) / (10 + updates));
        _average[n].mul_(keep).add_(parameter, 1 - keep);
    }

    private IEnumerable<(string Part, Tensor Value)> PartsOf(int n)
    {
        yield return ("weights", _parameters[n].Value);
        if (_average.Length > 0) yield return ("average", _average[n]);
        yield return ("first", _first[n]);
        yield return ("second", _second[n]);
    }

    public void Dispose()
    {
        foreach (Tensor tensor in (IEnumerable<Tensor>)[.. _first, .. _second, .. _average]) tensor.Dispose();
    }
}

/// <summary>What an optimiser is set to.</summary>
internal record OptimiserSettings
{
    public double LearningRate { get; init; } = 1.5e-3;

    public double Beta1 { get; init; } = 0.9;

    public double Beta2 { get; init; } = 0.98;

    public double WeightDecay { get; init; } = 0.02;

    /// <summary>Largest norm of a step's gradients; 0 does not limit it.</summary>
    public double Clip { get; init; } = 2;

    /// <summary>What the moving average of the weights keeps a step; 0 keeps no average.</summary>
    public double Average { get; init; } = 0.996;

    /// <summary>Steps of linear warm-up.</summary>
    public int WarmUpSteps { get; init; } = 60;

    /// <summary>The last part of the run over which the rate falls (half a cosine); before it the rate is constant, so that a run may be extended.</summary>
    public double DecayPart { get; init; } = 1;

    /// <summary>What is left of the rate at the end.</summary>
    public double FinalPart { get; init; } = 0.02;

    /// <summary>The learning rate of a step.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Steps of the whole run.</param>
    public double RateAt(long step, long steps)
    {
        double warm = Math.Min(1, (step + 1.0) / Math.Max(1, WarmUpSteps));
        double begin = steps * (1 - DecayPart);
        double done = step <= begin ? 0 : (step - begin) / Math.Max(1, steps - begin);
        return LearningRate * warm * (FinalPart + (1 - FinalPart) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, done))));
    }
}
