using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Application.Tools;

/// <summary>What scissors do.</summary>
public enum ScissorsMode
{
    /// <summary>The segment loses what lies inside the outline.</summary>
    EraseInside,

    /// <summary>The segment loses what lies outside the outline.</summary>
    EraseOutside,

    /// <summary>The segment wins what lies inside the outline.</summary>
    FillInside,
}

/// <summary>How deep scissors cut.</summary>
public enum ScissorsDepth
{
    /// <summary>The slice in sight.</summary>
    Slice,

    /// <summary>All slices.</summary>
    All,
}

/// <summary>How a segment is smoothed.</summary>
public enum SmoothingMethod
{
    /// <summary>The majority around each voxel.</summary>
    Median,

    /// <summary>Thin parts go.</summary>
    Open,

    /// <summary>Narrow gaps close.</summary>
    Close,

    /// <summary>All segments in sight together, so that no gaps open between them.</summary>
    Joint,
}

/// <summary>What the tools' options are set to; commands take them where a script gives nothing else.</summary>
public sealed class ToolSettings
{
    /// <summary>The brush's radius in millimetres.</summary>
    public double BrushRadiusMm { get; internal set; } = 6;

    /// <summary>True for a ball through neighbouring slices, false for a disc on one.</summary>
    public bool IsBall { get; internal set; }

    /// <summary>The intensities that the threshold tool marks.</summary>
    public IntensityRange Threshold { get; internal set; } = new(0, 100);

    /// <summary>What scissors do.</summary>
    public ScissorsMode Scissors { get; internal set; }

    /// <summary>How deep scissors cut in slice views; in 3D they always cut through.</summary>
    public ScissorsDepth Depth { get; internal set; } = ScissorsDepth.All;

    /// <summary>Islands of fewer voxels are small.</summary>
    public int SmallIslandVoxels { get; internal set; } = 100;

    /// <summary>How segments are smoothed.</summary>
    public SmoothingMethod Smoothing { get; internal set; }

    /// <summary>How far smoothing reaches, in millimetres.</summary>
    public double SmoothingMm { get; internal set; } = 3;

    /// <summary>How far a margin grows a segment, in millimetres; negative shrinks it.</summary>
    public double MarginMm { get; internal set; } = 3;

    /// <summary>How little seeds reach far: 0 for intensities alone.</summary>
    public double SeedLocality { get; internal set; } = 2;
}
