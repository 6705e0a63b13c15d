using System.Diagnostics;
using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Training.Examples;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Recipes;
using TorchSharp;
using static TorchSharp.torch;

namespace SamMed2D.Training.Runs;

/// <summary>
/// Trains a focus model from a recipe, in a folder of its own: <c>state.safetensors</c> (everything, for resuming), <c>model.safetensors</c> (the averaged
/// weights), a snapshot of those now and then, <c>progress.jsonl</c>. A run that is interrupted goes on exactly as if it had not been.
/// </summary>
internal sealed class FocusRun : IDisposable
{
    private readonly FocusRecipe _recipe;
    private readonly string _folder;
    private readonly FocusNetwork _network;
    private readonly (string Name, Tensor Value)[] _parameters;
    private readonly AdamW _optimiser;
    private readonly FocusWorker[] _workers;
    private readonly WorkerThreads _threads;
    private readonly ProgressLog _log;

    public FocusRun(FocusRecipe recipe, string folder, string? warmStart, IReadOnlyList<TrainingVolume> volumes)
    {
        (_recipe, _folder) = (recipe, folder);
        set_num_threads(1); // here too: sums split over threads end in other bits
        random.manual_seed(recipe.Seed); // before the first weight is drawn
        _network = new FocusNetwork();
        Directory.CreateDirectory(folder);
        _parameters = [.. _network.named_parameters().Select(parameter => (parameter.name, (Tensor)parameter.parameter))];
        if (warmStart is not null) FocusWeights.Load(warmStart, _parameters);
        _optimiser = new AdamW(_parameters, recipe.Optimiser);
        if (File.Exists(StatePath)) Restore();
        Tensor[] values = [.. _parameters.Select(parameter => parameter.Value)];
        _workers = [.. Enumerable.Range(0, recipe.Workers).Select(number => new FocusWorker(recipe, _network, values, volumes, number))];
        _threads = new WorkerThreads(recipe.Workers);
        _log = new ProgressLog(Path.Combine(folder, "progress.jsonl"));
    }

    /// <summary>Steps done so far, those of earlier sessions included.</summary>
    public long StepsDone => _optimiser.Steps;

    private string StatePath => Path.Combine(_folder, "state.safetensors");

    /// <summary>Trains to the recipe's end, or to a step if that is earlier.</summary>
    /// <param name="lastStep">Where to stop; null for the end.</param>
    /// <param name="checkpointEvery">Time between checkpoints.</param>
    /// <param name="snapshotEvery">Crops between snapshots of the averaged weights; 0 keeps none.</param>
    /// <param name="cancellation">Stops after the step in hand, with a checkpoint.</param>
    public void Run(long? lastStep, TimeSpan checkpointEvery, long snapshotEvery, CancellationToken cancellation)
    {
        long end = Math.Min(_recipe.Steps, lastStep ?? long.MaxValue);
        _log.Write(new() { Event = "started", Step = StepsDone, Steps = _recipe.Steps, Samples = StepsDone * _recipe.Batch, Text = _recipe.Name });
        Stopwatch clock = Stopwatch.StartNew(), sinceCheckpoint = Stopwatch.StartNew();
        Meter meter = new();
        long begun = StepsDone;
        while (StepsDone < end && !cancellation.IsCancellationRequested)
        {
            meter.Add(Step());
            if (StepsDone % 20 == 0) _log.Write(meter.Report(this, clock.Elapsed, begun));
            if (snapshotEvery > 0 && StepsDone * _recipe.Batch / snapshotEvery > (StepsDone - 1) * _recipe.Batch / snapshotEvery) SaveSnapshot();
            if (sinceCheckpoint.Elapsed < checkpointEvery) continue;
            SaveCheckpoint();
            sinceCheckpoint.Restart();
        }
        SaveCheckpoint();
        _log.Write(new() { Event = StepsDone >= _recipe.Steps ? "finished" : "stopped", Step = StepsDone, Steps = _recipe.Steps, Samples = StepsDone * _recipe.Batch });
    }

    public void Dispose()
    {
        _threads.Dispose();
        _optimiser.Dispose();
        _network.Dispose();
    }

    private StepResult Step()
    {
        long step = StepsDone;
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
        double norm = _optimiser.Update(gradients, rate);
        foreach (Tensor gradient in gradients) gradient.Dispose();
        double loss = results.Average(result => result.Loss);
        if (!double.IsFinite(loss) || !double.IsFinite(norm))
            throw new UnsupportedInputException(_folder, string.Create(CultureInfo.InvariantCulture, $"the loss of step {step} is {loss} and its gradient {norm}; the last checkpoint is sound: resume with a lower learningRate or with precision float32"));
        return new(loss, results.Average(result => result.Dice), results.Average(result => result.IouError), norm, rate);
    }

    private void SaveCheckpoint()
    {
        SafetensorsFile state = new();
        _optimiser.AddState(state);
        state.Metadata["recipe"] = _recipe.Name;
        state.Metadata["seed"] = _recipe.Seed.ToString(CultureInfo.InvariantCulture);
        state.Metadata["step"] = StepsDone.ToString(CultureInfo.InvariantCulture);
        state.Write(StatePath);
        SaveWeights(Path.Combine(_folder, "model.safetensors"));
        _log.Write(new() { Event = "checkpoint", Step = StepsDone, Samples = StepsDone * _recipe.Batch, File = "state.safetensors" });
    }

    private void SaveSnapshot() => SaveWeights(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"model-{StepsDone * _recipe.Batch / 1000:00000}k.safetensors")));

    private void SaveWeights(string path)
    {
        SafetensorsFile model = new();
        _optimiser.AddAverage(model);
        model.Metadata["recipe"] = _recipe.Name;
        model.Metadata["samples"] = (StepsDone * _recipe.Batch).ToString(CultureInfo.InvariantCulture);
        model.Write(path);
    }

    private void Restore()
    {
        SafetensorsFile state = SafetensorsFile.Read(StatePath);
        string recipe = state.Metadata.GetValueOrDefault("recipe", ""), seed = state.Metadata.GetValueOrDefault("seed", "");
        if (recipe != _recipe.Name || seed != _recipe.Seed.ToString(CultureInfo.InvariantCulture))
            throw new UnsupportedInputException(_folder, $"holds a run of the recipe {recipe} with seed {seed}, not of {_recipe.Name} with seed {_recipe.Seed}; choose another folder");
        _optimiser.Restore(StatePath, state, long.Parse(state.Metadata["step"], CultureInfo.InvariantCulture));
    }

    private readonly record struct StepResult(double Loss, double Dice, double IouError, double Norm, double Rate);

    /// <summary>Means since the last report.</summary>
    private sealed class Meter
    {
        private readonly List<StepResult> _results = [];

        public void Add(StepResult result) => _results.Add(result);

        public ProgressLine Report(FocusRun run, TimeSpan elapsed, long begun)
        {
            double perSecond = (run.StepsDone - begun) * run._recipe.Batch / elapsed.TotalSeconds;
            ProgressLine line = new()
            {
                Event = "step",
                Step = run.StepsDone,
                Steps = run._recipe.Steps,
                Samples = run.StepsDone * run._recipe.Batch,
                Loss = Math.Round(_results.Average(result => result.Loss), 5),
                Dice = Math.Round(_results.Average(result => result.Dice), 5),
                IouError = Math.Round(_results.Average(result => result.IouError), 5),
                GradientNorm = Math.Round(_results.Average(result => result.Norm), 4),
                LearningRate = _results[^1].Rate,
                SamplesPerSecond = Math.Round(perSecond, 2),
                SecondsLeft = Math.Round((run._recipe.Steps - run.StepsDone) * run._recipe.Batch / perSecond),
            };
            _results.Clear();
            return line;
        }
    }
}
