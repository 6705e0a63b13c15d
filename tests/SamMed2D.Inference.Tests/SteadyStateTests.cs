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
    // The compact model's walk leaves nothing on its own thread. On all threads: a slice's description, its embedding and the cache's two notes of it, a few dozen bytes each (about 210 with the compact
    // model); SAM's binding of ONNX Runtime takes the names of tensors that change from slice to slice, 48 bytes each; and the runtime itself takes 144 bytes where
    // walk and encoder wait for one another, which depends on what else the machine does. Masks and pictures of these slices are of 16 to 590 kB.
    private const double RuntimesBytesForWaiting = 2 * 144, MostBytesPerSlice = 300 + RuntimesBytesForWaiting, MostBytesPerSliceOfSam = 420 + RuntimesBytesForWaiting;

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
    public void Propagation_CompactModel_AllocatesNothingOnItsThread(int side)
    {
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(null, new() { Device = InferenceDevice.Cpu });
        Assert.Equal(0, AssertSteady(segmenter, side, side * side, MostBytesPerSlice));
    }

    [Theory]
    [InlineData(128)]
    [InlineData(384)]
    public void Propagation_SamMed2D_AllocatesOnlyWhatItTells(int side)
    {
        string checkpoint = Path.Combine(_folder, "random.pth");
        new SamCheckpoint().Write(checkpoint);
        ModelImport.Run(checkpoint, Path.Combine(_folder, "model"), new());
        using IPromptableSegmenter segmenter = SegmenterFactory.Open(Path.Combine(_folder, "model"), new() { Device = InferenceDevice.Cpu });
        AssertSteady(segmenter, side, 256 * 16 * 16 * sizeof(float), MostBytesPerSliceOfSam);
    }

    private long AssertSteady(IPromptableSegmenter segmenter, int side, int embeddingBytes, double mostBytes)
    {
        Allocate(segmenter, side, embeddingBytes); // pools fill
        (long ofWalk, double inAll) = Allocate(segmenter, side, embeddingBytes);
        for (int n = 0; n < 2; n++) inAll = Math.Min(inAll, Allocate(segmenter, side, embeddingBytes).InAll);

        output.WriteLine($"{side}×{side}: {ofWalk:0} bytes a slice on the walk's thread, {inAll:0} in all; a mask takes {side * side * sizeof(float)}");
        Assert.True(inAll <= mostBytes, $"{inAll:0} bytes a slice");
        return ofWalk;
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
            if (ofWalk.Count == underWay) all = GC.GetTotalAllocatedBytes(precise: true);
        }
        all = GC.GetTotalAllocatedBytes(precise: true) - all;
        Assert.True(ofWalk.Count >= 2 * underWay, $"The walk stopped after {ofWalk.Count} slices.");
        long[] steps = [.. ofWalk.Zip(ofWalk.Skip(1), (before, after) => after - before).Skip(underWay).Order()];
        return (steps[steps.Length / 4], (double)all / (ofWalk.Count - underWay));
    }
}
