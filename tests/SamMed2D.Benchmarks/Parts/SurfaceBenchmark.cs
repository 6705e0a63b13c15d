using System.Text.Json.Nodes;
using SamMed2D.Benchmarks.Harness;
using SamMed2D.Benchmarks.Rendering;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.MeshFiles;
using SamMed2D.Rendering.Surfaces;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>Labels to smoothed surfaces against VTK's discrete flying edges and windowed sinc, and how true the surfaces are, as VTK judges them.</summary>
internal sealed class SurfaceBenchmark : IBenchmark
{
    private const int Rounds = 6;
    private static readonly ushort[] s_wanted = [1, 2, 3, 4, 6, 8];

    public string Name => "surfaces";

    public string Title => "Labels to smoothed surfaces beside VTK";

    public void Run(Report report)
    {
        using VtkProcess vtk = new();
        LabelMap labels = KeepOnly(RenderingScans.PhantomLabels256(), s_wanted);
        vtk.Load("labels", labels.Geometry, labels.Labels);
        double edges = 0, sinc = 0;
        IReadOnlyList<SurfaceMesh> meshes = [];
        IReadOnlyList<Timing> timings = Interleaved.Measure(Rounds,
            new Candidate("VTK, both filters", () =>
            {
                JsonNode answer = vtk.Ask(new { op = "surfaces", volume = "labels", labels = s_wanted });
                (edges, sinc) = ((double)answer["edgesMs"]!, (double)answer["sincMs"]!);
            }),
            new Candidate("ours", () => meshes = SurfaceNets.Extract(labels)));
        report.Text($"{s_wanted.Length} labels of the abdominal phantom on 256³ voxels, ours against VTK {vtk.Version}'s vtkDiscreteFlyingEdges3D and vtkWindowedSincPolyDataFilter "
            + $"(15 iterations, pass band 0.1; {Report.Number(edges)} and {Report.Number(sinc)} ms in the last round).");
        report.Timings(timings);

        List<string[]> rows = [];
        bool isTrue = true;
        foreach (SurfaceMesh mesh in meshes)
        {
            Segment segment = labels.Segments.Single(s => s.Name == mesh.Name);
            string path = vtk.TemporaryFile("mesh.ply");
            MeshFile.Write(path, [mesh], MeshSpace.Ras);
            JsonNode answer = vtk.Ask(new { op = "compare", path, volume = "labels", label = (int)segment.Label });
            double hausdorff = Math.Max((double)answer["oursToTheirs"]!, (double)answer["theirsToOurs"]!) / SmallestSpacing(labels.Geometry);
            double voxels = labels.Labels.Count(segment.Label) * labels.Geometry.VoxelVolumeMm3, volume = mesh.ComputeVolumeMm3() / voxels - 1;
            int open = (int)answer["openOrNonManifoldEdges"]!;
            rows.Add([mesh.Name, mesh.TriangleCount.ToString(), open.ToString(), $"{100 * volume:0.00} %", Report.Number(hausdorff)]);
            isTrue &= open == 0 && Math.Abs(volume) <= 0.01 && hausdorff < 1;
        }
        report.Table(["", "triangles", "open or non-manifold edges", "volume against voxels", "Hausdorff, voxels"], rows);
        double speed = timings[0].Min / timings[1].Min;
        report.Goal("Labels to surfaces", "at least as fast", Report.Ratio(speed), speed >= 1);
        report.Goal("Their truth", "closed manifolds, volume within 1 %, Hausdorff to discrete flying edges under one voxel", "see the table", isTrue);
    }

    private static double SmallestSpacing(VolumeGeometry g) => Math.Min(g.SpacingMm(SliceAxis.I), Math.Min(g.SpacingMm(SliceAxis.J), g.SpacingMm(SliceAxis.K)));

    private static LabelMap KeepOnly(LabelMap labels, ushort[] wanted)
    {
        ushort[] kept = labels.Labels.ToArray();
        foreach (ref ushort label in kept.AsSpan())
            if (!wanted.Contains(label)) label = 0;
        return new(labels.Geometry, kept, [.. labels.Segments.Where(segment => wanted.Contains(segment.Label))]);
    }
}
