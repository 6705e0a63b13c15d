using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Metrics;

/// <summary>One structure in a reference and in a prediction on the same grid, cut to the box that holds both.</summary>
internal sealed class MaskPair
{
    private MaskPair(byte[] reference, byte[] prediction, (int I, int J, int K) size, (double I, double J, double K) spacingMm) =>
        (Reference, Prediction, Size, SpacingMm) = (reference, prediction, size, spacingMm);

    /// <summary>The reference, 0 or 1, the first index fastest.</summary>
    public byte[] Reference { get; }

    /// <summary>The prediction, 0 or 1, the first index fastest.</summary>
    public byte[] Prediction { get; }

    /// <summary>Voxels along each axis of the box; 0 where both are empty.</summary>
    public (int I, int J, int K) Size { get; }

    /// <summary>Spacing along each axis.</summary>
    public (double I, double J, double K) SpacingMm { get; }

    /// <summary>Cuts out a structure.</summary>
    public static MaskPair Create(LabelMap reference, ushort referenceLabel, LabelMap prediction, ushort predictionLabel)
    {
        VolumeGeometry grid = reference.Geometry;
        (int i0, int i1, int j0, int j1, int k0, int k1) = (int.MaxValue, -1, int.MaxValue, -1, int.MaxValue, -1);
        ReadOnlySpan<ushort> a = reference.Labels, b = prediction.Labels;
        for (int row = 0; row < grid.SizeJ * grid.SizeK; row++)
        {
            (int first, int last) = Extent(a.Slice(row * grid.SizeI, grid.SizeI), referenceLabel, b.Slice(row * grid.SizeI, grid.SizeI), predictionLabel);
            if (last < 0) continue;
            (int j, int k) = (row % grid.SizeJ, row / grid.SizeJ);
            (i0, i1, j0, j1) = (Math.Min(i0, first), Math.Max(i1, last), Math.Min(j0, j), Math.Max(j1, j));
            (k0, k1) = (Math.Min(k0, k), k);
        }
        (int I, int J, int K) size = i1 < 0 ? (0, 0, 0) : (i1 - i0 + 1, j1 - j0 + 1, k1 - k0 + 1);
        byte[] cutA = new byte[(long)size.I * size.J * size.K], cutB = new byte[cutA.LongLength];
        for (int k = 0, n = 0; k < size.K; k++)
            for (int j = 0; j < size.J; j++)
            {
                int from = i0 + grid.SizeI * (j0 + j + grid.SizeJ * (k0 + k));
                for (int i = 0; i < size.I; i++, n++)
                    (cutA[n], cutB[n]) = (a[from + i] == referenceLabel ? (byte)1 : (byte)0, b[from + i] == predictionLabel ? (byte)1 : (byte)0);
            }
        return new(cutA, cutB, size, (grid.SpacingMm(SliceAxis.I), grid.SpacingMm(SliceAxis.J), grid.SpacingMm(SliceAxis.K)));
    }

    private static (int First, int Last) Extent(ReadOnlySpan<ushort> a, ushort labelA, ReadOnlySpan<ushort> b, ushort labelB)
    {
        int firstA = a.IndexOf(labelA), firstB = b.IndexOf(labelB);
        if (firstA < 0 && firstB < 0) return (-1, -1);
        int first = firstA < 0 ? firstB : firstB < 0 ? firstA : Math.Min(firstA, firstB);
        return (first, Math.Max(a.LastIndexOf(labelA), b.LastIndexOf(labelB)));
    }
}
