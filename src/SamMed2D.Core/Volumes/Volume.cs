using System.Numerics;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Core.Volumes;

/// <summary>What a stored voxel means: <c>intensity = Slope · stored + Intercept</c> (NIfTI's scl_slope and scl_inter, DICOM's rescale).</summary>
/// <param name="Slope">Factor, never 0.</param>
/// <param name="Intercept">Offset, in intensity units (Hounsfield units for CT).</param>
public readonly record struct IntensityScale(double Slope, double Intercept)
{
    /// <summary>Stored numbers are intensities.</summary>
    public static IntensityScale Identity { get; } = new(1, 0);

    /// <summary>The intensity of a stored number.</summary>
    public double ToIntensity(double stored) => Slope * stored + Intercept;

    /// <summary>The stored number of an intensity.</summary>
    public double ToStored(double intensity) => (intensity - Intercept) / Slope;
}

/// <summary>What a reader found out about a volume beside its voxels. Holds nothing that identifies a patient.</summary>
public sealed record VolumeInfo
{
    /// <summary>Where the volume came from, for messages: a file or folder name.</summary>
    public string Source { get; init; } = "";

    /// <summary>The file format it was read from, such as <c>NIfTI-1</c> or <c>DICOM</c>.</summary>
    public string Format { get; init; } = "";

    /// <summary>DICOM modality code (<c>CT</c>, <c>MR</c>, …); empty where the format does not say.</summary>
    public string Modality { get; init; } = "";

    /// <summary>Which time frame or phase this is, from 0, of <see cref="FrameCount"/>.</summary>
    public int Frame { get; init; }

    /// <summary>How many frames or phases the source holds.</summary>
    public int FrameCount { get; init; } = 1;

    /// <summary>Things the user should know, each a sentence: resampled, missing slices, replaced values.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];
}

/// <summary>Work on a volume whose voxel type is known only at run time; see <see cref="Volume.Accept{TResult}"/>.</summary>
/// <typeparam name="TResult">What the work gives.</typeparam>
public interface IVolumeVisitor<TResult>
{
    /// <summary>Does the work on voxels of a known type.</summary>
    TResult Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>;
}

/// <summary>A 3D scalar image: voxels in their own number type on a grid in patient space. Voxels are not changed after reading.</summary>
public abstract class Volume
{
    private protected Volume(VolumeGeometry geometry, IntensityScale scale, VolumeInfo info)
    {
        if (scale.Slope == 0 || !double.IsFinite(scale.Slope) || !double.IsFinite(scale.Intercept))
            throw new ArgumentException($"An intensity scale of {scale} loses the voxels.", nameof(scale));
        (Geometry, Scale, Info) = (geometry, scale, info);
    }

    /// <summary>Size and place of the grid.</summary>
    public VolumeGeometry Geometry { get; }

    /// <summary>What the stored numbers mean.</summary>
    public IntensityScale Scale { get; }

    /// <summary>What the reader found out beside the voxels.</summary>
    public VolumeInfo Info { get; }

    /// <summary>The number type of the voxels.</summary>
    public abstract VoxelType VoxelType { get; }

    /// <summary>The memory that the voxels take.</summary>
    public long SizeBytes => Geometry.VoxelCount * VoxelType.SizeBytes();

    /// <summary>The intensity (scaled value) of one voxel. For single look-ups; loops use <see cref="Accept{TResult}"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The index lies outside the grid.</exception>
    public abstract double GetIntensity(VoxelIndex index);

    /// <summary>Runs work that needs the voxel type.</summary>
    public abstract TResult Accept<TResult>(IVolumeVisitor<TResult> visitor);

    /// <summary>The same voxels (shared, not copied) with other facts beside them.</summary>
    public abstract Volume With(VolumeInfo info);
}

/// <summary>A volume with voxels of type <typeparamref name="T"/>.</summary>
/// <typeparam name="T">The stored number type, one of <see cref="Volumes.VoxelType"/>.</typeparam>
public sealed class Volume<T> : Volume where T : unmanaged, INumber<T>
{
    private readonly T[] _voxels;

    /// <summary>Wraps voxels; the array belongs to the volume from here on.</summary>
    /// <param name="geometry">The grid.</param>
    /// <param name="voxels">One element per voxel, the first index fastest.</param>
    /// <param name="scale">What the stored numbers mean.</param>
    /// <param name="info">Facts beside the voxels.</param>
    /// <exception cref="ArgumentException">The array's length is not the grid's voxel count.</exception>
    public Volume(VolumeGeometry geometry, T[] voxels, IntensityScale scale, VolumeInfo info) : base(geometry, scale, info)
    {
        if (voxels.LongLength != geometry.VoxelCount)
            throw new ArgumentException($"{voxels.LongLength} voxels do not fill a grid of {geometry}.", nameof(voxels));
        _voxels = voxels;
        VoxelType = VoxelTypes.Of<T>();
    }

    /// <inheritdoc/>
    public override VoxelType VoxelType { get; }

    /// <summary>The stored numbers, the first index fastest.</summary>
    public ReadOnlySpan<T> Voxels => _voxels;

    /// <summary>The stored numbers as memory, for work on other threads.</summary>
    public ReadOnlyMemory<T> VoxelMemory => _voxels;

    /// <inheritdoc/>
    public override double GetIntensity(VoxelIndex index)
    {
        if (!Geometry.Contains(index)) throw new ArgumentOutOfRangeException(nameof(index), $"{index} lies outside {Geometry}.");
        return Scale.ToIntensity(double.CreateTruncating(_voxels[Geometry.OffsetOf(index)]));
    }

    /// <inheritdoc/>
    public override TResult Accept<TResult>(IVolumeVisitor<TResult> visitor) => visitor.Visit(this);

    /// <inheritdoc/>
    public override Volume With(VolumeInfo info) => new Volume<T>(Geometry, _voxels, Scale, info);
}
