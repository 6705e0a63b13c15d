using SamMed2D.Inference.Models;

namespace SamMed2D.Inference.Import;

/// <summary>What a user may say about a checkpoint that is imported; everything has a default.</summary>
public sealed record ImportOptions
{
    /// <summary>The model's name, as shown; null for the checkpoint's file name.</summary>
    public string? Name { get; init; }

    /// <summary>Licence of the weights, as shown; null where not known.</summary>
    public string? Licence { get; init; }

    /// <summary>Where the weights come from, one sentence; null for the checkpoint's file name.</summary>
    public string? Provenance { get; init; }

    /// <summary>Pixels along the model's image; null for the size that the checkpoint was made for.</summary>
    public int? ImageSize { get; init; }

    /// <summary>True to leave the adapter branch out ("SAM-Med2D*" in the paper's tables).</summary>
    public bool WithoutAdapters { get; init; }

    /// <summary>How the encoder's linear layers are kept and computed.</summary>
    public ModelPrecision Precision { get; init; }

    /// <summary>Whose habits of preprocessing and mask prompts the model has; null to tell by adapters and image size.</summary>
    public SamFamily? Family { get; init; }
}

/// <summary>The two families of weights with SAM's architecture.</summary>
public enum SamFamily
{
    /// <summary>SAM-Med2D: 256 pixels, mask prompts are probabilities, small images are padded, others stretched.</summary>
    SamMed2D,

    /// <summary>Original Segment Anything: 1024 pixels, mask prompts are logits, images keep their aspect.</summary>
    Sam,
}
