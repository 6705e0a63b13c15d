using SamMed2D.Core.Geometry;

namespace SamMed2D.Segmentation.Editing;

/// <summary>Masks joined, cut and turned round. Results cover both boxes, so that with <see cref="MaskMode.Replace"/> a segment becomes the result.</summary>
public static class Logic
{
    /// <summary>What is in either mask.</summary>
    public static VoxelMask Add(VoxelMask first, VoxelMask second)
    {
        (VoxelMask result, VoxelMask other) = OverBoth(first, second);
        Span<byte> a = result.Voxels, b = other.Voxels;
        for (int n = 0; n < a.Length; n++) a[n] = (byte)(a[n] | b[n]);
        return result;
    }

    /// <summary>What is in the first mask and not in the second.</summary>
    public static VoxelMask Subtract(VoxelMask first, VoxelMask second)
    {
        (VoxelMask result, VoxelMask other) = OverBoth(first, second);
        Span<byte> a = result.Voxels, b = other.Voxels;
        for (int n = 0; n < a.Length; n++) a[n] = (byte)(a[n] & ~b[n]);
        return result;
    }

    /// <summary>What is in both masks.</summary>
    public static VoxelMask Intersect(VoxelMask first, VoxelMask second)
    {
        (VoxelMask result, VoxelMask other) = OverBoth(first, second);
        Span<byte> a = result.Voxels, b = other.Voxels;
        for (int n = 0; n < a.Length; n++) a[n] = (byte)(a[n] & b[n]);
        return result;
    }

    /// <summary>What is not in the mask, over a box.</summary>
    /// <param name="mask">The mask; it stays the caller's.</param>
    /// <param name="box">Where; null for the whole grid.</param>
    public static VoxelMask Invert(VoxelMask mask, VoxelBox? box = null)
    {
        VoxelMask inverted = mask.Over(box ?? VoxelBox.Of(mask.Geometry));
        for (int n = 0; n < inverted.Voxels.Length; n++) inverted.Voxels[n] ^= 1;
        return inverted;
    }

    private static (VoxelMask First, VoxelMask Second) OverBoth(VoxelMask first, VoxelMask second)
    {
        VoxelBox box = first.Box.Union(second.Box);
        return (first.Over(box), second.Over(box));
    }
}
