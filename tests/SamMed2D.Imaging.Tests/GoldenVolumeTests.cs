using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Testing;

namespace SamMed2D.Imaging.Tests;

/// <summary>Every real volume against nibabel's (or plain NumPy's) shape, affine and scaled voxels; see Goldens/make_volumes_golden.py.</summary>
public class GoldenVolumeTests
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    public static TheoryData<string> Paths => [.. ReadGoldens().Select(golden => golden.Path)];

    [Theory]
    [MemberData(nameof(Paths))]
    public void Read_RealVolume_MatchesTheIndependentReader(string path)
    {
        Assert.SkipWhen(Repository.SharedMissing("data") is not null, Repository.SharedMissing("data") ?? "");
        Golden golden = ReadGoldens().Single(g => g.Path == path);
        foreach ((string frame, string digest) in golden.Frames)
        {
            Volume volume = new VolumeFiles().Read(Repository.SharedPath("data", path), new VolumeReadOptions { Frame = int.Parse(frame) });
            VolumeGeometry grid = volume.Geometry;
            Assert.Equal(golden.Shape, (int[])[grid.SizeI, grid.SizeJ, grid.SizeK, volume.Info.FrameCount]);
            Assert.Equal(golden.Type, volume.VoxelType.ToString().ToLowerInvariant());
            Assert.Equal(golden.Orientation, grid.OrientationCode);
            Affine expected = new(
                golden.Affine[0][0], golden.Affine[0][1], golden.Affine[0][2], golden.Affine[0][3],
                golden.Affine[1][0], golden.Affine[1][1], golden.Affine[1][2], golden.Affine[1][3],
                golden.Affine[2][0], golden.Affine[2][1], golden.Affine[2][2], golden.Affine[2][3]);
            Assert.True(grid.IsSameGrid(new VolumeGeometry(grid.SizeI, grid.SizeJ, grid.SizeK, expected), toleranceMm: 1e-4), $"{grid.IndexToRas} is not {expected}");
            Assert.Equal(digest, volume.Accept(new IntensityDigest()));
            Assert.Equal(golden.NonFinite > 0, volume.Info.Notes.Any(note => note.Contains("NaN or infinite")));
        }
    }

    [Fact]
    public void Read_NrrdTwinOfANifti_GivesTheSameVolume()
    {
        Assert.SkipWhen(Repository.SharedMissing("data") is not null, Repository.SharedMissing("data") ?? "");
        Volume<byte> nifti = Assert.IsType<Volume<byte>>(new VolumeFiles().Read(Repository.SharedPath("data", "volumes", "FLAIR.nii.gz")));
        Volume<byte> nrrd = Assert.IsType<Volume<byte>>(new VolumeFiles().Read(Repository.SharedPath("data", "volumes", "FLAIR.nrrd")));
        Assert.True(nifti.Geometry.IsSameGrid(nrrd.Geometry));
        Assert.True(nifti.Voxels.SequenceEqual(nrrd.Voxels));
    }

    private static Golden[] ReadGoldens() =>
        JsonSerializer.Deserialize<Golden[]>(File.ReadAllText(Path.Combine(Repository.Root, "tests", "SamMed2D.Imaging.Tests", "Goldens", "volumes.json")), s_json)!;

    private sealed record Golden(string Path, int[] Shape, string Type, double[][] Affine, string Orientation, Dictionary<string, string> Frames, int NonFinite);

    private sealed class IntensityDigest : IVolumeVisitor<string>
    {
        public string Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            double[] intensities = new double[volume.Voxels.Length];
            for (int n = 0; n < intensities.Length; n++) intensities[n] = volume.Scale.ToIntensity(double.CreateTruncating(volume.Voxels[n]));
            return Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(intensities.AsSpan())));
        }
    }
}
