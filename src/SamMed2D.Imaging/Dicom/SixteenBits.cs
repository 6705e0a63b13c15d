using System.Numerics;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Dicom;

/// <summary>The voxels of a volume as DICOM's CT and MR images hold them.</summary>
/// <param name="Bits">16 bits a voxel; two's complement where signed.</param>
/// <param name="IsSigned">How to read them.</param>
/// <param name="Scale">What they mean.</param>
internal sealed record SixteenBits(ushort[] Bits, bool IsSigned, IntensityScale Scale)
{
    /// <summary>Keeps stored numbers that fit in 16 bits; else scales intensities to 0..65535. NaN and infinities become the smallest intensity.</summary>
    public static SixteenBits Of(Volume volume) => volume.Accept(new Converter());

    private sealed class Converter : IVolumeVisitor<SixteenBits>
    {
        public SixteenBits Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            ReadOnlySpan<T> voxels = volume.Voxels;
            ushort[] bits = new ushort[voxels.Length];
            double smallest = double.PositiveInfinity, largest = double.NegativeInfinity;
            bool whole = true;
            foreach (T voxel in voxels)
            {
                double number = double.CreateTruncating(voxel);
                if (!double.IsFinite(number))
                {
                    whole = false;
                    continue;
                }
                smallest = Math.Min(smallest, number);
                largest = Math.Max(largest, number);
                whole = whole && number == Math.Floor(number);
            }
            if (smallest > largest) (smallest, largest) = (0, 0);
            if (whole && smallest >= short.MinValue && largest <= ushort.MaxValue && (smallest >= 0 || largest <= short.MaxValue))
            {
                for (int n = 0; n < bits.Length; n++) bits[n] = unchecked((ushort)int.CreateTruncating(voxels[n]));
                return new(bits, smallest < 0 || volume.VoxelType == VoxelType.Int16, volume.Scale);
            }
            double step = largest > smallest ? (largest - smallest) / ushort.MaxValue : 1;
            for (int n = 0; n < bits.Length; n++)
            {
                double number = double.CreateTruncating(voxels[n]);
                bits[n] = double.IsFinite(number) ? (ushort)Math.Round((number - smallest) / step) : (ushort)0;
            }
            return new(bits, false, new IntensityScale(volume.Scale.Slope * step, volume.Scale.ToIntensity(smallest)));
        }
    }
}
