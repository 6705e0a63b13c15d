using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.OpenGL;

/// <summary>
/// The smallest and largest intensity of every block of <see cref="BrickSize"/>³ voxels and the voxels around it that interpolation
/// reaches, so that rays can leap over blocks in which nothing shows.
/// </summary>
internal sealed class BrickGrid
{
    /// <summary>Voxels along each side of a brick.</summary>
    public const int BrickSize = 8;

    private readonly float[] _low, _high;

    private BrickGrid(int countI, int countJ, int countK)
    {
        (CountI, CountJ, CountK) = (countI, countJ, countK);
        _low = new float[countI * countJ * countK];
        _high = new float[_low.Length];
    }

    /// <summary>Bricks along the first axis.</summary>
    public int CountI { get; }

    /// <summary>Bricks along the second axis.</summary>
    public int CountJ { get; }

    /// <summary>Bricks along the third axis.</summary>
    public int CountK { get; }

    /// <summary>The largest intensity of every brick, the first index fastest.</summary>
    public ReadOnlySpan<float> Highest => _high;

    /// <summary>Measures a volume.</summary>
    public static BrickGrid Create(Volume volume) => volume.Accept(new Measuring());

    /// <summary>
    /// For every brick the distance to the nearest visible one, 0 for a visible one, diagonals counting as 1, at most 255: the first index fastest.
    /// </summary>
    public byte[] DistanceToVisible(TransferFunction transfer)
    {
        byte[] distance = new byte[_low.Length];
        for (int n = 0; n < distance.Length; n++) distance[n] = IsVisible(transfer, _low[n], _high[n]) ? (byte)0 : byte.MaxValue;
        Sweep(distance, 1);
        Sweep(distance, -1);
        return distance;
    }

    internal static bool IsVisible(TransferFunction transfer, double low, double high)
    {
        if (transfer.Blending == VolumeBlending.MaximumIntensity) return high > transfer.Range.Low;
        if (transfer.Evaluate(low).W > 0 || transfer.Evaluate(high).W > 0) return true;
        foreach (TransferPoint point in transfer.Points)
            if (point.Opacity > 0 && point.Intensity > low && point.Intensity < high) return true;
        return false;
    }

    // One direction of the two-pass distance transform; with all 26 neighbours one apart it is exact.
    private void Sweep(byte[] distance, int direction)
    {
        for (int n = 0; n < distance.Length; n++)
        {
            int at = direction > 0 ? n : distance.Length - 1 - n;
            if (distance[at] == 0) continue;
            int i = at % CountI, j = at / CountI % CountJ, k = at / (CountI * CountJ);
            int best = distance[at];
            for (int dj = -1; dj <= 1; dj++)
                for (int di = -1; di <= 1; di++)
                {
                    best = Math.Min(best, At(distance, i + di, j + dj, k - direction) + 1);
                    if (dj < 0 || (dj == 0 && di < 0)) best = Math.Min(best, At(distance, i + di * direction, j + dj * direction, k) + 1);
                }
            distance[at] = (byte)Math.Min(best, byte.MaxValue);
        }
    }

    private int At(byte[] distance, int i, int j, int k) =>
        (uint)i < (uint)CountI && (uint)j < (uint)CountJ && (uint)k < (uint)CountK ? distance[i + CountI * (j + CountJ * k)] : byte.MaxValue;

    private sealed class Measuring : IVolumeVisitor<BrickGrid>
    {
        public BrickGrid Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            VolumeGeometry g = volume.Geometry;
            BrickGrid grid = new(Count(g.SizeI), Count(g.SizeJ), Count(g.SizeK));
            Parallel.For(0, grid.CountK, k =>
            {
                for (int j = 0; j < grid.CountJ; j++)
                    for (int i = 0; i < grid.CountI; i++) Measure(volume, grid, i, j, k);
            });
            return grid;
        }

        private static int Count(int size) => (size + BrickSize - 1) / BrickSize;

        private static void Measure<T>(Volume<T> volume, BrickGrid grid, int bi, int bj, int bk) where T : unmanaged, INumber<T>
        {
            VolumeGeometry g = volume.Geometry;
            (int i0, int i1) = Reach(bi, g.SizeI);
            (int j0, int j1) = Reach(bj, g.SizeJ);
            (int k0, int k1) = Reach(bk, g.SizeK);
            T low = T.Zero, high = T.Zero;
            bool isFirst = true, hasHoles = false;
            for (int k = k0; k < k1; k++)
                for (int j = j0; j < j1; j++)
                    foreach (T value in volume.Voxels.Slice((int)g.OffsetOf(new(i0, j, k)), i1 - i0))
                    {
                        if (!T.IsFinite(value))
                        {
                            hasHoles = true;
                            continue;
                        }
                        if (isFirst || value < low) low = value;
                        if (isFirst || value > high) high = value;
                        isFirst = false;
                    }
            float a = (float)volume.Scale.ToIntensity(double.CreateTruncating(low)), b = (float)volume.Scale.ToIntensity(double.CreateTruncating(high));
            int at = bi + grid.CountI * (bj + grid.CountJ * bk);
            (grid._low[at], grid._high[at]) = (Math.Min(a, b), Math.Max(a, b));
            // What is no number is drawn as an intensity of 0.
            if (isFirst) (grid._low[at], grid._high[at]) = (0, 0);
            else if (hasHoles) (grid._low[at], grid._high[at]) = (Math.Min(grid._low[at], 0), Math.Max(grid._high[at], 0));
        }

        private static (int From, int To) Reach(int brick, int size) => (Math.Max(0, brick * BrickSize - 1), Math.Min(size, (brick + 1) * BrickSize + 1));
    }
}
