using SamMed2D.Application.Commands;
using SamMed2D.Application.Jobs;
using SamMed2D.Application.Models;
using SamMed2D.Application.Notices;
using SamMed2D.Application.Projects;
using SamMed2D.Application.Prompting;
using SamMed2D.Application.Propagation;
using SamMed2D.Application.Scans;
using SamMed2D.Application.Segments;
using SamMed2D.Application.Series;
using SamMed2D.Application.Settings;
using SamMed2D.Application.Tools;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using SamMed2D.Segmentation.Session;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Application;

/// <summary>
/// The whole viewer without its toolkit: open scans, labels, views, tools, commands and jobs. It belongs to one thread, the user interface's, which calls
/// <see cref="Tick"/> before every frame, shows the views' scenes, and passes keys and pointer events on.
/// </summary>
public sealed class Workspace : IDisposable
{
    private IntensityWindowChoice? _windowSought;
    private long _ticked = -1;
    private bool _isDisposed;

    /// <summary>Makes an empty workspace.</summary>
    /// <param name="services">What it needs from other rooms.</param>
    public Workspace(WorkspaceServices services)
    {
        Services = services;
        Settings = new(services.ConfigFolder, Notices);
        SliceViews = [new(this, ViewId.Axial), new(this, ViewId.Coronal), new(this, ViewId.Sagittal)];
        Spatial = new(this);
        SpatialPointer = new(this);
        Segments = new(this);
        Statistics = new(this);
        Prompting = new(this);
        Model = new(this);
        Propagation = new(this);
        Project = new(this);
        Autosave = new(this);
        Tools = new(this);
        Commands = new(this, CommandCatalog.Create());
    }

    /// <summary>What it needs from other rooms.</summary>
    public WorkspaceServices Services { get; }

    /// <summary>The open scans.</summary>
    public ScanList Scans { get; } = new();

    /// <summary>The axial, coronal and sagittal views, in this order.</summary>
    public IReadOnlyList<SliceViewModel> SliceViews { get; }

    /// <summary>The 3D view.</summary>
    public SpatialViewModel Spatial { get; }

    /// <summary>What the pointer does in the 3D view.</summary>
    public SpatialPointer SpatialPointer { get; }

    /// <summary>Which views are shown, and where.</summary>
    public ViewLayout Layout { get; } = new();

    /// <summary>The place that all views share.</summary>
    public Crosshair Crosshair { get; } = new();

    /// <summary>The labels of the scan, and the segment in hand.</summary>
    public SegmentsModel Segments { get; }

    /// <summary>What is known of the segments' voxels.</summary>
    public StatisticsTable Statistics { get; }

    /// <summary>Prompts, and the masks that the model offers for them.</summary>
    public PromptingModel Prompting { get; }

    /// <summary>Carrying masks from slice to slice.</summary>
    public PropagationModel Propagation { get; }

    /// <summary>The project that is open.</summary>
    public ProjectModel Project { get; }

    /// <summary>What keeps work safe from a crash.</summary>
    public Autosave Autosave { get; }

    /// <summary>The models, and the one in use.</summary>
    public ModelChoice Model { get; }

    /// <summary>The tools, and the one in hand.</summary>
    public ToolBox Tools { get; }

    /// <summary>All that the user can do.</summary>
    public CommandSet Commands { get; }

    /// <summary>Work in the background.</summary>
    public JobQueue Jobs { get; } = new();

    /// <summary>What the user should be told.</summary>
    public NoticeBoard Notices { get; } = new();

    /// <summary>What is remembered from one start to the next.</summary>
    public SettingsStore Settings { get; }

    /// <summary>The command that waits for the user to say what it needs; null for none.</summary>
    public CommandRequest? Request { get; private set; }

    /// <summary>The question which series of a folder to open; null for none.</summary>
    public SeriesChoice? SeriesChoice { get; internal set; }

    /// <summary>How the intensities shown to the model were chosen.</summary>
    public string ModelWindowName { get; private set; } = "auto";

    /// <summary>One line about what just happened; empty for nothing.</summary>
    public string Status { get; set; } = "";

    /// <summary>True while the list of keys is open.</summary>
    public bool IsKeyListOpen { get; internal set; }

    /// <summary>True while the command palette is open.</summary>
    public bool IsPaletteOpen { get; internal set; }

    /// <summary>True once the user wants to leave and nothing unsaved stands against it.</summary>
    public bool IsQuitRequested { get; internal set; }

    /// <summary>Counts up whenever anything may look different: a viewer need not draw while it stays.</summary>
    public long Revision { get; private set; }

    /// <summary>The view under the pointer, or the last that was.</summary>
    public ViewId ActiveView
    {
        get;
        internal set
        {
            field = value;
            if (value != ViewId.Spatial) ActiveSliceView = value;
        }
    }

    /// <summary>The slice view under the pointer, or the last that was.</summary>
    internal ViewId ActiveSliceView { get; private set; }

    /// <summary>The grid that views follow: the background scan's; null while no scan is open.</summary>
    public VolumeGeometry? Geometry => Scans.Background?.Volume.Geometry;

    /// <summary>The labels as slices show them; null where there are none.</summary>
    internal LabelLayer? LabelLayer => Segments.Layer;

    /// <summary>True while surfaces that are on show are older than the labels.</summary>
    internal bool AreSurfacesDue => Spatial.AreSurfacesShown && Layout.Shows(ViewId.Spatial) && Segments.Surfaces is { IsStale: true };

    /// <summary>The surfaces of segments as the 3D view shows them.</summary>
    internal IReadOnlyList<SurfaceLayer> SurfaceLayers => Segments is not { AreShown: true, Surfaces: { } surfaces } ? []
        : Propagation.Surfaces is { } running ? [.. surfaces.ToLayers(Segments), .. running.ToLayers(Segments)] : surfaces.ToLayers(Segments);

    /// <summary>The view of a name.</summary>
    public SliceViewModel SliceView(ViewId id) => SliceViews[(int)id];

    /// <summary>Takes over what the background has finished; to be called before every frame.</summary>
    /// <returns>True where anything may look different since the last call.</returns>
    public bool Tick()
    {
        if (Jobs.Drain()) Touch();
        Autosave.Tick();
        if (Tools.Active is PromptTool) Model.Load();
        Prompting.Tick();
        Propagation.Tick();
        if (AreSurfacesDue) Segments.Surfaces!.Tick();
        bool changed = Revision != _ticked;
        _ticked = Revision;
        return changed;
    }

    /// <summary>Says that anything may look different.</summary>
    public void Touch() => Revision++;

    /// <summary>Runs the command that waits, with what the user said.</summary>
    /// <param name="arguments">All that it needs.</param>
    public void Answer(System.Text.Json.Nodes.JsonObject arguments)
    {
        if (Request is not { } request) return;
        Request = null;
        Commands.Invoke(request.Command.Id, arguments);
    }

    /// <summary>Drops the command that waits.</summary>
    public void Dismiss()
    {
        Request = null;
        Touch();
    }

    /// <summary>Stops all work and gives everything back.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        Jobs.CancelAll();
        Jobs.Dispose();
        Prompting.Dispose();
        Autosave.Leave(isWanted: Segments.HasUnsavedWork);
        Settings.Change(s => s with { BrushRadiusMm = Tools.Settings.BrushRadiusMm });
    }

    internal void Ask(CommandRequest request)
    {
        Request = request;
        Touch();
    }

    internal Segment? SegmentAt(RasPoint place) => Segments.At(place);

    /// <summary>Moves the crosshair, and shows its slices in all views, or in all but one.</summary>
    internal void MoveCrosshair(RasPoint place, SliceViewModel? except = null)
    {
        Crosshair.Position = place;
        foreach (SliceViewModel view in SliceViews)
            if (view != except) view.ShowPlace(place);
        Touch();
    }

    /// <summary>Keeps the crosshair on the slice that a view scrolled to.</summary>
    internal void FollowSlice(SliceViewModel view)
    {
        if (view.View is not { } plane) return;
        double depth = plane.RasToPixel(Crosshair.Position, view.Size).DepthMm;
        Crosshair.Position = Crosshair.Position.Plus(plane.Normal * -depth);
        Touch();
    }

    /// <summary>Takes a scan that was read.</summary>
    internal ScanLayer AddScan(string path, VolumeReadOptions options, Volume volume, string sha256)
    {
        bool isFirst = Scans.Background is null;
        ScanLayer scan = Scans.Add(path, options, volume, sha256);
        if (isFirst) FollowBackground();
        if (Segments.Session is null) StartSegments(scan, new(volume));
        Settings.Change(settings => settings.WithRecent(Path.GetFullPath(path)));
        if (isFirst && volume.Info.FrameCount > 1)
            Notices.Add(new(NoticeKind.Information, scan.Name, $"The file holds {volume.Info.FrameCount} frames; this is frame {volume.Info.Frame}.") { Choices = [new("Open another frame…", "scan.frame")] });
        foreach (string note in volume.Info.Notes) Notices.Add(new(NoticeKind.Warning, scan.Name, note));
        return scan;
    }

    /// <summary>Has the views take the grid of the background scan, and starts them in its middle.</summary>
    internal void FollowBackground()
    {
        foreach (SliceViewModel view in SliceViews) view.SetGeometry(Geometry);
        Spatial.SetScan(Scans.Background);
        if (Geometry is { } grid) MoveCrosshair(grid.IndexToRas.IndexToRas(new(grid.SizeI / 2, grid.SizeJ / 2, grid.SizeK / 2)));
    }

    /// <summary>Begins to work on the labels of a scan.</summary>
    /// <param name="scan">The scan.</param>
    /// <param name="session">Its labels.</param>
    /// <param name="project">The project that they belong to; null for none yet.</param>
    /// <param name="hasWork">True where they hold work that is saved nowhere.</param>
    internal void StartSegments(ScanLayer scan, SegmentationSession session, string? project = null, bool hasWork = false)
    {
        Prompting.Forget();
        Statistics.Clear();
        Segments.Start(scan, session);
        if (hasWork) Segments.MarkUnsaved();
        Project.Path = project;
        Propagation.Range = null;
        Autosave.Follow(scan, session, hasWork);
        FindModelWindow(IntensityWindowChoice.Auto);
    }

    /// <summary>Closes everything, and opens one scan with its labels.</summary>
    internal ScanLayer Replace(string path, VolumeReadOptions options, Volume volume, string sha256, SegmentationSession session, string? project, bool hasWork)
    {
        StopSegments();
        Scans.Clear();
        ScanLayer scan = Scans.Add(path, options, volume, sha256);
        FollowBackground();
        StartSegments(scan, session, project, hasWork);
        return scan;
    }

    /// <summary>Drops the labels.</summary>
    internal void StopSegments()
    {
        Autosave.Leave(isWanted: false);
        Prompting.Forget();
        Prompting.ModelWindow = null;
        Statistics.Clear();
        Segments.Stop();
    }

    internal void SetModelWindow(string name)
    {
        if (!IntensityWindowChoice.TryParse(name, out IntensityWindowChoice choice, out string problem)) throw new InvalidCommandException("model.window", problem);
        FindModelWindow(choice);
    }

    // Looks at every voxel, so it is done in the background.
    private void FindModelWindow(IntensityWindowChoice choice)
    {
        Volume volume = Segments.Session!.Volume;
        Prompting.ModelWindow = null;
        _windowSought = choice;
        Jobs.Start("Intensities", _ => choice.Resolve(volume), window =>
        {
            // One choice may take longer than the one after it.
            if (Segments.Session?.Volume == volume && _windowSought == choice) (Prompting.ModelWindow, ModelWindowName) = (window, choice.Name);
        }, failure => Notices.Add("Intensities", failure), isQuiet: true);
    }
}
