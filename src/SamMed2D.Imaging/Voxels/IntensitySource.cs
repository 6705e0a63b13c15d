using System.Numerics;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Voxels;

/// <summary>
/// Writes intensities instead of stored numbers, for formats that keep no scale beside the voxels: as int16 or int32 where scale and
/// voxels are whole numbers and fit, else as float32, or float64 for stored types that float32 cannot hold.
/// </summary>
internal sealed class IntensitySource : IVolumeVisitor<VoxelSource>
{
    private const int BlockVoxels = 1 << 17;

    /// <summary>The voxels as they are where they are intensities already, else scaled.</summary>
    public static VoxelSource Of(Volume volume) => volume.Scale == IntensityScale.Identity ? VoxelSource.Of(volume) : volume.Accept(new IntensitySource());

    /// <inheritdoc/>
    public VoxelSource Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T> => ChooseType(volume) switch
    {
        VoxelType.Int16 => Make<T, short>(volume),
        VoxelType.Int32 => Make<T, int>(volume),
        VoxelType.Float32 => Make<T, float>(volume),
        _ => Make<T, double>(volume),
    };

    private static VoxelType ChooseType<T>(Volume<T> volume) where T : unmanaged, INumber<T>
    {
        IntensityScale scale = volume.Scale;
        if (volume.VoxelType is VoxelType.Float64 or VoxelType.Int64 or VoxelType.UInt64) return VoxelType.Float64;
        if (volume.VoxelType == VoxelType.Float32) return VoxelType.Float32;
        if (double.IsInteger(scale.Slope) && double.IsInteger(scale.Intercept))
        {
            (T low, T high) = (volume.Voxels[0], volume.Voxels[0]);
            foreach (T voxel in volume.Voxels) (low, high) = (T.Min(low, voxel), T.Max(high, voxel));
            double first = scale.ToIntensity(double.CreateTruncating(low)), second = scale.ToIntensity(double.CreateTruncating(high));
            (double least, double most) = (Math.Min(first, second), Math.Max(first, second));
            if (least >= short.MinValue && most <= short.MaxValue) return VoxelType.Int16;
            if (least >= int.MinValue && most <= int.MaxValue) return VoxelType.Int32;
        }
        return volume.VoxelType.SizeBytes() <= 2 ? VoxelType.Float32 : VoxelType.Float64;
    }

    private static VoxelSource Make<T, TOut>(Volume<T> volume) where T : unmanaged, INumber<T> where TOut : unmanaged, INumber<TOut> =>
        new(volume.Geometry, VoxelTypes.Of<TOut>(), IntensityScale.Identity, IsLabelMap: false, (target, cancellation) => Pour<T, TOut>(volume, target, cancellation));

    private static void Pour<T, TOut>(Volume<T> volume, Stream target, CancellationToken cancellation) where T : unmanaged, INumber<T> where TOut : unmanaged, INumber<TOut>
    {
        ReadOnlySpan<T> voxels = volume.Voxels;
        IntensityScale scale = volume.Scale;
        TOut[] block = new TOut[Math.Min(BlockVoxels, voxels.Length)];
        for (int done = 0; done < voxels.Length; done += block.Length)
        {
            ReadOnlySpan<T> part = voxels.Slice(done, Math.Min(block.Length, voxels.Length - done));
            for (int n = 0; n < part.Length; n++) block[n] = TOut.CreateTruncating(scale.ToIntensity(double.CreateTruncating(part[n])));
            VoxelSource.PourAll<TOut>(block.AsSpan(0, part.Length), target, cancellation);
        }
    }
}
