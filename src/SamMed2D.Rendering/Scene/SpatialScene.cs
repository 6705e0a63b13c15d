using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.Scene;

/// <summary>Everything a 3D picture shows: volume, surfaces and slices with correct depth among each other. Immutable.</summary>
/// <param name="Camera">The eye.</param>
/// <param name="Size">The picture's size.</param>
public sealed record SpatialScene(Camera Camera, ImageSize Size)
{
    /// <summary>The volume rendering, if any.</summary>
    public VolumeRendering? Volume { get; init; }

    /// <summary>Surfaces, in any order.</summary>
    public IReadOnlyList<SurfaceLayer> Surfaces { get; init; } = [];

    /// <summary>Slices shown as pictures in space.</summary>
    public IReadOnlyList<SlicePicture> Slices { get; init; } = [];

    /// <summary>What is cut away from volume and surfaces; slices stay whole. At most 8 planes.</summary>
    public IReadOnlyList<ClipPlane> Clips { get; init; } = [];

    /// <summary>Colour at the top of the background; it fades into <see cref="BackgroundBottom"/>.</summary>
    public RgbColor BackgroundTop { get; init; } = new(118, 120, 190);

    /// <summary>Colour at the bottom of the background.</summary>
    public RgbColor BackgroundBottom { get; init; } = new(192, 195, 232);

    /// <summary>Whether another scene looks alike: lists by what is in them, so that a viewer that makes its scenes anew knows when nothing has changed.</summary>
    public bool Equals(SpatialScene? other) => other is not null
        && (Camera, Size, Volume, BackgroundTop, BackgroundBottom) == (other.Camera, other.Size, other.Volume, other.BackgroundTop, other.BackgroundBottom)
        && Surfaces.SequenceEqual(other.Surfaces) && Slices.SequenceEqual(other.Slices) && Clips.SequenceEqual(other.Clips);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Camera, Size, Volume, Surfaces.Count, Slices.Count, Clips.Count);
}

/// <summary>A plane that cuts: what lies on the side of the normal stays.</summary>
/// <param name="Point">A point on the plane.</param>
/// <param name="Normal">A unit vector.</param>
public readonly record struct ClipPlane(RasPoint Point, RasVector Normal)
{
    /// <summary>Distance to the plane in millimetres, negative where cut away.</summary>
    public double DistanceMm(RasPoint point) => new RasVector(point.R - Point.R, point.A - Point.A, point.S - Point.S).Dot(Normal);

    /// <summary>The six planes of a box along the patient's axes, of which the inside stays.</summary>
    public static ClipPlane[] Box(RasPoint low, RasPoint high) =>
    [
        new(low, new(1, 0, 0)), new(low, new(0, 1, 0)), new(low, new(0, 0, 1)),
        new(high, new(-1, 0, 0)), new(high, new(0, -1, 0)), new(high, new(0, 0, -1)),
    ];
}

/// <summary>A volume drawn by casting rays.</summary>
/// <param name="Volume">The voxels; not owned.</param>
/// <param name="Transfer">Colours and opacities.</param>
public sealed record VolumeRendering(Volume Volume, TransferFunction Transfer)
{
    /// <summary>Distance of samples along a ray, in parts of the smallest voxel spacing; above 0. Opacity is corrected for it.</summary>
    public double StepVoxels { get; init; } = 0.7;

    /// <summary>Whether each ray begins at its own part of a step, which turns the rings of coarse steps into a fine grain.</summary>
    public bool IsJittered { get; init; }

    /// <summary>Where given, only voxels of a visible label of this layer (opacity above 0) are drawn. Its grid must be the volume's.</summary>
    public LabelLayer? Mask { get; init; }

    /// <summary>The distance of samples in millimetres.</summary>
    public double StepMm => StepVoxels * Math.Min(Volume.Geometry.SpacingMm(SliceAxis.I), Math.Min(Volume.Geometry.SpacingMm(SliceAxis.J), Volume.Geometry.SpacingMm(SliceAxis.K)));
}

/// <summary>A surface in space.</summary>
/// <param name="Mesh">The triangles; not owned.</param>
public sealed record SurfaceLayer(SurfaceMesh Mesh)
{
    /// <summary>Its colour; null for the mesh's own.</summary>
    public RgbColor? Color { get; init; }

    /// <summary>0 (hidden) to 1.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>How strongly edges seen from the side are drawn, 0 to 1.</summary>
    public double Silhouette { get; init; }

    /// <summary>How it answers the light.</summary>
    public Material Material { get; init; } = Material.Soft;
}

/// <summary>A slice shown in space, as large as the volume it cuts.</summary>
/// <param name="Point">A point on the slice.</param>
/// <param name="Normal">A unit vector at right angles to it.</param>
/// <param name="Volume">The grey values.</param>
public sealed record SlicePicture(RasPoint Point, RasVector Normal, VolumeLayer Volume)
{
    /// <summary>Labels over it, filled; outlines are for flat views.</summary>
    public LabelLayer? Labels { get; init; }

    /// <summary>0 (hidden) to 1.</summary>
    public double Opacity { get; init; } = 1;
}
