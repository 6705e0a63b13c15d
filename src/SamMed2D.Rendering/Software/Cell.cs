using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SamMed2D.Rendering.Software;

/// <summary>The voxels of a volume in memory, pinned by whoever made this.</summary>
/// <param name="voxels">The first voxel.</param>
/// <param name="sizeI">Voxels along the first axis.</param>
/// <param name="sizeJ">Voxels along the second axis.</param>
/// <param name="sizeK">Voxels along the third axis.</param>
internal readonly unsafe struct VoxelGrid(void* voxels, int sizeI, int sizeJ, int sizeK)
{
    public readonly void* Voxels = voxels;
    public readonly int SizeI = sizeI, SizeJ = sizeJ, SizeK = sizeK, Count = checked(sizeI * sizeJ * sizeK);
}

/// <summary>The eight voxels around each sample, and the value between them.</summary>
internal readonly unsafe ref struct Cell<TPairs> where TPairs : IVoxelPairs
{
    private readonly Vector256<int> _i, _j, _k, _offset;
    private readonly PairWeights _weights;
    private readonly Vector256<float> _v, _w, _row00, _row10, _row01, _row11;

    /// <summary>The values, on the scale of the voxel pairs.</summary>
    public readonly Vector256<float> Mixed;

    /// <summary>Reads the voxels around places, which may lie outside the grid: its outermost voxels go on there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Cell(in VoxelGrid grid, Vector256<float> x, Vector256<float> y, Vector256<float> z)
    {
        _i = Low(ref x, grid.SizeI);
        _j = Low(ref y, grid.SizeJ);
        _k = Low(ref z, grid.SizeK);
        (_v, _w, _weights) = (y, z, new(x));
        _offset = (_k * grid.SizeJ + _j) * grid.SizeI + _i;
        // An axis of one voxel has no next one: it is its own neighbour.
        int up = grid.SizeJ > 1 ? grid.SizeI : 0, over = grid.SizeK > 1 ? grid.SizeI * grid.SizeJ : 0;
        _row00 = TPairs.Mix(grid.Voxels, grid.Count, _offset, _weights);
        _row10 = TPairs.Mix(grid.Voxels, grid.Count, _offset + Vector256.Create(up), _weights);
        _row01 = TPairs.Mix(grid.Voxels, grid.Count, _offset + Vector256.Create(over), _weights);
        _row11 = TPairs.Mix(grid.Voxels, grid.Count, _offset + Vector256.Create(up + over), _weights);
        Mixed = Lanes.Mix(Lanes.Mix(_row00, _row10, _v), Lanes.Mix(_row01, _row11, _v), _w);
    }

    /// <summary>Central differences over two voxels, mixed like the values; by index, on a scale of their own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Gradient(in VoxelGrid grid, out Vector256<float> alongI, out Vector256<float> alongJ, out Vector256<float> alongK)
    {
        int up = grid.SizeJ > 1 ? grid.SizeI : 0, over = grid.SizeK > 1 ? grid.SizeI * grid.SizeJ : 0;
        // One voxel on and one back; in the outermost cells, where there is none, half as far.
        Vector256<int> after = _offset - Vector256.LessThan(_i, Vector256.Create(grid.SizeI - 2)), before = _offset + Vector256.GreaterThan(_i, Vector256<int>.Zero);
        Vector256<float> slope00 = Row(grid, after) - Row(grid, before);
        Vector256<float> slope10 = Row(grid, after + Vector256.Create(up)) - Row(grid, before + Vector256.Create(up));
        Vector256<float> slope01 = Row(grid, after + Vector256.Create(over)) - Row(grid, before + Vector256.Create(over));
        Vector256<float> slope11 = Row(grid, after + Vector256.Create(up + over)) - Row(grid, before + Vector256.Create(up + over));
        alongI = Lanes.Mix(Lanes.Mix(slope00, slope10, _v), Lanes.Mix(slope01, slope11, _v), _w);

        Vector256<int> down = _offset - (Vector256.GreaterThan(_j, Vector256<int>.Zero) & Vector256.Create(up));
        Vector256<int> further = _offset + Vector256.Create(up) + (Vector256.LessThan(_j, Vector256.Create(grid.SizeJ - 2)) & Vector256.Create(up));
        Vector256<float> low = Lanes.Mix(_row10 - Row(grid, down), Row(grid, further) - _row00, _v);
        Vector256<float> high = Lanes.Mix(_row11 - Row(grid, down + Vector256.Create(over)), Row(grid, further + Vector256.Create(over)) - _row01, _v);
        alongJ = Lanes.Mix(low, high, _w);

        Vector256<int> under = _offset - (Vector256.GreaterThan(_k, Vector256<int>.Zero) & Vector256.Create(over));
        Vector256<int> beyond = _offset + Vector256.Create(over) + (Vector256.LessThan(_k, Vector256.Create(grid.SizeK - 2)) & Vector256.Create(over));
        Vector256<float> near = Lanes.Mix(_row01 - Row(grid, under), Row(grid, beyond) - _row00, _w);
        Vector256<float> far = Lanes.Mix(_row11 - Row(grid, under + Vector256.Create(up)), Row(grid, beyond + Vector256.Create(up)) - _row10, _w);
        alongK = Lanes.Mix(near, far, _v);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> Row(in VoxelGrid grid, Vector256<int> offset) => TPairs.Mix(grid.Voxels, grid.Count, offset, _weights);

    // The lower of the two voxels around a place, which is moved into the grid and left with its distance from there.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Low(ref Vector256<float> place, int size)
    {
        place = Lanes.Min(Lanes.Max(place, Vector256<float>.Zero), Vector256.Create(size - 1f));
        Vector256<int> low = Lanes.Truncate(Lanes.Min(place, Vector256.Create(MathF.Max(size - 2, 0))));
        place -= Lanes.ToFloat(low);
        return low;
    }
}
