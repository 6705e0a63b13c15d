using SamMed2D.Core.Errors;
using SamMed2D.Training.Examples;
using SamMed2D.Training.Runs;

namespace SamMed2D.Training.Recipes;

/// <summary>Everything that decides what a focus model becomes: data, prompts, losses, schedule. Read from a JSON file; committed beside its results.</summary>
internal sealed record FocusRecipe
{
    public required string Name { get; init; }

    public long Seed { get; init; } = 1;

    /// <summary>Crops to see in all.</summary>
    public long Samples { get; init; } = 300_000;

    /// <summary>Crops a step, over all workers.</summary>
    public int Batch { get; init; } = 30;

    /// <summary>Crops taken from one scene: making a scene costs as much as learning from a crop.</summary>
    public int CropsPerScene { get; init; } = 3;

    /// <summary>Threads, each with its share of the batch.</summary>
    public int Workers { get; init; } = 2;

    /// <summary><c>bfloat16</c> or <c>float32</c> arithmetic; the weights are float32 either way.</summary>
    public string Precision { get; init; } = "bfloat16";

    /// <summary>Weights to start from: <c>bundled</c>, or trained weights or a model folder relative to the data folder; null starts from random ones.</summary>
    public string? WarmStart { get; init; }

    /// <summary>Part of the steps that go on to correct their own answer with a click.</summary>
    public float SecondPass { get; init; } = 0.6f;

    /// <summary>Weight of the squared error of the predicted IoU.</summary>
    public float IouWeight { get; init; } = 0.5f;

    /// <summary>How often scenes come from invented bodies, from label maps, from scans.</summary>
    public SceneShares Scenes { get; init; } = new();

    /// <summary>How often prompts are of each kind.</summary>
    public PromptShares Prompts { get; init; } = new();

    public OptimiserSettings Optimiser { get; init; } = new();

    /// <summary>The training split, by source.</summary>
    public IReadOnlyList<TrainingSource> Sources { get; init; } = [];

    /// <summary>Steps of the whole run.</summary>
    public long Steps => (Samples + Batch - 1) / Batch;

    /// <summary>Reads and checks a recipe.</summary>
    /// <exception cref="InvalidFileException">It is missing, not JSON, or asks for something impossible.</exception>
    public static FocusRecipe Read(string path)
    {
        FocusRecipe recipe = RecipeFile.Read<FocusRecipe>(path);
        if (recipe.Batch < recipe.Workers || recipe.Workers < 1 || recipe.Batch % recipe.Workers != 0)
            throw new InvalidFileException(path, $"asks for {recipe.Batch} crops a step by {recipe.Workers} workers; the first must be a multiple of the second");
        if (recipe.Precision is not ("bfloat16" or "float32"))
            throw new InvalidFileException(path, $"asks for the precision '{recipe.Precision}'; bfloat16 and float32 are known");
        if (recipe.Samples < 1 || recipe.CropsPerScene < 1)
            throw new InvalidFileException(path, "asks for no samples; give at least 1");
        return recipe;
    }
}

/// <summary>How often scenes are of each kind; shares need not sum to 1.</summary>
internal sealed record SceneShares
{
    public float Bodies { get; init; } = 0.45f;

    public float LabelMaps { get; init; } = 0.15f;

    public float Scans { get; init; } = 0.4f;

    /// <summary>Of the pictures of labelled scans, how many take supervoxels as regions instead of the labels.</summary>
    public float Supervoxels { get; init; } = 0.25f;
}
