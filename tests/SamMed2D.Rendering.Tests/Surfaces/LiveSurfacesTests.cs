using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Surfaces;

namespace SamMed2D.Rendering.Tests.Surfaces;

public class LiveSurfacesTests
{
    private static readonly VolumeGeometry s_geometry = new(70, 40, 36, TestVolumes.Oblique(0.9, 0.9, 1.5));
    private readonly LabelMap _labels = TestVolumes.CreateLabels(s_geometry, v => Distance(v, 16) < 11 ? (v.J < 20 ? 1 : 2) : Distance(v, 54) < 10 ? 3 : 0, new Segment(3, "far", new(9, 8, 7)));
    private readonly LabelChanges _changes = new();

    private static double Distance(VoxelIndex v, int i) => Math.Sqrt((v.I - i) * (v.I - i) + (v.J - 20) * (v.J - 20) + (v.K - 18) * (v.K - 18));

    private LiveSurfaces Create()
    {
        LiveSurfaces surfaces = new(_labels, _changes);
        Assert.True(surfaces.IsStale);
        Assert.Equal<ushort>([1, 2, 3], surfaces.Refresh().Order());
        Assert.False(surfaces.IsStale);
        return surfaces;
    }

    private void Paint(VoxelBox box, ushort label, Func<ushort, bool>? over = null)
    {
        foreach (VoxelIndex v in TestVolumes.VoxelsOf(s_geometry))
            if (new VoxelBox(v, v).Intersect(box) is { IsEmpty: false } && over?.Invoke(_labels.Labels[(int)s_geometry.OffsetOf(v)]) != false)
                _labels.MutableLabels[(int)s_geometry.OffsetOf(v)] = label;
        _changes.Record(box);
    }

    [Fact]
    public void Refresh_FirstTime_EqualsExtract()
    {
        LiveSurfaces surfaces = Create();
        IReadOnlyList<SurfaceMesh> whole = SurfaceNets.Extract(_labels);
        Assert.Equal(whole.Count, surfaces.Meshes.Count);
        Assert.Equal("far", surfaces.Meshes[3].Name);
        foreach ((SurfaceMesh expected, SurfaceMesh found) in whole.Zip(surfaces.Meshes.Values)) AssertAlike(expected, found, 1e-3f);
    }

    [Fact]
    public void Refresh_AfterAStroke_MakesOnlyTheTouchedSegmentAnew()
    {
        LiveSurfaces surfaces = Create();
        SurfaceMesh first = surfaces.Meshes[1], second = surfaces.Meshes[2], far = surfaces.Meshes[3];
        Paint(new(new(52, 18, 25), new(56, 22, 31)), 3);
        Assert.True(surfaces.IsStale);
        Assert.Equal<ushort>([3], surfaces.Refresh().Order());
        Assert.Same(first, surfaces.Meshes[1]);
        Assert.Same(second, surfaces.Meshes[2]);
        Assert.NotSame(far, surfaces.Meshes[3]);
        AssertAlike(SurfaceNets.Extract(_labels)[2], surfaces.Meshes[3], 1e-3f);
        MeshTopology.AssertClosedManifold(surfaces.Meshes[3]);
    }

    [Fact]
    public void Refresh_BoundaryMoved_ChangesBothNeighboursAlike()
    {
        LiveSurfaces surfaces = Create();
        Paint(new(new(10, 20, 12), new(20, 23, 22)), 1, over: label => label == 2);
        Assert.Equal<ushort>([1, 2], surfaces.Refresh().Order());
        IReadOnlyList<SurfaceMesh> whole = SurfaceNets.Extract(_labels);
        for (ushort label = 1; label <= 2; label++) AssertAlike(whole[label - 1], surfaces.Meshes[label], 0.05f);
        Assert.NotEmpty(surfaces.Meshes[1].Vertices.ToArray().Intersect(surfaces.Meshes[2].Vertices.ToArray()));
    }

    [Fact]
    public void Refresh_SegmentErased_DropsItsSurface()
    {
        LiveSurfaces surfaces = Create();
        Paint(VoxelBox.Of(s_geometry), 0, over: label => label == 3);
        Assert.Equal<ushort>([3], surfaces.Refresh().Order());
        Assert.Equal([1, 2], surfaces.Meshes.Keys.Select(label => (int)label));
    }

    [Fact]
    public void Refresh_NothingReallyChanged_MakesNothing()
    {
        LiveSurfaces surfaces = Create();
        Paint(new(new(5, 5, 5), new(30, 30, 30)), 1, over: label => label == 1);
        Assert.Empty(surfaces.Refresh());
    }

    [Fact]
    public void Refresh_Cancelled_IsMadeUpForByTheNext()
    {
        LiveSurfaces surfaces = Create();
        Paint(new(new(52, 18, 25), new(56, 22, 31)), 3);
        Assert.ThrowsAny<OperationCanceledException>(() => surfaces.Refresh(new CancellationToken(true)));
        Assert.True(surfaces.IsStale);
        Assert.Equal<ushort>([3], surfaces.Refresh().Order());
        AssertAlike(SurfaceNets.Extract(_labels)[2], surfaces.Meshes[3], 1e-3f);
    }

    // The same triangles with their corners at the same places, in any order.
    private static void AssertAlike(SurfaceMesh expected, SurfaceMesh found, float tolerance)
    {
        Assert.Equal(expected.TriangleCount, found.TriangleCount);
        Assert.Equal(expected.Vertices.Length, found.Vertices.Length);
        Vector3[] a = Sorted(expected), b = Sorted(found);
        for (int n = 0; n < a.Length; n++) Assert.InRange(Nearest(b, a[n], n), 0, tolerance);

        static Vector3[] Sorted(SurfaceMesh mesh) => [.. mesh.Vertices.ToArray().OrderBy(v => v.Z)];

        float Nearest(Vector3[] places, Vector3 place, int start)
        {
            float best = float.PositiveInfinity;
            for (int n = start; n >= 0 && place.Z - places[n].Z <= Math.Min(best, 0.2f); n--) best = Math.Min(best, Vector3.Distance(place, places[n]));
            for (int n = start; n < places.Length && places[n].Z - place.Z <= Math.Min(best, 0.2f); n++) best = Math.Min(best, Vector3.Distance(place, places[n]));
            return best;
        }
    }
}
