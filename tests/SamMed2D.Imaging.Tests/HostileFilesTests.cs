using System.Diagnostics;
using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Tests.Nifti;

namespace SamMed2D.Imaging.Tests;

/// <summary>Damaged and hostile files give a result or one typed error, in bounded time and memory (SAFETY: parsers).</summary>
public sealed class HostileFilesTests : IDisposable
{
    private const long AllowedBytes = 80L << 20;
    private static readonly short[] s_ramp = [.. Enumerable.Range(-10, 24).Select(n => (short)(n * 100))];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Endings => [".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".seg.nrrd"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Endings))]
    public void Read_TruncatedAtEveryOffset_IsAnErrorThatNamesTheFile(string ending)
    {
        byte[] whole = WriteSmall(ending);
        int step = Math.Max(1, whole.Length / 150);
        int dataEnd = whole.Length - (ending is ".nii.gz" or ".nrrd" or ".seg.nrrd" ? 8 : ending == ".mha" ? 4 : 0); // a check sum alone may be missing
        for (int length = 0; length < whole.Length; length += step)
        {
            string path = _folder.Write("cut" + ending, whole[..length]);
            SamMed2DException? failure = ReadBounded(path);
            // Without line end, a detached header may be whole already.
            if (length < dataEnd - 2) Assert.True(failure is not null, $"{ending} cut to {length} of {whole.Length} bytes was read");
            if (failure is not null) Assert.Contains("cut" + ending, failure.Message);
        }
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public void Read_Mutated_GivesAResultOrOneTypedError(string ending)
    {
        byte[] whole = WriteSmall(ending);
        Random random = new(20260101);
        int headerLength = Math.Min(whole.Length, 700);
        for (int round = 0; round < 200; round++)
        {
            byte[] mutated = (byte[])whole.Clone();
            for (int n = random.Next(1, 6); n > 0; n--)
            {
                int at = random.Next(random.Next(2) == 0 ? headerLength : mutated.Length);
                mutated[at] = random.Next(4) switch
                {
                    0 => (byte)random.Next(256),
                    1 => (byte)(mutated[at] ^ (1 << random.Next(8))),
                    2 => (byte)"0123456789-"[random.Next(11)],
                    _ => (byte)(random.Next(2) * 255),
                };
            }
            if (random.Next(4) == 0) mutated = Splice(mutated, random);
            ReadBounded(_folder.Write("mutated" + ending, mutated));
        }
    }

    // A kilobyte that claims 2^31 voxels and more, in every format, plain and compressed.
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    public void Read_NiftiClaimsGigabytes_IsRefusedAtOnce(int version, bool gzip)
    {
        foreach (long[] dim in (long[][])[[3, 2048, 2048, 512, 1, 1, 1, 1], [7, 32767, 32767, 32767, 32767, 32767, 32767, 32767], [3, 32767, 32767, 1, 1, 1, 1, 1]])
        {
            byte[] file = new NiftiBytes { Version = version, Dim = dim, Data = new byte[500] }.File();
            SamMed2DException? failure = ReadBounded(_folder.Write("a.nii", gzip ? NiftiBytes.Gzip(file) : file));
            Assert.IsType<InvalidFileException>(failure);
        }
    }

    [Theory]
    [InlineData(new long[] { 0, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(new long[] { 8, 1, 1, 1, 1, 1, 1, 1 })]
    [InlineData(new long[] { 3, 0, 3, 4, 1, 1, 1, 1 })]
    [InlineData(new long[] { 3, -2, 3, 4, 1, 1, 1, 1 })]
    [InlineData(new long[] { 4, 2, 3, 4, 0, 1, 1, 1 })]
    public void Read_NiftiWithAbsurdSizes_SaysSo(long[] dim) =>
        Assert.IsType<InvalidFileException>(ReadBounded(_folder.Write("a.nii", new NiftiBytes { Dim = dim, Data = new NiftiBytes().Shorts(s_ramp) }.File())));

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(double.NaN, 1.0)]
    [InlineData(double.PositiveInfinity, 1.0)]
    [InlineData(1.0, double.NaN)]
    public void Read_NiftiWithSingularAffine_SaysSo(double first, double last)
    {
        double[] sform = [first, 0, 0, 0, 0, 1, 0, 0, 0, 0, last, 0];
        InvalidFileException failure = Assert.IsType<InvalidFileException>(
            ReadBounded(_folder.Write("a.nii", new NiftiBytes { SFormCode = 1, SForm = sform, Data = new NiftiBytes().Shorts(s_ramp) }.File())));
        Assert.Contains("singular or not finite", failure.Message);
    }

    [Theory]
    [InlineData(1e30)]
    [InlineData(-5.0)]
    [InlineData(100.0)]
    [InlineData(double.PositiveInfinity)]
    public void Read_NiftiWithBadOffset_SaysSo(double offset) =>
        Assert.IsType<InvalidFileException>(ReadBounded(_folder.Write("a.nii", new NiftiBytes { VoxelOffset = offset, Data = new NiftiBytes().Shorts(s_ramp) }.File())));

    [Fact]
    public void Read_GzipBomb_IsInflatedWithoutKeepingIt()
    {
        // 2 GB of zeros would fit a 2 MB file's ratio; this one is only pretending, so it is found out while counting.
        byte[] file = new NiftiBytes { Version = 2, Dim = [3, 1024, 1024, 512, 1, 1, 1, 1], Data = new byte[8 << 20] }.File();
        byte[] packed = [.. NiftiBytes.Gzip(file)];
        byte[] padded = [.. packed, .. new byte[2 << 20]];
        Assert.IsType<InvalidFileException>(ReadBounded(_folder.Write("a.nii.gz", padded)));
    }

    [Fact]
    public void Read_DamagedGzipCheckSum_IsAnError()
    {
        byte[] packed = NiftiBytes.Gzip(new NiftiBytes { Data = new NiftiBytes().Shorts(s_ramp) }.File());
        packed[^6] ^= 1;
        Assert.IsType<InvalidFileException>(ReadBounded(_folder.Write("a.nii.gz", packed)));
    }

    [Theory]
    [InlineData("sizes: 2048 2048 2048")]
    [InlineData("sizes: 4 3")]
    [InlineData("sizes: 4 3 0")]
    [InlineData("sizes: 4 3 -2")]
    [InlineData("sizes: 4 3 99999999999999999999")]
    [InlineData("dimension: 17")]
    [InlineData("type: block")]
    [InlineData("encoding: bzip2")]
    [InlineData("encoding: gzip")]
    [InlineData("kinds: domain domain")]
    [InlineData("kinds: RGB-color domain domain")]
    [InlineData("data file: ../secret.raw")]
    [InlineData("data file: /etc/passwd")]
    [InlineData("data file: absent.raw")]
    [InlineData("data file: LIST")]
    [InlineData("data file: slice%03d.raw 1 10 1")]
    [InlineData("space directions: (0,0,0) (0,1,0) (0,0,1)")]
    [InlineData("space directions: (nan,0,0) (0,1,0) (0,0,1)")]
    [InlineData("byte skip: 4000000000")]
    public void Read_NrrdWithABadField_IsRefused(string field)
    {
        string[] lines = ["type: short", "dimension: 3", "sizes: 4 3 2", "space: left-posterior-superior", "space directions: (1,0,0) (0,1,0) (0,0,1)", "endian: little", "encoding: raw"];
        string key = field[..field.IndexOf(':')];
        string header = string.Join('\n', ["NRRD0004", .. lines.Where(line => !line.StartsWith(key + ":")), field]) + "\n\n";
        Assert.NotNull(ReadBounded(_folder.Write("a.nrrd", [.. Encoding.ASCII.GetBytes(header), .. new byte[48]])));
    }

    [Theory]
    [InlineData("NDims = 200")]
    [InlineData("NDims = 2")]
    [InlineData("DimSize = 2048 2048 2048")]
    [InlineData("DimSize = 4 3 2 2 2 2 2 2 2 2 2 2")]
    [InlineData("DimSize = 4 3 1e9")]
    [InlineData("ElementSpacing = 1 1 1 1 1 1 1 1 1 1 1 1 1")]
    [InlineData("ElementSpacing = 0 1 1")]
    [InlineData("TransformMatrix = 1 0 0 0 1 0 0 0 0")]
    [InlineData("ElementType = MET_STRING")]
    [InlineData("ElementNumberOfChannels = 100000000")]
    [InlineData("HeaderSize = 999999999")]
    [InlineData("CompressedDataSize = 99999999999")]
    [InlineData("CompressedData = True")]
    [InlineData("ObjectType = Tube")]
    [InlineData("ElementDataFile = ../secret.raw")]
    [InlineData("ElementDataFile = /etc/passwd")]
    [InlineData("ElementDataFile = LIST")]
    public void Read_MetaImageWithABadField_IsRefused(string field)
    {
        string[] lines = ["ObjectType = Image", "NDims = 3", "BinaryData = True", "BinaryDataByteOrderMSB = False", "ElementSpacing = 1 1 1", "DimSize = 4 3 2", "ElementType = MET_SHORT", "ElementDataFile = LOCAL"];
        string key = field.Split('=')[0].Trim();
        string[] changed = [.. lines.Select(line => line.StartsWith(key + " ") ? field : line)];
        if (!changed.Contains(field)) changed = [.. lines[..^1], field, lines[^1]];
        Assert.NotNull(ReadBounded(_folder.Write("a.mha", [.. Encoding.ASCII.GetBytes(string.Join('\n', changed) + "\n"), .. new byte[48]])));
    }

    [Fact]
    public void Read_MetaImageWithALongLine_IsRefused() =>
        Assert.IsType<InvalidFileException>(ReadBounded(_folder.Write("a.mha", Encoding.ASCII.GetBytes($"ObjectType = Image\nNDims = 3\nComment = {new string('x', 100000)}\n"))));

    [Fact]
    public void Read_DataFileThatIsALink_IsRefused()
    {
        File.WriteAllBytes(_folder.File("real.raw"), new byte[48]);
        File.CreateSymbolicLink(_folder.File("link.raw"), _folder.File("real.raw"));
        _folder.Write("a.mhd", "ObjectType = Image\nNDims = 3\nDimSize = 4 3 2\nElementType = MET_SHORT\nElementDataFile = link.raw\n"u8.ToArray());
        Assert.Contains("link", ReadBounded(_folder.File("a.mhd"))!.Message);
    }

    [Theory]
    [InlineData("89504E470D0A1A0A0000", "PNG")]
    [InlineData("504B030400000000", "ZIP")]
    [InlineData("894844460D0A1A0A", "HDF5")]
    [InlineData("0011223344556677", "unknown format")]
    public void Read_AnotherFormat_SaysWhatWasFound(string hex, string found)
    {
        string path = _folder.Write("scan.nii.gz", [.. Convert.FromHexString(hex), .. new byte[600]]);
        Assert.Contains(found, Assert.IsType<UnsupportedInputException>(ReadBounded(path)).Message);
    }

    [Theory]
    [InlineData(".nrrd", "NRRD")]
    [InlineData(".mha", "MetaImage")]
    public void Read_PackedAsAWhole_SaysUnpackIt(string ending, string format)
    {
        new VolumeFiles().WriteLabelMap(new LabelMap(new VolumeGeometry(2, 2, 2, Affine.Identity), []), _folder.File("a" + ending));
        string path = _folder.Write($"a{ending}.gz", NiftiBytes.Gzip(File.ReadAllBytes(_folder.File("a" + ending))));
        Assert.Contains($"is {format} packed with gzip as a whole", Assert.Throws<UnsupportedInputException>(() => new VolumeFiles().Read(path)).Message);
    }

    [Fact]
    public void Read_EmptyOrMissing_SaysSo()
    {
        Assert.Contains("empty", ReadBounded(_folder.Write("a.nii", []))!.Message);
        Assert.Contains("no such file", ReadBounded(_folder.File("missing.nii"))!.Message);
    }

    private byte[] WriteSmall(string ending)
    {
        VolumeGeometry grid = new(5, 4, 3, new Affine(-1, 0.2, 0, 5, 0.1, -2, 0, 6, 0, 0, 3, 7));
        string path = _folder.File("whole" + ending);
        if (ending == ".seg.nrrd")
        {
            LabelMap labels = new(grid, [new Segment(1, "liver", new(221, 130, 101))]);
            for (int n = 0; n < 60; n += 3) labels.MutableLabels[n] = 1;
            new VolumeFiles().WriteLabelMap(labels, path);
        }
        else
        {
            Random random = new(5);
            new VolumeFiles().Write(new Volume<short>(grid, [.. Enumerable.Range(0, 60).Select(_ => (short)random.Next(-1000, 1000))], IntensityScale.Identity, new VolumeInfo()), path);
        }
        return File.ReadAllBytes(path);
    }

    private static byte[] Splice(byte[] bytes, Random random)
    {
        int from = random.Next(bytes.Length), length = random.Next(Math.Min(40, bytes.Length - from));
        return random.Next(2) == 0
            ? [.. bytes[..from], .. bytes[(from + length)..]]
            : [.. bytes[..(from + length)], .. bytes[from..]];
    }

    // Reads in any way a user may; anything but a result or a typed error fails the test, as does too much time or memory.
    private static SamMed2DException? ReadBounded(string path)
    {
        Stopwatch clock = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        SamMed2DException? failure = null;
        try
        {
            new VolumeFiles().Read(path);
        }
        catch (SamMed2DException caught)
        {
            failure = caught;
        }
        try
        {
            new VolumeFiles().ReadLabelMap(path);
        }
        catch (SamMed2DException)
        {
            // Labels may be refused where voxels are not.
        }
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < AllowedBytes, $"{path} made the reader allocate {GC.GetAllocatedBytesForCurrentThread() - before:N0} bytes");
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{path} took {clock.Elapsed}");
        return failure;
    }
}
