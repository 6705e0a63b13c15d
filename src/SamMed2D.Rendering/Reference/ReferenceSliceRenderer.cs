using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Annotations;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Reference;

/// <summary>
/// Draws slices on the CPU, slowly and obviously, one pixel at a time in double precision: what the OpenGL renderer is measured against,
/// and what draws pictures where there is no OpenGL.
/// </summary>
public static class ReferenceSliceRenderer
{
    /// <summary>Draws a slice: 3 channels, the size of the scene.</summary>
    /// <param name="scene">What to show.</param>
    /// <param name="cancellation">Stops within a row.</param>
    public static SliceImage Render(SliceScene scene, CancellationToken cancellation = default)
    {
        IntensityField? field = scene.Volume is { } volume ? new(volume.Volume) : null;
        IntensityField? foreground = scene.Foreground is { } top ? new(top.Volume) : null;
        LabelField? labels = scene.Labels is { } layer ? new(layer) : null;
        SliceImage image = Pixels.Compute(scene.Size, (x, y) =>
        {
            Vector3 color = field is null ? Vector3.Zero : new Vector3(Grey(field, scene.Volume!, scene.View.PixelToRas(x, y, scene.Size)));
            if (foreground is not null) color = Fuse(color, foreground, scene, x, y);
            return labels is null ? color : Overlay(color, labels, scene, x, y);
        }, cancellation);
        return scene.IsAnnotated ? SliceAnnotations.Draw(image, scene.View) : image;
    }

    /// <summary>The grey value of a place, 0 to 1; 0 outside the volume.</summary>
    internal static float Grey(IntensityField field, VolumeLayer layer, RasPoint point)
    {
        ContinuousIndex index = field.Geometry.IndexToRas.RasToIndex(point);
        if (!IntensityField.IsInside(field.Geometry, index)) return 0;
        double intensity = layer.Interpolation == Interpolation.Linear ? field.SampleLinear(index) : field.SampleNearest(index);
        return (float)Math.Clamp((intensity - layer.Window.Low) / layer.Window.Width, 0, 1);
    }

    private static Vector3 Fuse(Vector3 under, IntensityField foreground, SliceScene scene, int x, int y)
    {
        RasPoint point = scene.View.PixelToRas(x, y, scene.Size);
        if (!IntensityField.IsInside(foreground.Geometry, foreground.Geometry.IndexToRas.RasToIndex(point))) return under;
        return Vector3.Lerp(under, new(Grey(foreground, scene.Foreground!, point)), (float)Math.Clamp(scene.ForegroundOpacity, 0, 1));
    }

    private static Vector3 Overlay(Vector3 under, LabelField labels, SliceScene scene, int x, int y)
    {
        ushort label = labels.At(scene.View.PixelToRas(x, y, scene.Size));
        if (label == 0) return under;
        Vector4 color = labels.ColorOf(label);
        double opacity = IsOnOutline(labels, label, scene, x, y) ? scene.Labels!.OutlineOpacity : scene.Labels!.FillOpacity;
        return Vector3.Lerp(under, color.AsVector3(), (float)opacity * color.W);
    }

    // A pixel of a segment lies on its outline where the segment ends within the outline's width along a row, a column or a diagonal.
    private static bool IsOnOutline(LabelField labels, ushort label, SliceScene scene, int x, int y)
    {
        double width = scene.Labels!.OutlineWidthPixels;
        if (width <= 0) return false;
        double diagonal = width * Math.Sqrt(0.5);
        ReadOnlySpan<(double X, double Y)> offsets =
        [
            (width, 0), (-width, 0), (0, width), (0, -width), (diagonal, diagonal), (diagonal, -diagonal), (-diagonal, diagonal), (-diagonal, -diagonal),
        ];
        foreach ((double dx, double dy) in offsets)
            if (labels.At(scene.View.PixelToRas(x + dx, y + dy, scene.Size)) != label) return true;
        return false;
    }
}
