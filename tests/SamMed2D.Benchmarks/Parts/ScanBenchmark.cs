using System.Diagnostics;
using SamMed2D.Benchmarks.Harness;
using SamMed2D.Benchmarks.Inference;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Inference;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Embeddings;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Benchmarks.Parts;

/// <summary>Whole scans and single prompts with SAM-Med2D's sizes, and the bundled compact model beside it.</summary>
internal sealed class ScanBenchmark : IBenchmark
{
    private const int Slices = 16, Side = 256, Rounds = 3, PromptRounds = 20;

    private static readonly PropagationOptions s_neverStop = new()
    {
        MinPredictedIou = 0,
        MinOverlap = 0,
        MinSimilarity = 0,
        MaxAreaRatio = double.PositiveInfinity,
        CentroidMargin = double.PositiveInfinity,
        MinAreaPixels = 0,
    };

    public string Name => "scan";

    public string Title => "Whole scans and prompts, ViT-B with adapters (random weights) and the bundled compact model";

    public void Run(Report report)
    {
        using IPromptableSegmenter sam = SegmenterFactory.Open(BenchmarkModels.Imported(adapters: true), new() { Device = InferenceDevice.Cpu });
        using IPromptableSegmenter compact = SegmenterFactory.Open(null, new() { Device = InferenceDevice.Cpu });
        Volume<byte> volume = CreateScan();
        SliceSampler sampler = SliceSampler.Create(volume, new SliceFrame(volume.Geometry, SliceAxis.K), new(0, 255));
        byte[] pixels = new byte[sampler.PixelCount];
        MeasureScan(report, sam, volume, sampler, pixels);
        MeasurePrompts(report, sam, compact, sampler, pixels);
        MeasureSecondRun(report, sam, volume);
    }

    private static void MeasureScan(Report report, IPromptableSegmenter sam, Volume<byte> volume, SliceSampler sampler, byte[] pixels)
    {
        IReadOnlyList<Timing> timings = Interleaved.Measure(
            Rounds,
            new Candidate($"{Slices} slices encoded one after the other", () =>
            {
                for (int slice = 0; slice < Slices; slice++) sam.Encode(sampler.Sample(slice, pixels.AsMemory())).Dispose();
            }),
            new Candidate($"a box propagated through the {Slices} slices", () => Propagate(sam, volume)));
        report.Timings(timings);
        double share = 1 / timings[1].SpeedOver(timings[0]) - 1;
        report.Goal("A whole scan over slices × encoder time", "≤ +10 %", $"{share * 100:+0.0;-0.0} %", share <= 0.1);
    }

    private static void MeasurePrompts(Report report, IPromptableSegmenter sam, IPromptableSegmenter compact, SliceSampler sampler, byte[] pixels)
    {
        SliceImage image = sampler.Sample(0, pixels.AsMemory());
        PromptSet box = new() { Box = new(60, 60, 190, 190) };
        using SliceEmbedding kept = sam.Encode(image);
        using DecoderRun decoder = new(ModelFolder.Open(BenchmarkModels.Imported(adapters: true)).PathOf(ModelFileRole.Decoder));
        IReadOnlyList<Timing> cached = Interleaved.Measure(
            PromptRounds, new Candidate("the decoder's graph alone", decoder.Run), new Candidate("a prompt on a cached slice", () => sam.Recycle(sam.Predict(kept, box))));
        report.Timings(cached);
        double ratio = 1 / cached[1].SpeedOver(cached[0]);
        report.Goal("A prompt on a cached slice over the bare decoder", "< 2×", Report.Ratio(ratio), ratio < 2);

        IReadOnlyList<Timing> fresh = Interleaved.Measure(
            PromptRounds / 2, new Candidate("SAM-Med2D, a box on a new slice", () => Prompt(sam, image, box)), new Candidate("compact model, a box on a new slice", () => Prompt(compact, image, box)));
        report.Timings(fresh);
        double speed = fresh[1].SpeedOver(fresh[0]);
        report.Goal("Compact model on a new slice", "≥ 10×", Report.Ratio(speed), speed >= 10);
    }

    private static void MeasureSecondRun(Report report, IPromptableSegmenter sam, Volume<byte> volume)
    {
        string folder = Directory.CreateTempSubdirectory("sammed2d-embeddings-").FullName;
        try
        {
            (double ms, int encoded)[] runs = [.. Enumerable.Range(0, 3).Select(_ =>
            {
                using CachingSegmenter cache = CachingSegmenter.Over(new Borrowed(sam), memoryBytes: 0, new EmbeddingFolder(folder))!;
                Stopwatch clock = Stopwatch.StartNew();
                Propagate(cache, volume);
                return (clock.Elapsed.TotalMilliseconds, cache.EncodedCount);
            })];
            report.Table(["segment --cache DIR", "ms", "slices encoded"], [.. runs.Select((run, n) => (string[])[n == 0 ? "first run" : $"run {n + 1}", Report.Number(run.ms), $"{run.encoded}"])]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Prompt(IPromptableSegmenter segmenter, SliceImage image, PromptSet prompts)
    {
        using SliceEmbedding embedding = segmenter.Encode(image);
        segmenter.Recycle(segmenter.Predict(embedding, prompts));
    }

    private static void Propagate(IPromptableSegmenter segmenter, Volume<byte> volume)
    {
        ResolvedSegment segment = new(new Segment(1, "a", RgbColor.ForLabel(1)), SliceAxis.K, new(0, Slices - 1), [new KeySlice(0, new() { Box = new(60, 60, 190, 190) })]);
        Propagator propagator = new(segmenter, volume, new(0, 255), [segment], s_neverStop);
        foreach (PropagationStep _ in propagator.Run()) { }
        if (propagator.VisitsDone != Slices) throw new InvalidOperationException($"The run ended after {propagator.VisitsDone} slices.");
    }

    private static Volume<byte> CreateScan()
    {
        VolumeGeometry geometry = new(Side, Side, Slices, Affine.Identity);
        byte[] voxels = new byte[geometry.VoxelCount];
        Random random = new(5);
        for (int n = 0; n < voxels.Length; n++)
            voxels[n] = (byte)((Math.Abs(n % Side - 125) + Math.Abs(n / Side % Side - 125) < 80 ? 170 : 60) + random.Next(20));
        return new(geometry, voxels, IntensityScale.Identity, new());
    }

    /// <summary>A segmenter that outlives the cache round it.</summary>
    private sealed class Borrowed(IPromptableSegmenter inner) : IPromptableSegmenter
    {
        public SegmenterDescription Description => inner.Description;

        public IEmbeddingCodec? EmbeddingCodec => inner.EmbeddingCodec;

        public SliceEmbedding Encode(SliceImage image, CancellationToken cancellation = default) => inner.Encode(image, cancellation);

        public MaskPrediction Predict(SliceEmbedding embedding, PromptSet prompts, CancellationToken cancellation = default) => inner.Predict(embedding, prompts, cancellation);

        public void Recycle(MaskPrediction prediction) => inner.Recycle(prediction);

        public void Dispose()
        {
        }
    }
}
