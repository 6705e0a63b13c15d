using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Editing;

/// <summary>New labels for a box of a grid: what tools make that move several segments at once. Owned by its maker.</summary>
public sealed class LabelPatch
{
    private readonly ushort[] _labels;

    /// <summary>Creates a patch that holds what is there.</summary>
    /// <param name="labels">The label map; its labels are copied.</param>
    /// <param name="box">The part of it that the patch covers; cut to the grid.</param>
    public LabelPatch(LabelMap labels, VoxelBox box)
    {
        (Geometry, Box) = (labels.Geometry, VoxelBox.Of(labels.Geometry).Intersect(box));
        _labels = new ushort[Box.VoxelCount];
        for (int k = Box.K0; k < Box.K1; k++)
            for (int j = Box.J0; j < Box.J1; j++)
                labels.Labels.Slice(checked((int)Geometry.OffsetOf(new(Box.I0, j, k))), Box.SizeI).CopyTo(Row(j, k));
    }

    /// <summary>The grid.</summary>
    public VolumeGeometry Geometry { get; }

    /// <summary>The part of the grid that the patch covers.</summary>
    public VoxelBox Box { get; }

    /// <summary>The new labels of the box, the first index fastest.</summary>
    public Span<ushort> Labels => _labels;

    /// <summary>One row of the box.</summary>
    /// <param name="j">Its second index in the grid, within the box.</param>
    /// <param name="k">Its third index in the grid, within the box.</param>
    public Span<ushort> Row(int j, int k) => _labels.AsSpan(checked((int)(((long)(k - Box.K0) * Box.SizeJ + (j - Box.J0)) * Box.SizeI)), Box.SizeI);
}
