using System.Collections.Immutable;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Session;

// What the journal needs.
public sealed partial class SegmentationSession
{
    /// <summary>The most that undo and redo keep, in bytes.</summary>
    public long HistoryLimitBytes => _history.LimitBytes;

    /// <summary>The whole session as one change of an empty one.</summary>
    internal SessionChange ToChange()
    {
        RequireFree("begin a journal");
        LabelDeltaBuilder builder = new(new long[ushort.MaxValue + 1]);
        ushort[] row = new ushort[Geometry.SizeI];
        for (int k = 0; k < Geometry.SizeK; k++)
            for (int j = 0; j < Geometry.SizeJ; j++)
            {
                Array.Clear(row);
                long offset = Geometry.OffsetOf(new(0, j, k));
                builder.Write(offset, new(0, j, k), row, _voxels.Labels.Slice(checked((int)offset), row.Length));
            }
        return new(ChangeKind.Done, "Start", SessionDocument.Empty, _document, builder.Take() is { } delta ? [delta] : []);
    }

    /// <summary>Becomes what a journal's first change says.</summary>
    internal bool TryStartFrom(RecordNode record, ImmutableArray<LabelDelta> labels)
    {
        if (!SessionJson.TryReadChange(record, Geometry, SessionDocument.Empty, out _, out _, out SessionDocument document) || !TryToggle(labels)) return false;
        (_document, _labels) = (document, Name(document));
        return true;
    }

    /// <summary>Does what a journal's record says.</summary>
    internal bool TryReplay(RecordNode record, ImmutableArray<LabelDelta> deltas)
    {
        if (!SessionJson.TryReadChange(record, Geometry, _document, out ChangeKind kind, out string description, out SessionDocument after)) return false;
        if (kind == ChangeKind.Undone) return Undo();
        if (kind == ChangeKind.Redone) return Redo();
        if (!TryToggle(deltas)) return false;
        if (SessionJson.EndsHistory(record)) _history.Clear();
        else Record(new(ChangeKind.Done, description, _document, after, deltas));
        Show(after, deltas, ChangedParts.History);
        return true;
    }

    private bool TryToggle(ImmutableArray<LabelDelta> deltas)
    {
        foreach (LabelDelta delta in deltas)
            if (!delta.TryToggle(_voxels.MutableLabels, _writer.Counts)) return false;
        return true;
    }
}
