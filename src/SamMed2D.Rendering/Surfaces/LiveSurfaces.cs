using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Surfaces;

/// <summary>
/// The surfaces of a label map while it is edited. A refresh makes only those segments anew whose voxels have changed, within a box around
/// them, so it costs what they cost, however large the label map is. Used from one thread at a time, which need not be the editing one:
/// what is edited during a refresh is caught by the next. Points that a new surface shares with a neighbour that did not change
/// may part from the neighbour's by a small part of a voxel.
/// </summary>
/// <param name="labels">The labels; not owned.</param>
/// <param name="changes">Where their owner records edits.</param>
/// <param name="options">How surfaces are made, of all labels that occur; null for the defaults.</param>
public sealed class LiveSurfaces(LabelMap labels, LabelChanges changes, SurfaceOptions? options = null)
{
    // What lies this far away no longer moves a surface visibly when it is smoothed.
    private const int Margin = 4;
    private readonly SurfaceOptions _options = options ?? new();
    private readonly LabelBricks _bricks = new(labels);
    private readonly SortedDictionary<ushort, SurfaceMesh> _meshes = [];
    // Labels known to have changed whose surfaces are not made yet: they outlive a cancelled refresh.
    private readonly HashSet<ushort> _stale = [];
    private long _seen = long.MinValue;

    /// <summary>Whether labels have changed since the last refresh.</summary>
    public bool IsStale => changes.Revision != _seen;

    /// <summary>The surfaces as of the last refresh, by label value. A segment that has not changed keeps its mesh, the very object.</summary>
    public IReadOnlyDictionary<ushort, SurfaceMesh> Meshes => _meshes;

    /// <summary>Makes the surfaces of segments that have changed since the last refresh; the first time, of all.</summary>
    /// <param name="cancellation">Stops within a step; the surfaces are then as before, and the next refresh makes up for it.</param>
    /// <returns>The labels whose surfaces are new or gone.</returns>
    public IReadOnlySet<ushort> Refresh(CancellationToken cancellation = default)
    {
        // Taken first: what is recorded from here on counts as not seen.
        long revision = changes.Revision;
        foreach (VoxelBox box in changes.Since(_seen) ?? [VoxelBox.Of(labels.Geometry)]) _bricks.Update(box, _stale);
        Make(cancellation);
        _seen = revision;
        HashSet<ushort> made = [.. _stale];
        _stale.Clear();
        return made;
    }

    private void Make(CancellationToken cancellation)
    {
        if (_stale.Count == 0) return;
        VoxelBox box = _bricks.BoxAround(_stale);
        // A copy, which also keeps edits out while surfaces are made.
        IReadOnlyList<(ushort Label, SurfaceMesh Mesh)> made = box.IsEmpty ? []
            : SurfaceNets.ExtractByLabel(labels.Crop(box.Grow(Margin)), _options with { Labels = _stale, KeepsNeighbours = true }, null, cancellation);
        foreach (ushort label in _stale) _meshes.Remove(label);
        foreach ((ushort label, SurfaceMesh mesh) in made) _meshes[label] = mesh;
    }
}
