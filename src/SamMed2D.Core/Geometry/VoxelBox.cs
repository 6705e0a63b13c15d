namespace SamMed2D.Core.Geometry;

/// <summary>A box of voxels along the axes of a grid: from <paramref name="First"/> to <paramref name="Last"/>, both inside it.</summary>
/// <param name="First">The lowest index along each axis.</param>
/// <param name="Last">The highest index along each axis; lower than <paramref name="First"/> on some axis for a box without voxels.</param>
public readonly record struct VoxelBox(VoxelIndex First, VoxelIndex Last)
{
    /// <summary>A box without voxels, which adds nothing to a <see cref="Union"/>.</summary>
    public static VoxelBox Empty { get; } = new(new(0, 0, 0), new(-1, -1, -1));

    /// <summary>All voxels of a grid.</summary>
    public static VoxelBox Of(VolumeGeometry geometry) => new(new(0, 0, 0), new(geometry.SizeI - 1, geometry.SizeJ - 1, geometry.SizeK - 1));

    /// <summary>Whether there is no voxel in it.</summary>
    public bool IsEmpty => Last.I < First.I || Last.J < First.J || Last.K < First.K;

    /// <summary>Voxels along the first axis; 0 or less for an empty box.</summary>
    public int SizeI => Last.I - First.I + 1;

    /// <summary>Voxels along the second axis; 0 or less for an empty box.</summary>
    public int SizeJ => Last.J - First.J + 1;

    /// <summary>Voxels along the third axis; 0 or less for an empty box.</summary>
    public int SizeK => Last.K - First.K + 1;

    /// <summary>The number of voxels.</summary>
    public long VoxelCount => IsEmpty ? 0 : checked((long)SizeI * SizeJ * SizeK);

    /// <summary>The smallest box around two.</summary>
    public VoxelBox Union(VoxelBox other) => IsEmpty ? other : other.IsEmpty ? this : new(
        new(Math.Min(First.I, other.First.I), Math.Min(First.J, other.First.J), Math.Min(First.K, other.First.K)),
        new(Math.Max(Last.I, other.Last.I), Math.Max(Last.J, other.Last.J), Math.Max(Last.K, other.Last.K)));

    /// <summary>What two boxes share; perhaps empty.</summary>
    public VoxelBox Intersect(VoxelBox other) => new(
        new(Math.Max(First.I, other.First.I), Math.Max(First.J, other.First.J), Math.Max(First.K, other.First.K)),
        new(Math.Min(Last.I, other.Last.I), Math.Min(Last.J, other.Last.J), Math.Min(Last.K, other.Last.K)));

    /// <summary>The box grown by some voxels on every side; an empty one stays empty.</summary>
    public VoxelBox Grow(int voxels) => IsEmpty ? this : new(
        new(First.I - voxels, First.J - voxels, First.K - voxels), new(Last.I + voxels, Last.J + voxels, Last.K + voxels));
}
