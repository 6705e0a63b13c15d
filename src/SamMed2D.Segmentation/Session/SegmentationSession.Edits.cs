using System.Collections.Immutable;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Session;

// What users do. Each call is one step of the history, or a part of the open one; a call that changes nothing is none.
public sealed partial class SegmentationSession
{
    /// <summary>Adds a segment.</summary>
    /// <param name="name">Its name; names differ.</param>
    /// <param name="color">Its colour; null takes the label's usual one.</param>
    /// <param name="label">The value of its voxels; null takes the lowest free one.</param>
    /// <param name="axis">The grid axis along which its slices run; null takes the natural one.</param>
    /// <returns>Its label.</returns>
    /// <exception cref="InvalidEditException">The name is empty or taken, the label is taken, or all are.</exception>
    public ushort AddSegment(string name, RgbColor? color = null, ushort? label = null, SliceAxis? axis = null)
    {
        RequireIdle("add a segment");
        RequireName(name, null);
        ushort value = label ?? LowestFreeLabel();
        if (value == 0 || Find(value) is not null) throw new InvalidEditException($"label {value} is taken; choose another for '{name}'");
        SessionSegment segment = new(new(value, name, color ?? RgbColor.ForLabel(value)), axis ?? Geometry.NaturalSliceAxis);
        Do($"Add {name}", _document with { Segments = _document.Segments.Add(segment) }, null);
        return value;
    }

    /// <summary>Removes a segment and its voxels.</summary>
    /// <exception cref="InvalidEditException">It is missing or protected.</exception>
    public void RemoveSegment(ushort label)
    {
        SessionSegment segment = RequireEditable(label, "remove a segment");
        LabelDelta? delta = _writer.Clear(label);
        Do($"Remove {segment.Name}", _document with { Segments = _document.Segments.Remove(segment) }, delta);
    }

    /// <summary>Moves a segment to another place in the order.</summary>
    /// <param name="label">The segment.</param>
    /// <param name="position">Its new place, from 0.</param>
    /// <exception cref="InvalidEditException">It is missing.</exception>
    public void MoveSegment(ushort label, int position)
    {
        RequireIdle("move a segment");
        SessionSegment segment = Require(label);
        ImmutableArray<SessionSegment> others = _document.Segments.Remove(segment);
        position = Math.Clamp(position, 0, others.Length);
        if (_document.Segments[position] != segment) Do($"Move {segment.Name}", _document with { Segments = others.Insert(position, segment) }, null);
    }

    /// <summary>Names a segment.</summary>
    /// <exception cref="InvalidEditException">It is missing, or the name is empty or taken.</exception>
    public void Rename(ushort label, string name)
    {
        SessionSegment segment = Require(label);
        RequireName(name, label);
        Change($"Rename {segment.Name}", segment, segment with { Segment = segment.Segment with { Name = name } });
    }

    /// <summary>Colours a segment.</summary>
    /// <exception cref="InvalidEditException">It is missing.</exception>
    public void SetColor(ushort label, RgbColor color) => Change(label, "Colour", s => s with { Segment = s.Segment with { Color = color } });

    /// <summary>Shows or hides a segment.</summary>
    /// <exception cref="InvalidEditException">It is missing.</exception>
    public void SetVisible(ushort label, bool isVisible) => Change(label, isVisible ? "Show" : "Hide", s => s with { IsVisible = isVisible });

    /// <summary>Sets how opaque a segment is shown, 0 to 1.</summary>
    /// <exception cref="InvalidEditException">It is missing.</exception>
    public void SetOpacity(ushort label, double opacity) => Change(label, "Fade", s => s with { Opacity = Math.Clamp(opacity, 0, 1) });

    /// <summary>Locks or unlocks a segment: locked ones are never changed by edits or propagation.</summary>
    /// <exception cref="InvalidEditException">It is missing, or a propagation runs.</exception>
    public void SetLocked(ushort label, bool isLocked)
    {
        RequireIdle("lock or unlock");
        Change(label, isLocked ? "Lock" : "Unlock", s => s with { IsLocked = isLocked });
    }

    /// <summary>Says how far a segment is; a completed one is protected as a locked one is.</summary>
    /// <exception cref="InvalidEditException">It is missing, or a propagation runs.</exception>
    public void SetStatus(ushort label, SegmentStatus status)
    {
        RequireIdle("set a status");
        Change(label, "Set status of", s => s with { Status = status });
    }

    /// <summary>Sets the slices that propagation may touch; null for as far as the object goes.</summary>
    /// <exception cref="InvalidEditException">The segment is missing or protected, or the range leaves the scan.</exception>
    public void SetRange(ushort label, SliceRange? range)
    {
        SessionSegment segment = RequireEditable(label, "set a range");
        int count = Geometry.Size(segment.Axis);
        if (range is { } r && (r.First < 0 || r.Last >= count || r.First > r.Last))
            throw new InvalidEditException($"range {range} of '{segment.Name}' leaves the scan, which has slices 0 to {count - 1} along {segment.Axis.ToLetter()}");
        Change($"Range of {segment.Name}", segment, segment with { Range = range });
    }

    /// <summary>Sets the axis along which a segment's slices run; its prompts, accepted slices and records, which are of the old axis, go.</summary>
    /// <exception cref="InvalidEditException">The segment is missing or protected.</exception>
    public void SetAxis(ushort label, SliceAxis axis)
    {
        SessionSegment segment = RequireEditable(label, "set an axis");
        if (segment.Axis != axis) Change($"Axis of {segment.Name}", segment, segment with { Axis = axis, Range = null, Slices = SessionSlices.Empty, Records = [], Ends = [] });
    }

    /// <summary>Sets the prompts of a slice in place of those there; empty ones remove them.</summary>
    /// <param name="label">The segment.</param>
    /// <param name="slice">The slice's index along the segment's axis.</param>
    /// <param name="prompts">Box and points in pixels of the axis' <see cref="SliceFrame"/>; a box's edges are rounded to whole pixels, as prompt files have them. No mask.</param>
    /// <exception cref="InvalidEditException">The segment is missing or protected, or the slice lies outside the scan.</exception>
    /// <exception cref="InvalidPromptException">A prompt lies outside the slice, a box is empty, or a point is marked both on the object and off it.</exception>
    public void SetPrompts(ushort label, int slice, PromptSet prompts)
    {
        SessionSegment segment = RequireEditable(label, "set prompts");
        PromptSet sound = SessionSlices.Check(prompts, new SliceFrame(Geometry, segment.Axis), slice, segment.Name);
        SessionSlice on = segment.OnSlice(slice);
        if (on.Prompts.IsEmpty && sound.IsEmpty) return;
        SliceNews news = !sound.IsEmpty ? SliceNews.Prompts : on.News == SliceNews.Prompts ? SliceNews.None : on.News;
        Change($"Prompt {segment.Name}", segment, Begun(segment.With(slice, on with { Prompts = sound, News = news })));
    }

    /// <summary>Adds a point to a slice's prompts.</summary>
    /// <inheritdoc cref="SetPrompts" path="/exception"/>
    public void AddPoint(ushort label, int slice, PromptPoint point)
    {
        PromptSet there = Require(label).OnSlice(slice).Prompts;
        SetPrompts(label, slice, there with { Points = [.. there.Points, point] });
    }

    /// <summary>Sets a slice's box in place of the one there; null removes it.</summary>
    /// <inheritdoc cref="SetPrompts" path="/exception"/>
    public void SetBox(ushort label, int slice, PromptBox? box) => SetPrompts(label, slice, Require(label).OnSlice(slice).Prompts with { Box = box });

    /// <summary>Says that a slice is right as it is, be it empty, or takes that back. What is new on it becomes the next propagation's start, as it is.</summary>
    /// <exception cref="InvalidEditException">The segment is missing or protected, or the slice lies outside the scan.</exception>
    public void SetAccepted(ushort label, int slice, bool isAccepted)
    {
        SessionSegment segment = RequireEditable(label, "accept a slice");
        SessionSlices.RequireSlice(slice, Geometry, segment);
        SessionSlice on = segment.OnSlice(slice);
        SliceNews news = isAccepted && on.News == SliceNews.Prompts ? SliceNews.Labels : on.News;
        if (on.IsAccepted != isAccepted)
            Change($"{(isAccepted ? "Accept" : "Reopen")} slice {slice} of {segment.Name}", segment, Begun(segment.With(slice, on with { IsAccepted = isAccepted, News = news })));
    }

    /// <summary>
    /// Does to a segment's voxels what a mask says, within <see cref="Rules"/>. A change of a single slice along the segment's axis is a correction,
    /// which the next propagation starts from.
    /// </summary>
    /// <param name="label">The segment.</param>
    /// <param name="mask">The mask, on the session's grid; it stays the caller's.</param>
    /// <param name="mode">What it does.</param>
    /// <param name="description">The action in a few words; the mode's name and the segment's where null.</param>
    /// <returns>The box of the voxels that changed; empty where none did.</returns>
    /// <exception cref="InvalidEditException">The segment is missing or protected, or a propagation runs.</exception>
    /// <exception cref="ArgumentException">The mask is on another grid.</exception>
    public VoxelBox Apply(ushort label, VoxelMask mask, MaskMode mode, string? description = null)
    {
        SessionSegment segment = RequireEditable(label, "edit");
        if (mask.Geometry != Geometry) RequireGrid(mask.Geometry);
        LabelDelta? delta = _writer.Apply(label, mask, mode, _document, Rules, Gate());
        if (delta is null) return default;
        Do(description ?? $"{(mode == MaskMode.Remove ? "Erase" : "Paint")} {segment.Name}", _document.With(Begun(Corrected(segment, delta))), delta);
        return delta.Box;
    }

    /// <summary>Does to one slice of a segment what a mask on its pixels says.</summary>
    /// <inheritdoc cref="Apply(ushort, VoxelMask, MaskMode, string?)"/>
    /// <param name="slice">The slice's index along the segment's axis.</param>
    /// <param name="label">The segment.</param>
    /// <param name="mask">The mask, on the pixels of the axis' <see cref="SliceFrame"/>; it stays the caller's.</param>
    /// <param name="mode">What it does.</param>
    /// <param name="description">The action in a few words.</param>
    public VoxelBox ApplySlice(ushort label, int slice, MaskPlane mask, MaskMode mode, string? description = null)
    {
        SessionSegment segment = Require(label);
        SessionSlices.RequireSlice(slice, Geometry, segment);
        return Apply(label, VoxelMask.OfSlice(new SliceFrame(Geometry, segment.Axis), slice, mask), mode, description);
    }

    /// <summary>Writes new labels, within <see cref="Rules"/>: what is protected neither loses nor wins voxels.</summary>
    /// <param name="patch">The labels, each 0 or a segment's, on the session's grid; it stays the caller's.</param>
    /// <param name="description">The action in a few words.</param>
    /// <returns>The box of the voxels that changed; empty where none did.</returns>
    /// <exception cref="InvalidEditException">A propagation runs.</exception>
    /// <exception cref="ArgumentException">The patch is on another grid.</exception>
    public VoxelBox Apply(LabelPatch patch, string description)
    {
        RequireIdle("edit");
        if (patch.Geometry != Geometry) RequireGrid(patch.Geometry);
        LabelDelta? delta = _writer.Apply(patch, _document, Rules, Gate());
        if (delta is null) return default;
        SessionDocument after = _document;
        foreach (ushort label in delta.Labels) after = after.With(Begun(after.Find(label)!));
        Do(description, after, delta);
        return delta.Box;
    }

    private IntensityGate? Gate() => Rules.Editable is { } range ? IntensityGate.Create(Volume, range) : null;

    private static SessionSegment Corrected(SessionSegment segment, LabelDelta delta)
    {
        int slice = delta.Box.Start(segment.Axis);
        return delta.Box.Size(segment.Axis) == 1 && segment.OnSlice(slice).News != SliceNews.Labels
            ? segment.With(slice, segment.OnSlice(slice) with { News = SliceNews.Labels })
            : segment;
    }

    private static SessionSegment Begun(SessionSegment segment) =>
        segment.Status == SegmentStatus.NotStarted ? segment with { Status = SegmentStatus.InProgress } : segment;

    private void Change(ushort label, string verb, Func<SessionSegment, SessionSegment> change)
    {
        SessionSegment segment = Require(label);
        Change($"{verb} {segment.Name}", segment, change(segment));
    }

    private void Change(string description, SessionSegment before, SessionSegment after)
    {
        if (before != after) Do(description, _document.With(after), null);
    }

    private SessionSegment Require(ushort label) => Find(label) ?? throw new InvalidEditException($"there is no segment with label {label}");

    private SessionSegment RequireEditable(ushort label, string action)
    {
        RequireIdle(action);
        SessionSegment segment = Require(label);
        if (segment.IsLocked) throw new InvalidEditException($"segment '{segment.Name}' is locked; unlock it to change it");
        if (segment.IsProtected) throw new InvalidEditException($"segment '{segment.Name}' is completed; set it in progress to change it");
        return segment;
    }

    private void RequireName(string name, ushort? except)
    {
        if (string.IsNullOrWhiteSpace(name)) throw new InvalidEditException("a segment's name is empty; give it one");
        foreach (SessionSegment segment in _document.Segments)
            if (segment.Name == name && segment.Label != except) throw new InvalidEditException($"a segment is named '{name}' already; choose another name");
    }

    private void RequireGrid(VolumeGeometry grid)
    {
        if (!grid.IsSameGrid(Geometry)) throw new ArgumentException($"An edit on a grid of {grid} does not fit a session of {Geometry}.");
    }

    private ushort LowestFreeLabel()
    {
        for (int label = 1; label <= ushort.MaxValue; label++)
            if (Find((ushort)label) is null) return (ushort)label;
        throw new InvalidEditException($"there are {ushort.MaxValue} segments already, as many as a label map holds; remove one");
    }
}
