using SamMed2D.Core.Geometry;

namespace SamMed2D.Core.Volumes;

/// <summary>
/// Brings a label map onto a grid that has the same voxels in another order. Formats disagree about that order (DICOM's rows run to the back,
/// most converters write NIfTI with rows to the front), so label maps of one scan often differ in nothing else.
/// </summary>
public static class LabelMapReorientation
{
    /// <summary>Reorders the labels to another grid.</summary>
    /// <param name="labels">The label map; returned as it is where the grids are the same.</param>
    /// <param name="target">The grid wanted.</param>
    /// <param name="toleranceMm">How far voxel centres may lie apart, in millimetres.</param>
    /// <returns>The label map on the target grid; null where the target is not the same voxels with axes swapped or mirrored.</returns>
    public static LabelMap? ReorientTo(this LabelMap labels, VolumeGeometry target, double toleranceMm = 0.01)
    {
        VolumeGeometry source = labels.Geometry;
        if (source.IsSameGrid(target, toleranceMm)) return labels;
        if (source.VoxelCount != target.VoxelCount) return null;
        // Where the target's first voxel and its neighbours along each axis lie in the source tells the order of voxels.
        VoxelIndex first = SourceOf(new(0, 0, 0));
        Span<VoxelIndex> steps = [StepAlong(SliceAxis.I), StepAlong(SliceAxis.J), StepAlong(SliceAxis.K)];
        Affine reordered = Affine.FromColumns(
            Displacement(steps[0]), Displacement(steps[1]), Displacement(steps[2]), source.IndexToRas.IndexToRas(first.ToContinuous()));
        if (!reordered.IsInvertible || !source.Contains(first) || !source.Contains(SourceOf(new(target.SizeI - 1, target.SizeJ - 1, target.SizeK - 1)))) return null;
        if (!new VolumeGeometry(target.SizeI, target.SizeJ, target.SizeK, reordered).IsSameGrid(target, toleranceMm)) return null;
        return new(target, Reorder(labels.Labels, source, target, first, steps), labels.Segments);

        VoxelIndex SourceOf(VoxelIndex index) => source.IndexToRas.RasToIndex(target.IndexToRas.IndexToRas(index.ToContinuous())).ToNearest();

        VoxelIndex StepAlong(SliceAxis axis)
        {
            VoxelIndex next = SourceOf(new(axis == SliceAxis.I ? 1 : 0, axis == SliceAxis.J ? 1 : 0, axis == SliceAxis.K ? 1 : 0));
            return new(next.I - first.I, next.J - first.J, next.K - first.K);
        }

        RasVector Displacement(VoxelIndex step) =>
            source.IndexToRas.StepI * step.I + source.IndexToRas.StepJ * step.J + source.IndexToRas.StepK * step.K;
    }

    private static ushort[] Reorder(ReadOnlySpan<ushort> labels, VolumeGeometry source, VolumeGeometry target, VoxelIndex first, ReadOnlySpan<VoxelIndex> steps)
    {
        ushort[] reordered = new ushort[target.VoxelCount];
        long start = source.OffsetOf(first), strideI = source.OffsetOf(steps[0]), strideJ = source.OffsetOf(steps[1]), strideK = source.OffsetOf(steps[2]);
        long to = 0;
        for (int k = 0; k < target.SizeK; k++)
            for (int j = 0; j < target.SizeJ; j++)
            {
                long from = start + k * strideK + j * strideJ;
                for (int i = 0; i < target.SizeI; i++, from += strideI) reordered[to++] = labels[(int)from];
            }
        return reordered;
    }
}
