namespace SamMed2D.Core.Volumes;

/// <summary>The number type in which voxels are stored.</summary>
public enum VoxelType
{
    /// <summary>8-bit unsigned (<see cref="byte"/>).</summary>
    UInt8,

    /// <summary>8-bit signed (<see cref="sbyte"/>).</summary>
    Int8,

    /// <summary>16-bit unsigned (<see cref="ushort"/>).</summary>
    UInt16,

    /// <summary>16-bit signed (<see cref="short"/>).</summary>
    Int16,

    /// <summary>32-bit unsigned (<see cref="uint"/>).</summary>
    UInt32,

    /// <summary>32-bit signed (<see cref="int"/>).</summary>
    Int32,

    /// <summary>64-bit unsigned (<see cref="ulong"/>).</summary>
    UInt64,

    /// <summary>64-bit signed (<see cref="long"/>).</summary>
    Int64,

    /// <summary>IEEE 754 single precision (<see cref="float"/>).</summary>
    Float32,

    /// <summary>IEEE 754 double precision (<see cref="double"/>).</summary>
    Float64,
}

/// <summary>Facts about voxel types.</summary>
public static class VoxelTypes
{
    /// <summary>The type of voxels held as <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No voxel type is held as <typeparamref name="T"/>.</exception>
    public static VoxelType Of<T>() where T : unmanaged
    {
        if (typeof(T) == typeof(byte)) return VoxelType.UInt8;
        if (typeof(T) == typeof(sbyte)) return VoxelType.Int8;
        if (typeof(T) == typeof(ushort)) return VoxelType.UInt16;
        if (typeof(T) == typeof(short)) return VoxelType.Int16;
        if (typeof(T) == typeof(uint)) return VoxelType.UInt32;
        if (typeof(T) == typeof(int)) return VoxelType.Int32;
        if (typeof(T) == typeof(ulong)) return VoxelType.UInt64;
        if (typeof(T) == typeof(long)) return VoxelType.Int64;
        if (typeof(T) == typeof(float)) return VoxelType.Float32;
        if (typeof(T) == typeof(double)) return VoxelType.Float64;
        throw new NotSupportedException($"Voxels cannot be held as {typeof(T)}.");
    }

    /// <summary>Bytes per voxel.</summary>
    public static int SizeBytes(this VoxelType type) => type switch
    {
        VoxelType.UInt8 or VoxelType.Int8 => 1,
        VoxelType.UInt16 or VoxelType.Int16 => 2,
        VoxelType.UInt32 or VoxelType.Int32 or VoxelType.Float32 => 4,
        _ => 8,
    };
}
