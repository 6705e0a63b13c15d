using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>Makes volumes that do not fit a texture coarser, by the mean of blocks of voxels.</summary>
internal static class VolumeReducer
{
    /// <summary>How many voxels along each axis must become one.</summary>
    /// <param name="geometry">The grid.</param>
    /// <param name="maxSide">The most voxels along one side.</param>
    /// <param name="maxVoxels">The most voxels in all.</param>
    public static (int I, int J, int K) FactorsFor(VolumeGeometry geometry, int maxSide, long maxVoxels)
    {
        int i = Ceiling(geometry.SizeI, maxSide), j = Ceiling(geometry.SizeJ, maxSide), k = Ceiling(geometry.SizeK, maxSide);
        while ((long)Ceiling(geometry.SizeI, i) * Ceiling(geometry.SizeJ, j) * Ceiling(geometry.SizeK, k) > maxVoxels)
        {
            // The axis on which the voxels are finest loses least.
            double si = geometry.SpacingMm(SliceAxis.I) * i, sj = geometry.SpacingMm(SliceAxis.J) * j, sk = geometry.SpacingMm(SliceAxis.K) * k;
            if (si <= sj && si <= sk) i++;
            else if (sj <= sk) j++;
            else k++;
        }
        return (i, j, k);
    }

    /// <summary>The coarser volume, at the same place in the patient; the volume itself where all factors are 1.</summary>
    public static Volume Reduce(Volume volume, (int I, int J, int K) factors) =>
        factors == (1, 1, 1) ? volume : volume.Accept(new Reduction(factors));

    private static int Ceiling(int size, int by) => (size + by - 1) / by;

    private sealed class Reduction((int I, int J, int K) factors) : IVolumeVisitor<Volume>
    {
        public Volume Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            VolumeGeometry g = volume.Geometry;
            int sizeI = Ceiling(g.SizeI, factors.I), sizeJ = Ceiling(g.SizeJ, factors.J), sizeK = Ceiling(g.SizeK, factors.K);
            T[] voxels = new T[checked((long)sizeI * sizeJ * sizeK)];
            Parallel.For(0, sizeK, k =>
            {
                for (int j = 0; j < sizeJ; j++)
                    for (int i = 0; i < sizeI; i++) voxels[i + (long)sizeI * (j + (long)sizeJ * k)] = Mean(volume, i, j, k);
            });
            Affine a = g.IndexToRas;
            RasPoint origin = a.IndexToRas(new((factors.I - 1) / 2.0, (factors.J - 1) / 2.0, (factors.K - 1) / 2.0));
            VolumeGeometry coarse = new(sizeI, sizeJ, sizeK, Affine.FromColumns(a.StepI * factors.I, a.StepJ * factors.J, a.StepK * factors.K, origin));
            return new Volume<T>(coarse, voxels, volume.Scale, volume.Info);
        }

        private T Mean<T>(Volume<T> volume, int i, int j, int k) where T : unmanaged, INumber<T>
        {
            VolumeGeometry g = volume.Geometry;
            int i0 = i * factors.I, i1 = Math.Min(g.SizeI, i0 + factors.I);
            int count = 0;
            double sum = 0;
            for (int z = k * factors.K; z < Math.Min(g.SizeK, (k + 1) * factors.K); z++)
                for (int y = j * factors.J; y < Math.Min(g.SizeJ, (j + 1) * factors.J); y++)
                    foreach (T value in volume.Voxels.Slice((int)g.OffsetOf(new(i0, y, z)), i1 - i0))
                    {
                        // A hole in the data does not spread.
                        if (!T.IsFinite(value)) continue;
                        sum += double.CreateTruncating(value);
                        count++;
                    }
            double mean = sum / count;
            return count == 0 ? volume.Voxels[(int)g.OffsetOf(new(i0, j * factors.J, k * factors.K))] : T.CreateSaturating(volume.VoxelType is VoxelType.Float32 or VoxelType.Float64 ? mean : Math.Round(mean));
        }
    }
}
