using System.Text.Json;
using SamMed2D.Testing;

namespace SamMed2D.Cli.Tests;

public sealed class Evaluate2DCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pictures-");

    public void Dispose() => _folder.Delete(recursive: true);

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    [Fact]
    public void Evaluate2D_DemoSlices_SavesPromptsThatReplayIdentically()
    {
        Assert.SkipWhen(Repository.SharedMissing("data", "slices-2d") is not null, Repository.SharedMissing("data", "slices-2d") ?? "");
        string slices = Repository.SharedPath("data", "slices-2d");
        CommandRun drawn = CommandRun.Of("evaluate-2d", slices, "-q", "-o", PathOf("report.md"), "--csv", PathOf("drawn.csv"), "--save-prompts", PathOf("prompts.json"), "--json");
        Assert.True(drawn.ExitCode == 0, drawn.Error);
        CommandRun replayed = CommandRun.Of("evaluate-2d", slices, "-q", "--seed", "9", "--prompts", PathOf("prompts.json"), "--csv", PathOf("replayed.csv"));
        Assert.True(replayed.ExitCode == 0, replayed.Error);
        Assert.Equal(File.ReadAllText(PathOf("drawn.csv")), File.ReadAllText(PathOf("replayed.csv")));
        Assert.Contains("floor: ellipse in the box", replayed.Output);
        using JsonDocument json = JsonDocument.Parse(drawn.Output);
        Assert.Equal(18, json.RootElement.GetProperty("masks").GetArrayLength());
        // SAM-MED2D.md gives the floors of the authors' 30 demo masks as 0.806 and 0.765; these are 18 of them, so near that.
        Assert.InRange(json.RootElement.GetProperty("summaries")[5].GetProperty("dice").GetProperty("mean").GetDouble(), 0.7, 0.9);
    }

    [Fact]
    public void Evaluate2D_BadInput_IsOneLine()
    {
        CommandRun.Of("evaluate-2d", _folder.FullName).AssertFailsWith(3, "images");
        _folder.CreateSubdirectory("images");
        _folder.CreateSubdirectory("masks");
        CommandRun.Of("evaluate-2d", _folder.FullName).AssertFailsWith(3, "no mask");
    }
}
