using System.Numerics;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging;

/// <summary>The range of a volume's intensities, and whether its voxels look like labels.</summary>
/// <param name="Minimum">Least finite intensity.</param>
/// <param name="Maximum">Greatest finite intensity.</param>
/// <param name="NonFiniteCount">Voxels that are NaN or infinite; they count in nothing else.</param>
/// <param name="LabelCounts">Voxels of each value from 1, where the voxels look like labels; else empty.</param>
public sealed record IntensityStatistics(double Minimum, double Maximum, long NonFiniteCount, IReadOnlyDictionary<int, long> LabelCounts)
{
    private const int MostLabels = 150; // TotalSegmentator has 117

    /// <summary>Looks at every voxel once.</summary>
    public static IntensityStatistics Of(Volume volume) => volume.Accept(new Counter());

    /// <summary>
    /// True where the voxels are whole numbers from 0 to 65535, most of them 0, and few others occur: a segmentation rather than a scan.
    /// A guess, for showing only.
    /// </summary>
    public bool LooksLikeLabels => LabelCounts.Count > 0;

    private sealed class Counter : IVolumeVisitor<IntensityStatistics>
    {
        public IntensityStatistics Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            long nonFinite = 0;
            long[]? counts = new long[ushort.MaxValue + 1];
            IntensityScale scale = volume.Scale;
            foreach (T voxel in volume.Voxels)
            {
                double intensity = scale.ToIntensity(double.CreateTruncating(voxel));
                if (!double.IsFinite(intensity))
                {
                    nonFinite++;
                    continue;
                }
                low = Math.Min(low, intensity);
                high = Math.Max(high, intensity);
                if (counts is null) continue;
                ushort label = (ushort)intensity;
                if (label == intensity) counts[label]++;
                else counts = null;
            }
            return new(low, high, nonFinite, nonFinite == 0 && counts is not null ? Labels(counts, volume.Geometry.VoxelCount) : new Dictionary<int, long>());
        }

        private static Dictionary<int, long> Labels(long[] counts, long voxels)
        {
            Dictionary<int, long> labels = [];
            if (counts[0] * 2 < voxels) return labels;
            for (int label = 1; label < counts.Length; label++)
                if (counts[label] > 0) labels[label] = counts[label];
            return labels.Count <= MostLabels ? labels : [];
        }
    }
}
