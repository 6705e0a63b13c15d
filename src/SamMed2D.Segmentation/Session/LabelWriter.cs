using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;

namespace SamMed2D.Segmentation.Session;

/// <summary>Writes edits into the labels, row by row, and notes what changed. Allocates only what undo keeps.</summary>
internal sealed class LabelWriter
{
    private readonly LabelMap _labels;
    private readonly LabelDeltaBuilder _builder;
    private readonly ushort[] _row;
    private readonly byte[] _inside;
    private readonly bool[] _mayOverwrite = new bool[ushort.MaxValue + 1], _mayBecome = new bool[ushort.MaxValue + 1];

    public LabelWriter(LabelMap labels)
    {
        _labels = labels;
        _builder = new(Counts);
        (_row, _inside) = (new ushort[labels.Geometry.SizeI], new byte[labels.Geometry.SizeI]);
        foreach (ushort label in labels.Labels) Counts[label]++;
    }

    /// <summary>Voxels of each label, the background too.</summary>
    public long[] Counts { get; } = new long[ushort.MaxValue + 1];

    /// <summary>Does to one segment what a mask says.</summary>
    /// <param name="label">The segment, not protected.</param>
    /// <param name="mask">The mask.</param>
    /// <param name="mode">What it does.</param>
    /// <param name="document">The segments, for what may be overwritten.</param>
    /// <param name="rules">What may be overwritten.</param>
    /// <param name="gate">The intensities that may be edited; null for all.</param>
    public LabelDelta? Apply(ushort label, VoxelMask mask, MaskMode mode, SessionDocument document, EditRules rules, IntensityGate? gate)
    {
        FindOverwritable(document, rules);
        VoxelBox box = mask.Box;
        Span<ushort> wanted = _row.AsSpan(0, box.SizeI);
        for (int k = box.K0; k < box.K1; k++)
            for (int j = box.J0; j < box.J1; j++)
            {
                ReadOnlySpan<byte> marks = mask.Row(j, k);
                if (mode != MaskMode.Replace && !marks.ContainsAnyExcept((byte)0)) continue;
                long offset = _labels.Geometry.OffsetOf(new(box.I0, j, k));
                Span<ushort> row = _labels.MutableLabels.Slice(checked((int)offset), box.SizeI);
                ReadOnlySpan<byte> inside = Inside(offset, box.SizeI, gate);
                switch (mode)
                {
                    case MaskMode.Add: Add(label, marks, inside, row, wanted); break;
                    case MaskMode.Remove: Remove(label, marks, inside, row, wanted); break;
                    default: Replace(label, marks, inside, row, wanted); break;
                }
                _builder.Write(offset, new(box.I0, j, k), row, wanted);
            }
        return _builder.Take();
    }

    /// <summary>Writes a patch, where what is there may be overwritten and the new label is a segment that is not protected, or none.</summary>
    public LabelDelta? Apply(LabelPatch patch, SessionDocument document, EditRules rules, IntensityGate? gate)
    {
        FindOverwritable(document, rules);
        Array.Clear(_mayBecome);
        _mayBecome[0] = true;
        foreach (SessionSegment segment in document.Segments) _mayBecome[segment.Label] = !segment.IsProtected;
        // A segment's own voxels may always become background: that is no drawing over.
        bool mayEmpty = rules.Over is DrawOver.Unlocked or DrawOver.Visible or DrawOver.Empty;
        VoxelBox box = patch.Box;
        Span<ushort> wanted = _row.AsSpan(0, box.SizeI);
        for (int k = box.K0; k < box.K1; k++)
            for (int j = box.J0; j < box.J1; j++)
            {
                ReadOnlySpan<ushort> asked = patch.Row(j, k);
                long offset = _labels.Geometry.OffsetOf(new(box.I0, j, k));
                Span<ushort> row = _labels.MutableLabels.Slice(checked((int)offset), box.SizeI);
                ReadOnlySpan<byte> inside = Inside(offset, box.SizeI, gate);
                for (int i = 0; i < wanted.Length; i++)
                {
                    (ushort old, ushort now) = (row[i], asked[i]);
                    bool may = now == 0 ? _mayBecome[old] && (mayEmpty || _mayOverwrite[old]) : _mayOverwrite[old] && _mayBecome[now];
                    wanted[i] = may && inside[i] != 0 ? now : old;
                }
                _builder.Write(offset, new(box.I0, j, k), row, wanted);
            }
        return _builder.Take();
    }

    /// <summary>Takes every voxel from a segment.</summary>
    public LabelDelta? Clear(ushort label)
    {
        if (Counts[label] == 0) return null;
        VolumeGeometry grid = _labels.Geometry;
        for (int k = 0; k < grid.SizeK; k++)
            for (int j = 0; j < grid.SizeJ; j++)
            {
                long offset = grid.OffsetOf(new(0, j, k));
                Span<ushort> row = _labels.MutableLabels.Slice(checked((int)offset), grid.SizeI);
                if (!row.Contains(label)) continue;
                row.Replace(_row, label, (ushort)0);
                _builder.Write(offset, new(0, j, k), row, _row);
            }
        return _builder.Take();
    }

    /// <summary>Makes the labels those of another map of the same grid, whatever the rules.</summary>
    public LabelDelta? Become(ReadOnlySpan<ushort> labels)
    {
        VolumeGeometry grid = _labels.Geometry;
        for (int k = 0; k < grid.SizeK; k++)
            for (int j = 0; j < grid.SizeJ; j++)
            {
                long offset = grid.OffsetOf(new(0, j, k));
                _builder.Write(offset, new(0, j, k), _labels.MutableLabels.Slice(checked((int)offset), grid.SizeI), labels.Slice((int)offset, grid.SizeI));
            }
        return _builder.Take();
    }

    private void Add(ushort label, ReadOnlySpan<byte> marks, ReadOnlySpan<byte> inside, ReadOnlySpan<ushort> row, Span<ushort> wanted)
    {
        for (int i = 0; i < row.Length; i++) wanted[i] = (marks[i] & inside[i]) != 0 && _mayOverwrite[row[i]] ? label : row[i];
    }

    private static void Remove(ushort label, ReadOnlySpan<byte> marks, ReadOnlySpan<byte> inside, ReadOnlySpan<ushort> row, Span<ushort> wanted)
    {
        for (int i = 0; i < row.Length; i++) wanted[i] = (marks[i] & inside[i]) != 0 && row[i] == label ? (ushort)0 : row[i];
    }

    private void Replace(ushort label, ReadOnlySpan<byte> marks, ReadOnlySpan<byte> inside, ReadOnlySpan<ushort> row, Span<ushort> wanted)
    {
        for (int i = 0; i < row.Length; i++)
        {
            ushort old = row[i];
            wanted[i] = inside[i] == 0 ? old : marks[i] == 0 ? (old == label ? (ushort)0 : old) : _mayOverwrite[old] ? label : old;
        }
    }

    private ReadOnlySpan<byte> Inside(long offset, int count, IntensityGate? gate)
    {
        Span<byte> inside = _inside.AsSpan(0, count);
        if (gate is null) inside.Fill(1);
        else gate.Fill(offset, inside);
        return inside;
    }

    private void FindOverwritable(SessionDocument document, EditRules rules)
    {
        Array.Clear(_mayOverwrite);
        _mayOverwrite[0] = rules.Over != DrawOver.OneSegment;
        foreach (SessionSegment segment in document.Segments)
            _mayOverwrite[segment.Label] = !segment.IsProtected && rules.Over switch
            {
                DrawOver.Unlocked => true,
                DrawOver.Visible => segment.IsVisible,
                DrawOver.OneSegment => segment.Label == rules.OverSegment,
                _ => false,
            };
    }
}
