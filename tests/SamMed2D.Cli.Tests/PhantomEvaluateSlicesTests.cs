using System.Text.Json;

namespace SamMed2D.Cli.Tests;

public sealed class PhantomEvaluateSlicesTests : IClassFixture<PhantomEvaluateSlicesTests.Phantom>
{
    /// <summary>A small phantom, made once by the command itself.</summary>
    public sealed class Phantom : IDisposable
    {
        public DirectoryInfo Folder { get; } = Directory.CreateTempSubdirectory("phantom-");

        public Phantom() => Run = CommandRun.Of("phantom", "brain", "-o", Folder.FullName, "--size", "small", "--dicom", Path.Combine(Folder.FullName, "series"));

        internal CommandRun Run { get; }

        public void Dispose() => Folder.Delete(recursive: true);
    }

    private readonly Phantom _phantom;

    public PhantomEvaluateSlicesTests(Phantom phantom) => _phantom = phantom;

    private string PathOf(string name) => Path.Combine(_phantom.Folder.FullName, name);

    [Fact]
    public void Phantom_Folder_HoldsImageLabelsPromptsAndSeries()
    {
        Assert.True(_phantom.Run.ExitCode == 0, _phantom.Run.Error);
        foreach (string name in (string[])["brain-mr.nii.gz", "brain-mr-labels.nii.gz", "brain-mr-prompts.json"]) Assert.True(File.Exists(PathOf(name)), name);
        Assert.Equal(33, Directory.GetFiles(PathOf("series")).Length);
    }

    [Fact]
    public void Evaluate_MapAgainstItself_IsPerfect()
    {
        CommandRun run = CommandRun.Of("evaluate", PathOf("brain-mr-labels.nii.gz"), PathOf("brain-mr-labels.nii.gz"), "--json", "--csv", PathOf("scores.csv"));
        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        Assert.Equal(1, report.RootElement.GetProperty("mean").GetProperty("dice").GetDouble());
        Assert.Equal(0, report.RootElement.GetProperty("mean").GetProperty("hd95Mm").GetDouble());
        Assert.Equal(report.RootElement.GetProperty("segments").GetArrayLength() + 1, File.ReadAllLines(PathOf("scores.csv")).Length);
        CommandRun table = CommandRun.Of("evaluate", PathOf("brain-mr-labels.nii.gz"), PathOf("brain-mr-labels.nii.gz"));
        Assert.Contains("surface-distance", table.Output);
        Assert.Contains("right lateral ventricle", table.Output);
    }

    [Fact]
    public void Evaluate_AnotherGrid_NamesBothGrids()
    {
        CommandRun.Of("phantom", "abdomen", "-o", PathOf("other.nii.gz"), "--size", "small");
        CommandRun.Of("evaluate", PathOf("brain-mr-labels.nii.gz"), PathOf("other-labels.nii.gz")).AssertFailsWith(4, "another grid");
        CommandRun.Of("slices", PathOf("brain-mr.nii.gz"), PathOf("pictures"), "--labels", PathOf("other-labels.nii.gz")).AssertFailsWith(4, "another grid");
        Assert.False(Directory.Exists(PathOf("pictures")));
    }

    [Fact]
    public void Slices_EveryFifth_AreWrittenInTrueProportions()
    {
        CommandRun run = CommandRun.Of("slices", PathOf("brain-mr.nii.gz"), PathOf("coronal"), "--plane", "coronal", "--every", "5", "--labels", PathOf("brain-mr-labels.nii.gz"));
        Assert.True(run.ExitCode == 0, run.Error);
        // 76 rows of the scan run from back to front, 64 columns of 3 mm by 33 slices of 5 mm are seen from the front.
        Assert.Equal(16, Directory.GetFiles(PathOf("coronal"), "coronal-*.png").Length);
        byte[] header = File.ReadAllBytes(PathOf("coronal/coronal-0000.png"));
        Assert.Equal((64, 55), (header[19], header[23]));
    }

    [Fact]
    public void Slices_Montage_IsOnePicture()
    {
        CommandRun run = CommandRun.Of("slices", PathOf("brain-mr.nii.gz"), PathOf("montage.png"), "--montage", "--labels", PathOf("brain-mr-labels.nii.gz"), "--title", "Phantom");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.True(new FileInfo(PathOf("montage.png")).Length > 10_000);
        CommandRun.Of("slices", PathOf("series"), PathOf("no/such/folder.png"), "--montage").AssertFailsWith(6, "folder");
    }

    [Fact]
    public void Slices_BadOptions_ExitWith2()
    {
        CommandRun.Of("slices", PathOf("series"), PathOf("x"), "--window", "dark").AssertFailsWith(2, "dark");
        CommandRun.Of("slices", PathOf("series"), PathOf("x"), "--every", "0").AssertFailsWith(2, "--every");
    }
}
