using System.Text.Json;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;

namespace SamMed2D.Cli.Tests.Commands;

public sealed class InfoAndConvertTests : IDisposable
{
    private static readonly VolumeGeometry s_grid = new(4, 3, 2, new Affine(-1, 0, 0, 5, 0, -2, 0, 6, 0, 0, 3, 7));
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-test-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Info_Json_TellsGeometryTypeAndRange()
    {
        string path = WriteScan("scan.nii.gz");
        CommandRun run = CommandRun.Of("info", path, "--json");
        Assert.Equal(0, run.ExitCode);
        JsonElement report = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("NIfTI-1", report.GetProperty("format").GetString());
        Assert.Equal([4, 3, 2], report.GetProperty("size").EnumerateArray().Select(n => n.GetInt32()));
        Assert.Equal([1.0, 2.0, 3.0], report.GetProperty("spacingMm").EnumerateArray().Select(n => n.GetDouble()));
        Assert.Equal("LPS", report.GetProperty("orientation").GetString());
        Assert.Equal("int16", report.GetProperty("voxelType").GetString());
        Assert.Equal(-1000, report.GetProperty("minimum").GetDouble());
        Assert.Equal(1300, report.GetProperty("maximum").GetDouble());
        Assert.Empty(report.GetProperty("labels").EnumerateArray());
    }

    [Fact]
    public void Convert_ThroughEveryFormat_KeepsTheVolume()
    {
        string path = WriteScan("scan.nii.gz");
        foreach (string ending in (string[])[".nrrd", ".mha", ".nhdr", ".mhd", ".nii"])
        {
            string next = Path.Combine(_folder, "scan" + ending);
            CommandRun run = CommandRun.Of("convert", path, next);
            Assert.True(run.ExitCode == 0, run.Error);
            path = next;
        }
        Volume<short> read = Assert.IsType<Volume<short>>(new VolumeFiles().Read(path));
        Assert.Equal(Scan().Voxels, read.Voxels);
        Assert.True(read.Geometry.IsSameGrid(s_grid));
    }

    [Fact]
    public void Convert_Labels_CarriesNamesAndInfoShowsThem()
    {
        LabelMap labels = new(s_grid, [new Segment(1, "liver", new(221, 130, 101)), new Segment(300, "left kidney", new(1, 2, 3))]);
        labels.MutableLabels[5] = 1;
        labels.MutableLabels[6] = 300;
        string nifti = Path.Combine(_folder, "labels.nii.gz"), slicer = Path.Combine(_folder, "labels.seg.nrrd");
        new VolumeFiles().WriteLabelMap(labels, nifti);
        Assert.Equal(0, CommandRun.Of("convert", nifti, slicer).ExitCode);
        CommandRun run = CommandRun.Of("info", slicer);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("liver: 1 voxels", run.Output);
        Assert.Contains("left kidney: 1 voxels", run.Output);
    }

    [Fact]
    public void Info_BadFiles_FailInOneLine()
    {
        string text = Path.Combine(_folder, "notes.nii"), truncated = Path.Combine(_folder, "cut.nii.gz");
        File.WriteAllText(text, "these are my notes");
        File.WriteAllBytes(truncated, File.ReadAllBytes(WriteScan("scan.nii.gz"))[..100]);
        CommandRun.Of("info", text).AssertFailsWith(4, "notes.nii");
        CommandRun.Of("info", truncated).AssertFailsWith(3, "cut.nii.gz");
        CommandRun.Of("info", Path.Combine(_folder, "missing.nii.gz")).AssertFailsWith(3, "missing.nii.gz");
    }

    [Fact]
    public void Convert_BadTargets_FailAndLeaveNothing()
    {
        string scan = WriteScan("scan.nii.gz");
        CommandRun.Of("convert", scan, Path.Combine(_folder, "scan.xyz")).AssertFailsWith(6, "scan.xyz");
        CommandRun.Of("convert", scan, Path.Combine(_folder, "nowhere", "scan.nii")).AssertFailsWith(6, "nowhere");
        CommandRun.Of("convert", scan, Path.Combine(_folder, "b.nii"), "--frame", "3").AssertFailsWith(4, "scan.nii.gz");
        CommandRun.Of("convert", scan, Path.Combine(_folder, "c.nii"), "--labels").AssertFailsWith(3, "scan.nii.gz");
        Assert.Equal([scan], Directory.GetFiles(_folder));
    }

    private static Volume<short> Scan() =>
        new(s_grid, [.. Enumerable.Range(-10, 24).Select(n => (short)(100 * n))], IntensityScale.Identity, new VolumeInfo());

    private string WriteScan(string name)
    {
        string path = Path.Combine(_folder, name);
        new VolumeFiles().Write(Scan(), path);
        return path;
    }
}
