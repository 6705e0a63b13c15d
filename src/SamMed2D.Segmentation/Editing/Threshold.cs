using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Editing;

/// <summary>Marks voxels by their intensity.</summary>
public static class Threshold
{
    /// <summary>The voxels within a range of intensities. For a live preview, give the box of the slice on show.</summary>
    /// <param name="volume">The scan.</param>
    /// <param name="range">The intensities; both ends belong to the range.</param>
    /// <param name="box">The part to look at; null for all.</param>
    public static VoxelMask Mark(Volume volume, IntensityRange range, VoxelBox? box = null)
    {
        VoxelMask mask = new(volume.Geometry, box ?? VoxelBox.Of(volume.Geometry));
        IntensityGate gate = IntensityGate.Create(volume, range);
        VoxelBox part = mask.Box;
        for (int k = part.K0; k < part.K1; k++)
            for (int j = part.J0; j < part.J1; j++) gate.Fill(volume.Geometry.OffsetOf(new(part.I0, j, k)), mask.Row(j, k));
        return mask;
    }
}
