using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Tests.Nifti;

namespace SamMed2D.Imaging.Tests;

/// <summary>Hand-written NRRD and MetaImage headers: spaces, encodings, byte orders, frames, detached data.</summary>
public sealed class NrrdAndMetaImageTests : IDisposable
{
    private static readonly short[] s_ramp = [.. Enumerable.Range(-10, 24).Select(n => (short)(n * 100))];
    private static readonly VolumeGeometry s_grid = new(2, 3, 4, new Affine(0, -3, 0, 5, 2, 0, 0.5, 6, 0, 0, 4, 7));

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("left-posterior-superior", "(0,-2,0) (3,0,0) (0,-0.5,4)", "(-5,-6,7)")]
    [InlineData("LPS", "(0,-2,0) (3,0,0) (0,-0.5,4)", "(-5,-6,7)")]
    [InlineData("right-anterior-superior", "(0,2,0) (-3,0,0) (0,0.5,4)", "(5,6,7)")]
    [InlineData("RAS", "(0,2,0) (-3,0,0) (0,0.5,4)", "(5,6,7)")]
    public void Read_NrrdSpaces_LandInTheSamePlace(string space, string directions, string origin)
    {
        Volume volume = ReadNrrd($"type: short\ndimension: 3\nspace: {space}\nsizes: 2 3 4\nspace directions: {directions}\nspace origin: {origin}\nendian: little\nencoding: raw", new NiftiBytes().Shorts(s_ramp));
        Assert.True(volume.Geometry.IsSameGrid(s_grid, 1e-9), volume.Geometry.IndexToRas.ToString());
        Assert.Equal(s_ramp, Assert.IsType<Volume<short>>(volume).Voxels);
        Assert.Empty(volume.Info.Notes);
    }

    [Theory]
    [InlineData("left-anterior-superior")]
    [InlineData("LAS")]
    public void Read_NrrdInASpaceThatItkMirrors_IsRefused(string space) => Assert.Throws<UnsupportedInputException>(() =>
        ReadNrrd($"type: short\ndimension: 3\nspace: {space}\nsizes: 2 3 4\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nendian: little\nencoding: raw", new NiftiBytes().Shorts(s_ramp)));

    [Fact]
    public void Read_NrrdWithoutPlacement_SaysSo()
    {
        Volume volume = ReadNrrd("type: short\ndimension: 3\nsizes: 2 3 4\nspacings: 1 2 3\nendian: little\nencoding: raw", new NiftiBytes().Shorts(s_ramp));
        Assert.Equal(2, volume.Geometry.SpacingMm(SliceAxis.J), 1e-12);
        Assert.Contains(volume.Info.Notes, note => note.Contains("does not say where"));
    }

    [Theory]
    [InlineData("endian: big\nencoding: raw", "raw")]
    [InlineData("endian: big\nencoding: gzip", "gzip")]
    [InlineData("encoding: ascii", "text")]
    public void Read_NrrdEncodings_GiveTheSameNumbers(string fields, string kind)
    {
        byte[] big = new NiftiBytes { BigEndian = true }.Shorts(s_ramp);
        byte[] data = kind switch { "raw" => big, "gzip" => NiftiBytes.Gzip(big), _ => Encoding.ASCII.GetBytes(string.Join(' ', s_ramp) + "\n") };
        Volume volume = ReadNrrd($"type: short\ndimension: 3\nspace: LPS\nsizes: 2 3 4\nspace directions: (1,0,0) (0,1,0) (0,0,1)\n{fields}", data);
        Assert.Equal(s_ramp, Assert.IsType<Volume<short>>(volume).Voxels);
    }

    [Theory]
    [InlineData("sizes: 2 2 3 2\nkinds: list domain domain domain\nspace directions: none (1,0,0) (0,1,0) (0,0,1)", true)]
    [InlineData("sizes: 2 3 2 2\nkinds: domain domain domain list\nspace directions: (1,0,0) (0,1,0) (0,0,1) none", false)]
    public void Read_NrrdFrames_AreChosen(string fields, bool isInterleaved)
    {
        string header = $"type: short\ndimension: 4\nspace: LPS\n{fields}\nendian: little\nencoding: raw";
        short[] second = [.. Enumerable.Range(0, 12).Select(n => s_ramp[isInterleaved ? 2 * n + 1 : 12 + n])];
        string path = WriteNrrd(header, new NiftiBytes().Shorts(s_ramp));
        Volume volume = new VolumeFiles().Read(path, new VolumeReadOptions { Frame = 1 });
        Assert.Equal(second, Assert.IsType<Volume<short>>(volume).Voxels);
        Assert.Equal(2, volume.Info.FrameCount);
        Assert.Throws<AmbiguousInputException>(() => new VolumeFiles().Read(path, new VolumeReadOptions { Frame = 2 }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("CompressedData = True\n")]
    [InlineData("BinaryDataByteOrderMSB = True\n")]
    [InlineData("BinaryData = False\n")]
    public void Read_MetaImage_FollowsItsMatrixAndPacking(string field)
    {
        // A row of TransformMatrix is the direction of one axis (MetaIO documentation), in LPS.
        string header = "ObjectType = Image\nNDims = 3\n" + field + "TransformMatrix = 0 -1 0 1 0 0 0 0 1\nOffset = -5 -6 7\nElementSpacing = 2 3 4\nDimSize = 2 3 4\nElementType = MET_SHORT\nElementDataFile = LOCAL\n";
        byte[] data = new NiftiBytes { BigEndian = field.Contains("MSB") }.Shorts(s_ramp);
        if (field.StartsWith("Comp")) data = Zlib(data);
        if (field.EndsWith("False\n")) data = Encoding.ASCII.GetBytes(string.Join(' ', s_ramp) + "\n");
        Volume volume = new VolumeFiles().Read(_folder.Write("a.mha", [.. Encoding.ASCII.GetBytes(header), .. data]));
        Assert.Equal(s_ramp, Assert.IsType<Volume<short>>(volume).Voxels);
        Assert.True(volume.Geometry.IsSameGrid(new VolumeGeometry(2, 3, 4, new Affine(0, -3, 0, 5, 2, 0, 0, 6, 0, 0, 4, 7)), 1e-9), volume.Geometry.IndexToRas.ToString());
    }

    [Theory]
    [InlineData("scan of 10:30.nhdr")]
    [InlineData("scan of 10:30.mhd")]
    public void Write_Detached_ComesBackWhateverItsName(string name)
    {
        new VolumeFiles().Write(new Volume<short>(s_grid, s_ramp, IntensityScale.Identity, new()), _folder.File(name));
        Assert.Equal(s_ramp, Assert.IsType<Volume<short>>(new VolumeFiles().Read(_folder.File(name))).Voxels);
    }

    [Theory]
    [InlineData("50%.nhdr")]
    [InlineData("LIST.mhd")]
    public void Write_DetachedWithANameThatReadersTakeForSeveral_IsRefused(string name)
    {
        Volume volume = new Volume<short>(s_grid, s_ramp, IntensityScale.Identity, new());
        Assert.Contains("for the names of several files", Assert.Throws<OutputException>(() => new VolumeFiles().Write(volume, _folder.File(name))).Message);
        Assert.Throws<OutputException>(() => VolumeFiles.LabelMapFiles(_folder.File(name)));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Read_DataFileNamedFromTheHeadersFolder_IsFound()
    {
        _folder.Write("a.raw", new NiftiBytes().Shorts(s_ramp));
        string header = "ObjectType = Image\nNDims = 3\nElementSpacing = 1 1 1\nDimSize = 2 3 4\nElementType = MET_SHORT\nElementDataFile = ./a.raw\n";
        Assert.Equal(s_ramp, Assert.IsType<Volume<short>>(new VolumeFiles().Read(_folder.Write("a.mhd", Encoding.ASCII.GetBytes(header)))).Voxels);
    }

    [Fact]
    public void Read_MetaImageFramesAndHeaderSize_AreFollowed()
    {
        _folder.Write("a.raw", [1, 2, 3, .. new NiftiBytes().Shorts(s_ramp)]);
        string path = _folder.Write("a.mhd", "NDims = 4\nDimSize = 2 3 2 2\nHeaderSize = -1\nElementSpacing = 1 1 1 1\nModality = MET_MOD_CT\nElementType = MET_SHORT\nElementDataFile = a.raw\n"u8.ToArray());
        Volume volume = new VolumeFiles().Read(path, new VolumeReadOptions { Frame = 1 });
        Assert.Equal(s_ramp[12..], Assert.IsType<Volume<short>>(volume).Voxels);
        Assert.Equal("CT", volume.Info.Modality);
    }

    private Volume ReadNrrd(string header, byte[] data) => new VolumeFiles().Read(WriteNrrd(header, data));

    private string WriteNrrd(string header, byte[] data) => _folder.Write("a.nrrd", [.. Encoding.ASCII.GetBytes($"NRRD0004\n{header}\n\n"), .. data]);

    private static byte[] Zlib(byte[] content)
    {
        using MemoryStream packed = new();
        using (System.IO.Compression.ZLibStream stream = new(packed, System.IO.Compression.CompressionLevel.Optimal)) stream.Write(content);
        return packed.ToArray();
    }
}
