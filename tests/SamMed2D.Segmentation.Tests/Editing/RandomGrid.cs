using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;

namespace SamMed2D.Segmentation.Tests.Editing;

/// <summary>Small anisotropic grids, flipped or sheared, with random masks on them.</summary>
internal sealed class RandomGrid
{
    private readonly Random _random;

    public RandomGrid(int seed, bool sheared = false)
    {
        _random = new(seed);
        double i = 0.5 + _random.NextDouble(), j = 0.5 + _random.NextDouble(), k = 1 + 2 * _random.NextDouble();
        RasVector[] steps = [new(-i, 0, 0), new(0, j, 0), new(sheared ? 0.4 : 0, 0, k)];
        if (_random.Next(2) == 0) (steps[0], steps[2]) = (steps[2], steps[0]); // slices run along another axis
        Geometry = new(_random.Next(4, 10), _random.Next(4, 10), _random.Next(4, 10), Affine.FromColumns(steps[0], steps[1], steps[2], new(3, -2, 7)));
    }

    public VolumeGeometry Geometry { get; }

    public SliceAxis AnyAxis() => (SliceAxis)_random.Next(3);

    public int Any(int end) => _random.Next(end);

    public double Between(double low, double high) => low + (high - low) * _random.NextDouble();

    public VoxelMask AnyMask(double density = 0.5, VoxelBox? box = null)
    {
        VoxelMask mask = new(Geometry, box ?? AnyBox());
        for (int n = 0; n < mask.Voxels.Length; n++) mask.Voxels[n] = _random.NextDouble() < density ? (byte)1 : (byte)0;
        return mask;
    }

    public VoxelBox AnyBox()
    {
        int i = Any(Geometry.SizeI), j = Any(Geometry.SizeJ), k = Any(Geometry.SizeK);
        return new(i, j, k, i + 1 + Any(Geometry.SizeI - i), j + 1 + Any(Geometry.SizeJ - j), k + 1 + Any(Geometry.SizeK - k));
    }

    public Volume<short> AnyVolume(int greatest = 400)
    {
        short[] voxels = new short[Geometry.VoxelCount];
        for (int n = 0; n < voxels.Length; n++) voxels[n] = (short)_random.Next(-greatest, greatest + 1);
        return new(Geometry, voxels, new(2, -100), new());
    }

    public LabelMap AnyLabels(int count, double density = 1)
    {
        ushort[] labels = new ushort[Geometry.VoxelCount];
        for (int n = 0; n < labels.Length; n++) labels[n] = _random.NextDouble() < density ? (ushort)_random.Next(count + 1) : (ushort)0;
        return new(Geometry, labels, []);
    }

    public IEnumerable<VoxelIndex> All(VoxelBox? box = null)
    {
        VoxelBox part = box ?? VoxelBox.Of(Geometry);
        for (int k = part.K0; k < part.K1; k++)
            for (int j = part.J0; j < part.J1; j++)
                for (int i = part.I0; i < part.I1; i++) yield return new(i, j, k);
    }

    public RasPoint Ras(VoxelIndex index) => Geometry.IndexToRas.IndexToRas(index.ToContinuous());

    public void Check(Func<VoxelIndex, bool> expected, VoxelMask found, VoxelBox? box = null)
    {
        foreach (VoxelIndex at in All(box)) Assert.True(expected(at) == found[at], $"{at} of {Geometry}: expected {expected(at)}");
    }
}
