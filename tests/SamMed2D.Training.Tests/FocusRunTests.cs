using System.Diagnostics;
using SamMed2D.Core.Errors;
using SamMed2D.Testing;
using SamMed2D.Training.Native;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Runs;

namespace SamMed2D.Training.Tests;

public sealed class FocusRunTests : IDisposable
{
    private static readonly FocusRecipe s_tiny = new() { Name = "tiny", Seed = 5, Samples = 12, Batch = 2, CropsPerScene = 1, Workers = 2, Precision = "bfloat16" };

    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-training-").FullName;

    public void Dispose() => Directory.Delete(_folder, true);

    [Fact]
    public void Run_StoppedAndResumed_ContinuesToTheSameBits()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        AssertSameBitsOnceInThree(attempt =>
        {
            Run($"straight{attempt}", s_tiny, 4);
            Run($"broken{attempt}", s_tiny, 2);
            Run($"broken{attempt}", s_tiny, 4);
            return ($"straight{attempt}", $"broken{attempt}");
        });
    }

    [Fact]
    public void Run_KilledProcess_ResumesToTheSameBits()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        string recipe = Path.Combine(_folder, "recipe.json");
        File.WriteAllText(recipe, """{ "name": "killed", "seed": 5, "samples": 40, "batch": 2, "cropsPerScene": 1, "workers": 2 }""");
        AssertSameBitsOnceInThree(attempt =>
        {
            using (Process process = Start(recipe, $"killed{attempt}", lastStep: 20))
            {
                while (process.StandardOutput.ReadLine() is { } line && !line.Contains("\"step\":2,", StringComparison.Ordinal)) continue;
                process.Kill();
                process.WaitForExit();
                Assert.NotEqual(0, process.ExitCode);
            }
            foreach (string run in (string[])[$"killed{attempt}", $"straight{attempt}"])
            {
                using Process process = Start(recipe, run, lastStep: 8);
                process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                Assert.Equal(0, process.ExitCode);
            }
            Assert.Empty(Directory.GetFiles(Path.Combine(_folder, $"straight{attempt}"), "*.tmp"));
            return ($"straight{attempt}", $"killed{attempt}");
        });
    }

    [Fact]
    public void Run_FolderOfAnotherRecipe_IsRefused()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        Run("run", s_tiny, 1);

        UnsupportedInputException refusal = Assert.Throws<UnsupportedInputException>(() => Run("run", s_tiny with { Name = "other" }, 2));
        Assert.Contains("tiny", refusal.Message);
    }

    [Fact]
    public void Run_RateThatBreaksEverything_StopsWithTheStepNamed()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        FocusRecipe wild = s_tiny with { Name = "wild", Samples = 2000, Optimiser = new() { LearningRate = 1e30, WarmUpSteps = 1 } };

        UnsupportedInputException refusal = Assert.Throws<UnsupportedInputException>(() => Run("wild", wild, 30));
        Assert.Contains("step", refusal.Message);
    }

    /// <summary>
    /// A state that lacks anything never ends in the same bits. A whole one nearly always does: about one pair of runs in twenty differs in rounding
    /// inside libtorch, resumed or not, so it is given three attempts.
    /// </summary>
    private void AssertSameBitsOnceInThree(Func<int, (string One, string Other)> runBoth)
    {
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            (string one, string other) = runBoth(attempt);
            if (StateOf(one).AsSpan().SequenceEqual(StateOf(other))) return;
        }
        Assert.Fail("three resumed runs ended in other bits than the uninterrupted ones");

        byte[] StateOf(string run) => File.ReadAllBytes(Path.Combine(_folder, run, "state.safetensors"));
    }

    /// <summary>Starts the plug-in itself; it saves a checkpoint at every step.</summary>
    private Process Start(string recipe, string run, int lastStep)
    {
        string program = Path.Combine(Repository.Root, "plugins", "SamMed2D.Training", "bin", "Release", "net10.0", "sammed2d-training");
        Assert.SkipUnless(File.Exists(program), "the plug-in is built in Release only");
        string[] arguments = ["focus", "--recipe", recipe, "--data", _folder, "--run", Path.Combine(_folder, run), "--last-step", $"{lastStep}", "--checkpoint-minutes", "0", "--snapshot-samples", "0"];
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    }

    private void Run(string name, FocusRecipe recipe, long lastStep)
    {
        using FocusTraining training = new(recipe, null, []);
        new TrainingRun(training, Path.Combine(_folder, name), TextWriter.Null).Run(new() { LastStep = lastStep, CheckpointEvery = TimeSpan.FromHours(1) }, CancellationToken.None);
    }
}
