using SamMed2D.Core.Meshes;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Surfaces;

namespace SamMed2D.Application.Segments;

/// <summary>Keeps the surfaces of segments up to date in the background, once edits rest for a moment.</summary>
public sealed class SegmentSurfaces
{
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(250), s_longestWait = TimeSpan.FromSeconds(1);

    private readonly Workspace _workspace;
    private readonly LabelChanges _changes;
    private readonly LiveSurfaces _live;
    private Jobs.Job? _job;
    private long _seen = -1, _changedTo = -1, _staleSince, _changedAt;
    private bool _isStopped;

    internal SegmentSurfaces(Workspace workspace, LabelMap labels, LabelChanges changes) => (_workspace, _changes, _live) = (workspace, changes, new(labels, changes));

    /// <summary>The surfaces as last made, by label.</summary>
    public IReadOnlyDictionary<ushort, SurfaceMesh> Meshes { get; private set; } = new Dictionary<ushort, SurfaceMesh>();

    /// <summary>True while they are older than the labels.</summary>
    public bool IsStale => _job is not null || _changes.Revision != _seen;

    internal IReadOnlyList<SurfaceLayer> ToLayers(SegmentsModel segments) =>
        [.. Meshes.Select(mesh => (Mesh: mesh.Value, Look: segments.LookOf(mesh.Key))).Where(s => s.Look.Opacity > 0)
            .Select(s => new SurfaceLayer(s.Mesh) { Color = s.Look.Color, Opacity = s.Look.Opacity, Silhouette = 0.25 })];

    /// <summary>Starts a refresh where one is due; called before every frame.</summary>
    internal void Tick()
    {
        if (_job is not null || _isStopped) return;
        TimeProvider clock = _workspace.Services.Clock;
        long revision = _changes.Revision, now = clock.GetTimestamp();
        if (revision == _seen) return;
        if (revision != _changedTo)
        {
            if (_staleSince == 0) _staleSince = now;
            (_changedTo, _changedAt) = (revision, now);
        }
        // While somebody paints or propagates, once a second is enough; at rest, soon.
        if (clock.GetElapsedTime(_changedAt, now) < s_rest && clock.GetElapsedTime(_staleSince, now) < s_longestWait) return;
        _staleSince = 0;
        _job = _workspace.Jobs.Start("Surfaces",
            job =>
            {
                _live.Refresh(job.Cancellation);
                return new Dictionary<ushort, SurfaceMesh>(_live.Meshes);
            },
            meshes =>
            {
                (_job, _seen, Meshes) = (null, revision, meshes);
                _workspace.Touch();
            },
            failure =>
            {
                (_job, _seen) = (null, revision);
                if (failure is not OperationCanceledException) _workspace.Notices.Add("Surfaces", failure);
            },
            isQuiet: true);
    }

    internal void Stop()
    {
        _isStopped = true;
        _job?.Cancel();
    }
}
