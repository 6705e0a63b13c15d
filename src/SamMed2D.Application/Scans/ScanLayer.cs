using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Application.Scans;

/// <summary>An open scan and how it is shown.</summary>
public sealed class ScanLayer
{
    internal ScanLayer(int id, string path, VolumeReadOptions options, Volume volume, string sha256)
    {
        (Id, Path, Options, Volume, Sha256) = (id, path, options, volume, sha256);
        Window = VolumeLayer.SuggestWindow(volume);
        Name = System.IO.Path.GetFileName(path.TrimEnd('/', '\\')) + (volume.Info.FrameCount > 1 ? $" frame {volume.Info.Frame}" : "");
    }

    /// <summary>Its number in this workspace, from 1.</summary>
    public int Id { get; }

    /// <summary>The file or folder that it was read from.</summary>
    public string Path { get; }

    /// <summary>What was picked out of that file or folder.</summary>
    public VolumeReadOptions Options { get; }

    /// <summary>The voxels.</summary>
    public Volume Volume { get; }

    /// <summary>The identity of its voxels, <see cref="Segmentation.Runs.VoxelHash"/>.</summary>
    public string Sha256 { get; }

    /// <summary>Its name, as shown.</summary>
    public string Name { get; }

    /// <summary>The intensities shown as black and white.</summary>
    public IntensityWindow Window { get; private set; }

    /// <summary>The name of the preset that <see cref="Window"/> was taken from; empty once it was dragged.</summary>
    public string WindowName { get; private set; } = "suggested";

    /// <summary>How intensities between voxel centres are found.</summary>
    public Interpolation Interpolation { get; internal set; } = Interpolation.Linear;

    /// <summary>The names of the windows to choose from: <c>auto</c>, <c>minmax</c>, and those for CT.</summary>
    public static IReadOnlyList<string> WindowNames { get; } = ["auto", "minmax", .. IntensityWindow.Presets.Keys];

    /// <summary>Shows other intensities.</summary>
    /// <param name="window">The window; of width above 0.</param>
    /// <param name="name">The preset's name; empty for none.</param>
    internal void SetWindow(IntensityWindow window, string name = "")
    {
        const double narrowest = 1e-6;
        Window = window.Width >= narrowest ? window : IntensityWindow.FromWidthAndLevel(narrowest, window.Level);
        WindowName = name;
    }

    /// <summary>Takes the window of a name: one of <see cref="WindowNames"/>, or <c>WIDTH,LEVEL</c>.</summary>
    /// <returns>What is wrong with the name; null where it was taken.</returns>
    internal string? SetWindow(string name)
    {
        if (!IntensityWindowChoice.TryParse(name, out IntensityWindowChoice choice, out string problem)) return problem;
        SetWindow(choice.Resolve(Volume), choice.Name);
        return null;
    }

    /// <summary>Moves the window as a drag does: to the right wider, upwards higher.</summary>
    /// <param name="start">The window when the drag began.</param>
    /// <param name="right">How far to the right, as a part of the view's width.</param>
    /// <param name="up">How far up, as a part of the view's height.</param>
    internal void DragWindow(IntensityWindow start, double right, double up)
    {
        // A drag through the whole view multiplies the width by 8, or moves the level by two widths.
        double width = start.Width * Math.Pow(8, right), level = start.Level + 2 * start.Width * up;
        SetWindow(IntensityWindow.FromWidthAndLevel(width, level));
    }

    internal VolumeLayer ToLayer() => new(Volume, Window) { Interpolation = Interpolation };
}
