using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Editing;

/// <summary>
/// Smooths several segments at once, so that neither gaps nor overlaps come up where they touch: each voxel goes to the segment, or the background,
/// whose indicator, blurred by a Gaussian, is the largest there; a tie leaves the voxel as it is. Voxels of other segments stay.
/// </summary>
public static class JointSmoothing
{
    /// <summary>Smooths.</summary>
    /// <param name="labels">The label map.</param>
    /// <param name="segments">The segments to smooth.</param>
    /// <param name="sigmaMm">The standard deviation of the Gaussian in millimetres.</param>
    /// <param name="box">Where to smooth; null for all of the segments.</param>
    /// <param name="cancellation">Stops between segments.</param>
    public static LabelPatch Smooth(LabelMap labels, IReadOnlyCollection<ushort> segments, double sigmaMm, VoxelBox? box = null, CancellationToken cancellation = default)
    {
        VolumeGeometry grid = labels.Geometry;
        float[][] kernels = [Kernel(sigmaMm / grid.SpacingMm(SliceAxis.I)), Kernel(sigmaMm / grid.SpacingMm(SliceAxis.J)), Kernel(sigmaMm / grid.SpacingMm(SliceAxis.K))];
        LabelPatch patch = new(labels, box ?? Bounds(labels, segments).Grow(kernels[0].Length, kernels[1].Length, kernels[2].Length));
        // What lies round the box has its say too.
        LabelPatch around = new(labels, patch.Box.Grow(kernels[0].Length - 1, kernels[1].Length - 1, kernels[2].Length - 1));
        float[] best = new float[patch.Labels.Length], own = new float[patch.Labels.Length];
        ushort[] winner = new ushort[best.Length];
        float[] blurred = new float[around.Labels.Length];
        HashSet<ushort> taking = [.. segments];
        taking.Remove(0);
        foreach (ushort label in taking.Prepend((ushort)0))
        {
            cancellation.ThrowIfCancellationRequested();
            for (int n = 0; n < blurred.Length; n++) blurred[n] = around.Labels[n] == label ? 1 : 0;
            Lines lines = new(around.Box.SizeI, around.Box.SizeJ, around.Box.SizeK);
            for (int axis = 0; axis < 3; axis++) lines.Convolve(blurred, axis, kernels[axis]);
            Compare(label, blurred, around, patch, best, own, winner);
        }
        for (int n = 0; n < best.Length; n++)
            if ((patch.Labels[n] == 0 || taking.Contains(patch.Labels[n])) && best[n] > own[n]) patch.Labels[n] = winner[n];
        return patch;
    }

    private static void Compare(ushort label, float[] blurred, LabelPatch around, LabelPatch patch, float[] best, float[] own, ushort[] winner)
    {
        VoxelBox box = patch.Box, wide = around.Box;
        for (int k = box.K0, n = 0; k < box.K1; k++)
            for (int j = box.J0; j < box.J1; j++)
            {
                int from = (k - wide.K0) * wide.SizeJ * wide.SizeI + (j - wide.J0) * wide.SizeI + box.I0 - wide.I0;
                for (int i = box.I0; i < box.I1; i++, n++, from++)
                {
                    if (patch.Labels[n] == label) own[n] = blurred[from];
                    if (blurred[from] > best[n]) (best[n], winner[n]) = (blurred[from], label);
                }
            }
    }

    /// <summary>A Gaussian cut at three standard deviations, of sum 1 when mirrored.</summary>
    internal static float[] Kernel(double sigmaVoxels)
    {
        int reach = (int)Math.Ceiling(3 * sigmaVoxels);
        double[] weights = [.. Enumerable.Range(0, reach + 1).Select(n => n == 0 ? 1 : Math.Exp(-n * n / (2 * sigmaVoxels * sigmaVoxels)))];
        double sum = 2 * weights.Sum() - weights[0];
        return [.. weights.Select(w => (float)(w / sum))];
    }

    private static VoxelBox Bounds(LabelMap labels, IEnumerable<ushort> segments)
    {
        VoxelBox box = default;
        foreach (ushort label in segments) box = box.Union(Session.LabelBounds.Find(labels, label));
        return box;
    }
}
