namespace SamMed2D.Application.Views;

/// <summary>How views share the window.</summary>
public enum LayoutKind
{
    /// <summary>Axial and 3D above coronal and sagittal, as 3D Slicer has them.</summary>
    FourUp,

    /// <summary>One view alone.</summary>
    One,

    /// <summary>One slice view beside the 3D view.</summary>
    SideBySide,
}

/// <summary>A view's place in the window, in pixels from the area's upper left corner.</summary>
/// <param name="View">Which view.</param>
/// <param name="X">Left edge.</param>
/// <param name="Y">Upper edge.</param>
/// <param name="Width">Pixels across, at least 1.</param>
/// <param name="Height">Pixels down, at least 1.</param>
public readonly record struct ViewCell(ViewId View, int X, int Y, int Width, int Height);

/// <summary>Which views are shown, and where.</summary>
public sealed class ViewLayout
{
    private LayoutKind _before = LayoutKind.FourUp;

    /// <summary>How views share the window.</summary>
    public LayoutKind Kind { get; private set; } = LayoutKind.FourUp;

    /// <summary>The view that is shown alone, or beside the 3D view.</summary>
    public ViewId Main { get; private set; } = ViewId.Axial;

    /// <summary>The places of the views that are shown.</summary>
    /// <param name="width">Pixels across that there are.</param>
    /// <param name="height">Pixels down that there are.</param>
    /// <param name="gap">Pixels left free between views.</param>
    public IReadOnlyList<ViewCell> Arrange(int width, int height, int gap = 2)
    {
        int left = Math.Max(1, (width - gap) / 2), top = Math.Max(1, (height - gap) / 2);
        int right = Math.Max(1, width - gap - left), bottom = Math.Max(1, height - gap - top);
        int all = Math.Max(1, width), tall = Math.Max(1, height);
        return Kind switch
        {
            LayoutKind.One => [new(Main, 0, 0, all, tall)],
            LayoutKind.SideBySide => [new(SliceViewOfMain(), 0, 0, left, tall), new(ViewId.Spatial, left + gap, 0, right, tall)],
            _ =>
            [
                new(ViewId.Axial, 0, 0, left, top), new(ViewId.Spatial, left + gap, 0, right, top),
                new(ViewId.Coronal, 0, top + gap, left, bottom), new(ViewId.Sagittal, left + gap, top + gap, right, bottom),
            ],
        };
    }

    /// <summary>True where a view is shown.</summary>
    public bool Shows(ViewId view) => Kind switch
    {
        LayoutKind.One => view == Main,
        LayoutKind.SideBySide => view == ViewId.Spatial || view == SliceViewOfMain(),
        _ => true,
    };

    internal void Set(LayoutKind kind, ViewId? main = null)
    {
        if (kind != LayoutKind.One) _before = kind;
        (Kind, Main) = (kind, main ?? Main);
    }

    /// <summary>Shows one view alone; again, all as they were.</summary>
    internal void ToggleMaximised(ViewId view)
    {
        if (Kind == LayoutKind.One && Main == view) Kind = _before;
        else Set(LayoutKind.One, view);
    }

    private ViewId SliceViewOfMain() => Main == ViewId.Spatial ? ViewId.Axial : Main;
}
