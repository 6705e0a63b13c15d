using SamMed2D.Cli.Terminal;

namespace SamMed2D.Cli.Tests;

/// <summary><c>sammed2d train</c> with a stand-in for the plug-in: its arguments, its progress, its exit code, its absence.</summary>
public sealed class TrainCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-train-").FullName;
    private readonly string? _before = Environment.GetEnvironmentVariable(TrainingProcess.PathVariable);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(TrainingProcess.PathVariable, _before);
        Directory.Delete(_folder, true);
    }

    [Fact]
    public void Train_PluginThatFinishes_PassesArgumentsAndSaysHowFarItCame()
    {
        StandIn("""
            echo "$@" > "$(dirname "$0")/arguments"
            echo '{"event":"started","step":0,"steps":4}'
            echo '{"event":"step","step":2,"steps":4,"samples":60,"loss":0.5,"dice":0.8}'
            echo '{"event":"finished","step":4,"steps":4,"samples":120,"unit":"crops"}'
            """);
        CommandRun run = CommandRun.Of("train", "compact", "--recipe", "r.json", "--data", "d", "--out", "o", "--samples", "120");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("focus --recipe r.json --data d --run o --samples 120", File.ReadAllText(Path.Combine(_folder, "arguments")).Trim());
        Assert.Contains("120 crops", run.Error);
    }

    [Fact]
    public void TrainSam_Options_ReachThePlugin()
    {
        StandIn("""
            echo "$@" > "$(dirname "$0")/arguments"
            echo '{"event":"started","step":0,"steps":9,"text":"12 pictures of 4 subjects"}'
            """);
        CommandRun run = CommandRun.Of("train", "sam", "--data", "d", "--checkpoint", "c.pth", "--out", "o", "--low-rank", "4", "--learning-rate", "0.0005", "--per-mask-loss", "--train", "decoder");

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("sam --data d --checkpoint c.pth --run o --train decoder --low-rank 4 --learning-rate 0.0005 --per-mask-loss", File.ReadAllText(Path.Combine(_folder, "arguments")).Trim());
        Assert.Contains("12 pictures of 4 subjects", run.Error);
    }

    [Fact]
    public void Train_PluginThatFails_GivesItsExitCode()
    {
        StandIn("exit 5");

        Assert.Equal(5, CommandRun.Of("train", "compact", "--recipe", "r", "--data", "d", "--out", "o").ExitCode);
    }

    [Fact]
    public void Train_PluginMissing_SaysWhichFile()
    {
        string missing = Path.Combine(_folder, "nothing");
        Environment.SetEnvironmentVariable(TrainingProcess.PathVariable, missing);

        CommandRun.Of("train", "compact", "--recipe", "r", "--data", "d", "--out", "o").AssertFailsWith(7, missing);
    }

    private void StandIn(string script)
    {
        string path = Path.Combine(_folder, "plugin");
        File.WriteAllText(path, "#!/bin/sh\n" + script + "\n");
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Environment.SetEnvironmentVariable(TrainingProcess.PathVariable, path);
    }
}
