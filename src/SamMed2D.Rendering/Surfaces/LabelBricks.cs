using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.Surfaces;

/// <summary>
/// Which labels occur in every block of <see cref="BrickSize"/>³ voxels, with a fingerprint of where in the block. After an edit only the
/// blocks it touched are read again, and the fingerprints tell which labels have really changed there. No copy of the voxels is kept.
/// </summary>
internal sealed class LabelBricks
{
    /// <summary>Voxels along each side of a block.</summary>
    public const int BrickSize = 16;

    private static readonly ulong[] s_places = CreatePlaces();
    private readonly LabelMap _labels;
    private readonly int _countI, _countJ, _countK;
    private readonly (ushort Label, ulong Print)[][] _bricks;

    /// <summary>Knows of no label yet: the first <see cref="Update"/> should be of the whole grid.</summary>
    public LabelBricks(LabelMap labels)
    {
        _labels = labels;
        VolumeGeometry g = labels.Geometry;
        (_countI, _countJ, _countK) = (Count(g.SizeI), Count(g.SizeJ), Count(g.SizeK));
        _bricks = new (ushort, ulong)[checked(_countI * _countJ * _countK)][];
        Array.Fill(_bricks, []);
    }

    /// <summary>Reads the blocks that a box touches again.</summary>
    /// <param name="box">Where voxels may have changed.</param>
    /// <param name="changed">Gets the labels whose voxels have changed, those that are gone among them.</param>
    public void Update(VoxelBox box, HashSet<ushort> changed)
    {
        box = box.Intersect(VoxelBox.Of(_labels.Geometry));
        if (box.IsEmpty) return;
        int fromK = box.First.K / BrickSize, toK = box.Last.K / BrickSize;
        Parallel.For(fromK, toK + 1, () => new Dictionary<ushort, ulong>(), (k, _, prints) =>
        {
            for (int j = box.First.J / BrickSize; j <= box.Last.J / BrickSize; j++)
                for (int i = box.First.I / BrickSize; i <= box.Last.I / BrickSize; i++) UpdateBrick(i, j, k, prints, changed);
            return prints;
        }, _ => { });
    }

    /// <summary>A box around all voxels of some labels, up to a block larger than need be.</summary>
    public VoxelBox BoxAround(IReadOnlySet<ushort> labels)
    {
        VoxelBox box = VoxelBox.Empty;
        for (int n = 0; n < _bricks.Length; n++)
            foreach ((ushort label, _) in _bricks[n])
            {
                if (!labels.Contains(label)) continue;
                VoxelIndex first = new(n % _countI * BrickSize, n / _countI % _countJ * BrickSize, n / (_countI * _countJ) * BrickSize);
                box = box.Union(new(first, new(first.I + BrickSize - 1, first.J + BrickSize - 1, first.K + BrickSize - 1)));
                break;
            }
        return box.Intersect(VoxelBox.Of(_labels.Geometry));
    }

    private void UpdateBrick(int i, int j, int k, Dictionary<ushort, ulong> prints, HashSet<ushort> changed)
    {
        prints.Clear();
        Print(i * BrickSize, j * BrickSize, k * BrickSize, prints);
        ref (ushort Label, ulong Print)[] brick = ref _bricks[i + _countI * (j + _countJ * k)];
        if (brick.Length == 0 && prints.Count == 0) return;
        lock (changed)
        {
            foreach ((ushort label, ulong print) in brick)
                if (!prints.TryGetValue(label, out ulong now) || now != print) changed.Add(label);
            foreach (ushort label in prints.Keys)
                if (!Array.Exists(brick, known => known.Label == label)) changed.Add(label);
        }
        brick = [.. prints.Select(pair => (pair.Key, pair.Value))];
    }

    // Sums do not depend on the order, so runs of one label need one look-up.
    private void Print(int i0, int j0, int k0, Dictionary<ushort, ulong> prints)
    {
        VolumeGeometry g = _labels.Geometry;
        int width = Math.Min(BrickSize, g.SizeI - i0);
        for (int k = k0; k < Math.Min(k0 + BrickSize, g.SizeK); k++)
            for (int j = j0; j < Math.Min(j0 + BrickSize, g.SizeJ); j++)
            {
                ReadOnlySpan<ushort> row = _labels.Labels.Slice(checked((int)g.OffsetOf(new(i0, j, k))), width);
                if (!row.ContainsAnyExcept((ushort)0)) continue;
                ReadOnlySpan<ulong> places = s_places.AsSpan(((k - k0) * BrickSize + j - j0) * BrickSize, width);
                for (int n = 0; n < width;)
                {
                    ushort label = row[n];
                    ulong sum = 0;
                    for (; n < width && row[n] == label; n++) sum += places[n];
                    if (label == 0) continue;
                    prints.TryGetValue(label, out ulong before);
                    prints[label] = before + sum;
                }
            }
    }

    private static int Count(int size) => (size + BrickSize - 1) / BrickSize;

    // One odd number a place (S. Vigna's SplitMix64), so that different sets of places have different sums but for a chance of 2⁻⁶⁴.
    private static ulong[] CreatePlaces()
    {
        ulong[] places = new ulong[BrickSize * BrickSize * BrickSize];
        ulong state = 0;
        for (int n = 0; n < places.Length; n++)
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
            z = (z ^ z >> 27) * 0x94D049BB133111EB;
            places[n] = z ^ z >> 31 | 1;
        }
        return places;
    }
}
