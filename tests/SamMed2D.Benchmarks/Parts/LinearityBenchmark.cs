using System.Diagnostics;
using System.Globalization;
using System.Text;
using SamMed2D.Benchmarks.Harness;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Inference;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>Whether a scan of many slices costs as much a slice as one of few.</summary>
internal sealed class LinearityBenchmark : IBenchmark
{
    private const int Side = 128, Repeats = 3;

    private static readonly int[] s_sizes = [50, 100, 200, 400, 800];

    private static readonly PropagationOptions s_neverStop = new()
    {
        MinPredictedIou = 0,
        MinOverlap = 0,
        MinSimilarity = 0,
        MaxAreaRatio = double.PositiveInfinity,
        CentroidMargin = double.PositiveInfinity,
        MinAreaPixels = 0,
    };

    public string Name => "linear";

    public string Title => "Cost by number of slices, compact model, one box propagated through the scan";

    public void Run(Report report)
    {
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(null, new() { Device = InferenceDevice.Cpu });
        Propagate(segmenter, s_sizes[0]);
        double[] wall = new double[s_sizes.Length], cpu = new double[s_sizes.Length];
        Array.Fill(wall, double.PositiveInfinity);
        Array.Fill(cpu, double.PositiveInfinity);
        for (int repeat = 0; repeat < Repeats; repeat++)
            for (int n = 0; n < s_sizes.Length; n++)
            {
                TimeSpan before = Environment.CpuUsage.TotalTime;
                Stopwatch clock = Stopwatch.StartNew();
                Propagate(segmenter, s_sizes[n]);
                wall[n] = Math.Min(wall[n], clock.Elapsed.TotalMilliseconds);
                cpu[n] = Math.Min(cpu[n], (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
            }
        report.Table(["slices", "min ms", "min CPU ms", "CPU ms a slice"], [.. s_sizes.Select((size, n) => (string[])[$"{size}", Report.Number(wall[n]), Report.Number(cpu[n]), Report.Number(cpu[n] / size)])]);
        double growth = cpu[^1] / s_sizes[^1] / (cpu[0] / s_sizes[0]);
        report.Goal("CPU time a slice at 800 slices over that at 50", "linear: 0.8 to 1.25×", Report.Ratio(growth), growth is > 0.8 and < 1.25);
        WriteCsv(report.Folder, wall, cpu);
        Plot(report.Folder, cpu);
        report.Text("![CPU time by slices](linear.png) ([linear.csv](linear.csv))");
    }

    private static void WriteCsv(string folder, double[] wall, double[] cpu)
    {
        StringBuilder csv = new("slices,min_ms,min_cpu_ms\n");
        for (int n = 0; n < s_sizes.Length; n++) csv.Append(CultureInfo.InvariantCulture, $"{s_sizes[n]},{wall[n]:0.0},{cpu[n]:0.0}\n");
        File.WriteAllText(Path.Combine(folder, "linear.csv"), csv.ToString());
    }

    private static void Plot(string folder, double[] cpu)
    {
        ScottPlot.Plot plot = new();
        plot.Add.Scatter(Array.ConvertAll(s_sizes, size => (double)size), Array.ConvertAll(cpu, ms => ms / 1000));
        plot.XLabel("slices");
        plot.YLabel("CPU seconds");
        plot.Axes.SetLimits(0, s_sizes[^1] * 1.05, 0, cpu.Max() / 1000 * 1.1);
        plot.SavePng(Path.Combine(folder, "linear.png"), 640, 400);
    }

    private static void Propagate(IPromptableSegmenter segmenter, int slices)
    {
        VolumeGeometry geometry = new(Side, Side, slices, Affine.Identity);
        byte[] voxels = new byte[geometry.VoxelCount];
        for (int n = 0; n < voxels.Length; n++)
            voxels[n] = Math.Abs(n % Side - Side / 2) + Math.Abs(n / Side % Side - Side / 2) < Side / 4 ? (byte)180 : (byte)(60 + n % 13);
        ResolvedSegment segment = new(new Segment(1, "a", RgbColor.ForLabel(1)), SliceAxis.K, new(0, slices - 1), [new KeySlice(0, new() { Box = new(Side / 4, Side / 4, 3 * Side / 4, 3 * Side / 4) })]);
        Propagator propagator = new(segmenter, new Volume<byte>(geometry, voxels, IntensityScale.Identity, new()), new(0, 255), [segment], s_neverStop);
        foreach (PropagationStep _ in propagator.Run()) { }
        if (propagator.VisitsDone != slices) throw new InvalidOperationException($"The run ended after {propagator.VisitsDone} slices.");
    }
}
