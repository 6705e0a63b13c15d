using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Tests.Nifti;

public sealed class NiftiReaderTests : IDisposable
{
    private static readonly short[] s_ramp = [.. Enumerable.Range(-10, 24).Select(n => (short)(n * 100))];
    private static readonly double[] s_sform = [2, 0, 0, -10, 0, 3, 0.5, 20, 0, -0.5, 4, 30];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, false, false)]
    [InlineData(1, true, false)]
    [InlineData(2, false, false)]
    [InlineData(2, true, false)]
    [InlineData(1, true, true)]
    [InlineData(2, false, true)]
    public void Read_VersionAndByteOrder_GivesVoxelsAndAffine(int version, bool bigEndian, bool gzip)
    {
        NiftiBytes file = new() { Version = version, BigEndian = bigEndian, SFormCode = 1, SForm = s_sform, Data = new NiftiBytes { BigEndian = bigEndian }.Shorts(s_ramp) };
        Volume volume = Read(gzip ? NiftiBytes.Gzip(file.File()) : file.File());
        Assert.Equal(s_ramp, Assert.IsType<Volume<short>>(volume).Voxels);
        Assert.Equal(new Affine(2, 0, 0, -10, 0, 3, 0.5, 20, 0, -0.5, 4, 30), volume.Geometry.IndexToRas);
        Assert.Equal($"NIfTI-{version}", volume.Info.Format);
    }

    [Theory]
    [InlineData("a.hdr", "a.img", "a.hdr", false)]
    [InlineData("a.hdr", "a.img", "a.img", false)]
    [InlineData("a.hdr.gz", "a.img.gz", "a.img.gz", true)]
    [InlineData("a.hdr", "a.img.gz", "a.hdr", true)]
    public void Read_Pair_IsFoundFromEitherName(string headerName, string imageName, string asked, bool gzip)
    {
        NiftiBytes file = new() { Pair = true, SFormCode = 1, SForm = s_sform, Data = new NiftiBytes().Shorts(s_ramp) };
        _folder.Write(headerName, headerName.EndsWith("gz") ? NiftiBytes.Gzip(file.Header()) : file.Header());
        _folder.Write(imageName, gzip ? NiftiBytes.Gzip(file.Data) : file.Data);
        Assert.Equal(s_ramp, Assert.IsType<Volume<short>>(new VolumeFiles().Read(_folder.File(asked))).Voxels);
    }

    [Fact]
    public void Read_PairWithoutImage_SaysThatTheImageIsMissing()
    {
        string path = _folder.Write("a.hdr", new NiftiBytes { Pair = true }.Header());
        Assert.Contains(".img", Assert.Throws<InvalidFileException>(() => new VolumeFiles().Read(path)).Message);
    }

    [Fact]
    public void Read_AnalyzeHeader_IsRefusedWithAReason()
    {
        byte[] header = new NiftiBytes { Pair = true }.Header()[..348];
        header.AsSpan(344).Clear();
        string path = _folder.Write("a.hdr", header);
        Assert.Contains("Analyze", Assert.Throws<UnsupportedInputException>(() => new VolumeFiles().Read(path)).Message);
    }

    // A quarter turn about z: x' = -y, y' = x; quaternion (cos 45°, 0, 0, sin 45°).
    [Theory]
    [InlineData(1, 4)]
    [InlineData(-1, -4)]
    [InlineData(0, 4)]
    public void Read_QForm_TurnsAndFlips(double handedness, double expectedStepK)
    {
        NiftiBytes file = new()
        {
            Version = 2,
            PixDim = [handedness, 2, 3, 4, 1, 1, 1, 1],
            QFormCode = 1,
            QForm = [0, 0, Math.Sqrt(0.5), 5, 6, 7],
            Data = new NiftiBytes().Shorts(s_ramp),
        };
        VolumeGeometry grid = Read(file.File()).Geometry;
        VolumeGeometry expected = new(2, 3, 4, new Affine(0, -3, 0, 5, 2, 0, 0, 6, 0, 0, expectedStepK, 7));
        Assert.True(grid.IsSameGrid(expected, 1e-9), grid.IndexToRas.ToString());
    }

    [Fact]
    public void Read_BothForms_PrefersTheSForm()
    {
        NiftiBytes file = new() { SFormCode = 2, SForm = s_sform, QFormCode = 1, Data = new NiftiBytes().Shorts(s_ramp) };
        Assert.Equal(-10, Read(file.File()).Geometry.IndexToRas.Xo);
        NiftiBytes unknownCode = new() { SFormCode = 77, SForm = s_sform, QFormCode = 1, QForm = [0, 0, 0, 5, 6, 7], Data = file.Data };
        Assert.Equal(5, Read(unknownCode.File()).Geometry.IndexToRas.Xo);
    }

    // The sform places the first voxel at (-10, …), the qform at (5, 6, 7).
    [Theory]
    [InlineData(1, 1, true)]
    [InlineData(2, 1, false)] // one in the scanner's space, the other aligned to something
    public void Read_FormsThatDisagree_SaysSoWhereBothMeanTheSameSpace(int sformCode, int qformCode, bool isTold)
    {
        NiftiBytes file = new() { SFormCode = sformCode, SForm = s_sform, QFormCode = qformCode, QForm = [0, 0, 0, 5, 6, 7], Data = new NiftiBytes().Shorts(s_ramp) };
        Volume volume = Read(file.File());
        Assert.Equal(-10, volume.Geometry.IndexToRas.Xo);
        Assert.Equal(isTold, volume.Info.Notes.Any(note => note.Contains("places the scan twice")));
    }

    [Fact]
    public void Read_SingularSForm_ShowsItInOneLine()
    {
        NiftiBytes file = new() { SFormCode = 1, SForm = [1, 0, 0, 2, 0, 3, 0, 4, 0, 0, 0, 5], Data = new NiftiBytes().Shorts(s_ramp) };
        Assert.Contains("([1 0 0 2; 0 3 0 4; 0 0 0 5])", Assert.Throws<InvalidFileException>(() => Read(file.File())).Message);
    }

    [Fact]
    public void Read_NoForm_CentresTheGridWithXToTheLeft()
    {
        NiftiBytes file = new() { PixDim = [1, 2, -3, 0, 1, 1, 1, 1], Data = new NiftiBytes().Shorts(s_ramp) };
        Volume volume = Read(file.File());
        Assert.Equal(new Affine(-2, 0, 0, 1, 0, 3, 0, -3, 0, 0, 1, -1.5), volume.Geometry.IndexToRas);
        Assert.Contains(volume.Info.Notes, note => note.Contains("no sform"));
    }

    [Theory]
    [InlineData(1, 1000)]
    [InlineData(2, 1)]
    [InlineData(3, 0.001)]
    [InlineData(0, 1)]
    [InlineData(10, 1)]
    public void Read_Units_BecomeMillimetres(int units, double factor)
    {
        NiftiBytes file = new() { Version = 2, SFormCode = 1, SForm = s_sform, Units = units, Data = new NiftiBytes().Shorts(s_ramp) };
        Volume volume = Read(file.File());
        Assert.Equal(2 * factor, volume.Geometry.IndexToRas.Xi, 1e-12);
        Assert.Equal(-10 * factor, volume.Geometry.IndexToRas.Xo, 1e-12);
        Assert.Equal(factor != 1, volume.Info.Notes.Count > 0);
    }

    [Theory]
    [InlineData(2.0, -1.0, 2.0, -1.0)]
    [InlineData(0.0, 5.0, 1.0, 0.0)]
    [InlineData(double.NaN, 5.0, 1.0, 0.0)]
    [InlineData(double.PositiveInfinity, 5.0, 1.0, 0.0)]
    public void Read_Slope_IsKeptBesideTheVoxelsUnlessMeaningless(double slope, double intercept, double expectedSlope, double expectedIntercept)
    {
        Volume volume = Read(new NiftiBytes { Slope = slope, Intercept = intercept, Data = new NiftiBytes().Shorts(s_ramp) }.File());
        Assert.Equal(new IntensityScale(expectedSlope, expectedIntercept), volume.Scale);
        Assert.Equal(s_ramp, Assert.IsType<Volume<short>>(volume).Voxels);
    }

    [Fact]
    public void Read_Frames_ChoosesOneAndNamesTheCount()
    {
        NiftiBytes file = new() { Dim = [5, 2, 3, 2, 1, 2, 1, 1], Data = new NiftiBytes().Shorts(s_ramp) };
        foreach (string path in (string[])[_folder.Write("a.nii", file.File()), _folder.Write("b.nii.gz", NiftiBytes.Gzip(file.File()))])
        {
            Volume second = new VolumeFiles().Read(path, new VolumeReadOptions { Frame = 1 });
            Assert.Equal(s_ramp[12..], Assert.IsType<Volume<short>>(second).Voxels);
            Assert.Equal((1, 2), (second.Info.Frame, second.Info.FrameCount));
            Assert.Equal(s_ramp[..12], Assert.IsType<Volume<short>>(new VolumeFiles().Read(path)).Voxels);
            AmbiguousInputException missing = Assert.Throws<AmbiguousInputException>(() => new VolumeFiles().Read(path, new VolumeReadOptions { Frame = 2 }));
            Assert.Contains("2 frames", missing.Message);
        }
    }

    [Fact]
    public void Read_TrailingOnes_AreNoFrames() =>
        Assert.Equal(1, Read(new NiftiBytes { Dim = [7, 2, 3, 4, 1, 1, 1, 1], Data = new NiftiBytes().Shorts(s_ramp) }.File()).Info.FrameCount);

    [Theory]
    [InlineData(128)]
    [InlineData(2304)]
    [InlineData(32)]
    [InlineData(1792)]
    [InlineData(1536)]
    [InlineData(1)]
    public void Read_ColourOrComplex_SaysSo(short type) =>
        Assert.Throws<UnsupportedInputException>(() => Read(new NiftiBytes { DataType = type, Data = new byte[1000] }.File()));

    [Fact]
    public void Read_AllNaN_IsAnError()
    {
        byte[] nan = [.. Enumerable.Repeat(BitConverter.GetBytes(float.NaN), 24).SelectMany(b => b)];
        Assert.Throws<InvalidFileException>(() => Read(new NiftiBytes { DataType = 16, Data = nan }.File()));
    }

    [Fact]
    public void Read_Cancelled_Stops()
    {
        string path = _folder.Write("a.nii", new NiftiBytes { Data = new NiftiBytes().Shorts(s_ramp) }.File());
        Assert.Throws<OperationCanceledException>(() => new VolumeFiles().Read(path, cancellation: new CancellationToken(canceled: true)));
    }

    private Volume Read(byte[] content) => new VolumeFiles().Read(_folder.Write($"{Guid.NewGuid():N}.bin", content));
}
