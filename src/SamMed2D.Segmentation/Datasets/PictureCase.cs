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
}
