using System.Diagnostics;
using SamMed2D.Benchmarks.Harness;
using SamMed2D.Benchmarks.Rendering;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Png;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>Ray casting against VTK's two mappers on software rendering: the same scan, transfer function, step, camera path and size, frame about frame.</summary>
internal sealed class VolumeRenderingBenchmark : IBenchmark
{
    private const int Side = 512, Views = 3, Rounds = 4;
    private const double StepVoxels = 0.7, GoalSpeed = 1.5, GoalPsnrDb = 35, GoalSsim = 0.95;

    public string Name => "volume";

    public string Title => "Volume rendering beside VTK, 512² pixels";

    public void Run(Report report)
    {
        using VtkProcess vtk = new();
        using OffscreenRenderer renderer = OffscreenRenderer.Create();
        report.Text($"Ours on {renderer.Device.Split(',')[0]}, VTK {vtk.Version} under Xvfb. Once around the scan in {Views} frames, {Rounds} rounds, each frame by one after the other, read back; VTK's GPU mapper, the slowest by far, in the first round only. "
            + $"Steps of {StepVoxels} voxels for all. *min* is the mean over the views of each view's fastest frame, *median* that of the middle ones. "
            + "PSNR is against each renderer's own picture with steps of 1/8 voxel, SSIM against VTK's picture of the same frame, and of its two mappers' pictures between each other; all are the worst of all views. "
            + "VTK's CPU mapper shades every sample for the middle line of sight, as if all were parallel, and with normals of voxels rounded to a table of directions: in shaded scenes it is as far from VTK's own GPU mapper as from ours.");
        List<string[]> rows = [];
        bool isMet = true;
        if (RenderingScans.RealCt() is { } ct)
        {
            vtk.Load("ct", ct.Geometry, ct.Voxels);
            isMet &= Compare(vtk, renderer, rows, "ct", ct, "ct-bone", isShaded: false);
            isMet &= Compare(vtk, renderer, rows, "ct", ct, "ct-bone", isShaded: true);
            isMet &= Compare(vtk, renderer, rows, "ct", ct, "ct-soft-tissue", isShaded: true);
            isMet &= Compare(vtk, renderer, rows, "ct", ct, "mip", isShaded: false);
        }
        else report.Text("The real CT is not there: only the phantom was measured.");
        Volume<short> phantom = RenderingScans.Phantom256();
        vtk.Load("phantom", phantom.Geometry, phantom.Voxels);
        isMet &= Compare(vtk, renderer, rows, "phantom", phantom, "ct-bone", isShaded: false);
        isMet &= Compare(vtk, renderer, rows, "phantom", phantom, "ct-soft-tissue", isShaded: true);
        report.Table(["", "ours min ms", "median", "VTK CPU min", "median", "VTK GPU min", "median", "ours / best of VTK", "PSNR ours", "PSNR VTK CPU", "SSIM VTK CPU", "SSIM VTK GPU", "SSIM VTK CPU to GPU"], rows);
        report.Goal("Volume rendering", $"≥ {GoalSpeed}× the frames of VTK's faster mapper, PSNR ≥ {GoalPsnrDb} dB, SSIM ≥ {GoalSsim} with one of its mappers", "see the table", isMet);
    }

    private static bool Compare(VtkProcess vtk, OffscreenRenderer renderer, List<string[]> rows, string name, Volume volume, string preset, bool isShaded)
    {
        TransferFunction transfer = TransferPresets.FindFor(preset, volume)!;
        transfer = new(transfer.Name, transfer.Points) { Blending = transfer.Blending, Material = isShaded ? transfer.Material : null };
        SpatialScene[] scenes = [.. Enumerable.Range(0, Views).Select(n => SceneOf(volume, transfer, n))];
        double stepMm = scenes[0].Volume!.StepMm;
        foreach (string mapper in (string[])["cpu", "gpu"]) CreateScene(vtk, name, mapper, mapper, transfer, stepMm);
        Timing[,] timings = new Timing[3, Views];
        for (int view = 0; view < Views; view++)
            for (int who = 0; who < 3; who++) timings[who, view] = new("");
        renderer.Render(scenes[0]);
        foreach (string mapper in (string[])["cpu", "gpu"]) vtk.Frame(mapper, scenes[0].Camera);
        for (int round = 0; round < Rounds; round++)
            for (int view = 0; view < Views; view++)
            {
                SpatialScene scene = scenes[view];
                long started = Stopwatch.GetTimestamp();
                renderer.Render(scene);
                timings[0, view].Add(Stopwatch.GetElapsedTime(started), default);
                timings[1, view].Add(TimeSpan.FromMilliseconds(vtk.Frame("cpu", scene.Camera)), default);
                if (round < 1) timings[2, view].Add(TimeSpan.FromMilliseconds(vtk.Frame("gpu", scene.Camera)), default);
            }

        CreateScene(vtk, name, "cpu fine", "cpu", transfer, stepMm * 0.125 / StepVoxels);
        double psnr = 99, vtkPsnr = 99, ssimCpu = 1, ssimGpu = 1, ssimVtk = 1;
        for (int view = 0; view < Views; view++)
        {
            SpatialScene scene = scenes[view];
            SliceImage ours = renderer.Render(scene), fine = renderer.Render(scene with { Volume = scene.Volume! with { StepVoxels = 0.125, IsJittered = false } });
            SliceImage cpu = vtk.Picture("cpu", scene.Camera, Side), cpuFine = vtk.Picture("cpu fine", scene.Camera, Side), gpu = vtk.Picture("gpu", scene.Camera, Side);
            psnr = Math.Min(psnr, PictureQuality.PsnrDb(ours, fine));
            vtkPsnr = Math.Min(vtkPsnr, PictureQuality.PsnrDb(cpu, cpuFine));
            ssimCpu = Math.Min(ssimCpu, PictureQuality.Ssim(ours, cpu));
            ssimGpu = Math.Min(ssimGpu, PictureQuality.Ssim(ours, gpu));
            ssimVtk = Math.Min(ssimVtk, PictureQuality.Ssim(cpu, gpu));
            if (view == 1 && Environment.GetEnvironmentVariable("BENCHMARK_PICTURES") is { } folder)
                foreach ((string who, SliceImage picture) in ((string, SliceImage)[])[("ours", ours), ("cpu", cpu), ("gpu", gpu)])
                    PngFile.Write(Path.Combine(folder, $"{name}-{preset}-{(isShaded ? "shaded" : "flat")}-{who}.png"), picture);
        }
        foreach (string scene in (string[])["cpu", "gpu", "cpu fine"]) vtk.Ask(new { op = "close", name = scene });

        double Min(int who) => Enumerable.Range(0, Views).Average(view => timings[who, view].Min);
        double Median(int who) => Enumerable.Range(0, Views).Average(view => timings[who, view].Median);
        double speed = Math.Min(Min(1), Min(2)) / Min(0);
        rows.Add([$"{name} {volume.Geometry.SizeI}×{volume.Geometry.SizeJ}×{volume.Geometry.SizeK}, {preset}, {(isShaded ? "shaded" : "flat")}", Report.Number(Min(0)), Report.Number(Median(0)), Report.Number(Min(1)), Report.Number(Median(1)), Report.Number(Min(2)), Report.Number(Median(2)),
            Report.Ratio(speed), Report.Number(psnr), Report.Number(vtkPsnr), Report.Number(ssimCpu), Report.Number(ssimGpu), Report.Number(ssimVtk)]);
        Console.WriteLine(string.Join(" | ", rows[^1]));
        return speed >= GoalSpeed && psnr >= GoalPsnrDb && Math.Max(ssimCpu, ssimGpu) >= GoalSsim;
    }

    private static SpatialScene SceneOf(Volume volume, TransferFunction transfer, int view) =>
        new(Camera.Framing(volume.Geometry, ViewDirection.Anterior).Orbit(2 * Math.PI * view / Views, 0.3), new(Side, Side))
        {
            Volume = new(volume, transfer) { StepVoxels = StepVoxels },
            BackgroundTop = new(0, 0, 0),
            BackgroundBottom = new(0, 0, 0),
        };

    private static void CreateScene(VtkProcess vtk, string volume, string name, string mapper, TransferFunction transfer, double stepMm) => vtk.Ask(new
    {
        op = "scene",
        name,
        volume,
        mapper,
        pixels = Side,
        step = stepMm,
        isMaximum = transfer.Blending == VolumeBlending.MaximumIntensity,
        points = transfer.Points.ToArray().Select(p => new[] { p.Intensity, p.Opacity, p.Red, p.Green, p.Blue }),
        light = transfer.Material is { } m ? new[] { m.Ambient, m.Diffuse, m.Specular, m.SpecularPower } : null,
    });
}
