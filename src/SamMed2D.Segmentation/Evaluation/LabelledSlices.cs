using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// The pictures of a labelled scan on which models are measured: of each structure the slice with its largest cut, and the one half-way from there to its
/// upper end, along the scan's natural axis in the automatic window; the mask is the largest 8-connected piece, and those under 24 pixels are left
/// out. Each comes with the slice below it where that shows the structure, else with the one above.
/// </summary>
public static class LabelledSlices
{
    private const int SmallestPiece = 24;

    /// <summary>Cuts the pictures, by slice.</summary>
    /// <param name="volume">The scan.</param>
    /// <param name="labels">Its reference, on the same grid.</param>
    /// <param name="listed">What the list says of it.</param>
    public static IReadOnlyList<PictureCase> Of(Volume volume, LabelMap labels, ListedScan listed)
    {
        SliceFrame frame = new(volume.Geometry, volume.Geometry.NaturalSliceAxis);
        SliceSampler sampler = SliceSampler.Create(volume, frame, IntensityWindowChoice.Auto.Resolve(volume));
        Dictionary<int, SliceImage> pictures = [];
        SortedDictionary<int, List<NamedMask>> masks = [];
        foreach ((ushort label, int[] areas) in AreasOf(labels, frame))
            foreach (int slice in SlicesOf(areas))
                if (SlicePieces.FindLargest(Cut(labels, frame, slice, label)) is { } piece && piece.Area >= SmallestPiece)
                {
                    if (!masks.TryGetValue(slice, out List<NamedMask>? onSlice)) masks[slice] = onSlice = [];
                    onSlice.Add(new(FormattableString.Invariant($"{listed.Name}-{label}@{slice}"), piece.ToMask(frame.Width, frame.Height))
                    {
                        Tags = listed.TagsOf(labels.FindSegment(label)?.Name ?? $"label {label}", listed.ModalityOf(volume.Info.Modality)),
                        Neighbour = NeighbourOf(slice, areas) is { } neighbour ? new(PictureOf(neighbour), Cut(labels, frame, neighbour, label)) : null,
                    });
                }
        return [.. masks.Select(slice => new PictureCase(FormattableString.Invariant($"{listed.Name}@{slice.Key}"), PictureOf(slice.Key), slice.Value))];

        SliceImage PictureOf(int slice) =>
            pictures.TryGetValue(slice, out SliceImage picture) ? picture : pictures[slice] = sampler.Sample(slice, new byte[sampler.PixelCount].AsMemory());
    }

    private static IEnumerable<int> SlicesOf(int[] areas)
    {
        int largest = Array.IndexOf(areas, areas.Max()), top = Array.FindLastIndex(areas, area => area > 0), halfWay = (largest + top + 1) / 2;
        return halfWay == largest ? [largest] : [largest, halfWay];
    }

    private static int? NeighbourOf(int slice, int[] areas) =>
        slice > 0 && areas[slice - 1] > 0 ? slice - 1 : slice + 1 < areas.Length && areas[slice + 1] > 0 ? slice + 1 : null;

    private static SortedDictionary<ushort, int[]> AreasOf(LabelMap labels, SliceFrame frame)
    {
        SortedDictionary<ushort, int[]> areas = [];
        ushort[] pixels = new ushort[frame.Width * frame.Height];
        for (int slice = 0; slice < frame.SliceCount; slice++)
        {
            LabelSlice.Sample(labels, frame, slice, pixels);
            foreach (ushort label in pixels)
            {
                if (label == 0) continue;
                if (!areas.TryGetValue(label, out int[]? counts)) areas[label] = counts = new int[frame.SliceCount];
                counts[slice]++;
            }
        }
        return areas;
    }

    private static MaskPlane Cut(LabelMap labels, SliceFrame frame, int slice, ushort label)
    {
        MaskPlane mask = new(frame.Width, frame.Height);
        ushort[] pixels = new ushort[frame.Width * frame.Height];
        LabelSlice.Sample(labels, frame, slice, pixels);
        for (int n = 0; n < pixels.Length; n++) mask.Pixels[n] = pixels[n] == label ? (byte)1 : (byte)0;
        return mask;
    }
}
