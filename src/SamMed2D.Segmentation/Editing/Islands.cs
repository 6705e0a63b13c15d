using SamMed2D.Core.Geometry;

namespace SamMed2D.Segmentation.Editing;

/// <summary>
/// The connected pieces of a mask, voxels being neighbours through faces. Found run by run with a union of runs, so that cost follows the mask's rows.
/// Masks that it gives cover the box of the mask that was looked at, so that <see cref="MaskMode.Replace"/> removes the rest.
/// </summary>
public sealed class Islands
{
    private readonly VoxelMask _mask;
    private readonly List<Run> _runs = [];
    private readonly int[] _pieceOfRun;
    private readonly long[] _sizes;

    /// <summary>Finds the pieces.</summary>
    /// <param name="mask">The mask; it stays the caller's and unchanged while the pieces are asked for.</param>
    public Islands(VoxelMask mask)
    {
        _mask = mask;
        VoxelBox box = mask.Box;
        int[] rows = new int[checked(box.SizeJ * box.SizeK + 1)]; // where each row's runs start
        for (int k = box.K0, row = 0; k < box.K1; k++)
            for (int j = box.J0; j < box.J1; j++, row++)
            {
                rows[row] = _runs.Count;
                AddRuns(mask.Row(j, k), j, k);
            }
        rows[^1] = _runs.Count;
        int[] parents = new int[_runs.Count];
        for (int n = 0; n < parents.Length; n++) parents[n] = n;
        for (int row = 0; row < rows.Length - 1; row++)
        {
            if (row % box.SizeJ > 0) Join(parents, rows, row, row - 1);
            if (row >= box.SizeJ) Join(parents, rows, row, row - box.SizeJ);
        }
        (_pieceOfRun, _sizes) = Rank(parents);
    }

    /// <summary>The number of pieces.</summary>
    public int Count => _sizes.Length;

    /// <summary>The voxels of each piece, the largest first; of equals the one that comes first in memory.</summary>
    public IReadOnlyList<long> Sizes => _sizes;

    /// <summary>One piece.</summary>
    /// <param name="number">Its place among <see cref="Sizes"/>.</param>
    public VoxelMask Piece(int number) => Keep(number, number + 1);

    /// <summary>The largest piece.</summary>
    public VoxelMask Largest() => Keep(0, 1);

    /// <summary>All pieces that have at least so many voxels.</summary>
    public VoxelMask AtLeast(long voxels) => Keep(0, Array.FindIndex(_sizes, s => s < voxels) is var first and >= 0 ? first : _sizes.Length);

    /// <summary>The number of the piece that holds a voxel; null where none does.</summary>
    public int? At(VoxelIndex index)
    {
        for (int n = 0; n < _runs.Count; n++)
            if (_runs[n].J == index.J && _runs[n].K == index.K && index.I >= _runs[n].I0 && index.I < _runs[n].I1) return _pieceOfRun[n];
        return null;
    }

    private VoxelMask Keep(int first, int end)
    {
        VoxelMask kept = new(_mask.Geometry, _mask.Box);
        for (int n = 0; n < _runs.Count; n++)
            if (_pieceOfRun[n] >= first && _pieceOfRun[n] < end) kept.Row(_runs[n].J, _runs[n].K)[(_runs[n].I0 - _mask.Box.I0)..(_runs[n].I1 - _mask.Box.I0)].Fill(1);
        return kept;
    }

    private void AddRuns(ReadOnlySpan<byte> row, int j, int k)
    {
        for (int i = 0; i < row.Length;)
        {
            int skip = row[i..].IndexOfAnyExcept((byte)0);
            if (skip < 0) return;
            int start = i + skip, length = row[start..].IndexOf((byte)0);
            i = length < 0 ? row.Length : start + length;
            _runs.Add(new(_mask.Box.I0 + start, _mask.Box.I0 + i, j, k));
        }
    }

    private void Join(int[] parents, int[] rows, int row, int other)
    {
        for (int a = rows[row], b = rows[other]; a < rows[row + 1] && b < rows[other + 1];)
        {
            (Run x, Run y) = (_runs[a], _runs[b]);
            if (x.I0 < y.I1 && y.I0 < x.I1)
            {
                (int first, int second) = (Root(parents, a), Root(parents, b));
                parents[Math.Max(first, second)] = Math.Min(first, second);
            }
            if (x.I1 < y.I1) a++;
            else b++;
        }
    }

    private static int Root(int[] parents, int n)
    {
        while (parents[n] != n) n = parents[n] = parents[parents[n]];
        return n;
    }

    private (int[] PieceOfRun, long[] Sizes) Rank(int[] parents)
    {
        long[] sizes = new long[parents.Length];
        for (int n = 0; n < parents.Length; n++) sizes[Root(parents, n)] += _runs[n].I1 - _runs[n].I0;
        int[] roots = [.. Enumerable.Range(0, parents.Length).Where(n => parents[n] == n).OrderByDescending(n => sizes[n])];
        int[] rank = new int[parents.Length], pieces = new int[parents.Length];
        for (int n = 0; n < roots.Length; n++) rank[roots[n]] = n;
        for (int n = 0; n < parents.Length; n++) pieces[n] = rank[Root(parents, n)];
        return (pieces, [.. roots.Select(r => sizes[r])]);
    }

    private readonly record struct Run(int I0, int I1, int J, int K);
}
