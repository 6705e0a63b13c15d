using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Editing;

/// <summary>
/// A binary mask over a box of a grid: one byte a voxel, 0 or 1, the first index fastest. What editing tools make and the session applies.
/// Owned by its maker, who may reuse it.
/// </summary>
public sealed class VoxelMask
{
    private readonly byte[] _voxels;

    /// <summary>Creates an empty mask.</summary>
    /// <param name="geometry">The grid.</param>
    /// <param name="box">The part of it that the mask covers; cut to the grid.</param>
    public VoxelMask(VolumeGeometry geometry, VoxelBox box)
    {
        (Geometry, Box) = (geometry, VoxelBox.Of(geometry).Intersect(box));
        _voxels = new byte[Box.VoxelCount];
    }

    /// <summary>The grid.</summary>
    public VolumeGeometry Geometry { get; }

    /// <summary>The part of the grid that the mask covers; nothing is marked outside.</summary>
    public VoxelBox Box { get; }

    /// <summary>The voxels of the box, 0 or 1.</summary>
    public Span<byte> Voxels => _voxels;

    /// <summary>One row of the box.</summary>
    /// <param name="j">Its second index in the grid, within the box.</param>
    /// <param name="k">Its third index in the grid, within the box.</param>
    public Span<byte> Row(int j, int k) => _voxels.AsSpan(checked((int)(((long)(k - Box.K0) * Box.SizeJ + (j - Box.J0)) * Box.SizeI)), Box.SizeI);

    /// <summary>One voxel of the grid; false outside the box.</summary>
    public bool this[VoxelIndex index] => Box.Contains(index) && Row(index.J, index.K)[index.I - Box.I0] != 0;

    /// <summary>Number of marked voxels.</summary>
    public long GetCount()
    {
        long count = 0;
        foreach (byte voxel in _voxels) count += voxel;
        return count;
    }

    /// <summary>The smallest box round the marked voxels; empty where there are none.</summary>
    public VoxelBox GetBounds()
    {
        VoxelBox bounds = default;
        for (int k = Box.K0; k < Box.K1; k++)
            for (int j = Box.J0; j < Box.J1; j++)
            {
                ReadOnlySpan<byte> row = Row(j, k);
                int first = row.IndexOfAnyExcept((byte)0);
                if (first >= 0) bounds = bounds.Union(new(Box.I0 + first, j, k, Box.I0 + row.LastIndexOfAnyExcept((byte)0) + 1, j + 1, k + 1));
            }
        return bounds;
    }

    /// <summary>The voxels of one label.</summary>
    /// <param name="labels">The label map.</param>
    /// <param name="label">The value to mark.</param>
    /// <param name="box">The part to look at; null for all.</param>
    public static VoxelMask Of(LabelMap labels, ushort label, VoxelBox? box = null)
    {
        VoxelMask mask = new(labels.Geometry, box ?? VoxelBox.Of(labels.Geometry));
        VoxelBox part = mask.Box;
        for (int k = part.K0; k < part.K1; k++)
            for (int j = part.J0; j < part.J1; j++)
            {
                ReadOnlySpan<ushort> from = labels.Labels.Slice(checked((int)labels.Geometry.OffsetOf(new(part.I0, j, k))), part.SizeI);
                Span<byte> to = mask.Row(j, k);
                for (int i = 0; i < to.Length; i++) to[i] = from[i] == label ? (byte)1 : (byte)0;
            }
        return mask;
    }

    /// <summary>A mask of one slice, covering the whole slice.</summary>
    /// <param name="frame">How the grid is sliced.</param>
    /// <param name="slice">The slice's index.</param>
    /// <param name="plane">The mask on the frame's pixels.</param>
    public static VoxelMask OfSlice(SliceFrame frame, int slice, MaskPlane plane)
    {
        VoxelMask mask = new(frame.Geometry, VoxelBox.OfSlice(frame.Geometry, frame.Axis, slice));
        mask.Mark(frame, slice, plane);
        return mask;
    }

    /// <summary>Marks the voxels of a mask of one slice, which the box holds.</summary>
    internal void Mark(SliceFrame frame, int slice, MaskPlane plane)
    {
        if (plane.GetBounds() is not { } bounds) return;
        for (int y = bounds.Y0; y < bounds.Y1; y++)
            for (int x = bounds.X0; x < bounds.X1; x++)
                if (plane[x, y])
                {
                    VoxelIndex voxel = frame.PixelToVoxel(x, y, slice);
                    Row(voxel.J, voxel.K)[voxel.I - Box.I0] = 1;
                }
    }

    /// <summary>The same marks over another box; what lies outside it is left out.</summary>
    public VoxelMask Over(VoxelBox box)
    {
        VoxelMask mask = new(Geometry, box);
        VoxelBox part = Box.Intersect(mask.Box);
        for (int k = part.K0; k < part.K1; k++)
            for (int j = part.J0; j < part.J1; j++)
                Row(j, k).Slice(part.I0 - Box.I0, part.SizeI).CopyTo(mask.Row(j, k)[(part.I0 - mask.Box.I0)..]);
        return mask;
    }
}

/// <summary>What a mask does to a segment.</summary>
public enum MaskMode
{
    /// <summary>The marked voxels join the segment.</summary>
    Add,

    /// <summary>The marked voxels leave the segment.</summary>
    Remove,

    /// <summary>Within the mask's box the segment becomes the mask; beyond it nothing changes.</summary>
    Replace,
}
