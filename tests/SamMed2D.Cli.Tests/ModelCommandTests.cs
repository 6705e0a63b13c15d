using SamMed2D.Testing;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Cli.Tests;

public sealed class ModelCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("model-command-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Import_RandomCheckpoint_PrintsWhatInfoPrintsAgain()
    {
        string checkpoint = Path.Combine(_folder, "random.pth"), model = Path.Combine(_folder, "model");
        new SamCheckpoint().Write(checkpoint);

        CommandRun import = CommandRun.Of("model", "import", checkpoint, "-o", model, "--name", "Random", "--licence", "CC0-1.0");
        CommandRun info = CommandRun.Of("model", "info", model, "--verify");

        Assert.Equal((0, 0), (import.ExitCode, info.ExitCode));
        Assert.StartsWith(info.Output, import.Output, StringComparison.Ordinal);
        Assert.Contains("with adapters", info.Output, StringComparison.Ordinal);
        Assert.Contains("CC0-1.0", info.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_HostileCheckpoint_FailsInOneLineThatSaysWhatWasFound()
    {
        Assert.SkipWhen(Repository.SharedMissing("model-goldens") is not null, Repository.SharedMissing("model-goldens") ?? "");
        CommandRun run = CommandRun.Of("model", "import", Repository.SharedPath("model-goldens", "hostile-pickle.pth"), "-o", Path.Combine(_folder, "m"));
        run.AssertFailsWith(5, "hostile-pickle.pth");
        Assert.Contains("posix.system", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Import_UnknownFamily_IsAUsageError()
    {
        CommandRun run = CommandRun.Of("model", "import", "x.pth", "-o", Path.Combine(_folder, "m"), "--family", "unet");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("unet", run.Error, StringComparison.Ordinal);
    }
}
