using System.Numerics;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Editing;

/// <summary>Tells which voxels of a row have intensities within a range; one that is not a number has not.</summary>
internal abstract class IntensityGate
{
    /// <summary>Fills 1 where the intensity is within the range, 0 elsewhere.</summary>
    /// <param name="offset">The first voxel in the voxel array.</param>
    /// <param name="inside">One element per voxel.</param>
    public abstract void Fill(long offset, Span<byte> inside);

    public static IntensityGate Create(Volume volume, IntensityRange range) => volume.Accept(new Maker(range));

    private sealed class Maker(IntensityRange range) : IVolumeVisitor<IntensityGate>
    {
        public IntensityGate Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T> => new Typed<T>(volume, range);
    }

    private sealed class Typed<T>(Volume<T> volume, IntensityRange range) : IntensityGate where T : unmanaged, INumber<T>
    {
        private readonly double _slope = volume.Scale.Slope, _intercept = volume.Scale.Intercept;

        public override void Fill(long offset, Span<byte> inside)
        {
            ReadOnlySpan<T> voxels = volume.Voxels.Slice(checked((int)offset), inside.Length);
            for (int n = 0; n < inside.Length; n++)
            {
                double intensity = _slope * double.CreateTruncating(voxels[n]) + _intercept;
                inside[n] = intensity >= range.Low && intensity <= range.High ? (byte)1 : (byte)0;
            }
        }
    }
}
