using SamMed2D.Core.Geometry;
using SamMed2D.Core.Metrics;

namespace SamMed2D.Segmentation.Editing;

/// <summary>
/// Masks grown and shrunk by exact distances between voxel centres. What lies outside the scan is not known: masks do not shrink from its edge.
/// Masks that it gives cover the old mask's box too, so that <see cref="MaskMode.Replace"/> fits. Spacing is taken along the grid's axes.
/// </summary>
public static class Margin
{
    /// <summary>The voxels within a distance of the mask.</summary>
    /// <param name="mask">The mask; it stays the caller's.</param>
    /// <param name="mm">The distance in millimetres, not negative.</param>
    /// <param name="cancellation">Stops between lines.</param>
    public static VoxelMask Grow(VoxelMask mask, double mm, CancellationToken cancellation = default)
    {
        VoxelMask wide = mask.Over(mask.Box.Union(Around(mask.GetBounds(), mask.Geometry, mm)));
        return Within(wide, Distances(wide, isInside: true, cancellation), mm);
    }

    /// <summary>The voxels of the mask that lie further than a distance from every voxel outside it.</summary>
    /// <param name="mask">The mask; it stays the caller's.</param>
    /// <param name="mm">The distance in millimetres, not negative.</param>
    /// <param name="cancellation">Stops between lines.</param>
    public static VoxelMask Shrink(VoxelMask mask, double mm, CancellationToken cancellation = default)
    {
        VoxelMask wide = mask.Over(mask.Box.Union(Around(mask.GetBounds(), mask.Geometry, 0).Grow(1))); // every outer neighbour is seen
        VoxelMask rim = Within(wide, Distances(wide, isInside: false, cancellation), mm);
        for (int n = 0; n < rim.Voxels.Length; n++) rim.Voxels[n] = (byte)(wide.Voxels[n] & ~rim.Voxels[n]);
        return rim;
    }

    /// <summary>A shell of a mask.</summary>
    /// <param name="mask">The mask; it stays the caller's.</param>
    /// <param name="thicknessMm">How thick the shell is, in millimetres.</param>
    /// <param name="surface">Which side of the shell the mask's surface is.</param>
    /// <param name="cancellation">Stops between lines.</param>
    public static VoxelMask Hollow(VoxelMask mask, double thicknessMm, ShellSide surface, CancellationToken cancellation = default)
    {
        (double inwards, double outwards) = surface switch
        {
            ShellSide.Outer => (thicknessMm, 0.0),
            ShellSide.Inner => (0, thicknessMm),
            _ => (thicknessMm / 2, thicknessMm / 2),
        };
        VoxelMask outer = outwards > 0 ? Grow(mask, outwards, cancellation) : mask.Over(mask.Box);
        VoxelMask core = (inwards > 0 ? Shrink(mask, inwards, cancellation) : mask).Over(outer.Box);
        for (int n = 0; n < outer.Voxels.Length; n++) outer.Voxels[n] = (byte)(outer.Voxels[n] & ~core.Voxels[n]);
        return outer;
    }

    /// <summary>A box with room for a distance on all sides.</summary>
    internal static VoxelBox Around(VoxelBox box, VolumeGeometry geometry, double mm) => box.Grow(
        (int)Math.Ceiling(mm / geometry.SpacingMm(SliceAxis.I)), (int)Math.Ceiling(mm / geometry.SpacingMm(SliceAxis.J)), (int)Math.Ceiling(mm / geometry.SpacingMm(SliceAxis.K)));

    private static float[] Distances(VoxelMask mask, bool isInside, CancellationToken cancellation)
    {
        byte[] marked = mask.Voxels.ToArray();
        if (!isInside)
            for (int n = 0; n < marked.Length; n++) marked[n] ^= 1;
        return DistanceTransform.SquaredMm(marked, (mask.Box.SizeI, mask.Box.SizeJ, mask.Box.SizeK),
            (mask.Geometry.SpacingMm(SliceAxis.I), mask.Geometry.SpacingMm(SliceAxis.J), mask.Geometry.SpacingMm(SliceAxis.K)), cancellation);
    }

    private static VoxelMask Within(VoxelMask like, float[] squaredMm, double mm)
    {
        VoxelMask near = new(like.Geometry, like.Box);
        float limit = (float)(mm * mm * (1 + 1e-5)); // distances are single precision; a whole number of voxels must count
        for (int n = 0; n < squaredMm.Length; n++) near.Voxels[n] = squaredMm[n] <= limit ? (byte)1 : (byte)0;
        return near;
    }
}

/// <summary>Which side of a shell the surface of the mask becomes.</summary>
public enum ShellSide
{
    /// <summary>The outer side: the shell lies within the mask.</summary>
    Outer,

    /// <summary>The middle: half of the shell lies on either side.</summary>
    Middle,

    /// <summary>The inner side: the shell lies round the mask.</summary>
    Inner,
}
