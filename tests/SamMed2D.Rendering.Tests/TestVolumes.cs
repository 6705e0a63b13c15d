using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.Tests;

/// <summary>Small volumes whose pictures can be worked out by hand.</summary>
internal static class TestVolumes
{
    /// <summary>Turned about all three axes, 0.7 × 0.9 × 2.5 mm, left-handed.</summary>
    public static Affine ObliqueLeftHanded { get; } = Oblique(0.7, 0.9, -2.5);

    public static Affine Oblique(double i, double j, double k)
    {
        Quaternion turn = Quaternion.CreateFromYawPitchRoll(0.3f, -0.2f, 0.5f);
        RasVector Step(Vector3 axis, double length)
        {
            Vector3 turned = Vector3.Transform(axis, turn);
            return new RasVector(turned.X, turned.Y, turned.Z) * length;
        }
        return Affine.FromColumns(Step(Vector3.UnitX, i), Step(Vector3.UnitY, j), Step(Vector3.UnitZ, k), new(-20, 11, 35));
    }

    public static VolumeGeometry Centered(int i, int j, int k, double spacing = 1) => new(i, j, k,
        new(spacing, 0, 0, -(i - 1) * spacing / 2, 0, spacing, 0, -(j - 1) * spacing / 2, 0, 0, spacing, -(k - 1) * spacing / 2));

    public static Volume<short> Create(VolumeGeometry geometry, Func<VoxelIndex, double> intensity, string modality = "")
    {
        short[] voxels = new short[geometry.VoxelCount];
        foreach (VoxelIndex voxel in VoxelsOf(geometry)) voxels[geometry.OffsetOf(voxel)] = (short)Math.Round(intensity(voxel));
        return new(geometry, voxels, IntensityScale.Identity, new() { Modality = modality });
    }

    public static LabelMap CreateLabels(VolumeGeometry geometry, Func<VoxelIndex, int> label, params Segment[] segments)
    {
        ushort[] labels = new ushort[geometry.VoxelCount];
        foreach (VoxelIndex voxel in VoxelsOf(geometry)) labels[geometry.OffsetOf(voxel)] = (ushort)label(voxel);
        return new(geometry, labels, segments);
    }

    public static double DistanceToCenter(VolumeGeometry geometry, VoxelIndex voxel)
    {
        RasPoint center = geometry.IndexToRas.IndexToRas(new((geometry.SizeI - 1) / 2.0, (geometry.SizeJ - 1) / 2.0, (geometry.SizeK - 1) / 2.0));
        return geometry.IndexToRas.IndexToRas(voxel.ToContinuous()).DistanceMm(center);
    }

    public static IEnumerable<VoxelIndex> VoxelsOf(VolumeGeometry geometry)
    {
        for (int k = 0; k < geometry.SizeK; k++)
            for (int j = 0; j < geometry.SizeJ; j++)
                for (int i = 0; i < geometry.SizeI; i++)
                    yield return new(i, j, k);
    }
}
