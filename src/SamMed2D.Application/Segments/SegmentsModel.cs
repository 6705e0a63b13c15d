using SamMed2D.Application.Scans;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Segments;

/// <summary>The labels of one scan as the viewer works on them: the session, the segment in hand, and what views need to show them.</summary>
public sealed class SegmentsModel
{
    private readonly Workspace _workspace;
    private LabelMap? _drawn;
    private LabelChanges _changes = new();
    private Dictionary<ushort, SegmentLook> _looks = [];

    internal SegmentsModel(Workspace workspace) => _workspace = workspace;

    /// <summary>The labels and their history; null while no scan is open.</summary>
    public SegmentationSession? Session { get; private set; }

    /// <summary>The scan that the labels belong to; null while none is open.</summary>
    public ScanLayer? Scan { get; private set; }

    /// <summary>The label of the segment that prompts and edits go to; null for none.</summary>
    public ushort? ActiveLabel { get; private set; }

    /// <summary>The segment that prompts and edits go to; null for none.</summary>
    public SessionSegment? Active => ActiveLabel is { } label ? Session?.Find(label) : null;

    /// <summary>Whether views show the labels.</summary>
    public bool AreShown { get; internal set; } = true;

    /// <summary>True where something was done that no project and no autosave file other than the journal holds.</summary>
    public bool HasUnsavedWork { get; private set; }

    /// <summary>What a background job is doing to the labels, so that nothing else may; null while they are free.</summary>
    public string? Busy { get; internal set; }

    /// <summary>The surfaces of the segments, as far as they are made.</summary>
    public SegmentSurfaces? Surfaces { get; private set; }

    /// <summary>The labels as slices show them; null where there are none.</summary>
    internal LabelLayer? Layer => AreShown && _drawn is { } labels
        ? new(labels)
        {
            Looks = _looks,
            FillOpacity = _workspace.Settings.Current.FillOpacity,
            OutlineOpacity = _workspace.Settings.Current.AreOutlinesShown ? 1 : 0,
            Revision = _changes.Revision,
            Changes = _changes,
        }
        : null;

    /// <summary>The volume of a segment, in millilitres.</summary>
    public double VolumeMl(ushort label) => Session is { } session ? session.GetVoxelCount(label) * session.Geometry.VoxelVolumeMm3 / 1000 : 0;

    /// <summary>How a segment looks in 3D.</summary>
    internal SegmentLook LookOf(ushort label) => _looks.GetValueOrDefault(label, new(RgbColor.ForLabel(label)));

    /// <summary>The segment at a place; null for none.</summary>
    internal Segment? At(RasPoint place)
    {
        if (!AreShown || Session is not { } session) return null;
        VoxelIndex voxel = session.Geometry.IndexToRas.RasToIndex(place).ToNearest();
        if (!session.Geometry.Contains(voxel)) return null;
        ushort label = session.Labels.Labels[checked((int)session.Geometry.OffsetOf(voxel))];
        return label == 0 || session.Find(label) is not { IsVisible: true } segment ? null : segment.Segment;
    }

    /// <summary>Begins to work on a scan's labels, new or from a file.</summary>
    internal void Start(ScanLayer scan, SegmentationSession session)
    {
        Stop();
        (Scan, Session, _drawn, _changes, HasUnsavedWork) = (scan, session, session.Labels, new(), false);
        Surfaces = new(_workspace, session.Labels, _changes);
        session.Changed += TakeOver;
        session.Recorded += MarkUnsaved;
        ActiveLabel = session.Segments.IsEmpty ? null : session.Segments[0].Label;
        UpdateLooks();
    }

    /// <summary>Drops the labels.</summary>
    internal void Stop()
    {
        if (Session is { } session)
        {
            session.Changed -= TakeOver;
            session.Recorded -= MarkUnsaved;
        }
        Surfaces?.Stop();
        (Scan, Session, _drawn, ActiveLabel, HasUnsavedWork, Surfaces, Busy) = (null, null, null, null, false, null, null);
    }

    internal void MarkSaved() => HasUnsavedWork = false;

    internal void MarkUnsaved() => HasUnsavedWork = true;

    private void MarkUnsaved(object? sender, SessionChange change) => MarkUnsaved();

    internal void Select(ushort label) => ActiveLabel = label;

    /// <summary>Takes the next segment in hand, round and round.</summary>
    internal void SelectNext(int step)
    {
        if (Session is not { Segments: { IsEmpty: false } segments }) return;
        int at = 0;
        while (at < segments.Length && segments[at].Label != ActiveLabel) at++;
        ActiveLabel = segments[((at + step) % segments.Length + segments.Length) % segments.Length].Label;
    }

    private void TakeOver(object? sender, SessionChangedEventArgs change)
    {
        if (change.Parts.HasFlag(ChangedParts.Labels)) _changes.Record(change.Box);
        if ((change.Parts & (ChangedParts.SegmentList | ChangedParts.Appearance)) != 0) UpdateLooks();
        if (change.Parts.HasFlag(ChangedParts.SegmentList) && Active is null) ActiveLabel = Session!.Segments.IsEmpty ? null : Session.Segments[^1].Label;
        _workspace.Touch();
    }

    private void UpdateLooks()
    {
        Dictionary<ushort, SegmentLook> looks = [];
        foreach (SessionSegment segment in Session!.Segments) looks[segment.Label] = new(segment.Segment.Color, segment.IsVisible ? segment.Opacity : 0);
        _looks = looks;
    }
}
