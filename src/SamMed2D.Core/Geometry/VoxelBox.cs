namespace SamMed2D.Core.Geometry;

/// <summary>A half-open box of voxels: i from <paramref name="I0"/> to before <paramref name="I1"/>, likewise j and k. The default is empty.</summary>
/// <param name="I0">First index along the first axis.</param>
/// <param name="J0">First index along the second axis.</param>
/// <param name="K0">First index along the third axis.</param>
/// <param name="I1">One past the last index along the first axis.</param>
/// <param name="J1">One past the last index along the second axis.</param>
/// <param name="K1">One past the last index along the third axis.</param>
public readonly record struct VoxelBox(int I0, int J0, int K0, int I1, int J1, int K1)
{
    /// <summary>Creates a box from its first and last voxel, both inside.</summary>
    /// <param name="first">The lowest index along each axis.</param>
    /// <param name="last">The highest index along each axis.</param>
    public VoxelBox(VoxelIndex first, VoxelIndex last) : this(first.I, first.J, first.K, last.I + 1, last.J + 1, last.K + 1)
    {
    }

    /// <summary>A box without voxels, which adds nothing to a <see cref="Union"/>; the default.</summary>
    public static VoxelBox Empty => default;

    /// <summary>The lowest index along each axis.</summary>
    public VoxelIndex First => new(I0, J0, K0);

    /// <summary>The highest index along each axis, inside the box; lower than <see cref="First"/> for a box without voxels.</summary>
    public VoxelIndex Last => new(I1 - 1, J1 - 1, K1 - 1);

    /// <summary>Voxels along the first axis.</summary>
    public int SizeI => I1 - I0;

    /// <summary>Voxels along the second axis.</summary>
    public int SizeJ => J1 - J0;

    /// <summary>Voxels along the third axis.</summary>
    public int SizeK => K1 - K0;

    /// <summary>True where it holds no voxel.</summary>
    public bool IsEmpty => I1 <= I0 || J1 <= J0 || K1 <= K0;

    /// <summary>The number of voxels.</summary>
    public long VoxelCount => IsEmpty ? 0 : checked((long)SizeI * SizeJ * SizeK);

    /// <summary>The first index along an axis.</summary>
    public int Start(SliceAxis axis) => axis switch { SliceAxis.I => I0, SliceAxis.J => J0, _ => K0 };

    /// <summary>One past the last index along an axis.</summary>
    public int End(SliceAxis axis) => axis switch { SliceAxis.I => I1, SliceAxis.J => J1, _ => K1 };

    /// <summary>Voxels along an axis.</summary>
    public int Size(SliceAxis axis) => End(axis) - Start(axis);

    /// <summary>True when the voxel lies within.</summary>
    public bool Contains(VoxelIndex index) => index.I >= I0 && index.I < I1 && index.J >= J0 && index.J < J1 && index.K >= K0 && index.K < K1;

    /// <summary>What both boxes hold; empty where they do not meet.</summary>
    public VoxelBox Intersect(VoxelBox other)
    {
        VoxelBox both = new(Math.Max(I0, other.I0), Math.Max(J0, other.J0), Math.Max(K0, other.K0), Math.Min(I1, other.I1), Math.Min(J1, other.J1), Math.Min(K1, other.K1));
        return both.IsEmpty ? default : both;
    }

    /// <summary>The smallest box that holds both; an empty box adds nothing.</summary>
    public VoxelBox Union(VoxelBox other) => IsEmpty ? other : other.IsEmpty ? this : new(
        Math.Min(I0, other.I0), Math.Min(J0, other.J0), Math.Min(K0, other.K0), Math.Max(I1, other.I1), Math.Max(J1, other.J1), Math.Max(K1, other.K1));

    /// <summary>The box with so many more voxels on both sides of each axis; an empty one stays empty.</summary>
    public VoxelBox Grow(int i, int j, int k) => IsEmpty ? default : new(I0 - i, J0 - j, K0 - k, I1 + i, J1 + j, K1 + k);

    /// <summary>The box with so many more voxels on every side; an empty one stays empty.</summary>
    public VoxelBox Grow(int voxels) => Grow(voxels, voxels, voxels);

    /// <summary>The whole grid.</summary>
    public static VoxelBox Of(VolumeGeometry geometry) => new(0, 0, 0, geometry.SizeI, geometry.SizeJ, geometry.SizeK);

    /// <summary>One slice of a grid.</summary>
    /// <param name="geometry">The grid.</param>
    /// <param name="axis">The axis along which slices run.</param>
    /// <param name="slice">Its index.</param>
    public static VoxelBox OfSlice(VolumeGeometry geometry, SliceAxis axis, int slice) => Of(geometry).Intersect(axis switch
    {
        SliceAxis.I => new(slice, 0, 0, slice + 1, int.MaxValue, int.MaxValue),
        SliceAxis.J => new(0, slice, 0, int.MaxValue, slice + 1, int.MaxValue),
        _ => new(0, 0, slice, int.MaxValue, int.MaxValue, slice + 1),
    });
}
