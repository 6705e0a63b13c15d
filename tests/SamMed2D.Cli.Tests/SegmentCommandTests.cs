using System.Text.Json.Nodes;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;

namespace SamMed2D.Cli.Tests;

public sealed class SegmentCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-").FullName;

    public SegmentCommandTests()
    {
        VolumeGeometry grid = new(64, 60, 12, new(-2, 0, 0, 10, 0, -2, 0, 20, 0, 0, 5, -30));
        short[] voxels = new short[grid.VoxelCount];
        Random noise = new(1);
        for (int n = 0; n < voxels.Length; n++)
        {
            (int i, int j) = (n % 64, n / 64 % 60);
            bool isObject = (i - 30) * (i - 30) + (j - 28) * (j - 28) < 150;
            voxels[n] = (short)((isObject ? 120 : -50) + noise.Next(-15, 16));
        }
        new VolumeFiles().Write(new Volume<short>(grid, voxels, IntensityScale.Identity, new()), Scan);
    }

    private string Scan => Path.Combine(_folder, "scan.nii.gz");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("labels.nii.gz")]
    [InlineData("labels.seg.nrrd")]
    public void Run_BoxAndPoint_WritesLabelsOnTheScansGridWithNamesAndARecord(string name)
    {
        string output = Path.Combine(_folder, name);
        CommandRun run = CommandRun.Of("segment", Scan, "--box", "disc:18,16,6,42,40,6", "--point", "disc:30,28,6,1", "-o", output, "--device", "cpu", "--json", "--quiet");
        Assert.True(run.ExitCode == 0, run.Error);
        JsonNode summary = JsonNode.Parse(run.Output)!;
        LabelMap labels = new VolumeFiles().ReadLabelMap(output);
        Assert.True(labels.Geometry.IsSameGrid(new VolumeFiles().Read(Scan).Geometry));
        Assert.Equal("disc", Assert.Single(labels.Segments).Name);
        Assert.Equal(labels.Labels.Count((ushort)1), (long)summary["segments"]![0]!["voxels"]!);
        Assert.True((long)summary["segments"]![0]!["voxels"]! > 1000);
        Assert.True((double)summary["slicesPerSecond"]! > 0);
        JsonNode record = JsonNode.Parse(File.ReadAllText(output + ".json"))!;
        Assert.Equal("scan.nii.gz", (string)record["scan"]!["source"]!);
        Assert.Equal(["--box", "--point"], record["prompts"]!.AsArray().Select(p => (string)p!["source"]!));
        Assert.Equal("", run.Error);
    }

    [Fact]
    public void Run_PromptFileWithMask_FindsItBesideTheFile()
    {
        LabelMap mask = new(new VolumeFiles().Read(Scan).Geometry, []);
        for (int j = 20; j < 36; j++)
            for (int i = 22; i < 38; i++) mask.MutableLabels[(int)mask.Geometry.OffsetOf(new(i, j, 5))] = 1;
        new VolumeFiles().WriteLabelMap(mask, Path.Combine(_folder, "m.nii.gz"));
        string prompts = Path.Combine(_folder, "p.json"), output = Path.Combine(_folder, "out.nii.gz");
        File.WriteAllText(prompts, """{"version":1,"segments":[{"name":"disc","label":4,"color":"#010203","range":[3,8],"prompts":[{"mask":"m.nii.gz"}]}]}""");
        CommandRun run = CommandRun.Of("segment", Scan, "--prompts", prompts, "-o", output, "--device", "cpu");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("disc", run.Output);
        Assert.Contains("end of range", run.Output);
        Assert.Equal(new Segment(4, "disc", new(1, 2, 3)).Color, new VolumeFiles().ReadLabelMap(output).FindSegment(4)!.Color);
    }

    [Theory]
    [InlineData(2, "lies outside the scan", "--box", "a:0,0,0,99,5,0")]
    [InlineData(2, "nothing to segment")]
    [InlineData(2, "--box 'a'", "--box", "a")]
    [InlineData(2, "none of mask, box", "--box", "a:1,1,1,9,9,1", "--strategy", "best")]
    [InlineData(2, "none of auto, minmax", "--box", "a:1,1,1,9,9,1", "--window", "wide")]
    [InlineData(2, "--min-iou", "--box", "a:1,1,1,9,9,1", "--min-iou", "high")]
    [InlineData(3, "missing.json", "--prompts", "missing.json")]
    [InlineData(5, "no-model", "--box", "a:1,1,1,9,9,1", "--model", "no-model")]
    public void Run_BadInput_IsOneLineAndWritesNothing(int exitCode, string named, params string[] arguments)
    {
        string output = Path.Combine(_folder, "out.nii.gz");
        CommandRun run = CommandRun.Of(["segment", Scan, "-o", output, "--device", "cpu", .. arguments]);
        run.AssertFailsWith(exitCode, named);
        Assert.Equal([Scan], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("out.txt", "no ending that names a volume format")]
    [InlineData("none/out.nii.gz", "does not exist")]
    public void Run_OutputThatCannotBe_IsSaidBeforeTheWork(string name, string named)
    {
        CommandRun run = CommandRun.Of("segment", Scan, "--box", "a:1,1,1,9,9,1", "-o", Path.Combine(_folder, name), "--device", "cpu");
        run.AssertFailsWith(6, named);
    }

    [Fact]
    public void Run_ScanMissing_NamesIt() =>
        CommandRun.Of("segment", Path.Combine(_folder, "none.nii.gz"), "--box", "a:1,1,1,9,9,1", "-o", Path.Combine(_folder, "o.nii.gz"), "--device", "cpu").AssertFailsWith(3, "none.nii.gz");
}
