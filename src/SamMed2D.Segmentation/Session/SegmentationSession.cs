using System.Collections.Immutable;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Session;

/// <summary>
/// A segmentation being worked on: the labels of one scan and their segments, prompts and records. The only writer of the labels, and the keeper of one
/// linear history over all of it. What it returns about segments is immutable; <see cref="Labels"/> shows the live voxels and must only be read.
/// One thread at a time; events are raised on the thread that made the change, after it.
/// </summary>
public sealed partial class SegmentationSession
{
    /// <summary>What the history may hold when nobody chose.</summary>
    public const long DefaultHistoryBytes = 256L << 20;

    private readonly LabelMap _voxels;
    private readonly LabelWriter _writer;
    private readonly UndoHistory _history;
    private readonly Dictionary<ushort, long> _revisions = [];
    private readonly Dictionary<ushort, (long Revision, VoxelBox Box)> _bounds = [];
    private SessionDocument _document;
    private LabelMap _labels;
    private SessionStep? _step;

    /// <summary>Starts from labels.</summary>
    /// <param name="volume">The scan; it stays the caller's.</param>
    /// <param name="labels">The label map on the scan's grid; it belongs to the session from here on. Labels that occur without a name get one.</param>
    /// <param name="historyBytes">The most that undo and redo keep; the oldest steps go first.</param>
    /// <exception cref="InvalidEditException">The label map is on another grid.</exception>
    public SegmentationSession(Volume volume, LabelMap labels, long historyBytes = DefaultHistoryBytes)
    {
        if (!labels.Geometry.IsSameGrid(volume.Geometry))
            throw new InvalidEditException($"the label map has a grid of {labels.Geometry}, or lies elsewhere, but the scan has {volume.Geometry}; resample it to the scan first");
        (Volume, _voxels, _history) = (volume, labels, new(historyBytes));
        _writer = new(labels);
        _document = new([.. SegmentsOf(labels, _writer.Counts)], [], null);
        _labels = Name(_document);
    }

    /// <summary>Starts from nothing.</summary>
    /// <param name="volume">The scan; it stays the caller's.</param>
    /// <param name="historyBytes">The most that undo and redo keep.</param>
    public SegmentationSession(Volume volume, long historyBytes = DefaultHistoryBytes) : this(volume, new LabelMap(volume.Geometry, []), historyBytes)
    {
    }

    /// <summary>The scan.</summary>
    public Volume Volume { get; }

    /// <summary>The grid of the scan and the labels.</summary>
    public VolumeGeometry Geometry => Volume.Geometry;

    /// <summary>The live labels with their names, to be read only; the object changes when a name or colour does, the voxels in place.</summary>
    public LabelMap Labels => _labels;

    /// <summary>The segments in the order shown; a snapshot.</summary>
    public ImmutableArray<SessionSegment> Segments => _document.Segments;

    /// <summary>Where edits may write. No part of the history.</summary>
    public EditRules Rules { get; set; } = new();

    /// <summary>Counts every change, undo and redo included; never goes back.</summary>
    public long Revision { get; private set; }

    /// <summary>The <see cref="Revision"/> of the last change of voxels.</summary>
    public long LabelsRevision { get; private set; }

    /// <summary>Raised after every change, every stamp of an open step included.</summary>
    public event EventHandler<SessionChangedEventArgs>? Changed;

    /// <summary>Raised for every step that goes into the history, and every undo and redo, before <see cref="Changed"/>: what a journal writes down.</summary>
    public event EventHandler<SessionChange>? Recorded;

    /// <summary>The segment of a label; null where there is none.</summary>
    public SessionSegment? Find(ushort label) => _document.Find(label);

    /// <summary>Number of voxels of a segment; kept, not counted.</summary>
    public long GetVoxelCount(ushort label) => _writer.Counts[label];

    /// <summary>The <see cref="Revision"/> at which a segment last lost or won voxels; 0 where it never did.</summary>
    public long GetRevision(ushort label) => _revisions.GetValueOrDefault(label);

    /// <summary>The smallest box round a segment's voxels; empty where it has none. Found by looking, and remembered until the segment changes.</summary>
    public VoxelBox GetBounds(ushort label)
    {
        if (_bounds.TryGetValue(label, out (long Revision, VoxelBox Box) known) && known.Revision == GetRevision(label)) return known.Box;
        VoxelBox box = GetVoxelCount(label) == 0 ? default : LabelBounds.Find(_voxels, label);
        _bounds[label] = (GetRevision(label), box);
        return box;
    }

    /// <summary>What the next <see cref="Undo"/> takes back; null where nothing.</summary>
    public string? UndoDescription => _history.LastDone?.Description;

    /// <summary>What the next <see cref="Redo"/> does again; null where nothing.</summary>
    public string? RedoDescription => _history.LastUndone?.Description;

    /// <summary>True where a step can be undone now.</summary>
    public bool CanUndo => _history.LastDone is not null && IsAtRest;

    /// <summary>True where a step can be done again now.</summary>
    public bool CanRedo => _history.LastUndone is not null && IsAtRest;

    /// <summary>True while no step is open and nothing is propagated: undo, redo and <see cref="SessionJournal.Begin"/> may be asked for.</summary>
    public bool IsAtRest => _step is null && !IsRunning;

    /// <summary>Steps that can be undone.</summary>
    public int UndoCount => _history.Count;

    /// <summary>What the history holds, in bytes.</summary>
    public long HistoryBytes => _history.SizeBytes;

    /// <summary>Takes back the last step, bit for bit.</summary>
    /// <returns>False where there is none.</returns>
    /// <exception cref="InvalidEditException">A step is open or a propagation runs.</exception>
    public bool Undo()
    {
        RequireFree("undo");
        if (_history.LastDone is null) return false;
        SessionChange change = _history.Undo();
        for (int n = change.Deltas.Length - 1; n >= 0; n--) change.Deltas[n].TryToggle(_voxels.MutableLabels, _writer.Counts);
        MoveTo(change.Before, change.Deltas, change.As(ChangeKind.Undone));
        return true;
    }

    /// <summary>Does the step last taken back again.</summary>
    /// <returns>False where there is none.</returns>
    /// <exception cref="InvalidEditException">A step is open or a propagation runs.</exception>
    public bool Redo()
    {
        RequireFree("redo");
        if (_history.LastUndone is null) return false;
        SessionChange change = _history.Redo();
        foreach (LabelDelta delta in change.Deltas) delta.TryToggle(_voxels.MutableLabels, _writer.Counts);
        MoveTo(change.After, change.Deltas, change.As(ChangeKind.Redone));
        return true;
    }

    /// <summary>Opens a step: all edits until it is committed are one action for undo and the journal. Views are told of each as it comes.</summary>
    /// <param name="description">The action in a few words.</param>
    /// <returns>The step; disposing it without a commit takes all of it back.</returns>
    /// <exception cref="InvalidEditException">A step is open already, or a propagation runs.</exception>
    public SessionStep BeginStep(string description)
    {
        RequireFree(description);
        return _step = new(this, description, _document);
    }

    internal void Commit(SessionStep step)
    {
        if (!ReferenceEquals(step, _step)) throw new InvalidOperationException("The step has ended already.");
        _step = null;
        if (step.Deltas.Count == 0 && ReferenceEquals(step.Before, _document)) return;
        Record(new(ChangeKind.Done, step.Description, step.Before, _document, [.. step.Deltas]));
        Raise(ChangedParts.History, default, []);
    }

    internal void RollBack(SessionStep step)
    {
        if (!ReferenceEquals(step, _step)) return;
        _step = null;
        for (int n = step.Deltas.Count - 1; n >= 0; n--) step.Deltas[n].TryToggle(_voxels.MutableLabels, _writer.Counts);
        MoveTo(step.Before, [.. step.Deltas], null);
    }

    /// <summary>Takes over a new state whose voxels are written already, as a step of its own or a part of the open one.</summary>
    private void Do(string description, SessionDocument after, LabelDelta? delta)
    {
        SessionDocument before = _document;
        if (ReferenceEquals(before, after) && delta is null) return;
        ImmutableArray<LabelDelta> deltas = delta is null ? [] : [delta];
        if (_step is null) Record(new(ChangeKind.Done, description, before, after, deltas));
        else _step.Deltas.AddRange(deltas);
        Show(after, deltas, _step is null ? ChangedParts.History : ChangedParts.None);
    }

    private void Record(SessionChange change)
    {
        _history.Push(change);
        Recorded?.Invoke(this, change);
    }

    private void MoveTo(SessionDocument document, ImmutableArray<LabelDelta> deltas, SessionChange? recorded)
    {
        if (recorded is not null) Recorded?.Invoke(this, recorded);
        Show(document, deltas, ChangedParts.History);
    }

    private void Show(SessionDocument document, ImmutableArray<LabelDelta> deltas, ChangedParts parts)
    {
        parts |= document.PartsNotIn(_document);
        _document = document;
        if ((parts & (ChangedParts.SegmentList | ChangedParts.Appearance)) != 0) _labels = Name(document);
        VoxelBox box = default;
        SortedSet<ushort> labels = [];
        foreach (LabelDelta delta in deltas)
        {
            box = box.Union(delta.Box);
            labels.UnionWith(delta.Labels);
        }
        Raise(deltas.Length > 0 ? parts | ChangedParts.Labels : parts, box, [.. labels]);
    }

    private void Raise(ChangedParts parts, VoxelBox box, IReadOnlyList<ushort> labels)
    {
        Revision++;
        if (parts.HasFlag(ChangedParts.Labels)) LabelsRevision = Revision;
        foreach (ushort label in labels) _revisions[label] = Revision;
        Changed?.Invoke(this, new(parts, box, labels));
    }

    private void RequireFree(string action)
    {
        if (_step is not null) throw new InvalidEditException($"cannot {Lower(action)} while '{_step.Description}' is under way; finish or cancel it first");
        RequireIdle(action);
    }

    private void RequireIdle(string action)
    {
        if (IsRunning) throw new InvalidEditException($"cannot {Lower(action)} while segments are propagated; wait for the end or cancel it");
    }

    private static string Lower(string text) => text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];

    private LabelMap Name(SessionDocument document) => _voxels.With([.. document.Segments.Select(s => s.Segment)]);

    private static IEnumerable<SessionSegment> SegmentsOf(LabelMap labels, long[] counts)
    {
        SliceAxis axis = labels.Geometry.NaturalSliceAxis;
        foreach (Segment segment in labels.AllSegments())
            yield return new(segment, axis) { Status = counts[segment.Label] > 0 ? SegmentStatus.InProgress : SegmentStatus.NotStarted };
    }
}
