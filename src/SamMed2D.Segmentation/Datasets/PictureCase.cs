using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>A picture with the masks of its structures.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Image">The picture.</param>
/// <param name="Masks">Masks on the picture's pixels, by unique names.</param>
public sealed record PictureCase(string Name, SliceImage Image, IReadOnlyList<NamedMask> Masks);

/// <summary>A mask by name.</summary>
/// <param name="Name">Its name, unique in its data set; prompts are saved under it.</param>
/// <param name="Mask">The mask.</param>
public sealed record NamedMask(string Name, MaskPlane Mask)
{
    /// <summary>What it shows.</summary>
    public MaskTags Tags { get; init; } = new();

    /// <summary>The structure on the next slice of the same scan; null for single pictures.</summary>
    public NeighbourSlice? Neighbour { get; init; }
}

/// <summary>A structure on the slice beside a picture.</summary>
/// <param name="Image">That slice in the picture's window, one channel.</param>
/// <param name="Mask">The structure's mask on it.</param>
public sealed record NeighbourSlice(SliceImage Image, MaskPlane Mask)
{
    /// <summary>The mask as a prompt for the picture.</summary>
    public MaskPrompt ToPrompt()
    {
        float[] probabilities = new float[Mask.Pixels.Length];
        for (int n = 0; n < probabilities.Length; n++) probabilities[n] = Mask.Pixels[n];
        return new(Mask.Width, Mask.Height, probabilities) { Picture = Image.Pixels };
    }
}
