using System.Numerics;
using System.Runtime.CompilerServices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Slicing;

/// <summary>
/// How often each intensity occurs in a volume, gathered in one pass without knowing the range: 8- and 16-bit numbers are counted exactly;
/// wider ones by the upper half of their single-precision form, which keeps every bin within 0.8 % of its value. What is not finite is left out.
/// </summary>
internal sealed class IntensityHistogram
{
    private const int BinCount = 1 << 16;
    private readonly double[] _lows = new double[BinCount];
    private readonly double[] _highs = new double[BinCount];
    private readonly long[] _counts = new long[BinCount];
    private readonly int _bins;

    private IntensityHistogram(long[] countsByKey, Func<int, (double Low, double High)> valuesOf, IntensityScale scale)
    {
        List<(double Low, double High, long Count)> bins = [];
        for (int key = 0; key < countsByKey.Length; key++)
        {
            if (countsByKey[key] == 0) continue;
            (double low, double high) = valuesOf(key);
            (low, high) = (scale.ToIntensity(low), scale.ToIntensity(high));
            if (double.IsFinite(low) && double.IsFinite(high)) bins.Add((Math.Min(low, high), Math.Max(low, high), countsByKey[key]));
        }
        bins.Sort((a, b) => a.Low.CompareTo(b.Low));
        foreach ((double low, double high, long count) in bins)
        {
            (_lows[_bins], _highs[_bins], _counts[_bins]) = (low, high, count);
            _bins++;
            Total += count;
        }
    }

    /// <summary>Number of finite voxels.</summary>
    public long Total { get; }

    /// <summary>The lowest intensity, to the bin; not a number where there is no finite voxel.</summary>
    public double Min => _bins == 0 ? double.NaN : _lows[0];

    private double Max => _bins == 0 ? double.NaN : _highs[_bins - 1];

    public static IntensityHistogram Of(Volume volume) => volume.Accept(new Counter());

    /// <summary>Number of voxels at or above an intensity (to the bin).</summary>
    public long CountFrom(double intensity)
    {
        long count = 0;
        for (int bin = FirstBinFrom(intensity); bin < _bins; bin++) count += _counts[bin];
        return count;
    }

    /// <summary>The intensity below which a share of the voxels at or above a floor lies.</summary>
    /// <param name="share">From 0 to 1.</param>
    /// <param name="floor">Voxels under it do not count.</param>
    public double Quantile(double share, double floor = double.NegativeInfinity)
    {
        int first = FirstBinFrom(floor);
        double wanted = share * CountFrom(floor);
        double below = 0;
        for (int bin = first; bin < _bins; bin++)
        {
            if (below + _counts[bin] >= wanted)
                return _lows[bin] + (_highs[bin] - _lows[bin]) * Math.Clamp((wanted - below) / _counts[bin], 0, 1);
            below += _counts[bin];
        }
        return Max;
    }

    private int FirstBinFrom(double intensity)
    {
        int bin = Array.BinarySearch(_lows, 0, _bins, intensity);
        return bin < 0 ? ~bin : bin;
    }

    private sealed class Counter : IVolumeVisitor<IntensityHistogram>
    {
        public IntensityHistogram Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T> =>
            Unsafe.SizeOf<T>() <= 2 ? CountExactly(volume) : CountByFloat(volume);

        private static IntensityHistogram CountExactly<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            long[] counts = CountInParts(volume.VoxelMemory, static (part, into) =>
            {
                foreach (T voxel in part) into[VoxelBits.ToIndex(voxel)]++;
            });
            return new(counts, key =>
            {
                double value = double.CreateTruncating(VoxelBits.FromIndex<T>(key & ((1 << (8 * Unsafe.SizeOf<T>())) - 1)));
                return (value, value);
            }, volume.Scale);
        }

        private static IntensityHistogram CountByFloat<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            long[] counts = CountInParts(volume.VoxelMemory, static (part, into) =>
            {
                foreach (T voxel in part) into[(int)(BitConverter.SingleToUInt32Bits(float.CreateTruncating(voxel)) >> 16)]++;
            });
            return new(counts, key =>
            {
                uint bits = (uint)key << 16;
                return (BitConverter.UInt32BitsToSingle(bits), BitConverter.UInt32BitsToSingle(bits | 0xFFFF));
            }, volume.Scale);
        }

        private delegate void Count<T>(ReadOnlySpan<T> part, Span<int> into);

        private static long[] CountInParts<T>(ReadOnlyMemory<T> voxels, Count<T> count)
        {
            const int partLength = 1 << 24; // a part's counts fit 32 bits
            long[] total = new long[BinCount];
            int parts = (voxels.Length + partLength - 1) / partLength;
            Parallel.For(0, parts, () => new int[BinCount], (part, _, into) =>
            {
                int start = part * partLength;
                count(voxels.Span.Slice(start, Math.Min(partLength, voxels.Length - start)), into);
                return into;
            }, into =>
            {
                lock (total)
                    for (int key = 0; key < BinCount; key++) total[key] += into[key];
            });
            return total;
        }
    }
}
