using SamMed2D.Application.Scans;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Application.Views;

/// <summary>
/// A view of slices: which one, how large, where; along the scan's grid, or on a free plane (oblique). Pixels are as in <see cref="SliceView"/>.
/// </summary>
public sealed class SliceViewModel
{
    private const double NearestMmPerPixel = 0.005, FurthestMmPerPixel = 20;

    private readonly Workspace _workspace;
    private double? _mmPerPixel;
    private double _panRightMm, _panDownMm;
    private FreePlane? _free;

    internal SliceViewModel(Workspace workspace, ViewId id)
    {
        (_workspace, Id, Plane) = (workspace, id, ViewNames.PlaneOf(id));
        Mouse = new(workspace, this);
    }

    /// <summary>What the pointer does here; the viewer passes its events on.</summary>
    public SlicePointer Mouse { get; }

    /// <summary>Which view it is.</summary>
    public ViewId Id { get; }

    /// <summary>The anatomical plane that its slices are closest to.</summary>
    public SlicePlane Plane { get; }

    /// <summary>Its size in pixels.</summary>
    public ImageSize Size { get; private set; } = new(512, 512);

    /// <summary>How the scan's slices become pictures here; null while no scan is open.</summary>
    public SliceFrame? Frame { get; private set; }

    /// <summary><see cref="Frame"/> where the labels lie on the grid that the views follow; else null: nothing can be drawn or prompted on other slices than theirs.</summary>
    public SliceFrame? LabelFrame => Frame is { } frame && _workspace.Segments.Session?.Geometry.IsSameGrid(frame.Geometry) == true ? frame : null;

    /// <summary>The number of the slice that is shown; on a free plane, of the last one along the grid.</summary>
    public int Slice { get; private set; }

    /// <summary>The number of slices; 0 while no scan is open.</summary>
    public int SliceCount => Frame?.SliceCount ?? 0;

    /// <summary>True on a free plane, which need not follow the grid.</summary>
    public bool IsOblique => _free is not null;

    /// <summary>The scale in millimetres of a pixel.</summary>
    public double MmPerPixel => _mmPerPixel ?? (Frame is { } frame ? SliceView.AlongGrid(frame, Slice, Size).MmPerPixel : 1);

    /// <summary>Where the pointer is; null while it is elsewhere.</summary>
    public ViewPoint? Pointer { get; internal set; }

    /// <summary>The plane that is shown; null while no scan is open.</summary>
    public SliceView? View
    {
        get
        {
            if (Frame is not { } frame) return null;
            SliceView along = _free is { } free ? new(free.Center, free.Right, free.Down, MmPerPixel) : SliceView.AlongGrid(frame, Slice, Size) with { MmPerPixel = MmPerPixel };
            RasVector move = along.Right * _panRightMm + along.Down * _panDownMm;
            return along with { Center = along.Center.Plus(move) };
        }
    }

    /// <summary>The place shown at a pixel; null while no scan is open.</summary>
    public RasPoint? ToRas(ViewPoint at) => View?.PixelToRas(at.X, at.Y, Size);

    /// <summary>Where a place appears, and how far behind the plane it lies in millimetres.</summary>
    /// <exception cref="InvalidOperationException">No scan is open.</exception>
    public (ViewPoint At, double DepthMm) ToView(RasPoint place)
    {
        (double x, double y, double depth) = (View ?? throw new InvalidOperationException("No scan is open.")).RasToPixel(place, Size);
        return (new(x, y), depth);
    }

    /// <summary>The place in the slice's own picture (pixels of <see cref="LabelFrame"/>); null on a free plane and where there are no labels on the views' grid.</summary>
    public ViewPoint? ToSlicePixel(ViewPoint at)
    {
        if (LabelFrame is not { } frame || IsOblique) return null;
        (double x, double y, _) = frame.IndexToPixel(frame.Geometry.IndexToRas.RasToIndex(ToRas(at)!.Value));
        return new(x, y);
    }

    /// <summary>Where a place of the slice's own picture appears.</summary>
    /// <exception cref="InvalidOperationException">No scan is open.</exception>
    public ViewPoint FromSlicePixel(double x, double y)
    {
        SliceFrame frame = Frame ?? throw new InvalidOperationException("No scan is open.");
        return ToView(frame.Geometry.IndexToRas.IndexToRas(frame.PixelToIndex(x, y, Slice))).At;
    }

    /// <summary>What lies at a pixel; null outside of all scans.</summary>
    public Readout? Read(ViewPoint at) => ToRas(at) is { } place ? Readout.At(_workspace, place) : null;

    /// <summary>What the view shows, for a renderer; null while no scan is open.</summary>
    public SliceScene? CreateScene()
    {
        if (View is not { } view || _workspace.Scans.Background is not { } background) return null;
        ScanLayer? foreground = _workspace.Scans.IsForegroundShown ? _workspace.Scans.Foreground : null;
        return new(view, Size)
        {
            Volume = background.ToLayer(),
            Foreground = foreground?.ToLayer(),
            ForegroundOpacity = _workspace.Scans.ForegroundOpacity,
            Labels = _workspace.LabelLayer,
        };
    }

    /// <summary>What is drawn over the picture: crosshair, prompts, previews, measurements.</summary>
    public IReadOnlyList<OverlayShape> CreateOverlay() => Frame is null ? [] : SliceOverlay.Create(_workspace, this);

    /// <summary>How much larger than on a plain display words and signs over the picture are drawn.</summary>
    public double DisplayScale { get; private set; } = 1;

    /// <summary>Tells the view's size in pixels; to be called whenever it changes.</summary>
    /// <param name="size">The size.</param>
    /// <param name="displayScale">How much larger than on a plain display everything is drawn.</param>
    public void Resize(ImageSize size, double displayScale = 1)
    {
        DisplayScale = displayScale;
        if (size == Size || size.Width < 1 || size.Height < 1) return;
        // A fitted view stays fitted; another keeps its scale.
        Size = size;
    }

    /// <summary>Takes another grid: the middle slice, fitted.</summary>
    internal void SetGeometry(VolumeGeometry? geometry)
    {
        Frame = geometry is null ? null : SliceFrame.ForPlane(geometry, Plane);
        Slice = SliceCount / 2;
        Fit();
        _free = null;
    }

    internal void ShowSlice(int slice)
    {
        Slice = Math.Clamp(slice, 0, Math.Max(SliceCount - 1, 0));
        _free = null;
    }

    /// <summary>Moves through the slices; on a free plane by the grid's own distance.</summary>
    internal void Scroll(int slices)
    {
        if (Frame is not { } frame) return;
        if (_free is { } free) _free = free with { Center = free.Center.Plus(View!.Normal * (-slices * frame.SliceSpacingMm)) };
        else ShowSlice(Slice + slices);
    }

    /// <summary>Shows the slice, or moves the plane, that a place lies on.</summary>
    internal void ShowPlace(RasPoint place)
    {
        if (Frame is not { } frame) return;
        if (_free is { } free) _free = free with { Center = free.Center.Plus(View!.Normal * View!.RasToPixel(place, Size).DepthMm) };
        else Slice = Math.Clamp((int)Math.Floor(frame.IndexToPixel(frame.Geometry.IndexToRas.RasToIndex(place)).Slice + 0.5), 0, SliceCount - 1);
    }

    /// <summary>Magnifies so that the place at a pixel stays there.</summary>
    internal void Zoom(double factor, ViewPoint about)
    {
        double before = MmPerPixel, after = Math.Clamp(before / factor, NearestMmPerPixel, FurthestMmPerPixel);
        _panRightMm += (about.X - (Size.Width - 1) / 2.0) * (before - after);
        _panDownMm += (about.Y - (Size.Height - 1) / 2.0) * (before - after);
        _mmPerPixel = after;
    }

    /// <summary>Moves the picture by pixels.</summary>
    internal void Pan(double right, double down)
    {
        _mmPerPixel = MmPerPixel;
        _panRightMm -= right * MmPerPixel;
        _panDownMm -= down * MmPerPixel;
    }

    /// <summary>Moves the picture so that a place is in the middle.</summary>
    internal void CenterOn(RasPoint place)
    {
        if (View is not { } view) return;
        RasVector off = place.Minus(view.Center);
        _mmPerPixel = MmPerPixel;
        _panRightMm += off.Dot(view.Right);
        _panDownMm += off.Dot(view.Down);
    }

    /// <summary>Shows the whole slice.</summary>
    internal void Fit() => (_mmPerPixel, _panRightMm, _panDownMm) = (null, 0, 0);

    /// <summary>Turns the plane about an axis through a place that it shows; the first turn makes it oblique.</summary>
    /// <param name="aroundRightRadians">About the view's horizontal axis.</param>
    /// <param name="aroundDownRadians">About its vertical axis.</param>
    /// <param name="inPlaneRadians">Within the plane.</param>
    /// <param name="about">The place that stays.</param>
    internal void Turn(double aroundRightRadians, double aroundDownRadians, double inPlaneRadians, RasPoint about)
    {
        if (View is not { } view) return;
        _mmPerPixel = MmPerPixel;
        ShowPlace(about);
        // The plane is kept by the place that it turns about, so that a turn there and back ends where it began.
        RasVector off = View!.Center.Minus(about);
        double right = off.Dot(view.Right), down = off.Dot(view.Down);
        SliceView turned = view.Turn(aroundRightRadians, aroundDownRadians, inPlaneRadians);
        _free = new(about, turned.Right, turned.Down);
        (_panRightMm, _panDownMm) = (right, down);
    }

    /// <summary>Goes back to the grid, at the slice nearest to a place.</summary>
    internal void FollowGrid(RasPoint place)
    {
        if (_free is null) return;
        _free = null;
        Fit();
        ShowPlace(place);
    }

    internal ViewState Save() => new(Slice, _mmPerPixel, _panRightMm, _panDownMm, _free);

    internal void Restore(ViewState state)
    {
        Slice = Math.Clamp(state.Slice, 0, Math.Max(SliceCount - 1, 0));
        _mmPerPixel = state.MmPerPixel is { } mm && double.IsFinite(mm) ? Math.Clamp(mm, NearestMmPerPixel, FurthestMmPerPixel) : null;
        (_panRightMm, _panDownMm, _free) = (state.PanRightMm, state.PanDownMm, state.Free);
    }
}

/// <summary>A plane that need not follow the grid.</summary>
/// <param name="Center">The place that it turns about.</param>
/// <param name="Right">Direction of growing x; a unit vector.</param>
/// <param name="Down">Direction of growing y; a unit vector.</param>
internal sealed record FreePlane(RasPoint Center, RasVector Right, RasVector Down);

/// <summary>What a project keeps of a slice view.</summary>
internal sealed record ViewState(int Slice, double? MmPerPixel, double PanRightMm, double PanDownMm, FreePlane? Free);
