using SamMed2D.Application.Jobs;
using SamMed2D.Application.Segments;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Propagation;

/// <summary>Carrying masks from slice to slice: within which range, and what it has done so far, seen in the views while it runs.</summary>
public sealed class PropagationModel
{
    private readonly Workspace _workspace;
    private readonly Dictionary<(SliceAxis Axis, int Slice, ushort Label), MaskPlane> _masks = [];
    private SessionPropagation? _running;
    private Wanted? _waiting;
    private LabelMap? _labels;
    private LabelChanges _changes = new();
    private SliceViewModel? _followed;
    private int _followedSlice, _startSlice;

    internal PropagationModel(Workspace workspace) => _workspace = workspace;

    /// <summary>The slices that propagation may touch; null for as far as the object goes.</summary>
    public SliceRange? Range { get; internal set; }

    /// <summary>Whether the view that runs along the slices shows each as it is done, until the user scrolls.</summary>
    public bool IsFollowed { get; internal set; } = true;

    /// <summary>The work under way; null for none.</summary>
    public Job? Job { get; private set; }

    /// <summary>True while it runs, or waits for the model to be loaded.</summary>
    public bool IsRunning => Job is not null || _waiting is not null;

    /// <summary>The slice that was done last; null for none.</summary>
    public int? LastSlice { get; private set; }

    /// <summary>The surfaces of what has been done so far; null while nothing runs.</summary>
    internal SegmentSurfaces? Surfaces { get; private set; }

    /// <summary>What has been done so far on a slice, by segment.</summary>
    internal IEnumerable<(ushort Label, MaskPlane Mask)> MasksOn(SliceAxis axis, int slice) =>
        _masks.Where(m => m.Key.Axis == axis && m.Key.Slice == slice).Select(m => (m.Key.Label, m.Value));

    /// <summary>Starts, as soon as the model is there.</summary>
    /// <param name="labels">The segments.</param>
    /// <param name="range">The slices that may be touched; null for all.</param>
    /// <param name="isAnew">Whether all prompts count as new.</param>
    internal void Start(IReadOnlyList<ushort> labels, SliceRange? range, bool isAnew)
    {
        if (_workspace.Model.Problem is { } problem) throw new InvalidCommandException("propagate.run", problem);
        _waiting = new(labels, range, isAnew);
        if (TryBegin()) return;
        _workspace.Segments.Busy = "Load model";
        _workspace.Model.Load();
    }

    /// <summary>Takes what has been done since the last frame into the previews; called before every frame.</summary>
    internal void Tick()
    {
        if (_waiting is not null && _workspace.Model.Problem is not null) Forget();
        if (_waiting is not null) Try(() => TryBegin());
        if (_running is not { } running) return;
        while (running.TryTake(out PropagatedSlice slice)) Show(slice);
        if (_workspace.Layout.Shows(ViewId.Spatial) && _workspace.Spatial.AreSurfacesShown) Surfaces?.Tick();
    }

    /// <summary>Drops a start that waits for the model.</summary>
    /// <returns>False where there is none.</returns>
    internal bool Forget()
    {
        if (_waiting is null) return false;
        (_waiting, _workspace.Segments.Busy) = (null, null);
        return true;
    }

    // The model and the intensities that it sees may still be on their way.
    private bool TryBegin()
    {
        if (_waiting is not { } wanted || !_workspace.Model.IsReady || _workspace.Prompting.ModelWindow is not { } window) return false;
        Forget();
        Begin(new() { Segments = wanted.Labels, Range = wanted.Range, IsAnew = wanted.IsAnew, Window = window, WindowName = _workspace.ModelWindowName });
        return true;
    }

    private void Begin(SessionPropagationRequest request)
    {
        SegmentationSession session = _workspace.Segments.Session!;
        _workspace.Prompting.SetLive(null);
        // The model has two masters for a moment otherwise, and this machine perhaps two cores.
        _workspace.Prompting.Predictor.Pause();
        try
        {
            _running = session.Propagate(_workspace.Model.Segmenter!, request);
        }
        catch
        {
            _workspace.Prompting.Predictor.Resume();
            throw;
        }
        SessionPropagation running = _running;
        string title = $"Propagate {string.Join(", ", request.Segments.Select(label => session.Find(label)?.Name))}";
        (_changes, _labels) = (new(), new(session.Geometry, session.Labels.Segments));
        Surfaces = new(_workspace, _labels, _changes);
        _workspace.Segments.Busy = title;
        Follow(session.Find(request.Segments[0])?.Axis);
        Job = _workspace.Jobs.Start(title, job => Watch(job, running), _ => End(session, running, title), _ => End(session, running, title));
    }

    private static bool Watch(Job job, SessionPropagation running)
    {
        using CancellationTokenRegistration stop = job.Cancellation.Register(running.Cancel);
        while (!running.HasEnded)
        {
            job.Report(running.SlicesDone, running.SlicesPlanned);
            Thread.Sleep(15); // not a wait for the cancellation: after it that would keep a core busy, which the model needs to come to its end
        }
        return true;
    }

    private void End(SegmentationSession session, SessionPropagation running, string title)
    {
        bool isWhole = false;
        Try(() => isWhole = session.Finish(running), title);
        Surfaces?.Stop();
        _masks.Clear();
        if (_followed is { } view && view.Slice == _followedSlice) view.ShowSlice(_startSlice);
        _followed = null;
        (_running, Job, Surfaces, _labels, LastSlice, _workspace.Segments.Busy) = (null, null, null, null, null, null);
        _workspace.Prompting.Predictor.Resume();
        if (isWhole) _workspace.Status = Summary(session, running);
    }

    private static string Summary(SegmentationSession session, SessionPropagation running)
    {
        int doubtful = session.Segments.Sum(segment => ConfidenceStrip.Of(segment).Cells.Count(cell => cell.NeedsReview));
        return $"{running.SlicesDone} slices done{(doubtful > 0 ? $"; {doubtful} deserve a look (press .)" : "")}";
    }

    private void Show(PropagatedSlice done)
    {
        LastSlice = done.Step.Slice;
        if (_followed is { } view)
        {
            if (view.Slice != _followedSlice || view.IsOblique) _followed = null; // The user scrolled: the view is theirs.
            else view.ShowSlice(_followedSlice = done.Step.Slice);
        }
        ushort label = done.Step.Segment.Label;
        if (_workspace.Segments.Session?.Find(label) is not { } segment || _labels is not { } labels || done.Mask.Box.IsEmpty) return;
        VoxelBox box = done.Mask.Box;
        SliceFrame frame = new(labels.Geometry, segment.Axis);
        MaskPlane plane = new(frame.Width, frame.Height);
        for (int k = box.K0; k < box.K1; k++)
            for (int j = box.J0; j < box.J1; j++)
            {
                ReadOnlySpan<byte> marks = done.Mask.Row(j, k);
                Span<ushort> row = labels.MutableLabels.Slice(checked((int)labels.Geometry.OffsetOf(new(box.I0, j, k))), marks.Length);
                for (int i = 0; i < marks.Length; i++)
                {
                    if (marks[i] == 0) continue;
                    row[i] = label;
                    (double x, double y, _) = frame.IndexToPixel(new(box.I0 + i, j, k));
                    plane.Pixels[(int)y * frame.Width + (int)x] = 1;
                }
            }
        _masks[(segment.Axis, done.Step.Slice, label)] = plane;
        _changes.Record(box);
        _workspace.Touch();
    }

    private void Follow(SliceAxis? axis)
    {
        _followed = IsFollowed ? _workspace.SliceViews.FirstOrDefault(v => v.LabelFrame?.Axis == axis && !v.IsOblique) : null;
        _followedSlice = _startSlice = _followed?.Slice ?? 0;
    }

    private void Try(Action action, string title = "Propagate")
    {
        try
        {
            action();
        }
        catch (Exception failure)
        {
            _workspace.Notices.Add(title, failure);
        }
    }

    /// <summary>What is to begin as soon as it can.</summary>
    private sealed record Wanted(IReadOnlyList<ushort> Labels, SliceRange? Range, bool IsAnew);
}
