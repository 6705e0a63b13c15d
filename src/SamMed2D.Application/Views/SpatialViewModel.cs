using SamMed2D.Application.Scans;
using SamMed2D.Core.Geometry;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Application.Views;

/// <summary>The 3D view: volume rendering, surfaces of segments, slices in space, all seen by one camera.</summary>
public sealed class SpatialViewModel
{
    private readonly Workspace _workspace;
    private readonly HashSet<ViewId> _slices = [];
    private TransferFunction? _transfer;
    private double _shift;

    internal SpatialViewModel(Workspace workspace) => _workspace = workspace;

    /// <summary>Its size in pixels.</summary>
    public ImageSize Size { get; private set; } = new(512, 512);

    /// <summary>The eye; null while no scan is open.</summary>
    public Camera? Camera { get; private set; }

    /// <summary>The name of the transfer function.</summary>
    public string PresetName { get; private set; } = "";

    /// <summary>The names to choose from.</summary>
    public static IReadOnlyList<string> PresetNames => TransferPresets.Names;

    /// <summary>Whether the scan is rendered as a volume.</summary>
    public bool IsVolumeShown { get; internal set; } = true;

    /// <summary>Whether segments are shown as surfaces.</summary>
    public bool AreSurfacesShown { get; internal set; } = true;

    /// <summary>The slice views whose planes are shown in space.</summary>
    public IReadOnlyCollection<ViewId> ShownSlices => _slices;

    /// <summary>The box that volume and surfaces are cut to; null for none.</summary>
    public ClipBox? Clip { get; internal set; }

    /// <summary>True while volume and surfaces in front of the shown slices are cut away.</summary>
    public bool IsCutBySlices { get; internal set; }

    /// <summary>True while the user turns or moves the scene: a picture quickly made matters more than a fine one.</summary>
    public bool IsInteracting { get; private set; }

    /// <summary>What the view shows, for a renderer; null while no scan is open.</summary>
    public SpatialScene? CreateScene()
    {
        if (Camera is not { } camera || _workspace.Scans.Background is not { } scan) return null;
        SpatialScene scene = new(camera, Size)
        {
            Volume = IsVolumeShown && _transfer is { } transfer ? new(scan.Volume, transfer) { IsJittered = IsInteracting } : null,
            Surfaces = AreSurfacesShown ? _workspace.SurfaceLayers : [],
            Slices = [.. PlanesOf(_slices).Select(view => new SlicePicture(view.Center, view.Normal, scan.ToLayer()) { Labels = _workspace.LabelLayer })],
            Clips = [.. Clips()],
        };
        return scene with { BackgroundTop = new(30, 33, 42), BackgroundBottom = new(12, 13, 17) };
    }

    /// <summary>Tells the view's size in pixels; to be called whenever it changes.</summary>
    public void Resize(ImageSize size)
    {
        if (size.Width >= 1 && size.Height >= 1) Size = size;
    }

    /// <summary>Tells that the user begins to turn or move the scene.</summary>
    public void BeginInteraction() => IsInteracting = true;

    /// <summary>Tells that the scene rests.</summary>
    public void EndInteraction() => IsInteracting = false;

    internal void SetScan(ScanLayer? scan)
    {
        if (scan is null)
        {
            (Camera, _transfer, PresetName, Clip) = (null, null, "", null);
            return;
        }
        LookFrom(ViewDirection.Anterior);
        SetPreset(TransferPresets.Suggest(scan.Volume));
    }

    /// <summary>Looks at the whole scan from one of the patient's sides.</summary>
    internal void LookFrom(ViewDirection direction)
    {
        if (_workspace.Scans.Background is { } scan) Camera = Camera.Framing(scan.Volume.Geometry, direction, Size.AspectRatio);
    }

    internal void SetPreset(string name)
    {
        if (_workspace.Scans.Background is { } scan && TransferPresets.FindFor(name, scan.Volume) is { } transfer) SetPreset(transfer);
    }

    internal void Shift(double intensity)
    {
        if (_transfer is not { } transfer) return;
        (double low, double high) = transfer.Range;
        double move = intensity - _shift;
        (_transfer, _shift) = (transfer.Stretch(low + move, high + move), intensity);
    }

    /// <summary>Turns the scene by pixels of a drag: through the whole view is half a turn.</summary>
    internal void Orbit(double right, double down)
    {
        double perPixel = Math.PI / Math.Min(Size.Width, Size.Height);
        Camera = Camera?.Orbit(-right * perPixel, down * perPixel);
    }

    /// <summary>Moves the scene by pixels.</summary>
    internal void Pan(double right, double down)
    {
        if (Camera is not { } camera) return;
        double mm = camera.HeightAtTargetMm / Size.Height;
        Camera = camera.Pan(-right * mm, down * mm);
    }

    internal void Zoom(double factor)
    {
        const double nearestMm = 5, furthestMm = 20_000;
        if (Camera is not { } camera) return;
        Camera = camera.Zoom(Math.Clamp(factor, camera.DistanceMm / furthestMm, camera.DistanceMm / nearestMm));
    }

    internal void ShowSlice(ViewId view, bool isShown)
    {
        if (isShown) _slices.Add(view);
        else _slices.Remove(view);
    }

    internal void Restore(Camera? camera, string preset, bool isVolumeShown, bool areSurfacesShown, IEnumerable<ViewId> slices)
    {
        if (camera is not null && Camera is not null) Camera = camera;
        if (preset.Length > 0) SetPreset(preset);
        (IsVolumeShown, AreSurfacesShown) = (isVolumeShown, areSurfacesShown);
        _slices.Clear();
        _slices.UnionWith(slices);
    }

    private void SetPreset(TransferFunction transfer) => (_transfer, PresetName, _shift) = (transfer, transfer.Name, 0);

    private IEnumerable<SliceView> PlanesOf(IEnumerable<ViewId> views) =>
        views.Order().Select(id => _workspace.SliceViews.First(v => v.Id == id).View).OfType<SliceView>();

    private IEnumerable<ClipPlane> Clips()
    {
        foreach (ClipPlane plane in Clip?.ToPlanes() ?? []) yield return plane;
        if (!IsCutBySlices || Camera is not { } camera) yield break;
        // What lies between the eye and a shown slice goes; two more planes than a box has is what the renderer takes.
        foreach (SliceView view in PlanesOf(_slices).Take(Clip is null ? 3 : 2))
        {
            RasVector away = view.Normal.Dot(camera.Forward) >= 0 ? view.Normal : view.Normal * -1;
            yield return new(view.Center, away);
        }
    }
}

/// <summary>A box along the patient's axes that is kept.</summary>
/// <param name="Low">The right-most, rear-most, lowest corner: smallest R, A and S.</param>
/// <param name="High">The opposite corner.</param>
public readonly record struct ClipBox(RasPoint Low, RasPoint High)
{
    /// <summary>The six planes of the box.</summary>
    public ClipPlane[] ToPlanes() => ClipPlane.Box(Low, High);

    /// <summary>The box round a whole grid.</summary>
    public static ClipBox Around(VolumeGeometry geometry)
    {
        double lowR = double.PositiveInfinity, lowA = lowR, lowS = lowR, highR = double.NegativeInfinity, highA = highR, highS = highR;
        for (int n = 0; n < 8; n++)
        {
            RasPoint corner = geometry.IndexToRas.IndexToRas(new(
                (n & 1) == 0 ? -0.5 : geometry.SizeI - 0.5, (n & 2) == 0 ? -0.5 : geometry.SizeJ - 0.5, (n & 4) == 0 ? -0.5 : geometry.SizeK - 0.5));
            (lowR, lowA, lowS) = (Math.Min(lowR, corner.R), Math.Min(lowA, corner.A), Math.Min(lowS, corner.S));
            (highR, highA, highS) = (Math.Max(highR, corner.R), Math.Max(highA, corner.A), Math.Max(highS, corner.S));
        }
        return new(new(lowR, lowA, lowS), new(highR, highA, highS));
    }
}
