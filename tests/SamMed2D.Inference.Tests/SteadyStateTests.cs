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
    public void Propagation_CompactModel_AllocatesNothing(int side)
    {
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(null, new() { Device = InferenceDevice.Cpu });
        AssertSteady(segmenter, side, side * side);
    }

    [Theory]
    [InlineData(128)]
    [InlineData(384)]
    public void Propagation_SamMed2D_AllocatesNothing(int side)
    {
        string checkpoint = Path.Combine(_folder, "random.pth");
        new SamCheckpoint().Write(checkpoint);
        ModelImport.Run(checkpoint, Path.Combine(_folder, "model"), new());
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(Path.Combine(_folder, "model"), new() { Device = InferenceDevice.Cpu });
        AssertSteady(segmenter, side, 256 * 16 * 16 * sizeof(float));
    }

    private void AssertSteady(IPromptableSegmenter segmenter, int side, int embeddingBytes)
    {
        Allocate(segmenter, side, embeddingBytes); // pools fill
        (long ofWalk, double inAll) = Allocate(segmenter, side, embeddingBytes);
        // Whatever else the process does counts in all, but not always.
        for (int n = 0; n < 4 && inAll > 0; n++) inAll = Math.Min(inAll, Allocate(segmenter, side, embeddingBytes).InAll);

        output.WriteLine($"{side}×{side}: {ofWalk:0} bytes a slice on the walk's thread, {inAll:0.00} in all; a mask takes {side * side * sizeof(float)}");
        Assert.Equal(0, ofWalk);
        Assert.Equal(0, inAll);
    }

    // Bytes a slice once the walk is under way: on the walk's thread the lower quartile, since it need not wait for the encoder on all of them; in all the mean.
    private static (long OfWalk, double InAll) Allocate(IPromptableSegmenter segmenter, int side, int embeddingBytes)
    {
        const int slices = 44, underWay = 8;
        VolumeGeometry geometry = new(side, side, slices, Affine.Identity);
        byte[] voxels = new byte[geometry.VoxelCount];
        for (int n = 0; n < voxels.Length; n++)
            voxels[n] = Math.Abs(n % side - side / 2) + Math.Abs(n / side % side - side / 2) < side / 4 ? (byte)180 : (byte)(60 + n % 13);
        Volume<byte> volume = new(geometry, voxels, IntensityScale.Identity, new());
        ResolvedSegment segment = new(new Segment(1, "a", RgbColor.ForLabel(1)), SliceAxis.K, new(0, slices - 1),
            [new KeySlice(0, new() { Box = new(side / 4, side / 4, 3 * side / 4, 3 * side / 4) })]);
        Propagator propagator = new(segmenter, volume, new(0, 255), [segment], s_neverStop with { CacheBytes = 4L * (side * side + embeddingBytes) });
        List<long> ofWalk = new(slices);
        long all = 0;
        foreach (PropagationStep _ in propagator.Run(TestContext.Current.CancellationToken))
        {
            ofWalk.Add(GC.GetAllocatedBytesForCurrentThread());
            if (ofWalk.Count == underWay) all = -GC.GetTotalAllocatedBytes(precise: true);
            else if (ofWalk.Count == slices - underWay) all += GC.GetTotalAllocatedBytes(precise: true);
        }
        Assert.True(ofWalk.Count >= 2 * underWay, $"The walk stopped after {ofWalk.Count} slices.");
        long[] steps = [.. ofWalk.Zip(ofWalk.Skip(1), (before, after) => after - before).Skip(underWay).Order()];
        return (steps[steps.Length / 4], (double)all / (slices - 2 * underWay));
    }
}
