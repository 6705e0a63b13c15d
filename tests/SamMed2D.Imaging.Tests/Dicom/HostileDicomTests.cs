using System.Diagnostics;
using SamMed2D.Core.Errors;
using SamMed2D.Imaging.Dicom;
using SamMed2D.Testing;

namespace SamMed2D.Imaging.Tests.Dicom;

/// <summary>Whatever the bytes, a read gives a result or one of the product's errors; a crash in native code would end this process and so the run.</summary>
public class HostileDicomTests
{
    public static TheoryData<string> SampleFiles =>
    [
        "MR_small.dcm", "MR_small_implicit.dcm", "MR_small_bigendian.dcm", "MR_small_RLE.dcm", "MR_small_jpeg_ls_lossless.dcm", "MR_small_jp2klossless.dcm",
        "JPEG-lossy.dcm", "JPGExtended.dcm", "JPEGLSNearLossless_08.dcm", "JPEG2000.dcm", "emri_small_RLE.dcm", "emri_small_jpeg_2k_lossless.dcm", "image_dfl.dcm", "qa-ts/1.dcm",
    ];

    [Fact]
    public void Read_EveryFileOfTheCollection_GivesAVolumeOrOneError()
    {
        SkipWithoutData();
        foreach (string file in Directory.EnumerateFiles(Repository.SharedPath("data", "dicom-files"), "*.dcm", SearchOption.AllDirectories).Order())
        {
            try
            {
                Assert.True(new VolumeFiles().Read(file).Geometry.VoxelCount > 0);
            }
            catch (SamMed2DException failure)
            {
                Assert.StartsWith(file, failure.Message);
                Assert.DoesNotContain('\n', failure.Message);
            }
        }
    }

    [Theory]
    [MemberData(nameof(SampleFiles))]
    public void ReadPictures_MutatedFile_GivesPixelsOrOneError(string file)
    {
        SkipWithoutData();
        byte[] sound = File.ReadAllBytes(Repository.SharedPath("data", "dicom-files", file));
        using TemporaryFolder folder = new();
        for (int seed = s_firstSeed; seed < s_firstSeed + s_mutations; seed++)
        {
            string mutated = folder.Write("mutated.dcm", Mutate(sound, seed));
            Stopwatch clock = Stopwatch.StartNew();
            try
            {
                ReadAllPictures(mutated);
                new VolumeFiles().Read(mutated);
            }
            catch (SamMed2DException)
            {
            }
            catch (Exception failure)
            {
                Assert.Fail($"{file} with seed {seed}: {failure}");
            }
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{file} with seed {seed} took {clock.Elapsed}");
        }
    }

    private static void ReadAllPictures(string path)
    {
        if (DicomInstance.TryRead(path, path) is not { IsPicture: true } instance || instance.Format.Problem is not null) return;
        DicomVolumeReader.CheckSizes(instance.Frames);
        using PictureReader reader = new(instance);
        foreach (DicomFrame frame in instance.Frames.Take(12))
        {
            int pixels = checked(frame.Columns * frame.Rows);
            switch (instance.Format.BytesPerPixel)
            {
                case 1: reader.Read(frame, new byte[pixels].AsSpan()); break;
                case 2: reader.Read(frame, new short[pixels].AsSpan()); break;
                default: reader.Read(frame, new int[pixels].AsSpan()); break;
            }
        }
    }

    /// <summary>A few flipped bits, overwritten lengths, cut or repeated pieces; the same for the same seed.</summary>
    private static byte[] Mutate(byte[] sound, int seed)
    {
        Random random = new(seed);
        byte[] bytes = [.. sound];
        int changes = 1 + random.Next(8);
        // Half of the runs change the pixel data's part of the file only, which is where the codecs are.
        int from = random.Next(2) == 0 ? 128 : Math.Min(bytes.Length - 1, bytes.Length / 4);
        for (int n = 0; n < changes; n++)
        {
            int at = random.Next(from, bytes.Length);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.AsSpan(at, Math.Min(4, bytes.Length - at)).Fill(0xFF); break;
                case 3: bytes.AsSpan(at, Math.Min(random.Next(1, 64), bytes.Length - at)).Clear(); break;
                case 4: if (random.Next(4) == 0 && at > from + 16) bytes = bytes[..at]; break;
                default: bytes = [.. bytes[..at], .. bytes.AsSpan(at, Math.Min(random.Next(1, 32), bytes.Length - at)), .. bytes[at..]]; break;
            }
        }
        return bytes;
    }

    private static void SkipWithoutData() => Assert.SkipWhen(Repository.SharedMissing("data") is not null, Repository.SharedMissing("data") ?? "");

    // More by hand: SAMMED2D_FUZZ_FIRST=1000 SAMMED2D_FUZZ_COUNT=100000.
    private static readonly int s_firstSeed = int.Parse(Environment.GetEnvironmentVariable("SAMMED2D_FUZZ_FIRST") ?? "0");
    private static readonly int s_mutations = int.Parse(Environment.GetEnvironmentVariable("SAMMED2D_FUZZ_COUNT") ?? "40");
}
