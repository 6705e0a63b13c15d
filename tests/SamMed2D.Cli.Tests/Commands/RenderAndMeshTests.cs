using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Png;

namespace SamMed2D.Cli.Tests.Commands;

public sealed class RenderAndMeshTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-").FullName;

    public RenderAndMeshTests()
    {
        VolumeGeometry grid = new(20, 24, 10, new(-2, 0, 0, 10, 0, -2, 0, 20, 0, 0, 5, -30));
        short[] voxels = new short[grid.VoxelCount];
        ushort[] labels = new ushort[grid.VoxelCount];
        for (int n = 0; n < voxels.Length; n++)
        {
            int i = n % 20, j = n / 20 % 24, k = n / 480;
            bool isInside = (i - 10) * (i - 10) + (j - 12) * (j - 12) < 36 && k is > 1 and < 8;
            (voxels[n], labels[n]) = (isInside ? (short)400 : (short)-1000, isInside ? (ushort)1 : (ushort)0);
        }
        new VolumeFiles().Write(new Volume<short>(grid, voxels, IntensityScale.Identity, new()), Scan);
        new VolumeFiles().WriteLabelMap(new(grid, labels, [new(1, "rod", new(255, 0, 0))]), Labels);
    }

    private string Scan => Path.Combine(_folder, "scan.nii.gz");

    private string Labels => Path.Combine(_folder, "labels.nii.gz");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Render_OneSlice_WritesAPictureOfThatSizeWithTheLabel()
    {
        string output = Path.Combine(_folder, "shot.png");
        CommandRun run = CommandRun.Of("render", Scan, "--labels", Labels, "--view", "axial:5", "--size", "96x64", "--window", "400,40", "-o", output);
        Assert.True(run.ExitCode == 0, run.Error);
        Core.Slices.SliceImage image = PngFile.Read(output);
        Assert.Equal((96, 64, 3), (image.Width, image.Height, image.Channels));
        ReadOnlySpan<byte> middle = image.Pixels.Span.Slice((32 * 96 + 48) * 3, 3);
        Assert.True(middle[0] == 255 && middle[1] < 200, $"{middle[0]},{middle[1]},{middle[2]}");
    }

    [Fact]
    public void Render_Sweep_WritesEverySlice()
    {
        CommandRun run = CommandRun.Of("render", Scan, "--view", "axial", "--sweep", "--size", "32x32", "-o", Path.Combine(_folder, "s.png"));
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(10, Directory.GetFiles(_folder, "s-*.png").Length);
    }

    [Fact]
    public void Render_ObliqueThroughAPlace_ShowsTheLabelThere()
    {
        string output = Path.Combine(_folder, "oblique.png");
        CommandRun run = CommandRun.Of("render", Scan, "--labels", Labels, "--view", "axial@40,10", "--through", "-10,-4,-5", "--size", "96x64", "-o", output);
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains((255, 0, 0), Colors(PngFile.Read(output)));
        run = CommandRun.Of("render", Scan, "--view", "oblique:0,0.6,0.8", "--through", "0,0,900", "-o", output);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--through", Assert.Single(run.ErrorLines));

        static HashSet<(int, int, int)> Colors(Core.Slices.SliceImage image) => [.. Enumerable.Range(0, image.Width * image.Height)
            .Select(n => ((int)image.Pixels.Span[n * 3], (int)image.Pixels.Span[n * 3 + 1], (int)image.Pixels.Span[n * 3 + 2]))];
    }

    [Theory]
    [InlineData("--sweep", "", "--view axial")]
    [InlineData("--sweep --view 3d", "", "3d")]
    [InlineData("--sweep --view axial:4", "", "axial:4")]
    [InlineData("--turntable 0", "", "--turntable")]
    [InlineData("--turntable 3 --view axial", "", "axial")]
    [InlineData("--turntable 3 --sweep", "", "--sweep")]
    [InlineData("--view axial --through 1,2,3", "", "--through")]
    [InlineData("--view 3d --preset none", "", "--labels")]
    [InlineData("--view oblique:0,0,1 --through 1,2", "", "1,2")]
    [InlineData("", "shot.jpg", ".png")]
    public void Render_OptionsThatDoNotGoTogether_AreRefused(string options, string name, string named)
    {
        string output = Path.Combine(_folder, name.Length > 0 ? name : "x.png");
        CommandRun run = CommandRun.Of(["render", Scan, .. options.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-o", output]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(named, Assert.Single(run.ErrorLines));
        Assert.Empty(Directory.GetFiles(_folder, "*.png"));
    }

    [Theory]
    [InlineData("--view", "axial:10", "axial")]
    [InlineData("--view", "nowhere", "nowhere")]
    [InlineData("--size", "0x5", "0x5")]
    [InlineData("--window", "-3:4", "-3:4")]
    public void Render_BadOption_SaysWhichInOneLine(string option, string value, string named)
    {
        CommandRun run = CommandRun.Of("render", Scan, option, value, "-o", Path.Combine(_folder, "x.png"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(named, Assert.Single(run.ErrorLines), StringComparison.OrdinalIgnoreCase);
        Assert.False(File.Exists(Path.Combine(_folder, "x.png")));
    }

    [Fact]
    public void Mesh_ToStlInRas_WritesTheSegment()
    {
        string output = Path.Combine(_folder, "rod.stl");
        CommandRun run = CommandRun.Of("mesh", Labels, "-o", output, "--space", "ras");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.StartsWith("rod: ", run.Output);
        byte[] bytes = File.ReadAllBytes(output);
        Assert.Contains("SPACE=RAS", System.Text.Encoding.ASCII.GetString(bytes, 0, 80));
        Assert.Equal(bytes.Length, 84 + 50 * BitConverter.ToInt32(bytes, 80));
    }

    [Fact]
    public void Mesh_LabelThatIsNotThere_SaysSo() =>
        CommandRun.Of("mesh", Labels, "--label", "9", "-o", Path.Combine(_folder, "none.stl")).AssertFailsWith(6, "none.stl");
}
