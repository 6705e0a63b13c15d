using SamMed2D.Core.Geometry;

namespace SamMed2D.Segmentation.Session;

/// <summary>
/// What an edit did to the labels: old XOR new of the changed voxels, run-length coded, so that one array serves undo and redo alike.
/// The code is, for each run, three numbers of 7 bits a byte, low first: voxels skipped since the last run, voxels of the run less one, the XOR value.
/// </summary>
internal sealed class LabelDelta(VoxelBox box, long changed, ushort[] labels, byte[] runs)
{
    /// <summary>The smallest box round the changed voxels.</summary>
    public VoxelBox Box { get; } = box;

    /// <summary>Number of changed voxels.</summary>
    public long Changed { get; } = changed;

    /// <summary>The labels that lost or won voxels, rising, without the background.</summary>
    public ushort[] Labels { get; } = labels;

    public byte[] Runs { get; } = runs;

    public long SizeBytes => 96 + Runs.Length + 2L * Labels.Length;

    /// <summary>Applies the change, or takes it back.</summary>
    /// <param name="voxels">The whole label map.</param>
    /// <param name="counts">Voxels of each label, kept up to date.</param>
    /// <returns>False where the runs leave the label map (a damaged journal); it is then changed in part.</returns>
    public bool TryToggle(Span<ushort> voxels, long[] counts)
    {
        ReadOnlySpan<byte> runs = Runs;
        long at = 0;
        while (runs.Length > 0)
        {
            if (!Varint.TryRead(ref runs, out ulong skip) || !Varint.TryRead(ref runs, out ulong more) || !Varint.TryRead(ref runs, out ulong xor)) return false;
            if (skip > (ulong)voxels.Length || more >= (ulong)voxels.Length || xor is 0 or > ushort.MaxValue) return false;
            at += (long)skip;
            long end = at + (long)more + 1;
            if (end > voxels.Length) return false;
            for (; at < end; at++)
            {
                ref ushort voxel = ref voxels[(int)at];
                counts[voxel]--;
                voxel ^= (ushort)xor;
                counts[voxel]++;
            }
        }
        return true;
    }
}

/// <summary>Collects changed voxels by rising offset. Reused from edit to edit.</summary>
internal sealed class LabelDeltaBuilder(long[] counts)
{
    private readonly List<byte> _runs = [];
    private readonly SortedSet<ushort> _labels = [];
    private VoxelBox _box;
    private long _coded, _runStart, _changed;
    private int _runLength, _runXor;
    private ushort _lastOld, _lastNew;

    /// <summary>Compares a row with what it is to become, writes it, and notes what changed.</summary>
    /// <param name="offset">The first voxel of the row in the voxel array; rows come by rising offset.</param>
    /// <param name="index">The same voxel's index.</param>
    /// <param name="voxels">The row, to be written.</param>
    /// <param name="wanted">What it is to become.</param>
    public void Write(long offset, VoxelIndex index, Span<ushort> voxels, ReadOnlySpan<ushort> wanted)
    {
        int first = voxels.CommonPrefixLength(wanted);
        if (first == voxels.Length) return;
        int last = first;
        for (int n = first; n < voxels.Length; n++)
        {
            if (voxels[n] == wanted[n]) continue;
            last = n;
            Note(offset + n, voxels[n], wanted[n]);
        }
        _box = _box.Union(new(index.I + first, index.J, index.K, index.I + last + 1, index.J + 1, index.K + 1));
        wanted[first..(last + 1)].CopyTo(voxels[first..(last + 1)]);
    }

    /// <summary>What was collected; null where nothing changed. The builder starts anew.</summary>
    public LabelDelta? Take()
    {
        if (_changed == 0) return null;
        CloseRun();
        LabelDelta delta = new(_box, _changed, [.. _labels], [.. _runs]);
        _runs.Clear();
        _labels.Clear();
        (_box, _coded, _runLength, _changed, _lastOld, _lastNew) = (default, 0, 0, 0, 0, 0);
        return delta;
    }

    private void Note(long at, ushort old, ushort now)
    {
        counts[old]--;
        counts[now]++;
        _changed++;
        if (old != _lastOld || now != _lastNew)
        {
            if (old != 0) _labels.Add(old);
            if (now != 0) _labels.Add(now);
            (_lastOld, _lastNew) = (old, now);
        }
        int xor = old ^ now;
        if (_runLength > 0 && xor == _runXor && at == _runStart + _runLength)
        {
            _runLength++;
            return;
        }
        CloseRun();
        (_runStart, _runLength, _runXor) = (at, 1, xor);
    }

    private void CloseRun()
    {
        if (_runLength == 0) return;
        Varint.Write(_runs, (ulong)(_runStart - _coded));
        Varint.Write(_runs, (ulong)(_runLength - 1));
        Varint.Write(_runs, (ulong)_runXor);
        _coded = _runStart + _runLength;
        _runLength = 0;
    }
}

/// <summary>Whole numbers of 7 bits a byte, low first; the high bit says that more follow.</summary>
internal static class Varint
{
    public static void Write(List<byte> to, ulong number)
    {
        for (; number >= 0x80; number >>= 7) to.Add((byte)(number | 0x80));
        to.Add((byte)number);
    }

    public static bool TryRead(ref ReadOnlySpan<byte> from, out ulong number)
    {
        number = 0;
        for (int n = 0; n < from.Length && n < 10; n++)
        {
            number |= (ulong)(from[n] & 0x7f) << (7 * n);
            if (from[n] >= 0x80) continue;
            from = from[(n + 1)..];
            return true;
        }
        return false;
    }
}
