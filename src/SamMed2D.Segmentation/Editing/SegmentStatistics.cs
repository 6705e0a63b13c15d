using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Metrics;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Editing;

/// <summary>What can be said of a segment's voxels.</summary>
public sealed record SegmentStatistics
{
    /// <summary>Number of voxels.</summary>
    public required long VoxelCount { get; init; }

    /// <summary>Their volume in millilitres.</summary>
    public required double VolumeMl { get; init; }

    /// <summary>The mean intensity (Hounsfield units for CT), of finite voxels; NaN without any.</summary>
    public required double Mean { get; init; }

    /// <summary>The standard deviation of intensities (of the voxels as they are, not of a sample), of finite voxels; NaN without any.</summary>
    public required double StandardDeviation { get; init; }

    /// <summary>The least intensity of finite voxels; NaN without any.</summary>
    public required double Minimum { get; init; }

    /// <summary>The greatest intensity of finite voxels; NaN without any.</summary>
    public required double Maximum { get; init; }

    /// <summary>The smallest box round the voxels.</summary>
    public required VoxelBox Box { get; init; }

    /// <summary>The centre of gravity in RAS millimetres; null without voxels.</summary>
    public required RasPoint? Centroid { get; init; }

    /// <summary>The area of the surface in mm², half way between voxel centres inside and outside (<see cref="SurfelAreas"/>); the scan's edge counts as outside.
    /// Its steps make it up to an eighth larger than a smooth surface's.</summary>
    public required double SurfaceAreaMm2 { get; init; }

    /// <summary>Looks at a segment.</summary>
    /// <param name="volume">The scan.</param>
    /// <param name="labels">The labels, on the scan's grid.</param>
    /// <param name="label">The segment.</param>
    /// <param name="bounds">The box round its voxels where it is known, as a session knows it; null to find it.</param>
    public static SegmentStatistics Of(Volume volume, LabelMap labels, ushort label, VoxelBox? bounds = null) =>
        volume.Accept(new Counter(labels, label, bounds ?? Session.LabelBounds.Find(labels, label)));

    private sealed class Counter(LabelMap labels, ushort label, VoxelBox box) : IVolumeVisitor<SegmentStatistics>
    {
        public SegmentStatistics Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            long count = 0, finite = 0, sumI = 0, sumJ = 0, sumK = 0;
            double sum = 0, sumSquares = 0, shift = double.NaN, least = double.PositiveInfinity, greatest = double.NegativeInfinity;
            for (int k = box.K0; k < box.K1; k++)
                for (int j = box.J0; j < box.J1; j++)
                {
                    int offset = checked((int)labels.Geometry.OffsetOf(new(box.I0, j, k)));
                    ReadOnlySpan<ushort> row = labels.Labels.Slice(offset, box.SizeI);
                    ReadOnlySpan<T> voxels = volume.Voxels.Slice(offset, box.SizeI);
                    for (int i = 0; i < row.Length; i++)
                    {
                        if (row[i] != label) continue;
                        count++;
                        (sumI, sumJ, sumK) = (sumI + box.I0 + i, sumJ + j, sumK + k);
                        double value = double.CreateTruncating(voxels[i]);
                        if (!double.IsFinite(value)) continue;
                        if (finite++ == 0) shift = value; // squares of differences from a typical value lose no digits
                        double difference = value - shift;
                        (sum, sumSquares, least, greatest) = (sum + difference, sumSquares + difference * difference, Math.Min(least, value), Math.Max(greatest, value));
                    }
                }
            double mean = sum / finite, deviation = Math.Sqrt(Math.Max(sumSquares / finite - mean * mean, 0));
            (double low, double high) = finite == 0 ? (double.NaN, double.NaN) : (volume.Scale.ToIntensity(least), volume.Scale.ToIntensity(greatest));
            return new()
            {
                VoxelCount = count,
                VolumeMl = count * labels.Geometry.VoxelVolumeMm3 / 1000,
                Mean = volume.Scale.ToIntensity(shift + mean),
                StandardDeviation = Math.Abs(volume.Scale.Slope) * deviation,
                Minimum = Math.Min(low, high),
                Maximum = Math.Max(low, high),
                Box = box,
                Centroid = count == 0 ? null : labels.Geometry.IndexToRas.IndexToRas(new((double)sumI / count, (double)sumJ / count, (double)sumK / count)),
                SurfaceAreaMm2 = SurfaceArea(),
            };
        }

        private double SurfaceArea()
        {
            VolumeGeometry grid = labels.Geometry;
            SurfelAreas areas = new(grid.SpacingMm(SliceAxis.I), grid.SpacingMm(SliceAxis.J), grid.SpacingMm(SliceAxis.K));
            long[] counts = new long[256];
            VoxelMask mask = VoxelMask.Of(labels, label, box);
            // Between the centres of voxels lies one place more than there are voxels, since what is beyond the box is outside.
            for (int k = box.K0; k <= box.K1; k++)
                for (int j = box.J0; j <= box.J1; j++)
                {
                    ReadOnlySpan<byte> a = Row(j - 1, k - 1), b = Row(j, k - 1), c = Row(j - 1, k), d = Row(j, k);
                    int code = 0;
                    for (int i = 0; i <= box.SizeI; i++)
                    {
                        // The upper half of the last place is the lower half of this one.
                        code = (code >> 1) & 0b01010101;
                        if (i < box.SizeI) code |= Bit(a, i) << 1 | Bit(b, i) << 3 | Bit(c, i) << 5 | Bit(d, i) << 7;
                        counts[code]++;
                    }
                }
            double area = 0;
            for (int code = 0; code < counts.Length; code++) area += counts[code] * areas[code];
            return area;

            ReadOnlySpan<byte> Row(int j, int k) => j >= box.J0 && j < box.J1 && k >= box.K0 && k < box.K1 ? mask.Row(j, k) : [];
            static int Bit(ReadOnlySpan<byte> row, int i) => row.Length == 0 ? 0 : row[i];
        }
    }
}
