using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>A mask that is worth keeping.</summary>
/// <param name="Label">Its structure's label.</param>
/// <param name="Instance">Which of the structure's kept pieces on the slice, the largest first, from 0.</param>
/// <param name="Area">Its pixels.</param>
/// <param name="Mask">The mask.</param>
internal sealed record CuratedMask(ushort Label, int Instance, int Area, MaskPlane Mask);

/// <summary>The rules by which SA-Med2D-20M chose slices and masks (arXiv 2311.11969).</summary>
internal static class SliceCuration
{
    // 0.153 % of the picture: 100 pixels of 256×256. The fraction is exact, the percentage rounded.
    private const int LeastPixels = 100, OfPixels = 256 * 256;

    /// <summary>The half-side rule: slices whose short side is under half the long one are dropped.</summary>
    public static bool HasFairShape(int width, int height) => 2L * Math.Min(width, height) >= Math.Max(width, height);

    /// <summary>The area rule: masks under 0.153 % of their picture are dropped.</summary>
    public static bool IsLargeEnough(int area, int width, int height) => (long)area * OfPixels >= (long)LeastPixels * width * height;

    /// <summary>The masks of a slice: one for each 8-connected piece of each label that is large enough, by label and falling area.</summary>
    /// <param name="labels">The slice's labels, row by row.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    public static IEnumerable<CuratedMask> MasksOf(ReadOnlySpan<ushort> labels, int width, int height)
    {
        if (!labels.ContainsAnyExcept((ushort)0)) return [];
        return SlicePieces.Find(labels, width)
            .Where(piece => IsLargeEnough(piece.Area, width, height))
            .GroupBy(piece => piece.Label).OrderBy(group => group.Key)
            .SelectMany(group => group.OrderByDescending(piece => piece.Area)
                .Select((piece, instance) => new CuratedMask(piece.Label, instance, piece.Area, piece.ToMask(width, height))));
    }
}
