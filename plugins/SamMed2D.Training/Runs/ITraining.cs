namespace SamMed2D.Training.Runs;

/// <summary>A model in training, as the run loop sees it. What a step does depends on the recipe's seed, the step's number and the weights alone.</summary>
internal interface ITraining : IDisposable
{
    /// <summary>The recipe's name.</summary>
    string Name { get; }

    /// <summary>The recipe's seed.</summary>
    long Seed { get; }

    /// <summary>Steps of the whole run.</summary>
    long Steps { get; }

    /// <summary>What <see cref="SamplesPerStep"/> counts, in the plural.</summary>
    string Unit { get; }

    /// <summary>Crops or masks that a step learns from.</summary>
    int SamplesPerStep { get; }

    /// <summary>Identifies the weights that the run began with; empty where the seed alone decides them.</summary>
    string Origin { get; }

    /// <summary>What is trained on what, in one line.</summary>
    string Summary { get; }

    /// <summary>The optimiser, which holds all that changes.</summary>
    AdamW Optimiser { get; }

    /// <summary>The ending of <see cref="SaveWeights"/>'s files.</summary>
    string WeightsEnding { get; }

    /// <summary>Files that could not be used so far, each with the reason.</summary>
    IReadOnlyList<string> Skipped { get; }

    /// <summary>Does one step: makes its examples and updates the weights.</summary>
    /// <param name="step">From 0.</param>
    StepResult Step(long step);

    /// <summary>Measures the model on data that it does not learn from.</summary>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <returns>The mean Dice; null where nothing was kept back for it.</returns>
    double? Validate(CancellationToken cancellation);

    /// <summary>Saves the weights to be used.</summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="metadata">Texts to keep with them, where the format can.</param>
    void SaveWeights(string path, IReadOnlyDictionary<string, string> metadata);
}

/// <summary>What a step gave.</summary>
/// <param name="Loss">Mean loss.</param>
/// <param name="Dice">Mean Dice of the first answer.</param>
/// <param name="IouError">Mean absolute error of the predicted IoU.</param>
/// <param name="Norm">The gradients' norm before clipping.</param>
/// <param name="Rate">The learning rate.</param>
internal readonly record struct StepResult(double Loss, double Dice, double IouError, double Norm, double Rate);
