using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Phantoms;

/// <summary>An artificial scan with the truth about it.</summary>
/// <param name="Name">A name for its files, such as <c>abdomen-ct</c>.</param>
/// <param name="Image">The scan.</param>
/// <param name="Labels">What each voxel belongs to, on the scan's grid.</param>
/// <param name="PromptedSegments">Names of the structures that its prompt file asks for.</param>
public sealed record Phantom(string Name, Volume<short> Image, LabelMap Labels, IReadOnlyList<string> PromptedSegments);

/// <summary>How fine a phantom's grid is.</summary>
public enum PhantomSize
{
    /// <summary>A coarse grid, made in well under a second; for tests.</summary>
    Small,

    /// <summary>A grid like that of a thick-slice scan; the sample volumes are of this size.</summary>
    Full,
}
