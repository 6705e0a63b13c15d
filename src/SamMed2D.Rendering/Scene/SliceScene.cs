namespace SamMed2D.Rendering.Scene;

/// <summary>Everything a slice picture shows. Immutable; the volumes it names must not change while it is drawn (labels may).</summary>
/// <param name="View">The plane and its magnification.</param>
/// <param name="Size">The picture's size.</param>
public sealed record SliceScene(SliceView View, ImageSize Size)
{
    /// <summary>The grey values, if any.</summary>
    public VolumeLayer? Volume { get; init; }

    /// <summary>Grey values of another volume on top of the first, where it has any.</summary>
    public VolumeLayer? Foreground { get; init; }

    /// <summary>How much of <see cref="Foreground"/> is seen, 0 to 1.</summary>
    public double ForegroundOpacity { get; init; } = 0.5;

    /// <summary>The labels over them, if any.</summary>
    public LabelLayer? Labels { get; init; }

    /// <summary>Whether pictures carry orientation letters and a scale bar.</summary>
    public bool IsAnnotated { get; init; }
}
