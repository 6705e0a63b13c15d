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

    /// <summary>Puts the labels into a larger grid of which theirs is a part: segmentations often hold only the slices that show something.</summary>
    /// <param name="labels">The label map.</param>
    /// <param name="target">The grid wanted.</param>
    /// <param name="toleranceMm">How far voxel centres may lie apart, in millimetres.</param>
    /// <returns>The label map on the target grid, 0 around; null where not every voxel falls on one of the target.</returns>
    public static LabelMap? PlaceIn(this LabelMap labels, VolumeGeometry target, double toleranceMm = 0.01)
    {
        VolumeGeometry source = labels.Geometry;
        VoxelIndex first = TargetOf(0, 0, 0);
        Span<VoxelIndex> steps = [StepTo(TargetOf(1, 0, 0)), StepTo(TargetOf(0, 1, 0)), StepTo(TargetOf(0, 0, 1))];
        // What is straight holds everywhere if it holds at the eight corners.
        foreach (int i in (ReadOnlySpan<int>)[0, source.SizeI - 1])
            foreach (int j in (ReadOnlySpan<int>)[0, source.SizeJ - 1])
                foreach (int k in (ReadOnlySpan<int>)[0, source.SizeK - 1])
                {
                    VoxelIndex at = new(
                        first.I + i * steps[0].I + j * steps[1].I + k * steps[2].I, first.J + i * steps[0].J + j * steps[1].J + k * steps[2].J, first.K + i * steps[0].K + j * steps[1].K + k * steps[2].K);
                    if (!target.Contains(at) || target.IndexToRas.IndexToRas(at.ToContinuous()).DistanceMm(source.IndexToRas.IndexToRas(new ContinuousIndex(i, j, k))) > toleranceMm) return null;
                }
        ushort[] placed = new ushort[target.VoxelCount];
        long start = target.OffsetOf(first), strideI = target.OffsetOf(steps[0]), strideJ = target.OffsetOf(steps[1]), strideK = target.OffsetOf(steps[2]);
        ReadOnlySpan<ushort> from = labels.Labels;
        int next = 0;
        for (int k = 0; k < source.SizeK; k++)
            for (int j = 0; j < source.SizeJ; j++)
            {
                long to = start + k * strideK + j * strideJ;
                for (int i = 0; i < source.SizeI; i++, to += strideI) placed[to] = from[next++];
            }
        return new(target, placed, labels.Segments);

        VoxelIndex TargetOf(int i, int j, int k) => target.IndexToRas.RasToIndex(source.IndexToRas.IndexToRas(new ContinuousIndex(i, j, k))).ToNearest();

        VoxelIndex StepTo(VoxelIndex next) => new(next.I - first.I, next.J - first.J, next.K - first.K);
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
