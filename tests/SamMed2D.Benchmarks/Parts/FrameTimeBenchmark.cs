using System.Diagnostics;
using SamMed2D.Benchmarks.Harness;
using SamMed2D.Benchmarks.Rendering;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Phantoms.Abdomen;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Surfaces;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>What a viewer's frames take on software rendering: scrolling, turning, painting; and that scans opened and closed leave nothing behind.</summary>
internal sealed class FrameTimeBenchmark : IBenchmark
{
    private const int Frames = 40, Scans = 100;
    private static readonly ImageSize s_pane = new(512, 512);

    public string Name => "frames";

    public string Title => "Frame times of a viewer, panes of 512² pixels";

    public void Run(Report report)
    {
        DrawViews(report);
        Paint(report);
    }

    private static void DrawViews(Report report)
    {
        using EglContext context = EglContext.Create();
        context.MakeCurrent();
        using SceneRenderer renderer = new(context);
        using RenderTarget target = renderer.CreateTarget(s_pane);
        report.Text($"{renderer.Device.Split(',')[0]}; {Frames} frames of each kind, drawn and read back. CPU is that of all threads together.");
        FrameRows rows = new();
        Volume<short> phantom = RenderingScans.Phantom256();
        LabelMap labels = RenderingScans.PhantomLabels256();
        Scroll(renderer, target, rows, phantom, labels);
        Turn(renderer, target, rows, "phantom", phantom, "ct-bone", []);
        Phantom sample = AbdomenPhantom.Create();
        IReadOnlyList<SurfaceMesh> surfaces = SurfaceNets.Extract(sample.Labels);
        Turn(renderer, target, rows, "sample scan with its surfaces", sample.Image, "ct-bone", surfaces);
        Turn(renderer, target, rows, "sample scan with its surfaces at half opacity", sample.Image, "ct-bone", surfaces, 0.5);
        if (RenderingScans.RealCt() is { } ct)
        {
            Turn(renderer, target, rows, "real CT", ct, "ct-bone", []);
            Turn(renderer, target, rows, "real CT", ct, "ct-soft-tissue", []);
            Turn(renderer, target, rows, "real CT", ct, "mip", []);
        }
        report.Table(["", "min ms", "median ms", "95th percentile ms", "mean CPU ms", "frames/s by the median"], rows.Rows);
        report.Goal("Slice scrolling", "≥ 60 frames/s", rows.Describe("scroll"), rows.SlowestFps("scroll") >= 60);
        report.Goal("Turning in 3D", "≥ 10 frames/s", rows.Describe("turn"), rows.SlowestFps("turn") >= 10);
        OpenAndClose(renderer, target, report);
    }

    private static void Scroll(SceneRenderer renderer, RenderTarget target, FrameRows rows, Volume volume, LabelMap labels)
    {
        foreach (SlicePlane plane in (SlicePlane[])[SlicePlane.Axial, SlicePlane.Sagittal])
            foreach (bool hasLabels in (bool[])[false, true])
            {
                SliceFrame frame = SliceFrame.ForPlane(volume.Geometry, plane);
                rows.Measure($"scroll, {plane.ToString().ToLowerInvariant()}{(hasLabels ? " with labels and outlines" : "")}", n =>
                {
                    SliceScene scene = new(SliceView.AlongGrid(frame, (60 + n) % frame.SliceCount, s_pane), s_pane)
                    {
                        Volume = VolumeLayerOf(volume),
                        Labels = hasLabels ? new(labels) { Looks = s_noLooks } : null,
                    };
                    renderer.Draw(scene, target);
                    renderer.ReadPixels(target);
                });
            }
    }

    // One object, as an owner of looks would keep it.
    private static readonly Dictionary<ushort, SegmentLook> s_noLooks = [];

    private static VolumeLayer VolumeLayerOf(Volume volume) => new(volume, IntensityWindow.Presets["ct-abdomen"]);

    private static void Turn(SceneRenderer renderer, RenderTarget target, FrameRows rows, string name, Volume volume, string preset, IReadOnlyList<SurfaceMesh> meshes, double opacity = 1)
    {
        TransferFunction transfer = TransferPresets.FindFor(preset, volume)!;
        SurfaceLayer[] surfaces = [.. meshes.Select(mesh => new SurfaceLayer(mesh) { Opacity = opacity })];
        Camera camera = Camera.Framing(volume.Geometry, ViewDirection.Anterior);
        foreach (bool isDraft in (bool[])[true, false])
            rows.Measure($"{(isDraft ? "turn" : "still")}, {name}, {preset}", n =>
            {
                renderer.Draw(new SpatialScene(camera.Orbit(2 * Math.PI * n / Frames, 0.2), s_pane) { Volume = new(volume, transfer) { IsJittered = isDraft }, Surfaces = surfaces }, target, isDraft);
                renderer.ReadPixels(target);
            });
    }

    private static void Paint(Report report)
    {
        using EglContext context = EglContext.Create();
        context.MakeCurrent();
        // Where the processor draws slices itself, nothing is uploaded: this is about cards.
        using SceneRenderer renderer = new(context, castsOnProcessor: false);
        using RenderTarget target = renderer.CreateTarget(s_pane);
        VolumeGeometry grid = new(512, 512, 300, new(0.7, 0, 0, 0, 0, 0.7, 0, 0, 0, 0, 1, 0));
        LabelMap labels = new(grid, [new(1, "organ", new(200, 80, 60)), new(2, "stroke", new(60, 180, 90))]);
        FillBall(labels, 1, 256, 256, 150, 90);
        LabelChanges changes = new();
        SliceView view = SliceView.AlongGrid(SliceFrame.ForPlane(grid, SlicePlane.Axial), 150, s_pane);
        LiveSurfaces live = new(labels, changes);
        live.Refresh();
        long revision = 0;
        LabelLayer layer = new(labels) { Looks = s_noLooks };
        Draw(layer with { Revision = ++revision });
        IReadOnlyList<Timing> uploads = Interleaved.Measure(10,
            new Candidate("drawn after a whole upload", () => Draw(layer with { Revision = ++revision })),
            new Candidate("drawn after a stroke's upload", () =>
            {
                Stroke(labels, changes);
                // Both ways share a texture: the stroke's revision goes on from where the other stopped.
                while (changes.Revision < revision) changes.Record(VoxelBox.Empty);
                Draw(layer with { Changes = changes, Revision = revision = changes.Revision });
            }),
            new Candidate("drawn with nothing changed", () => Draw(layer with { Changes = changes, Revision = revision })));
        report.Text("A stroke of 30×30×3 voxels on a label map of 512×512×300, in a slice view:");
        report.Timings(uploads);
        IReadOnlyList<Timing> meshes = Interleaved.Measure(5,
            new Candidate("surfaces of the whole label map", () => SurfaceNets.Extract(labels)),
            new Candidate("surfaces after a stroke", () =>
            {
                Stroke(labels, changes);
                live.Refresh();
            }));
        report.Text("and for the live surfaces in 3D, beside an organ of 180 voxels across:");
        report.Timings(meshes);

        void Draw(LabelLayer shown)
        {
            renderer.Draw(new SliceScene(view, s_pane) { Labels = shown }, target);
            renderer.ReadPixels(target);
        }
    }

    private static int s_strokes;

    private static void Stroke(LabelMap labels, LabelChanges changes)
    {
        // Five places are painted, then erased, and so on: every stroke changes something.
        int at = 20 + 31 * (s_strokes % 5);
        ushort label = (ushort)(s_strokes++ / 5 % 2 == 0 ? 2 : 0);
        for (int k = 149; k < 152; k++)
            for (int j = at; j < at + 30; j++) labels.MutableLabels.Slice((int)labels.Geometry.OffsetOf(new(at, j, k)), 30).Fill(label);
        changes.Record(new(new(at, at, 149), new(at + 29, at + 29, 151)));
    }

    private static void FillBall(LabelMap labels, ushort label, int i0, int j0, int k0, int radius)
    {
        for (int k = k0 - radius; k <= k0 + radius; k++)
            for (int j = j0 - radius; j <= j0 + radius; j++)
            {
                int rest = radius * radius - (k - k0) * (k - k0) - (j - j0) * (j - j0);
                if (rest < 0) continue;
                int half = (int)Math.Sqrt(rest);
                labels.MutableLabels.Slice((int)labels.Geometry.OffsetOf(new(i0 - half, j, k)), 2 * half + 1).Fill(label);
            }
    }

    private static void OpenAndClose(SceneRenderer renderer, RenderTarget target, Report report)
    {
        long bytesBefore = 0, residentBefore = 0;
        for (int n = 0; n < Scans; n++)
        {
            Open(renderer, target);
            if (n != Scans / 5 - 1) continue;
            // The first scans fill pools that later ones use again.
            (bytesBefore, residentBefore) = (renderer.AllocatedBytes, Resident());
        }
        long bytes = renderer.AllocatedBytes - bytesBefore, resident = Resident() - residentBefore;
        report.Goal($"{Scans} scans of 128³ voxels opened, drawn and closed", "nothing kept", $"after the first fifth the card's memory grew by {bytes} bytes, the process by {resident / 1048576.0:0.0} MB",
            bytes == 0 && resident < 30 << 20);
    }

    private static void Open(SceneRenderer renderer, RenderTarget target)
    {
        VolumeGeometry grid = new(128, 128, 128, new(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0));
        Volume<short> volume = new(grid, new short[grid.VoxelCount], IntensityScale.Identity, new());
        LabelMap labels = new(grid, [new(1, "organ", new(200, 80, 60))]);
        FillBall(labels, 1, 64, 64, 64, 40);
        SurfaceMesh mesh = SurfaceNets.Extract(labels)[0];
        renderer.Draw(new SliceScene(SliceView.AlongGrid(SliceFrame.ForPlane(grid, SlicePlane.Axial), 64, s_pane), s_pane) { Volume = VolumeLayerOf(volume), Labels = new(labels) }, target);
        Camera camera = Camera.Framing(grid, ViewDirection.Anterior);
        renderer.Draw(new SpatialScene(camera, s_pane) { Volume = new(volume, TransferPresets.Find("ct-bone", default)!), Surfaces = [new(mesh) { Opacity = 0.5 }] }, target);
        renderer.Release(volume);
        renderer.Release(labels);
        renderer.Release(mesh);
    }

    private static long Resident()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        // Aggressive also gives memory that is free back to the system.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using Process self = Process.GetCurrentProcess();
        return self.WorkingSet64;
    }

    /// <summary>Frame times by what was drawn.</summary>
    private sealed class FrameRows
    {
        private readonly List<(string Name, double FramesPerSecond, double AtBest)> _speeds = [];

        public List<string[]> Rows { get; } = [];

        public void Measure(string name, Action<int> draw)
        {
            draw(0);
            double[] wall = new double[Frames], cpu = new double[Frames];
            for (int n = 0; n < Frames; n++)
            {
                TimeSpan cpuStarted = Environment.CpuUsage.TotalTime;
                long started = Stopwatch.GetTimestamp();
                draw(n);
                (wall[n], cpu[n]) = (Stopwatch.GetElapsedTime(started).TotalMilliseconds, (Environment.CpuUsage.TotalTime - cpuStarted).TotalMilliseconds);
            }
            Array.Sort(wall);
            double median = wall[Frames / 2], meanCpu = cpu.Average();
            _speeds.Add((name, 1000 / median, 1000 / wall[0]));
            Rows.Add([name, Report.Number(wall[0]), Report.Number(median), Report.Number(wall[(int)(Frames * 0.95)]), Report.Number(meanCpu), Report.Number(1000 / median)]);
            Console.WriteLine(string.Join(" | ", Rows[^1]));
        }

        public double SlowestFps(string kind) => Of(kind).Min(speed => speed.FramesPerSecond);

        public string Describe(string kind) => $"{Report.Number(SlowestFps(kind))} frames/s by the median of the slowest kind, {Report.Number(Of(kind).Min(speed => speed.AtBest))} by its fastest frame";

        private IEnumerable<(string Name, double FramesPerSecond, double AtBest)> Of(string kind) => _speeds.Where(speed => speed.Name.StartsWith(kind, StringComparison.Ordinal));
    }
}
