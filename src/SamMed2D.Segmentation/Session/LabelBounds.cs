using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Session;

/// <summary>Finds where a label occurs.</summary>
internal static class LabelBounds
{
    /// <summary>The smallest box round the voxels of a label; empty where there are none.</summary>
    public static VoxelBox Find(LabelMap labels, ushort label)
    {
        VolumeGeometry grid = labels.Geometry;
        VoxelBox bounds = default;
        for (int k = 0; k < grid.SizeK; k++)
            for (int j = 0; j < grid.SizeJ; j++)
            {
                ReadOnlySpan<ushort> row = labels.Labels.Slice(checked((int)grid.OffsetOf(new(0, j, k))), grid.SizeI);
                int first = row.IndexOf(label);
                if (first >= 0) bounds = bounds.Union(new(first, j, k, row.LastIndexOf(label) + 1, j + 1, k + 1));
            }
        return bounds;
    }
}
