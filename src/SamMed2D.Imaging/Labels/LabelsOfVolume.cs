using System.Numerics;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Labels;

/// <summary>Takes a volume's intensities as labels: whole numbers from 0 to 65535, whatever their number type and scale.</summary>
/// <param name="path">The file, for messages.</param>
internal sealed class LabelsOfVolume(string path) : IVolumeVisitor<ushort[]>
{
    /// <inheritdoc/>
    public ushort[] Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
    {
        ReadOnlySpan<T> voxels = volume.Voxels;
        ushort[] labels = Voxels.VoxelMemory.Allocate<ushort>(path, voxels.Length);
        if (volume.Scale == IntensityScale.Identity && typeof(T) == typeof(byte)) return Widen(volume.Voxels, labels);
        IntensityScale scale = volume.Scale;
        for (int n = 0; n < labels.Length; n++)
        {
            double label = scale.ToIntensity(double.CreateTruncating(voxels[n]));
            ushort whole = (ushort)label;
            if (whole != label) throw NoLabel(volume.Geometry, n, label);
            labels[n] = whole;
        }
        return labels;
    }

    private static ushort[] Widen<T>(ReadOnlySpan<T> voxels, ushort[] labels) where T : unmanaged, INumber<T>
    {
        for (int n = 0; n < labels.Length; n++) labels[n] = ushort.CreateTruncating(voxels[n]);
        return labels;
    }

    private InvalidFileException NoLabel(VolumeGeometry grid, int offset, double value)
    {
        VoxelIndex index = new(offset % grid.SizeI, offset / grid.SizeI % grid.SizeJ, (int)(offset / ((long)grid.SizeI * grid.SizeJ)));
        return new(path, FormattableString.Invariant(
            $"is no label map: the voxel ({index.I},{index.J},{index.K}) is {value}, and labels are whole numbers from 0 to 65535; give a segmentation"));
    }
}
