using SamMed2D.Application.Models;
using SamMed2D.Application.Series;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Application;

/// <summary>What a workspace needs from other rooms, and where it keeps its own files.</summary>
public sealed record WorkspaceServices
{
    /// <summary>Reads scans and label maps.</summary>
    public required IVolumeReader Reader { get; init; }

    /// <summary>Writes label maps.</summary>
    public required IVolumeWriter Writer { get; init; }

    /// <summary>Lists and opens models.</summary>
    public required IModelCatalog Models { get; init; }

    /// <summary>Lists the series of DICOM folders; null reads folders without asking.</summary>
    public ISeriesCatalog? Series { get; init; }

    /// <summary>Makes screenshots; null where nothing can draw.</summary>
    public IScreenshotMaker? Screenshots { get; init; }

    /// <summary>The folder for settings: <c>$XDG_CONFIG_HOME/sammed2d</c>. Made when needed.</summary>
    public required string ConfigFolder { get; init; }

    /// <summary>The folder for the autosave journal: <c>$XDG_STATE_HOME/sammed2d</c>. Made when needed.</summary>
    public required string StateFolder { get; init; }

    /// <summary>Tells the time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>Draws views into picture files.</summary>
public interface IScreenshotMaker
{
    /// <summary>A slice view as a picture of 3 channels.</summary>
    SliceImage Draw(SliceScene scene, IReadOnlyList<Views.OverlayShape> overlay);

    /// <summary>The 3D view as a picture of 3 channels.</summary>
    SliceImage Draw(SpatialScene scene);

    /// <summary>Writes a picture; a file already there stays whole until the new one is complete.</summary>
    /// <param name="image">3 channels.</param>
    /// <param name="path">Ends in <c>.png</c>.</param>
    /// <exception cref="Core.Errors.OutputException">The place cannot be written.</exception>
    void Write(SliceImage image, string path);
}
