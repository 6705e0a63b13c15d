using System.Numerics;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Voxels;

/// <summary>Work that needs a voxel type known only at run time as a type parameter.</summary>
internal interface IVoxelTypeVisitor<TResult>
{
    /// <summary>Does the work for voxels held as <typeparamref name="T"/>.</summary>
    TResult Visit<T>() where T : unmanaged, INumber<T>;
}

/// <summary>Turns a <see cref="VoxelType"/> into a type parameter.</summary>
internal static class VoxelTypeDispatch
{
    /// <summary>Runs the visitor with the number type of the voxels.</summary>
    public static TResult Accept<TResult>(this VoxelType type, IVoxelTypeVisitor<TResult> visitor) => type switch
    {
        VoxelType.UInt8 => visitor.Visit<byte>(),
        VoxelType.Int8 => visitor.Visit<sbyte>(),
        VoxelType.UInt16 => visitor.Visit<ushort>(),
        VoxelType.Int16 => visitor.Visit<short>(),
        VoxelType.UInt32 => visitor.Visit<uint>(),
        VoxelType.Int32 => visitor.Visit<int>(),
        VoxelType.UInt64 => visitor.Visit<ulong>(),
        VoxelType.Int64 => visitor.Visit<long>(),
        VoxelType.Float32 => visitor.Visit<float>(),
        VoxelType.Float64 => visitor.Visit<double>(),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "No such voxel type."),
    };
}
