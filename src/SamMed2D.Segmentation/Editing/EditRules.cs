using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Editing;

/// <summary>Where edits may write. Locked and completed segments are never overwritten, whatever the rules say.</summary>
public sealed record EditRules
{
    /// <summary>The intensities that may be edited; null for all.</summary>
    public IntensityRange? Editable { get; init; }

    /// <summary>What a segment may be drawn over.</summary>
    public DrawOver Over { get; init; }

    /// <summary>The only segment that may be drawn over where <see cref="Over"/> is <see cref="DrawOver.OneSegment"/>.</summary>
    public ushort OverSegment { get; init; }
}

/// <summary>What a segment may be drawn over.</summary>
public enum DrawOver
{
    /// <summary>The background and every segment that is not locked.</summary>
    Unlocked,

    /// <summary>The background and every segment that is visible and not locked.</summary>
    Visible,

    /// <summary>The background alone.</summary>
    Empty,

    /// <summary>One segment alone, not the background.</summary>
    OneSegment,
}
