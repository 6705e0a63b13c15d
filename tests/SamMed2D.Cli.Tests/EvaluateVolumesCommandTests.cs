using System.Text.Json;

namespace SamMed2D.Cli.Tests;

public sealed class EvaluateVolumesCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("volumes-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private void MakePhantom()
    {
        CommandRun run = CommandRun.Of("phantom", "brain", "-o", _folder.FullName, "--size", "small");
        Assert.True(run.ExitCode == 0, run.Error);
        File.WriteAllText(PathOf("list.csv"), "image,label,subject\nbrain-mr.nii.gz,brain-mr-labels.nii.gz,phantom\n");
    }

    [Fact]
    public void EvaluateVolumes_Phantom_WritesReportTableAndJson()
    {
        MakePhantom();
        CommandRun run = CommandRun.Of("evaluate-volumes", PathOf("list.csv"), "--most", "2", "--keys", "1", "-o", PathOf("report.md"), "--csv", PathOf("figures.csv"), "--plot", PathOf("plot.png"), "--json");
        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("| model, one box | nothing |", File.ReadAllText(PathOf("report.md")));
        Assert.Contains("| head and neck | 2 | 1 |", File.ReadAllText(PathOf("report.md")));
        Assert.True(new FileInfo(PathOf("plot.png")).Length > 0);
        Assert.Equal(1 + 2 * 9, File.ReadAllLines(PathOf("figures.csv")).Length); // two structures from one box, that with the extent, and seven floors
        using JsonDocument json = JsonDocument.Parse(run.Output);
        Assert.Equal(2, json.RootElement.GetProperty("structures").GetArrayLength());
        Assert.Equal("OneBox", json.RootElement.GetProperty("summaries")[0].GetProperty("method").GetString());
    }

    [Fact]
    public void EvaluateVolumes_OneUnreadableScan_IsSkippedAndTold()
    {
        MakePhantom();
        File.AppendAllText(PathOf("list.csv"), "list.csv,list.csv,broken\n");
        CommandRun run = CommandRun.Of("evaluate-volumes", PathOf("list.csv"), "--most", "1", "--keys", "every", "-q");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("model, a box on every slice", run.Output);
        Assert.Contains("skipped: ", run.Error);
    }

    [Fact]
    public void EvaluateVolumes_BadInput_IsOneLine()
    {
        CommandRun.Of("evaluate-volumes", PathOf("none.csv")).AssertFailsWith(3, "none.csv");
        CommandRun.Of("evaluate-volumes", _folder.FullName, "--keys", "2").AssertFailsWith(2, "2");
        CommandRun.Of("evaluate-volumes", _folder.FullName, "--most", "0").AssertFailsWith(2, "--most");
    }
}
