using SamMed2D.Segmentation.Confidence;

namespace SamMed2D.Cli.Tests;

public sealed class CalibrateCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("calibrate-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void MakePhantoms(params string[] phantoms)
    {
        foreach (string phantom in phantoms)
        {
            CommandRun run = CommandRun.Of("phantom", phantom, "-o", _folder.FullName, "--size", "small");
            Assert.True(run.ExitCode == 0, run.Error);
        }
        File.WriteAllText(PathOf("fit.csv"), "image,label,subject\nbrain-mr.nii.gz,brain-mr-labels.nii.gz,brain\n");
        File.WriteAllText(PathOf("test.csv"), "image,label,subject\nabdomen-ct.nii.gz,abdomen-ct-labels.nii.gz,abdomen\n");
    }

    [Fact]
    public void Calibrate_Phantoms_WritesWhatAModelsFolderNeedsAndTheReport()
    {
        MakePhantoms("brain", "abdomen");
        CommandRun run = CommandRun.Of("calibrate", PathOf("fit.csv"), PathOf("test.csv"), "--most", "1", "-o", PathOf("out"), "-q");
        Assert.True(run.ExitCode == 0, run.Error);
        ConfidenceModel model = ConfidenceFile.Read(Path.Combine(PathOf("out"), ConfidenceFile.Name));
        Assert.Contains("2 structures, 2 subjects of fit.csv and test.csv", model.Provenance);
        Assert.Contains("## When to stop", run.Output);
        Assert.Equal(run.Output.Trim(), File.ReadAllText(Path.Combine(PathOf("out"), "CALIBRATION.md")).Trim());
        foreach (string chart in (string[])["reliability.png", "stops.png"])
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], File.ReadAllBytes(Path.Combine(PathOf("out"), chart))[..4]);
    }

    [Fact]
    public void EvaluatePropagation_Phantom_HoldsWaysBesideFloors()
    {
        MakePhantoms("brain");
        CommandRun run = CommandRun.Of("evaluate-propagation", PathOf("fit.csv"), "--most", "1", "-q");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("| carried masks alone | ", run.Output);
        Assert.Contains("| floor: shape between three key masks | ", run.Output);
    }

    [Theory]
    [InlineData("calibrate", "nothing.csv", "nothing.csv", "-o", "out")]
    [InlineData("evaluate-propagation", "nothing.csv")]
    public void Run_NoSuchList_IsOneLine(params string[] arguments) => CommandRun.Of(arguments).AssertFailsWith(3, "nothing.csv");
}
