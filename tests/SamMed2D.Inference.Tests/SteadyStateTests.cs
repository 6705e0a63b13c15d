using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Inference.Tests;

/// <summary>Nothing else may allocate meanwhile.</summary>
[CollectionDefinition(nameof(SteadyStateTests), DisableParallelization = true)]
public sealed class SteadyStateCollection;

/// <summary>Whole runs over many slices: what a further slice costs the garbage collector.</summary>
[Collection(nameof(SteadyStateTests))]
public sealed class SteadyStateTests(ITestOutputHelper output) : IDisposable
{
    // Steps, prompts and what the runtime's binding makes of a call; a mask of these slices alone would take 65 to 590 kB.
    private const double MostBytesPerSlice = 8_000;

    private const int EmbeddingBytes = 256 * 16 * 16 * sizeof(float);

    private static readonly PropagationOptions s_neverStop = new()
    {
        MinPredictedIou = 0,
        MinOverlap = 0,
        MinSimilarity = 0,
        MaxAreaRatio = double.PositiveInfinity,
        CentroidMargin = double.PositiveInfinity,
        MinAreaPixels = 0,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("steady-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(128)]
    [InlineData(384)]
    public void Propagation_CompactModel_AllocatesNothingOfASlicesSize(int side)
    {
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(null, new() { Device = InferenceDevice.Cpu });
        AssertSteady(segmenter, side);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(384)]
    public void Propagation_SamMed2D_AllocatesNothingOfASlicesSize(int side)
    {
        string checkpoint = Path.Combine(_folder, "random.pth");
        new SamCheckpoint().Write(checkpoint);
        ModelImport.Run(checkpoint, Path.Combine(_folder, "model"), new());
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(Path.Combine(_folder, "model"), new() { Device = InferenceDevice.Cpu });
        AssertSteady(segmenter, side);
    }

    private void AssertSteady(IPromptableSegmenter segmenter, int side)
    {
        Allocate(segmenter, side, 12); // pools fill
        (long few, int fewSlices) = Allocate(segmenter, side, 12);
        // The least of three: a thread that moves to another core finds that core's pool empty now and then.
        (long many, int manySlices) = Enumerable.Range(0, 3).Select(_ => Allocate(segmenter, side, 44)).MinBy(run => run.Bytes);

        double perSlice = (double)(many - few) / (manySlices - fewSlices);
        output.WriteLine($"{side}×{side}: {perSlice:0} bytes a slice ({few} for {fewSlices}, {many} for {manySlices}); a mask takes {side * side * sizeof(float)}");
        Assert.True(manySlices >= 2 * fewSlices, $"The walk stopped after {manySlices} slices.");
        Assert.True(perSlice < MostBytesPerSlice, $"{perSlice:0} bytes a slice");
    }

    // Bytes of all threads, the scan and the result left out.
    private static (long Bytes, int Slices) Allocate(IPromptableSegmenter segmenter, int side, int slices)
    {
        VolumeGeometry geometry = new(side, side, slices, Affine.Identity);
        byte[] voxels = new byte[geometry.VoxelCount];
        for (int n = 0; n < voxels.Length; n++)
            voxels[n] = Math.Abs(n % side - side / 2) + Math.Abs(n / side % side - side / 2) < side / 4 ? (byte)180 : (byte)(60 + n % 13);
        Volume<byte> volume = new(geometry, voxels, IntensityScale.Identity, new());
        ResolvedSegment segment = new(new Segment(1, "a", RgbColor.ForLabel(1)), SliceAxis.K, new(0, slices - 1),
            [new KeySlice(0, new() { Box = new(side / 4, side / 4, 3 * side / 4, 3 * side / 4) })]);
        Propagator propagator = new(segmenter, volume, new(0, 255), [segment], s_neverStop with { CacheBytes = 4L * (side * side + EmbeddingBytes) });
        long before = GC.GetTotalAllocatedBytes(precise: true);
        int steps = 0;
        foreach (PropagationStep _ in propagator.Run(TestContext.Current.CancellationToken)) steps++;
        return (GC.GetTotalAllocatedBytes(precise: true) - before, steps);
    }
}
