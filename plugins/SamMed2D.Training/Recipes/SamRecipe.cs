using SamMed2D.Core.Errors;
using SamMed2D.Training.Runs;

namespace SamMed2D.Training.Recipes;

/// <summary>What of a SAM model learns. Prompt encoder and mask decoder always do.</summary>
internal enum SamParts
{
    /// <summary>The encoder's adapters; they are added where the checkpoint has none.</summary>
    Adapters,

    /// <summary>Nothing of the encoder.</summary>
    Decoder,

    /// <summary>Everything.</summary>
    All,
}

/// <summary>Everything that decides what a fine-tuned SAM model becomes, beside its checkpoint and its data. The defaults are SAM-Med2D's published recipe.</summary>
internal sealed record SamRecipe
{
    public required string Name { get; init; }

    public long Seed { get; init; } = 1;

    /// <summary>How often every picture is seen.</summary>
    public double Epochs { get; init; } = 15;

    /// <summary>Pictures a step; times <see cref="Accumulate"/> where gradients are accumulated.</summary>
    public int Batch { get; init; } = 2;

    /// <summary>Masks drawn of each picture, with replacement.</summary>
    public int MasksPerImage { get; init; } = 5;

    /// <summary>Batches whose gradients are added before an update.</summary>
    public int Accumulate { get; init; } = 1;

    /// <summary>Pixels along the model's picture; null takes the checkpoint's.</summary>
    public int? ImageSize { get; init; }

    public SamParts Train { get; init; } = SamParts.Adapters;

    /// <summary>Rank of additions to the encoder's attention (LoRA); 0 adds none. They are merged into the weights that are saved.</summary>
    public int LowRank { get; init; }

    /// <summary><c>bfloat16</c> or <c>float32</c> products and convolutions; the weights are float32 either way.</summary>
    public string Precision { get; init; } = "float32";

    /// <summary>Threads of libtorch; 0 takes one a core. Other numbers end in other bits. Fewer are faster where something else runs.</summary>
    public int Threads { get; init; }

    /// <summary>Updates after the first, each with the last mask as prompt; 0 makes none.</summary>
    public int Corrections { get; init; } = 8;

    /// <summary>How many points a correction may have, each as likely.</summary>
    public IReadOnlyList<int> CorrectionPoints { get; init; } = [1, 3, 5, 9];

    /// <summary>Whether corrections teach the prompt encoder too; the published code does not.</summary>
    public bool CorrectionsTrainPrompts { get; init; }

    /// <summary>Part of the steps whose first prompt has a neighbouring slice's mask, where the data set has that slice.</summary>
    public float NeighbourMask { get; init; }

    /// <summary>How many slices away a neighbour may be.</summary>
    public int NeighbourReach { get; init; } = 3;

    /// <summary>Whether Dice and IoU are taken mask by mask instead of over the batch.</summary>
    public bool PerMaskLoss { get; init; }

    public double FocalWeight { get; init; } = 20;

    public double IouWeight { get; init; } = 1;

    public PublishedOptimiser Optimiser { get; init; } = new();

    /// <summary>Epochs after which the rate is multiplied by <see cref="MilestoneFactor"/>.</summary>
    public IReadOnlyList<double> Milestones { get; init; } = [5, 10];

    public double MilestoneFactor { get; init; } = 0.5;

    public AugmentationSettings Augmentation { get; init; } = new();

    public ValidationSettings Validation { get; init; } = new();

    /// <summary>Masks that a step learns from.</summary>
    public int SamplesPerStep => Batch * Accumulate * MasksPerImage;

    /// <summary>Steps in which every picture is seen once.</summary>
    public double StepsPerEpoch(int pictures) => Math.Max(1, (double)pictures / (Batch * Accumulate));

    /// <summary>The learning rate of a step.</summary>
    public double RateAt(long step, long steps, double stepsPerEpoch) =>
        Optimiser.RateAt(step, steps) * Math.Pow(MilestoneFactor, Milestones.Count(epoch => step >= epoch * stepsPerEpoch));

    /// <summary>Reads and checks a recipe.</summary>
    /// <exception cref="InvalidFileException">It is missing, not JSON, or asks for something impossible.</exception>
    public static SamRecipe Read(string path) => RecipeFile.Read<SamRecipe>(path).Checked(path);

    /// <summary>The recipe itself, if it can be followed.</summary>
    /// <param name="path">Where it comes from, for messages.</param>
    /// <exception cref="InvalidFileException">It asks for something impossible.</exception>
    public SamRecipe Checked(string path)
    {
        if (Batch < 1 || MasksPerImage < 1 || Accumulate < 1 || Epochs <= 0) throw new InvalidFileException(path, "asks for no pictures or masks; give batch, masksPerImage, accumulate and epochs above 0");
        if (Precision is not ("bfloat16" or "float32")) throw new InvalidFileException(path, $"asks for the precision '{Precision}'; bfloat16 and float32 are known");
        if (Corrections < 0 || (Corrections > 0 && (CorrectionPoints.Count == 0 || CorrectionPoints.Min() < 1))) throw new InvalidFileException(path, "asks for corrections without points; give correctionPoints of 1 and more");
        if (LowRank < 0 || (LowRank > 0 && Train == SamParts.All)) throw new InvalidFileException(path, $"asks for a low rank of {LowRank} and trains {Train.ToString().ToLowerInvariant()}; give 0, or a rank together with adapters or decoder");
        if (Validation.Part is < 0 or >= 1) throw new InvalidFileException(path, $"keeps {Validation.Part} of the subjects back; give a part from 0 to below 1");
        if (NeighbourReach < 1) throw new InvalidFileException(path, "takes neighbours from 0 slices away; give neighbourReach 1 or more");
        return this;
    }
}

/// <summary>Adam as SAM-Med2D used it: 1e-4, no decay, no clipping, no average, a constant rate but for the recipe's milestones.</summary>
internal sealed record PublishedOptimiser : OptimiserSettings
{
    public PublishedOptimiser() =>
        (LearningRate, Beta2, WeightDecay, Clip, Average, WarmUpSteps, DecayPart, FinalPart) = (1e-4, 0.999, 0, 0, 0, 0, 0, 1);
}

/// <summary>How pictures are changed before the model sees them; 0 changes nothing, as published.</summary>
internal sealed record AugmentationSettings
{
    /// <summary>Chance to be mirrored left to right.</summary>
    public float Flip { get; init; }

    /// <summary>Turned by up to so many degrees either way.</summary>
    public float TurnDegrees { get; init; }

    /// <summary>Made larger or smaller by up to this part.</summary>
    public float Zoom { get; init; }

    /// <summary>Moved by up to this part of the picture.</summary>
    public float Shift { get; init; }

    /// <summary>Greys made brighter or darker by up to this part of their range.</summary>
    public float Brightness { get; init; }

    /// <summary>Contrast changed by up to this part.</summary>
    public float Contrast { get; init; }

    /// <summary>The logarithm of the exponent of greys is up to this far from 0.</summary>
    public float Gamma { get; init; }

    public bool MovesPixels => Flip > 0 || TurnDegrees > 0 || Zoom > 0 || Shift > 0;

    public bool ChangesGreys => Brightness > 0 || Contrast > 0 || Gamma > 0;
}

/// <summary>What is kept back to measure the model while it learns.</summary>
internal sealed record ValidationSettings
{
    /// <summary>Part of the subjects.</summary>
    public double Part { get; init; } = 0.1;

    /// <summary>Epochs between validations.</summary>
    public double EveryEpochs { get; init; } = 1;

    /// <summary>Validations without a better one after which the run ends; 0 never ends it.</summary>
    public int Patience { get; init; }

    /// <summary>At most so many masks are measured.</summary>
    public int Masks { get; init; } = 200;
}
