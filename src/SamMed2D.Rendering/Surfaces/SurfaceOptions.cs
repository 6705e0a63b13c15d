namespace SamMed2D.Rendering.Surfaces;

/// <summary>How labels become surfaces.</summary>
public sealed record SurfaceOptions
{
    /// <summary>Rounds of smoothing; 0 keeps the voxels' own faces.</summary>
    public int SmoothingRounds { get; init; } = 20;

    /// <summary>How far smoothing may move a vertex from its place between the voxels, along each grid axis, in voxels.</summary>
    public double MaxShiftVoxels { get; init; } = 0.5;

    /// <summary>The labels wanted; null for all that occur. Those left out count as background, unless <see cref="KeepsNeighbours"/>.</summary>
    public IReadOnlySet<ushort>? Labels { get; init; }

    /// <summary>Whether labels that are not wanted still shape the boundaries they share with those that are.</summary>
    public bool KeepsNeighbours { get; init; }
}
