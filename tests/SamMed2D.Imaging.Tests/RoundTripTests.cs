using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.Tests;

/// <summary>One suite over every format that is written: what goes out comes back, in place, type and value.</summary>
public sealed class RoundTripTests : IDisposable
{
    private static readonly Gen<Affine> s_affines =
        from angles in Gen.Double[-Math.PI, Math.PI].Array[3]
        from spacing in Gen.Double[0.2, 6].Array[3]
        from flips in Gen.Bool.Array[3]
        from shear in Gen.OneOf(Gen.Const(0.0), Gen.Double[-0.5, 0.5])
        from origin in Gen.Double[-300, 300].Array[3]
        select MakeAffine(angles, spacing, flips, shear, origin);

    private static readonly Gen<VolumeGeometry> s_grids =
        from size in Gen.Int[1, 7].Array[3]
        from affine in s_affines
        select new VolumeGeometry(size[0], size[1], size[2], affine);

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Endings => [".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Endings))]
    public void WriteAndRead_AnyGridAndType_ComesBack(string ending) =>
        Gen.Select(s_grids, Gen.Enum<VoxelType>(), Gen.Int).Sample((grid, type, seed) =>
        {
            Volume written = type.Accept(new RandomVolume(grid, IntensityScale.Identity, new Random(seed)));
            Volume read = WriteAndRead(written, ending);
            Assert.True(read.Geometry.IsSameGrid(grid, toleranceMm: 1e-3), $"{read.Geometry.IndexToRas} is not {grid.IndexToRas}");
            Assert.Equal(grid.IsSheared, read.Geometry.IsSheared);
            Assert.Equal(written.VoxelType, read.VoxelType);
            Assert.Equal(Stored(written), Stored(read));
        }, iter: 40, threads: 1);

    [Theory]
    [MemberData(nameof(Endings))]
    public void WriteAndRead_ScaledVoxels_KeepTheirIntensities(string ending)
    {
        VolumeGeometry grid = new(3, 4, 5, Affine.Identity);
        foreach (IntensityScale scale in (ReadOnlySpan<IntensityScale>)[new(1, -1024), new(2, 0), new(0.25, 3), new(0.00487, 186.5)])
        {
            Volume written = VoxelType.Int16.Accept(new RandomVolume(grid, scale, new Random(1)));
            Volume read = WriteAndRead(written, ending);
            VoxelIndex index = new(2, 1, 3);
            double expected = written.GetIntensity(index);
            Assert.Equal(expected, read.GetIntensity(index), Math.Abs(expected) * 1e-6);
        }
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public void WriteAndRead_LabelMap_KeepsLabelsIn8BitsWhereTheyFit(string ending)
    {
        VolumeGeometry grid = new(3, 4, 5, new Affine(-1, 0, 0, 5, 0, -1, 0, 6, 0, 0, 2, 7));
        foreach ((ushort largest, VoxelType type) in (ReadOnlySpan<(ushort, VoxelType)>)[(255, VoxelType.UInt8), (256, VoxelType.UInt16), (ushort.MaxValue, VoxelType.UInt16)])
        {
            LabelMap written = new(grid, []);
            for (int n = 0; n < 60; n++) written.MutableLabels[n] = (ushort)(n * largest / 59);
            string path = _folder.File("labels" + ending);
            new VolumeFiles().WriteLabelMap(written, path);
            LabelMap read = new VolumeFiles().ReadLabelMap(path);
            Assert.Equal(written.Labels, read.Labels);
            Assert.True(read.Geometry.IsSameGrid(grid));
            Assert.Equal(type, new VolumeFiles().Read(path).VoxelType);
        }
    }

    private Volume WriteAndRead(Volume volume, string ending)
    {
        string path = _folder.File("volume" + ending);
        new VolumeFiles().Write(volume, path);
        return new VolumeFiles().Read(path);
    }

    private static double[] Stored(Volume volume) => volume.Accept(new StoredNumbers());

    private static Affine MakeAffine(double[] angles, double[] spacing, bool[] flips, double shear, double[] origin)
    {
        Quaternion turn = Quaternion.CreateFromYawPitchRoll((float)angles[0], (float)angles[1], (float)angles[2]);
        RasVector[] steps = new RasVector[3];
        ReadOnlySpan<Vector3> axes = [Vector3.UnitX, Vector3.UnitY, Vector3.UnitZ];
        for (int n = 0; n < 3; n++)
        {
            Vector3 direction = Vector3.Transform(axes[n], turn);
            steps[n] = new RasVector(direction.X, direction.Y, direction.Z) * (flips[n] ? -spacing[n] : spacing[n]);
        }
        return Affine.FromColumns(steps[0], steps[1], steps[2] + steps[1] * shear, new RasPoint(origin[0], origin[1], origin[2]));
    }

    internal sealed class RandomVolume(VolumeGeometry grid, IntensityScale scale, Random random) : IVoxelTypeVisitor<Volume>
    {
        public Volume Visit<T>() where T : unmanaged, INumber<T>
        {
            T[] voxels = new T[grid.VoxelCount];
            for (int n = 0; n < voxels.Length; n++) voxels[n] = T.CreateSaturating((random.NextDouble() - 0.4) * 1e5);
            return new Volume<T>(grid, voxels, scale, new VolumeInfo());
        }
    }

    private sealed class StoredNumbers : IVolumeVisitor<double[]>
    {
        public double[] Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            double[] numbers = new double[volume.Voxels.Length];
            for (int n = 0; n < numbers.Length; n++) numbers[n] = double.CreateTruncating(volume.Voxels[n]);
            return numbers;
        }
    }
}
