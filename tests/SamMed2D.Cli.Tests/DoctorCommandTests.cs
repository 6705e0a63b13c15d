using System.Text.Json;

namespace SamMed2D.Cli.Tests;

public sealed class DoctorCommandTests
{
    [Fact]
    public void Run_Json_NamesEveryPartAndItsState()
    {
        CommandRun run = CommandRun.Of("doctor", "--json");

        using JsonDocument answer = JsonDocument.Parse(run.Output);
        Dictionary<string, JsonElement> findings = answer.RootElement.GetProperty("findings").EnumerateArray()
            .ToDictionary(finding => finding.GetProperty("name").GetString()!);
        foreach (string name in (string[])[".NET", "processor", "memory", "ONNX Runtime", "execution providers", "model", "model runs", "OpenGL"])
            Assert.True(findings.ContainsKey(name), name);
        Assert.Equal("ok", findings["model runs"].GetProperty("state").GetString());
        Assert.Contains("CPUExecutionProvider", findings["execution providers"].GetProperty("found").GetString());
        bool isSound = findings.Values.All(finding => finding.GetProperty("state").GetString() != "missing");
        Assert.Equal(isSound, answer.RootElement.GetProperty("isSound").GetBoolean());
        Assert.Equal(isSound ? 0 : 7, run.ExitCode);
    }

    [Fact]
    public void Run_MissingModel_IsAFindingWithARemedyAndTheOtherChecksStillRun()
    {
        CommandRun run = CommandRun.Of("doctor", "--model", "no-such-folder");

        Assert.Equal(7, run.ExitCode);
        Assert.Contains("MISSING   model ", run.Output);
        Assert.Contains("no-such-folder", run.Output);
        Assert.Contains("sammed2d model import", run.Output);
        Assert.Contains("GLFW", run.Output);
    }
}
