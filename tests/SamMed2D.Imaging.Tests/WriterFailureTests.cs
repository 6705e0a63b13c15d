using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Nifti;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.Tests;

/// <summary>A write that fails leaves the old file whole and nothing beside it.</summary>
public sealed class WriterFailureTests : IDisposable
{
    private static readonly VolumeGeometry s_grid = new(64, 64, 64, Affine.Identity);
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Endings => [".nii", ".nii.gz", ".nrrd", ".nhdr", ".mha", ".mhd", ".seg.nrrd"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Endings))]
    public void WriteLabelMap_Cancelled_KeepsTheOldFiles(string ending)
    {
        string path = _folder.File("a" + ending);
        new VolumeFiles().WriteLabelMap(new LabelMap(s_grid, []), path);
        Dictionary<string, byte[]> before = ReadAll();
        LabelMap other = new(s_grid, [new Segment(1, "liver", default)]);
        other.MutableLabels.Fill(1);
        Assert.Throws<OperationCanceledException>(() => new VolumeFiles().WriteLabelMap(other, path, new CancellationToken(canceled: true)));
        Assert.Equal(before, ReadAll());
    }

    [Fact]
    public void Write_DiskFullMidway_KeepsTheOldFile()
    {
        string path = _folder.Write("a.nii.gz", [1, 2, 3]);
        VoxelSource source = VoxelSource.Of(new LabelMap(s_grid, []));
        OutputException failure = Assert.Throws<OutputException>(() =>
            AtomicFile.Write(path, target => NiftiWriter.Write(source, new FullDisk(target, 1000), isCompressed: false, CancellationToken.None)));
        Assert.Contains("disk is full", failure.Message);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public void WriteLabelMap_NoSuchFolder_SaysSo(string ending) =>
        Assert.Contains("does not exist", Assert.Throws<OutputException>(() => new VolumeFiles().WriteLabelMap(new LabelMap(s_grid, []), _folder.File("nowhere/a" + ending))).Message);

    [Fact]
    public void WriteLabelMap_ReadOnlyFolder_IsAnOutputError()
    {
        // Root may write anywhere but into the kernel's own folders.
        OutputException failure = Assert.Throws<OutputException>(() => new VolumeFiles().WriteLabelMap(new LabelMap(s_grid, []), "/proc/a.nii.gz"));
        Assert.StartsWith("/proc/a.nii.gz", failure.Message);
    }

    [Theory]
    [InlineData("a.xyz")]
    [InlineData("a.hdr")]
    [InlineData("nii")]
    public void Write_UnknownEnding_NamesTheKnownOnes(string name) =>
        Assert.Contains(".nii.gz", Assert.Throws<OutputException>(() => new VolumeFiles().WriteLabelMap(new LabelMap(s_grid, []), _folder.File(name))).Message);

    private Dictionary<string, byte[]> ReadAll() => Directory.GetFiles(_folder.Path).ToDictionary(file => file, File.ReadAllBytes);

    // What a file on a full disk does: it takes some bytes and then none.
    private sealed class FullDisk(Stream inner, long room) : Stream
    {
        private const int NoSpaceLeft = 28;

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            room -= buffer.Length;
            if (room < 0) throw new IOException("No space left on device", NoSpaceLeft);
            inner.Write(buffer);
        }

        public override void Flush() => inner.Flush();

        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
