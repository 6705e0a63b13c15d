using SamMed2D.Benchmarks.Harness;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>Edits of a label map as large as a thorax scan, against what a screen's frame allows.</summary>
internal sealed class EditingBenchmark : IBenchmark
{
    private const double FrameMs = 16;
    private const int Rounds = 150; // enough for the compiler's last word well before the middle

    public string Name => "editing";

    public string Title => "Editing a label map of 512×512×300 voxels";

    public void Run(Report report)
    {
        VolumeGeometry geometry = new(512, 512, 300, Affine.FromColumns(new(-0.7, 0, 0), new(0, -0.7, 0), new(0, 0, 1), default));
        Volume volume = new Volume<short>(geometry, new short[geometry.VoxelCount], IntensityScale.Identity, new());
        SegmentationSession session = new(volume);
        ushort label = session.AddSegment("organ");
        SliceFrame axial = new(geometry, SliceAxis.K), sagittal = new(geometry, SliceAxis.I);
        Random random = new(1);
        IReadOnlyList<Timing> timings = Interleaved.Measure(Rounds,
            new Candidate("disc of 10 mm, axial, a stroke of 20 pixels", () => session.Apply(label, Brush.Disc(axial, random.Next(300), Any(), Any(), 10), MaskMode.Add)),
            new Candidate("disc of 10 mm, sagittal", () => session.Apply(label, Brush.Disc(sagittal, random.Next(512), Any(), Any(), 10), MaskMode.Add)),
            new Candidate("ball of 15 mm", () => session.Apply(label, Brush.Ball(geometry, Place(), Place(), 15), MaskMode.Add)),
            new Candidate("ball of 15 mm, within intensities", () =>
            {
                session.Rules = new() { Editable = new(-100, 100) };
                session.Apply(label, Brush.Ball(geometry, Place(), Place(), 15), MaskMode.Remove);
                session.Rules = new();
            }),
            new Candidate("undo and redo of a ball", () =>
            {
                session.Undo();
                session.Redo();
            }));
        report.Timings(timings);
        double slowest = timings.Max(t => t.MedianCpu);
        report.Goal("Brush stroke or undo", $"< {FrameMs} ms", FormattableString.Invariant($"{slowest:0.0} ms of one core at the slowest of these, in the middle run"), slowest < FrameMs);

        PlanePoint Any() => new(200 + 20 * random.NextDouble(), 150 + 20 * random.NextDouble());
        ContinuousIndex Place() => new(250 + 10 * random.NextDouble(), 250 + 10 * random.NextDouble(), 150 + 10 * random.NextDouble());
    }
}
