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
    public void Import_Int8_TellsWhatItCostsAndInfoRepeatsIt()
    {
        string checkpoint = Path.Combine(_folder, "random.pth"), model = Path.Combine(_folder, "model");
        new SamCheckpoint().Write(checkpoint);

        CommandRun import = CommandRun.Of("model", "import", checkpoint, "-o", model, "--precision", "int8");
        CommandRun info = CommandRun.Of("model", "info", model);

        Assert.Equal(0, import.ExitCode);
        Assert.Matches("precision +int8; against float32's masks from [0-9]+ boxes: mean Dice [01][.][0-9]{3}", info.Output);
        Assert.StartsWith(info.Output, import.Output, StringComparison.Ordinal);
        Assert.Equal(2, CommandRun.Of("model", "import", checkpoint, "-o", model, "--precision", "int4").ExitCode);
    }

    [Fact]
    public void Segment_WithACache_KeepsSlicesOfASamModelAndLabelsAlikeFromThem()
    {
        string checkpoint = Path.Combine(_folder, "random.pth"), model = Path.Combine(_folder, "model"), cache = Path.Combine(_folder, "cache");
        new SamCheckpoint().Write(checkpoint);
        Assert.Equal(0, CommandRun.Of("model", "import", checkpoint, "-o", model).ExitCode);
        Assert.Equal(0, CommandRun.Of("phantom", "abdomen", "--size", "small", "-o", _folder).ExitCode);
        string scan = Directory.GetFiles(_folder, "*.nii.gz").Order(StringComparer.Ordinal).First(file => !file.Contains("label", StringComparison.Ordinal));
        string[] Arguments(string output) => ["segment", scan, "--box", "a:30,20,12,60,50,12", "--model", model, "--cache", cache, "-o", output];

        CommandRun first = CommandRun.Of(Arguments(Path.Combine(_folder, "first.nii")));
        int kept = Directory.GetFiles(cache, "*.embedding").Length;
        CommandRun second = CommandRun.Of(Arguments(Path.Combine(_folder, "second.nii")));

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.True(kept > 0);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, "first.nii")), File.ReadAllBytes(Path.Combine(_folder, "second.nii")));
        Assert.Contains("looks at each slice anew", CommandRun.Of("segment", scan, "--box", "a:30,20,12,60,50,12", "--cache", cache, "-o", Path.Combine(_folder, "third.nii")).Error, StringComparison.Ordinal);
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
