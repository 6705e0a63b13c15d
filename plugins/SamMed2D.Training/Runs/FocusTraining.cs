using SamMed2D.Training.Examples;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace SamMed2D.Training.Runs;

/// <summary>Trains a focus model from a recipe: every worker makes and learns from its share of a step's crops, on a thread of its own.</summary>
internal sealed class FocusTraining : ITraining
{
    private readonly FocusRecipe _recipe;
    private readonly FocusNetwork _network;
    private readonly FocusWorker[] _workers;
    private readonly WorkerThreads _threads;

    public FocusTraining(FocusRecipe recipe, string? warmStart, IReadOnlyList<TrainingVolume> volumes)
    {
        _recipe = recipe;
        set_num_threads(1); // here too: sums split over threads end in other bits
        random.manual_seed(recipe.Seed); // before the first weight is drawn
        _network = new FocusNetwork();
        (string Name, Tensor Value)[] parameters = [.. _network.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter))];
        if (warmStart is not null) FocusWeights.Load(warmStart, parameters);
        Optimiser = new AdamW(parameters, recipe.Optimiser);
        Tensor[] values = [.. parameters.Select(parameter => parameter.Value)];
        _workers = [.. Enumerable.Range(0, recipe.Workers).Select(number => new FocusWorker(recipe, _network, values, volumes, number))];
        _threads = new WorkerThreads(recipe.Workers);
    }

    public string Name => _recipe.Name;

    public long Seed => _recipe.Seed;

    public long Steps => _recipe.Steps;

    public string Unit => "crops";

    public int SamplesPerStep => _recipe.Batch;

    public string Origin => "";

    public string Summary => Name;

    public AdamW Optimiser { get; }

    public string WeightsEnding => ".safetensors";

    public IReadOnlyList<string> Skipped => [];

    public StepResult Step(long step)
    {
        double rate = _recipe.Optimiser.RateAt(step, _recipe.Steps);
        WorkerResult[] results = new WorkerResult[_workers.Length];
        _threads.Run(n => results[n] = _workers[n].Work(step));

        using DisposeScope scope = NewDisposeScope();
        Tensor[] gradients = results[0].Gradients;
        for (int worker = 1; worker < results.Length; worker++)
            for (int n = 0; n < gradients.Length; n++)
            {
                gradients[n].add_(results[worker].Gradients[n]);
                results[worker].Gradients[n].Dispose();
            }
        foreach (Tensor gradient in gradients) gradient.div_(results.Length);
        double norm = Optimiser.Update(gradients, rate);
        foreach (Tensor gradient in gradients) gradient.Dispose();
        return new(results.Average(result => result.Loss), results.Average(result => result.Dice), results.Average(result => result.IouError), norm, rate);
    }

    // The development set is measured by a command of its own.
    public double? Validate(CancellationToken cancellation) => null;

    public void SaveWeights(string path, IReadOnlyDictionary<string, string> metadata) => SafetensorsFile.Write(path, [.. Optimiser.GetWeights()], metadata);

    public void Dispose()
    {
        _threads.Dispose();
        Optimiser.Dispose();
        _network.Dispose();
    }
}
