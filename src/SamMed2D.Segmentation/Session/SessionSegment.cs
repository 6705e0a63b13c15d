using System.Collections.Immutable;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Session;

/// <summary>One segment of a session, all but its voxels. Immutable: a snapshot stays true to the moment it was taken.</summary>
/// <param name="Segment">Label, name, colour and tags.</param>
/// <param name="Axis">The grid axis along which its slices run.</param>
public sealed record SessionSegment(Segment Segment, SliceAxis Axis)
{
    /// <summary>The value of its voxels.</summary>
    public ushort Label => Segment.Label;

    /// <summary>Its name.</summary>
    public string Name => Segment.Name;

    /// <summary>Whether views show it.</summary>
    public bool IsVisible { get; init; } = true;

    /// <summary>How opaque views show it, 0 to 1.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>Whether the user locked it.</summary>
    public bool IsLocked { get; init; }

    /// <summary>How far it is.</summary>
    public SegmentStatus Status { get; init; } = SegmentStatus.NotStarted;

    /// <summary>True where no edit and no propagation changes its voxels: locked, or completed.</summary>
    public bool IsProtected => IsLocked || Status == SegmentStatus.Completed;

    /// <summary>The slices that propagation may touch; null for as far as the object goes.</summary>
    public SliceRange? Range { get; init; }

    /// <summary>The slices on which the user did something, by index.</summary>
    public ImmutableSortedDictionary<int, SessionSlice> Slices { get; init; } = ImmutableSortedDictionary<int, SessionSlice>.Empty;

    /// <summary>What propagation did on each slice, by rising slice; a slice between two key slices has up to three entries.</summary>
    public ImmutableArray<SliceRecord> Records { get; init; } = [];

    /// <summary>Where and why each direction of propagation ended, by rising key slice.</summary>
    public ImmutableArray<PropagationEnd> Ends { get; init; } = [];

    /// <summary>What the user did on a slice; an empty entry where nothing.</summary>
    public SessionSlice OnSlice(int slice) => Slices.GetValueOrDefault(slice) ?? SessionSlice.None;

    /// <summary>The slices that propagation leaves as they are: accepted, corrected by hand, or prompted in an earlier run.</summary>
    public IEnumerable<int> LockedSlices
    {
        get
        {
            foreach ((int slice, SessionSlice on) in Slices)
                if (on.IsLocked) yield return slice;
        }
    }

    internal SessionSegment With(int slice, SessionSlice on) => this with { Slices = on.IsNone ? Slices.Remove(slice) : Slices.SetItem(slice, on) };

    // What an undo step that holds the segment is taken to weigh.
    internal long SizeBytes => 256 + 2L * Name.Length + 192L * Records.Length + 64L * Ends.Length + Slices.Sum(s => 160L + 24 * s.Value.Prompts.Points.Count);
}

/// <summary>What the user did on one slice of a segment.</summary>
public sealed record SessionSlice
{
    private static readonly PromptSet s_noPrompts = new(); // before None, which takes it

    /// <summary>Nothing.</summary>
    public static SessionSlice None { get; } = new();

    /// <summary>The box and points, in pixels of the axis' <see cref="Core.Slices.SliceFrame"/>; never a mask: what the user draws goes into the labels.</summary>
    public PromptSet Prompts { get; init; } = s_noPrompts;

    /// <summary>True where the user found the slice right.</summary>
    public bool IsAccepted { get; init; }

    /// <summary>What has changed here since the last propagation, and is to be the next one's start.</summary>
    public SliceNews News { get; init; }

    /// <summary>True where the labels here stay as they are in the next propagation.</summary>
    public bool IsLocked => !IsNone && News != SliceNews.Prompts;

    internal bool IsNone => Prompts.IsEmpty && !IsAccepted && News == SliceNews.None;
}

/// <summary>What is new on a slice.</summary>
public enum SliceNews
{
    /// <summary>Nothing since the last propagation.</summary>
    None,

    /// <summary>The prompts: the model is to be asked.</summary>
    Prompts,

    /// <summary>The labels: the user drew, erased or accepted a mask, which is to be taken as it is.</summary>
    Labels,
}
