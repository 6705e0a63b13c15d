using System.Diagnostics;
using System.Globalization;
using SamMed2D.Core.Errors;

namespace SamMed2D.Training.Runs;

/// <summary>
/// Runs a training in a folder of its own: <c>state.safetensors</c> (everything, for resuming), <c>model.*</c> (the weights to use), <c>best.*</c> where
/// there is a validation, snapshots now and then, <c>progress.jsonl</c>, and the curves as CSV and PNG. A run that is interrupted goes on exactly as if
/// it had not been.
/// </summary>
internal sealed class TrainingRun
{
    private readonly ITraining _training;
    private readonly string _folder;
    private readonly ProgressLog _log;
    private readonly Curves _curves;
    private BestValidation _best;
    private long _validatedStep;
    private int _skippedToldOf;

    /// <summary>Opens the run's folder, and takes up the run that is in it.</summary>
    /// <param name="training">What is trained; not disposed.</param>
    /// <param name="folder">The run's folder; made where it is not there.</param>
    /// <param name="watcher">Where progress goes beside the file, a line of JSON each; not disposed.</param>
    /// <exception cref="UnsupportedInputException">The folder holds another run.</exception>
    /// <exception cref="OutputException">The folder cannot be made.</exception>
    public TrainingRun(ITraining training, string folder, TextWriter watcher)
    {
        (_training, _folder) = (training, folder);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(folder, $"cannot be made ({failure.Message}); choose a place that you may write to", failure);
        }
        if (File.Exists(StatePath)) Restore();
        string progress = Path.Combine(folder, "progress.jsonl");
        _log = new ProgressLog(progress, watcher);
        _curves = new Curves(folder, progress, training.Unit);
    }

    /// <summary>Steps done so far, those of earlier sessions included.</summary>
    public long StepsDone { get; private set; }

    private long SamplesDone => StepsDone * _training.SamplesPerStep;

    private string StatePath => Path.Combine(_folder, "state.safetensors");

    /// <summary>Trains to the recipe's end, or as far as the options say.</summary>
    /// <param name="options">How far, and what is kept on the way.</param>
    /// <param name="cancellation">Stops after the step in hand, with a checkpoint.</param>
    /// <exception cref="UnsupportedInputException">The loss is not finite any more; the last checkpoint is sound.</exception>
    /// <exception cref="OutputException">The disk is full; the last checkpoint is sound.</exception>
    public void Run(RunOptions options, CancellationToken cancellation)
    {
        long end = Math.Min(_training.Steps, options.LastStep ?? long.MaxValue);
        _log.Write(Line("started") with { Text = _training.Summary });
        Stopwatch clock = Stopwatch.StartNew(), sinceCheckpoint = Stopwatch.StartNew();
        List<StepResult> results = [];
        long begun = StepsDone;
        while (!cancellation.IsCancellationRequested)
        {
            if (IsValidationDue(options) && !TryValidate(cancellation)) break;
            if (StepsDone >= end || HasStalled(options)) break;
            results.Add(Step());
            TellSkipped();
            if (StepsDone % options.ReportEverySteps == 0 || StepsDone == end) Report(results, (StepsDone - begun) / clock.Elapsed.TotalSeconds);
            if (options.SnapshotEverySamples > 0 && SamplesDone / options.SnapshotEverySamples > (SamplesDone - _training.SamplesPerStep) / options.SnapshotEverySamples) SaveSnapshot();
            if (sinceCheckpoint.Elapsed < options.CheckpointEvery) continue;
            SaveCheckpoint();
            sinceCheckpoint.Restart();
        }
        SaveCheckpoint();
        _curves.Draw();
        bool hasStalled = HasStalled(options);
        _log.Write(Line(StepsDone >= _training.Steps || hasStalled ? "finished" : "stopped") with { Dice = _best.Dice, Text = hasStalled ? $"the validation has not improved since step {_best.Step}" : null });
    }

    private StepResult Step()
    {
        StepResult result = _training.Step(StepsDone);
        if (!double.IsFinite(result.Loss) || !double.IsFinite(result.Norm))
            throw new UnsupportedInputException(_folder, string.Create(CultureInfo.InvariantCulture, $"the loss of step {StepsDone} is {result.Loss} and its gradient {result.Norm}; the last checkpoint is sound: resume with a lower learningRate or with precision float32"));
        StepsDone++;
        return result;
    }

    private void Report(List<StepResult> results, double stepsPerSecond)
    {
        _log.Write(Line("step") with
        {
            Loss = Math.Round(results.Average(result => result.Loss), 5),
            Dice = Math.Round(results.Average(result => result.Dice), 5),
            IouError = Math.Round(results.Average(result => result.IouError), 5),
            GradientNorm = Math.Round(results.Average(result => result.Norm), 4),
            LearningRate = results[^1].Rate,
            SamplesPerSecond = Math.Round(stepsPerSecond * _training.SamplesPerStep, 2),
            SecondsLeft = Math.Round((_training.Steps - StepsDone) / stepsPerSecond),
        });
        results.Clear();
    }

    private bool IsValidationDue(RunOptions options) =>
        options.ValidateEverySteps > 0 && StepsDone > _validatedStep && (StepsDone % options.ValidateEverySteps == 0 || StepsDone == _training.Steps);

    // False where it was stopped; the next session then does it first.
    private bool TryValidate(CancellationToken cancellation)
    {
        try
        {
            Validate(cancellation);
            _validatedStep = StepsDone;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Validate(CancellationToken cancellation)
    {
        double? dice = _training.Validate(cancellation);
        TellSkipped();
        if (dice is null) return;
        _log.Write(Line("evaluation") with { Dice = Math.Round(dice.Value, 5) });
        if (_best.Dice >= dice) return;
        _best = new(dice, StepsDone);
        _training.SaveWeights(Path.Combine(_folder, "best" + _training.WeightsEnding), WeightsMetadata());
    }

    private bool HasStalled(RunOptions options) =>
        options.Patience > 0 && options.ValidateEverySteps > 0 && _best.Dice is not null && StepsDone - _best.Step >= options.Patience * options.ValidateEverySteps;

    private void TellSkipped()
    {
        for (; _skippedToldOf < _training.Skipped.Count; _skippedToldOf++)
            _log.Write(new() { Event = "skipped", Step = StepsDone, Text = _training.Skipped[_skippedToldOf] });
    }

    private void SaveCheckpoint()
    {
        Dictionary<string, string> metadata = new()
        {
            ["recipe"] = _training.Name,
            ["seed"] = _training.Seed.ToString(CultureInfo.InvariantCulture),
            ["step"] = StepsDone.ToString(CultureInfo.InvariantCulture),
            ["validatedStep"] = _validatedStep.ToString(CultureInfo.InvariantCulture),
        };
        if (_training.Origin.Length > 0) metadata["origin"] = _training.Origin;
        if (_best.Dice is { } dice) (metadata["bestDice"], metadata["bestStep"]) = (dice.ToString("R", CultureInfo.InvariantCulture), _best.Step.ToString(CultureInfo.InvariantCulture));
        SafetensorsFile.Write(StatePath, [.. _training.Optimiser.GetState()], metadata);
        _training.SaveWeights(Path.Combine(_folder, "model" + _training.WeightsEnding), WeightsMetadata());
        _log.Write(Line("checkpoint") with { File = "state.safetensors" });
        _curves.Write();
    }

    private void SaveSnapshot() =>
        _training.SaveWeights(Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"model-{SamplesDone / 1000:00000}k{_training.WeightsEnding}")), WeightsMetadata());

    private Dictionary<string, string> WeightsMetadata() => new() { ["recipe"] = _training.Name, ["samples"] = SamplesDone.ToString(CultureInfo.InvariantCulture) };

    private void Restore()
    {
        SafetensorsFile state = SafetensorsFile.Read(StatePath);
        string Text(string key) => state.Metadata.GetValueOrDefault(key, "");
        string seed = _training.Seed.ToString(CultureInfo.InvariantCulture);
        if (Text("recipe") != _training.Name || Text("seed") != seed)
            throw new UnsupportedInputException(_folder, $"holds a run of the recipe {Text("recipe")} with seed {Text("seed")}, not of {_training.Name} with seed {seed}; choose another folder");
        if (Text("origin") != _training.Origin)
            throw new UnsupportedInputException(_folder, "holds a run that began with another checkpoint; give that one, or choose another folder");
        StepsDone = long.Parse(state.Metadata["step"], CultureInfo.InvariantCulture);
        _validatedStep = Text("validatedStep").Length > 0 ? long.Parse(Text("validatedStep"), CultureInfo.InvariantCulture) : 0;
        _training.Optimiser.Restore(StatePath, state, StepsDone);
        if (Text("bestDice").Length > 0) _best = new(double.Parse(Text("bestDice"), CultureInfo.InvariantCulture), long.Parse(Text("bestStep"), CultureInfo.InvariantCulture));
    }

    private ProgressLine Line(string what) => new() { Event = what, Step = StepsDone, Steps = _training.Steps, Samples = SamplesDone, Unit = _training.Unit };

    private readonly record struct BestValidation(double? Dice, long Step);
}
