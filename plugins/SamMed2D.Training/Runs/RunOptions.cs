namespace SamMed2D.Training.Runs;

/// <summary>How a run is kept, which does not change what the model becomes (but for stopping early).</summary>
internal sealed record RunOptions
{
    /// <summary>Stop after this step; null for the recipe's end.</summary>
    public long? LastStep { get; init; }

    /// <summary>Time between checkpoints.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>Samples between snapshots of the weights that are kept; 0 keeps none.</summary>
    public long SnapshotEverySamples { get; init; }

    /// <summary>Steps between lines of progress.</summary>
    public int ReportEverySteps { get; init; } = 20;

    /// <summary>Steps between validations; 0 never validates.</summary>
    public long ValidateEverySteps { get; init; }

    /// <summary>Stop after so many validations without a better one; 0 never does.</summary>
    public int Patience { get; init; }
}
