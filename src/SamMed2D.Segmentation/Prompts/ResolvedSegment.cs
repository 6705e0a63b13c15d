using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>One structure to segment, fitted to a grid: what propagation starts from.</summary>
/// <param name="Segment">Label, name and colour.</param>
/// <param name="Axis">The grid axis along which slices run.</param>
/// <param name="Range">The slices that may be touched, within the grid.</param>
/// <param name="KeySlices">The prompted slices by rising index, each once and within the range; at least one.</param>
public sealed record ResolvedSegment(Segment Segment, SliceAxis Axis, SliceRange Range, IReadOnlyList<KeySlice> KeySlices);

/// <summary>A slice on which the user pointed at the object.</summary>
/// <param name="Slice">The slice index along the segment's axis.</param>
/// <param name="Prompts">The prompts, in pixels of the axis' <see cref="Core.Slices.SliceFrame"/>.</param>
public sealed record KeySlice(int Slice, PromptSet Prompts)
{
    /// <summary>What is to be done on the slice.</summary>
    public KeyRole Role { get; init; } = KeyRole.Prompted;

    /// <summary>True where the user found the slice right; only of locked slices.</summary>
    public bool IsAccepted { get; init; }
}

/// <summary>What a key slice asks for.</summary>
public enum KeyRole
{
    /// <summary>The model is asked, with the prompts; its answer replaces what was there.</summary>
    Prompted,

    /// <summary>The user's own mask, <see cref="PromptSet.Mask"/>, is taken as it is; the model is not asked.</summary>
    Given,

    /// <summary>The labels of an earlier run stay as they are, be they none; there are no prompts. Walks from here start only towards corrected slices.</summary>
    Locked,
}

/// <summary>How far a segment is, by 3D Slicer's words.</summary>
public enum SegmentStatus
{
    /// <summary>It may be corrected.</summary>
    InProgress,

    /// <summary>It is finished: no later run changes it unless it is set to be in progress first.</summary>
    Completed,

    /// <summary>Nothing was done yet; otherwise as <see cref="InProgress"/>.</summary>
    NotStarted,

    /// <summary>Somebody should look at it; otherwise as <see cref="InProgress"/>.</summary>
    Flagged,
}
