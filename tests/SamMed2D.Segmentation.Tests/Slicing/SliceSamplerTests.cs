using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Slicing;
using SamMed2D.Segmentation.Tests.Prompts;

namespace SamMed2D.Segmentation.Tests.Slicing;

public class SliceSamplerTests
{
    [Fact]
    public void Sample_AnyGridAxisAndType_IsWindowedVoxelOfEachPixel() =>
        Gen.Select(Gen.Int[0, 5], Gen.Bool.Array[3], Gen.Int[0, 2], Gen.Int[0, 4], Gen.Int).Sample((permutation, flips, axis, type, seed) =>
        {
            VolumeGeometry grid = PromptResolverTests.Oriented(permutation, flips);
            Volume volume = type switch
            {
                0 => Random<byte>(grid, seed, 0, 255),
                1 => Random<short>(grid, seed, -1024, 3000),
                2 => Random<int>(grid, seed, -100000, 100000),
                3 => Random<float>(grid, seed, -3, 3),
                _ => Random<sbyte>(grid, seed, -128, 127),
            };
            SliceFrame frame = new(grid, (SliceAxis)axis);
            IntensityWindow window = new(-20, 45);
            SliceSampler sampler = SliceSampler.Create(volume, frame, window);
            byte[] buffer = new byte[sampler.PixelCount];
            for (int slice = 0; slice < frame.SliceCount; slice++)
            {
                SliceImage image = sampler.Sample(slice, buffer.AsMemory());
                for (int y = 0; y < frame.Height; y++)
                    for (int x = 0; x < frame.Width; x++)
                    {
                        double intensity = volume.GetIntensity(frame.PixelToVoxel(x, y, slice));
                        double expected = Math.Floor(Math.Clamp((intensity - window.Low) / window.Width, 0, 1) * 255 + 0.5);
                        Assert.Equal(expected, image.Pixels.Span[y * frame.Width + x], 1.0);
                    }
            }
        }, iter: 60);

    [Fact]
    public void Sample_NotANumberAndInfinity_AreBlackAndClamped()
    {
        float[] voxels = [float.NaN, float.NegativeInfinity, float.PositiveInfinity, 0, 1, 0.5f, -5, 5];
        Volume<float> volume = new(new(2, 2, 2, Affine.Identity), voxels, IntensityScale.Identity, new());
        SliceFrame frame = new(volume.Geometry, SliceAxis.K);
        SliceSampler sampler = SliceSampler.Create(volume, frame, new(0, 1));
        byte[] first = new byte[4], second = new byte[4];
        sampler.Sample(0, first);
        sampler.Sample(1, second);
        Assert.Equal<byte>([0, 0, 0, 255], [.. first.Order()]);
        Assert.Equal<byte>([0, 128, 255, 255], [.. second.Order()]);
    }

    [Fact]
    public void Sample_SteadyState_AllocatesNothing()
    {
        Volume volume = Random<short>(new(64, 64, 8, Affine.Identity), 1, -1000, 1000);
        SliceSampler sampler = SliceSampler.Create(volume, new(volume.Geometry, SliceAxis.K), new(-100, 100));
        byte[] buffer = new byte[sampler.PixelCount];
        sampler.Sample(0, buffer.AsSpan());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int slice = 0; slice < 8; slice++) sampler.Sample(slice, buffer.AsSpan());
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Volume<T> Random<T>(VolumeGeometry grid, int seed, double low, double high) where T : unmanaged, INumber<T>
    {
        Random random = new(seed);
        T[] voxels = new T[grid.VoxelCount];
        for (int n = 0; n < voxels.Length; n++) voxels[n] = T.CreateTruncating(low + random.NextDouble() * (high - low));
        return new(grid, voxels, new(0.5, 3), new());
    }
}
