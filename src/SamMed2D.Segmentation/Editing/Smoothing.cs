using SamMed2D.Core.Geometry;

namespace SamMed2D.Segmentation.Editing;

/// <summary>Smooths single masks. What lies outside the scan is not known and has no say.</summary>
public static class Smoothing
{
    /// <summary>The majority of a box round each voxel; a tie leaves the voxel as it is.</summary>
    /// <param name="mask">The mask; it stays the caller's.</param>
    /// <param name="radiusMm">How far the box reaches along each axis, in millimetres; rounded to whole voxels.</param>
    public static VoxelMask Median(VoxelMask mask, double radiusMm)
    {
        VolumeGeometry grid = mask.Geometry;
        (int i, int j, int k) = (Reach(SliceAxis.I), Reach(SliceAxis.J), Reach(SliceAxis.K));
        VoxelMask wide = mask.Over(mask.Box.Union(mask.GetBounds().Grow(i, j, k)));
        VoxelBox box = wide.Box;
        int[] sums = new int[wide.Voxels.Length];
        for (int n = 0; n < sums.Length; n++) sums[n] = wide.Voxels[n];
        Lines lines = new(box.SizeI, box.SizeJ, box.SizeK);
        lines.SumAlong(sums, 0, i);
        lines.SumAlong(sums, 1, j);
        lines.SumAlong(sums, 2, k);
        for (int z = box.K0, n = 0; z < box.K1; z++)
            for (int y = box.J0; y < box.J1; y++)
            {
                int area = Extent(z, k, grid.SizeK) * Extent(y, j, grid.SizeJ);
                for (int x = box.I0; x < box.I1; x++, n++)
                {
                    int twice = 2 * sums[n], all = area * Extent(x, i, grid.SizeI);
                    if (twice != all) wide.Voxels[n] = twice > all ? (byte)1 : (byte)0;
                }
            }
        return wide;

        int Reach(SliceAxis axis) => (int)Math.Round(radiusMm / grid.SpacingMm(axis));
        static int Extent(int at, int reach, int size) => Math.Min(at + reach, size - 1) - Math.Max(at - reach, 0) + 1;
    }

    /// <summary>Removes what is thinner than twice a radius: shrunk, then grown again.</summary>
    /// <param name="mask">The mask; it stays the caller's.</param>
    /// <param name="radiusMm">The radius of the ball in millimetres.</param>
    /// <param name="cancellation">Stops between lines.</param>
    public static VoxelMask Open(VoxelMask mask, double radiusMm, CancellationToken cancellation = default) =>
        Margin.Grow(Margin.Shrink(mask, radiusMm, cancellation), radiusMm, cancellation);

    /// <summary>Fills gaps narrower than twice a radius: grown, then shrunk again.</summary>
    /// <param name="mask">The mask; it stays the caller's.</param>
    /// <param name="radiusMm">The radius of the ball in millimetres.</param>
    /// <param name="cancellation">Stops between lines.</param>
    public static VoxelMask Close(VoxelMask mask, double radiusMm, CancellationToken cancellation = default) =>
        Margin.Shrink(Margin.Grow(mask, radiusMm, cancellation), radiusMm, cancellation);
}
