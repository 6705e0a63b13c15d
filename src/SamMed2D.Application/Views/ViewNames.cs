using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Application.Views;

/// <summary>The four views.</summary>
public enum ViewId
{
    /// <summary>Slices across the body.</summary>
    Axial,

    /// <summary>Slices along the front.</summary>
    Coronal,

    /// <summary>Slices along the side.</summary>
    Sagittal,

    /// <summary>The 3D view.</summary>
    Spatial,
}

/// <summary>Names and colours of views, as 3D Slicer has them.</summary>
public static class ViewNames
{
    /// <summary>The plane of a slice view.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is the 3D view.</exception>
    public static SlicePlane PlaneOf(ViewId view) => view switch
    {
        ViewId.Axial => SlicePlane.Axial,
        ViewId.Coronal => SlicePlane.Coronal,
        ViewId.Sagittal => SlicePlane.Sagittal,
        _ => throw new ArgumentOutOfRangeException(nameof(view), "The 3D view has no plane."),
    };

    /// <summary>The view of a plane.</summary>
    public static ViewId ViewOf(SlicePlane plane) => plane switch { SlicePlane.Axial => ViewId.Axial, SlicePlane.Coronal => ViewId.Coronal, _ => ViewId.Sagittal };

    /// <summary>The colour of a view's frame and of its line in the other views.</summary>
    public static RgbColor ColorOf(ViewId view) => view switch
    {
        ViewId.Axial => new(243, 74, 51),
        ViewId.Coronal => new(110, 176, 75),
        ViewId.Sagittal => new(237, 213, 76),
        _ => new(116, 145, 220),
    };

    /// <summary>The name of a view, as shown.</summary>
    public static string TitleOf(ViewId view) => view == ViewId.Spatial ? "3D" : view.ToString();
}
