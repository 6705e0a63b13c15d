using System.Buffers.Binary;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;

namespace SamMed2D.Cli.Tests;

/// <summary>Nothing else may allocate meanwhile.</summary>
[CollectionDefinition(nameof(HugeClaimTests), DisableParallelization = true)]
public sealed class HugeClaimCollection;

/// <summary>A small file that claims to be a huge one: what the whole process allocates for it.</summary>
[Collection(nameof(HugeClaimTests))]
public sealed class HugeClaimTests : IDisposable
{
    private const int InvalidFile = 3;
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-cli-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Info_HugeClaimInSmallFile_IsRefusedAtOnce()
    {
        string path = Path.Combine(_folder, "huge.nii");
        VolumeGeometry geometry = new(16, 14, 8, Affine.Identity);
        new VolumeFiles().Write(new Volume<float>(geometry, new float[geometry.VoxelCount], IntensityScale.Identity, new()), path);
        byte[] bytes = File.ReadAllBytes(path);
        for (int n = 1; n <= 3; n++) BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(40 + 2 * n), 1290); // 1290³ is about 2^31
        File.WriteAllBytes(path, bytes);
        long before = GC.GetTotalAllocatedBytes();
        CommandRun.Of("info", path).AssertFailsWith(InvalidFile, "huge.nii");
        Assert.True(GC.GetTotalAllocatedBytes() - before < 128 << 20);
    }
}
