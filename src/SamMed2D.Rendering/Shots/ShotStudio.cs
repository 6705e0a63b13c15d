using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Surfaces;

namespace SamMed2D.Rendering.Shots;

/// <summary>Sets up the scenes for pictures of one scan, with its labels where there are some.</summary>
/// <param name="volume">The scan; not owned.</param>
/// <param name="labels">Its labels; not owned.</param>
public sealed class ShotStudio(Volume volume, LabelMap? labels = null)
{
    // Finer than while turning a scene: a still picture has time, and needs no jitter then.
    private const double StillStepVoxels = 0.35;

    private IReadOnlyList<SurfaceMesh>? _surfaces;

    /// <summary>The intensities shown as black and white in slices.</summary>
    public IntensityWindow Window { get; init; } = VolumeLayer.SuggestWindow(volume);

    /// <summary>How the volume looks in 3D; null leaves it out.</summary>
    public TransferFunction? Transfer { get; init; } = TransferPresets.Suggest(volume);

    /// <summary>From where the 3D view looks.</summary>
    public ViewDirection From { get; init; } = ViewDirection.Anterior;

    /// <summary>The number of slices of a plane.</summary>
    public int SliceCount(SlicePlane plane) => SliceFrame.ForPlane(volume.Geometry, plane).SliceCount;

    /// <summary>One slice, filling the picture, with letters and scale bar.</summary>
    /// <param name="plane">The plane.</param>
    /// <param name="slice">Its number along the grid; null for the middle one.</param>
    /// <param name="size">The picture's size.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice.</exception>
    public SliceScene Slice(SlicePlane plane, int? slice, ImageSize size) => SceneOf(ViewOf(plane, slice, size), size);

    /// <summary>A plane that need not follow the grid: all that it cuts out of the scan, filling the picture, with letters and scale bar.</summary>
    /// <param name="view">An oblique view.</param>
    /// <param name="through">A place on the plane; null for the middle of the slice that is turned, or of the scan.</param>
    /// <param name="size">The picture's size.</param>
    /// <returns>Null where the plane misses the scan.</returns>
    /// <exception cref="ArgumentOutOfRangeException">There is no such slice.</exception>
    public SliceScene? Oblique(ShotView view, RasPoint? through, ImageSize size)
    {
        const double degree = Math.PI / 180;
        VolumeGeometry g = volume.Geometry;
        SliceView plane = view.Normal is { } normal
            ? SliceView.Oblique(g.IndexToRas.IndexToRas(new((g.SizeI - 1) / 2.0, (g.SizeJ - 1) / 2.0, (g.SizeK - 1) / 2.0)), normal, 1)
            : ViewOf(view.Plane, view.Slice, size).Turn(view.Turn.RightDegrees * degree, view.Turn.DownDegrees * degree);
        if (through is { } place) plane = plane with { Center = place };
        return plane.FitTo(g, size) is { } fitting ? SceneOf(fitting, size) : null;
    }

    private SliceView ViewOf(SlicePlane plane, int? slice, ImageSize size)
    {
        SliceFrame frame = SliceFrame.ForPlane(volume.Geometry, plane);
        int number = slice ?? frame.SliceCount / 2;
        ArgumentOutOfRangeException.ThrowIfNegative(number, nameof(slice));
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, frame.SliceCount, nameof(slice));
        return SliceView.AlongGrid(frame, number, size);
    }

    private SliceScene SceneOf(SliceView view, ImageSize size) => new(view, size)
    {
        Volume = new(volume, Window),
        Labels = labels is null ? null : new(labels),
        IsAnnotated = true,
    };

    /// <summary>Volume and surfaces in space, turned a little so that depth is seen.</summary>
    /// <param name="size">The picture's size.</param>
    /// <param name="azimuthRadians">How far around the patient to go from <see cref="From"/>.</param>
    public SpatialScene Space(ImageSize size, double azimuthRadians = 0)
    {
        const double elevation = 0.12;
        _surfaces ??= labels is null ? [] : SurfaceNets.Extract(labels);
        // A projection is read against black, as a film is.
        RgbColor? black = Transfer?.Blending == VolumeBlending.MaximumIntensity ? new RgbColor(0, 0, 0) : null;
        bool isAlongBody = From is ViewDirection.Superior or ViewDirection.Inferior;
        SpatialScene scene = new(Camera.Framing(volume.Geometry, From, size.AspectRatio).Orbit(azimuthRadians, isAlongBody ? 0 : elevation), size)
        {
            Volume = Transfer is null ? null : new(volume, Transfer) { StepVoxels = StillStepVoxels },
            Surfaces = [.. _surfaces.Select(mesh => new SurfaceLayer(mesh) { Silhouette = 0.35 })],
        };
        return black is { } plain ? scene with { BackgroundTop = plain, BackgroundBottom = plain } : scene;
    }

    /// <summary>Puts axial, 3D, coronal and sagittal pictures of one size together, as 3D Slicer arranges them.</summary>
    public static SliceImage FourUp(SliceImage axial, SliceImage space, SliceImage coronal, SliceImage sagittal)
    {
        const int gap = 2;
        int width = axial.Width * 2 + gap, height = axial.Height * 2 + gap;
        byte[] pixels = new byte[checked(width * height * 3)];
        Array.Fill(pixels, (byte)60);
        Paste(axial, 0, 0);
        Paste(space, axial.Width + gap, 0);
        Paste(coronal, 0, axial.Height + gap);
        Paste(sagittal, axial.Width + gap, axial.Height + gap);
        return new(width, height, 3, pixels);

        void Paste(SliceImage image, int left, int top)
        {
            for (int y = 0; y < image.Height; y++)
                image.Pixels.Span.Slice(y * image.Width * 3, image.Width * 3).CopyTo(pixels.AsSpan(((top + y) * width + left) * 3));
        }
    }
}
