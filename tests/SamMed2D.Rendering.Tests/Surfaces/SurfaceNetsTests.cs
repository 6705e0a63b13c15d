using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Surfaces;

namespace SamMed2D.Rendering.Tests.Surfaces;

public class SurfaceNetsTests
{
    private static readonly SurfaceOptions s_unsmoothed = new() { SmoothingRounds = 0 };

    [Fact]
    public void Extract_NoiseOfSeveralLabels_IsAClosedManifoldForEachOfThem() =>
        Gen.Select(Gen.Int[1, 7], Gen.Int[1, 7], Gen.Int[1, 7], Gen.Int[1, 4], Gen.Int[0, 1_000_000]).Sample((i, j, k, labelCount, seed) =>
        {
            VolumeGeometry geometry = TestVolumes.Centered(i, j, k);
            Random random = new(seed);
            LabelMap labels = TestVolumes.CreateLabels(geometry, _ => random.Next(labelCount + 1));
            foreach (SurfaceOptions options in (SurfaceOptions[])[s_unsmoothed, new()])
                foreach (SurfaceMesh mesh in SurfaceNets.Extract(labels, options)) MeshTopology.AssertClosedManifold(mesh);
        }, iter: 200);

    [Fact]
    public void Extract_EveryPairOfTouchingCells_IsAClosedManifold()
    {
        // All 4096 patterns of 2×2×3 voxels: every case of a cell beside every case of its neighbour that agrees on the face between.
        VolumeGeometry geometry = TestVolumes.Centered(2, 2, 3);
        for (int pattern = 1; pattern < 4096; pattern++)
        {
            LabelMap labels = TestVolumes.CreateLabels(geometry, v => pattern >> (v.I + 2 * v.J + 4 * v.K) & 1);
            SurfaceMesh mesh = Assert.Single(SurfaceNets.Extract(labels, s_unsmoothed));
            MeshTopology.AssertClosedManifold(mesh);
            Assert.Equal(BitOperations.PopCount((uint)pattern), mesh.ComputeVolumeMm3(), 1e-4);
        }
    }

    [Fact]
    public void Extract_Unsmoothed_HasTheVoxelsVolumeOnAnyGrid()
    {
        foreach (Affine affine in (Affine[])[TestVolumes.ObliqueLeftHanded, TestVolumes.Oblique(0.5, 1.5, 3)])
        {
            VolumeGeometry geometry = new(9, 8, 7, affine);
            LabelMap labels = TestVolumes.CreateLabels(geometry, v => (v.I + v.J + v.K) % 5);
            IReadOnlyList<SurfaceMesh> meshes = SurfaceNets.Extract(labels, s_unsmoothed);
            Assert.Equal(4, meshes.Count);
            for (int n = 0; n < 4; n++)
            {
                int voxels = labels.Labels.Count((ushort)(n + 1));
                Assert.Equal(voxels * geometry.VoxelVolumeMm3, meshes[n].ComputeVolumeMm3(), 0.01);
            }
        }
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(0.8, 0.8, 2.5)]
    [InlineData(-0.7, 0.9, 1.1)]
    public void Extract_SmoothedBall_KeepsVolumeAndStaysWithinAVoxel(double i, double j, double k)
    {
        const double radius = 16;
        VolumeGeometry geometry = new((int)(36 / Math.Abs(i)), (int)(36 / Math.Abs(j)), (int)(36 / Math.Abs(k)), TestVolumes.Oblique(i, j, k));
        LabelMap labels = TestVolumes.CreateLabels(geometry, v => TestVolumes.DistanceToCenter(geometry, v) <= radius ? 1 : 0, new Segment(1, "ball", new(1, 2, 3)));

        SurfaceMesh mesh = Assert.Single(SurfaceNets.Extract(labels));

        Assert.Equal(("ball", new RgbColor(1, 2, 3)), (mesh.Name, mesh.Color));
        MeshTopology.AssertClosedManifold(mesh);
        double voxelVolume = labels.Labels.Count((ushort)1) * geometry.VoxelVolumeMm3;
        Assert.InRange(mesh.ComputeVolumeMm3() / voxelVolume, 0.99, 1.01);
        RasPoint center = geometry.IndexToRas.IndexToRas(new((geometry.SizeI - 1) / 2.0, (geometry.SizeJ - 1) / 2.0, (geometry.SizeK - 1) / 2.0));
        double voxel = Math.Max(Math.Abs(i), Math.Max(Math.Abs(j), Math.Abs(k)));
        foreach (Vector3 vertex in mesh.Vertices)
            Assert.InRange(new RasPoint(vertex.X, vertex.Y, vertex.Z).DistanceMm(center), radius - voxel, radius + voxel);
        // Smooth: the area is near a ball's, not near that of its steps, which is half as large again.
        Assert.InRange(mesh.ComputeAreaMm2() / (4 * Math.PI * radius * radius), 0.97, 1.05);
    }

    [Fact]
    public void Extract_SmoothedBall_HasOutwardNormals()
    {
        VolumeGeometry geometry = new(30, 30, 14, TestVolumes.Oblique(1, 1, -2));
        LabelMap labels = TestVolumes.CreateLabels(geometry, v => TestVolumes.DistanceToCenter(geometry, v) <= 11 ? 1 : 0);
        SurfaceMesh mesh = SurfaceNets.Extract(labels)[0];
        RasPoint center = geometry.IndexToRas.IndexToRas(new(14.5, 14.5, 6.5));
        Vector3 middle = new((float)center.R, (float)center.A, (float)center.S);
        Vector3[] normals = mesh.ComputeNormals();
        for (int n = 0; n < normals.Length; n++) Assert.True(Vector3.Dot(normals[n], Vector3.Normalize(mesh.Vertices[n] - middle)) > 0.75);
    }

    [Fact]
    public void Extract_TouchingSegments_ShareTheirBoundaryPoints()
    {
        VolumeGeometry geometry = TestVolumes.Centered(24, 24, 24);
        LabelMap labels = TestVolumes.CreateLabels(geometry, v => TestVolumes.DistanceToCenter(geometry, v) > 10 ? 0 : v.I < 11 ? 1 : v.J < 13 ? 2 : 3);
        IReadOnlyList<SurfaceMesh> meshes = SurfaceNets.Extract(labels);
        double sum = meshes.Sum(mesh => mesh.ComputeVolumeMm3());
        SurfaceMesh whole = SurfaceNets.Extract(TestVolumes.CreateLabels(geometry, v => labels.Labels[(int)geometry.OffsetOf(v)] > 0 ? 1 : 0))[0];
        Assert.Equal(3, meshes.Count);
        foreach (SurfaceMesh mesh in meshes) MeshTopology.AssertClosedManifold(mesh);
        Assert.InRange(sum / whole.ComputeVolumeMm3(), 0.995, 1.005);
        HashSet<Vector3> first = [.. meshes[0].Vertices], second = [.. meshes[1].Vertices];
        // The flat face between them: about half of the disc of 10 voxels' radius.
        Assert.InRange(first.Intersect(second).Count(), 130, 230);
    }

    [Fact]
    public void Extract_WantedLabelsOnly_TreatsTheRestAsBackground()
    {
        VolumeGeometry geometry = TestVolumes.Centered(6, 6, 6);
        LabelMap labels = TestVolumes.CreateLabels(geometry, v => v.I + 1, new Segment(5, "five", default));
        IReadOnlyList<SurfaceMesh> meshes = SurfaceNets.Extract(labels, s_unsmoothed with { Labels = new HashSet<ushort> { 2, 5 } });
        Assert.Equal(["Label 2", "five"], meshes.Select(mesh => mesh.Name));
        Assert.Equal(36, meshes[1].ComputeVolumeMm3(), 1e-3);
    }

    [Fact]
    public void Extract_OneVoxelOfTheLargestLabelInACorner_IsAClosedCube()
    {
        VolumeGeometry grid = TestVolumes.Centered(3, 4, 5, 2);
        SurfaceMesh mesh = Assert.Single(SurfaceNets.Extract(TestVolumes.CreateLabels(grid, v => v is { I: 2, J: 3, K: 4 } ? ushort.MaxValue : 0), new() { SmoothingRounds = 0 }));
        Assert.Equal(8, mesh.ComputeVolumeMm3(), 1e-4);
        Assert.Equal((8, 12), (mesh.Vertices.Length, mesh.TriangleCount));
    }

    [Fact]
    public void Extract_EmptyLabelMap_GivesNoSurface() =>
        Assert.Empty(SurfaceNets.Extract(new LabelMap(TestVolumes.Centered(5, 5, 5), [])));

    [Fact]
    public void Extract_Cancelled_Stops() =>
        Assert.Throws<OperationCanceledException>(() => SurfaceNets.Extract(new LabelMap(TestVolumes.Centered(5, 5, 5), []), cancellation: new(true)));
}
