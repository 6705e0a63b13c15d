using System.Collections.Immutable;
using SamMed2D.Core.Geometry;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Session;

/// <summary>One step of a session's history: what the user sees as one action. Immutable.</summary>
public sealed class SessionChange
{
    internal SessionChange(ChangeKind kind, string description, SessionDocument before, SessionDocument after, ImmutableArray<LabelDelta> deltas)
    {
        (Kind, Description, Before, After, Deltas) = (kind, description, before, after, deltas);
        SizeBytes = 256 + 2L * description.Length + deltas.Sum(d => d.SizeBytes) + after.NewBytes(before);
    }

    /// <summary>Whether something was done, undone or redone.</summary>
    public ChangeKind Kind { get; }

    /// <summary>The action in a few words, such as <c>Paint liver</c>.</summary>
    public string Description { get; }

    /// <summary>What the history counts for it.</summary>
    public long SizeBytes { get; }

    /// <summary>Number of voxels that changed, those that changed several times counted as often.</summary>
    public long ChangedVoxels => Deltas.Sum(d => d.Changed);

    internal SessionDocument Before { get; }

    internal SessionDocument After { get; }

    internal ImmutableArray<LabelDelta> Deltas { get; }

    internal SessionChange As(ChangeKind kind) => new(kind, Description, Before, After, Deltas);

    /// <summary>What an undo or redo did, as a step that goes forward.</summary>
    internal SessionChange Forward() => Kind == ChangeKind.Undone ? new(ChangeKind.Done, $"Undo {Description}", After, Before, [.. Deltas.Reverse()]) : As(ChangeKind.Done);
}

/// <summary>How a change came about.</summary>
public enum ChangeKind
{
    /// <summary>Something was done.</summary>
    Done,

    /// <summary>The last step was taken back.</summary>
    Undone,

    /// <summary>The step last taken back was done again.</summary>
    Redone,
}

/// <summary>What changed, for views.</summary>
[Flags]
public enum ChangedParts
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Voxels, within the box.</summary>
    Labels = 1,

    /// <summary>Which segments there are, or their order.</summary>
    SegmentList = 2,

    /// <summary>A segment's name, colour, visibility, opacity, lock or status.</summary>
    Appearance = 4,

    /// <summary>Prompts, accepted slices, or a segment's axis or range.</summary>
    Prompts = 8,

    /// <summary>What the last propagation says of slices.</summary>
    Records = 16,

    /// <summary>What can be undone or redone.</summary>
    History = 32,

    /// <summary>Distances and angles.</summary>
    Measurements = 64,
}

/// <summary>Tells what changed in a session.</summary>
/// <param name="parts">What kinds of things.</param>
/// <param name="box">The smallest box round the changed voxels; empty where none changed.</param>
/// <param name="labels">The segments that lost or won voxels, for meshes and statistics.</param>
public sealed class SessionChangedEventArgs(ChangedParts parts, VoxelBox box, IReadOnlyList<ushort> labels) : EventArgs
{
    /// <summary>What kinds of things changed.</summary>
    public ChangedParts Parts { get; } = parts;

    /// <summary>The smallest box round the changed voxels; empty where none changed.</summary>
    public VoxelBox Box { get; } = box;

    /// <summary>The segments that lost or won voxels.</summary>
    public IReadOnlyList<ushort> Labels { get; } = labels;
}

/// <summary>All of a session but its voxels. Immutable; steps of the history share what did not change.</summary>
internal sealed record SessionDocument(ImmutableArray<SessionSegment> Segments, ImmutableArray<RunRecord> Runs, SegmenterDescription? Model)
{
    public static SessionDocument Empty { get; } = new([], [], null);

    public ImmutableArray<Measurement> Measurements { get; init; } = [];

    public SessionSegment? Find(ushort label)
    {
        foreach (SessionSegment segment in Segments)
            if (segment.Label == label) return segment;
        return null;
    }

    public SessionDocument With(SessionSegment changed)
    {
        for (int n = 0; n < Segments.Length; n++)
            if (Segments[n].Label == changed.Label) return ReferenceEquals(Segments[n], changed) ? this : this with { Segments = Segments.SetItem(n, changed) };
        return this with { Segments = Segments.Add(changed) };
    }

    /// <summary>What it holds that another does not, in bytes, by a rule of thumb that a replayed journal comes to as well.</summary>
    public long NewBytes(SessionDocument before)
    {
        long bytes = 8L * Segments.Length;
        foreach (SessionSegment segment in Segments)
            if (!ReferenceEquals(before.Find(segment.Label), segment)) bytes += segment.SizeBytes;
        for (int n = before.Runs.Length; n < Runs.Length; n++) bytes += 512 + 2L * Runs[n].Prompts.Sum(p => p.Text.Length);
        if (Measurements != before.Measurements) bytes += 96L * Measurements.Length;
        return bytes;
    }

    /// <summary>What kinds of things differ.</summary>
    public ChangedParts PartsNotIn(SessionDocument other)
    {
        ChangedParts parts = Segments.Length == other.Segments.Length ? 0 : ChangedParts.SegmentList;
        if (Measurements != other.Measurements) parts |= ChangedParts.Measurements;
        for (int n = 0; n < Math.Min(Segments.Length, other.Segments.Length); n++)
        {
            (SessionSegment a, SessionSegment b) = (Segments[n], other.Segments[n]);
            if (ReferenceEquals(a, b)) continue;
            if (a.Label != b.Label) return parts | ChangedParts.SegmentList | ChangedParts.Appearance | ChangedParts.Prompts | ChangedParts.Records;
            if (a.Segment != b.Segment || a.IsVisible != b.IsVisible || a.Opacity != b.Opacity || a.IsLocked != b.IsLocked || a.Status != b.Status) parts |= ChangedParts.Appearance;
            if (!ReferenceEquals(a.Slices, b.Slices) || a.Axis != b.Axis || a.Range != b.Range) parts |= ChangedParts.Prompts;
            if (a.Records != b.Records || a.Ends != b.Ends) parts |= ChangedParts.Records;
        }
        return parts.HasFlag(ChangedParts.SegmentList) ? parts | ChangedParts.Appearance | ChangedParts.Prompts | ChangedParts.Records : parts;
    }
}
