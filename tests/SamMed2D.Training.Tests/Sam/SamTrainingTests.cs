using System.Diagnostics;
using SamMed2D.Core.Errors;
using SamMed2D.Imaging.Png;
using SamMed2D.Inference.Checkpoints;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Testing;
using SamMed2D.Training.Native;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Runs;
using SamMed2D.Training.Sam;

namespace SamMed2D.Training.Tests.Sam;

public sealed class SamTrainingTests : IDisposable
{
    private readonly TinyTraining _tiny = new();

    public void Dispose() => _tiny.Dispose();

    [Fact]
    public void Run_Adapters_LearnAndLeaveTheRestOfTheEncoderAlone()
    {
        Require();
        SamRecipe recipe = TinyTraining.Recipe with { Epochs = 3, Validation = new() { Part = 0.25, EveryEpochs = 2 } };
        (double first, double last) = LossesOf(Run("adapters", recipe));

        Assert.True(last < 0.7 * first, $"the loss went from {first} to {last}");
        using CheckpointFile before = CheckpointFile.Open(_tiny.CheckpointPath), after = CheckpointFile.Open(Path.Combine(_tiny.Folder, "adapters", "model.pth"));
        foreach ((string name, CheckpointTensor tensor) in before.Tensors)
        {
            bool isFrozen = name.StartsWith("image_encoder.", StringComparison.Ordinal) && !name.Contains(".Adapter.", StringComparison.Ordinal) || name.Contains("pe_layer", StringComparison.Ordinal);
            if (isFrozen) Assert.Equal(tensor.ToArray(), after.Tensors[name].ToArray());
            else if (name.EndsWith("Adapter.norm.bias", StringComparison.Ordinal) || name.StartsWith("mask_decoder.output_upscaling", StringComparison.Ordinal)) Assert.NotEqual(tensor.ToArray(), after.Tensors[name].ToArray());
        }
        Assert.True(File.Exists(Path.Combine(_tiny.Folder, "adapters", "best.pth")));
        Assert.Contains(",validationDice\n", File.ReadAllText(Path.Combine(_tiny.Folder, "adapters", "curves.csv")));
        Assert.True(File.Exists(Path.Combine(_tiny.Folder, "adapters", "loss.png")));
    }

    [Theory]
    [InlineData("decoder", 0, false)]
    [InlineData("decoder", 2, true)]
    [InlineData("all", 0, true)]
    public void Run_OtherParts_ChangeTheEncoderOrNot(string parts, int lowRank, bool encoderChanges)
    {
        Require();
        Run("parts", TinyTraining.Recipe with { Train = Enum.Parse<SamParts>(parts, ignoreCase: true), LowRank = lowRank, Corrections = 0 }, lastStep: 2);
        using CheckpointFile before = CheckpointFile.Open(_tiny.CheckpointPath), after = CheckpointFile.Open(Path.Combine(_tiny.Folder, "parts", "model.pth"));

        const string name = "image_encoder.blocks.0.attn.qkv.weight";
        Assert.Equal(encoderChanges, !before.Tensors[name].ToArray().AsSpan().SequenceEqual(after.Tensors[name].ToArray()));
        Assert.Equal(before.Tensors.Keys.Order(), after.Tensors.Keys.Order());
    }

    [Fact]
    public void Run_EverythingSwitchedOn_LearnsToo()
    {
        Require();
        SamRecipe recipe = TinyTraining.Recipe with
        {
            Epochs = 2,
            Corrections = 1,
            Accumulate = 2,
            LowRank = 2,
            Precision = "bfloat16",
            PerMaskLoss = true,
            NeighbourMask = 0.5f,
            CorrectionsTrainPrompts = true,
            Augmentation = new() { Flip = 0.5f, TurnDegrees = 10, Zoom = 0.1f, Shift = 0.05f, Brightness = 0.1f, Contrast = 0.1f, Gamma = 0.2f },
        };
        (double first, double last) = LossesOf(Run("all-on", recipe));

        Assert.True(last < first, $"the loss went from {first} to {last}");
    }

    [Fact]
    public void Run_StoppedAndResumed_ContinuesToTheSameBits()
    {
        Require();
        SamRecipe recipe = TinyTraining.Recipe with { Corrections = 1, NeighbourMask = 0.5f, Validation = new() { Part = 0.25, EveryEpochs = 0.5 } };
        AssertSameBitsOnceInThree(attempt =>
        {
            Run($"straight{attempt}", recipe, 4);
            Run($"broken{attempt}", recipe, 3);
            Run($"broken{attempt}", recipe, 4);
            return ($"straight{attempt}", $"broken{attempt}");
        });
    }

    [Fact]
    public void Run_KilledProcess_ResumesToTheSameBits()
    {
        Require();
        string recipe = Path.Combine(_tiny.Folder, "recipe.json");
        File.WriteAllText(recipe, """{ "name": "killed", "batch": 2, "masksPerImage": 2, "corrections": 1, "epochs": 4, "threads": 1, "validation": { "part": 0 } }""");
        AssertSameBitsOnceInThree(attempt =>
        {
            using (Process process = Start(recipe, $"killed{attempt}", 20))
            {
                while (process.StandardOutput.ReadLine() is { } line && !line.Contains("\"event\":\"checkpoint\",\"step\":1,", StringComparison.Ordinal)) continue;
                process.Kill();
                process.WaitForExit();
                Assert.NotEqual(0, process.ExitCode);
            }
            foreach (string run in (string[])[$"killed{attempt}", $"straight{attempt}"])
            {
                using Process process = Start(recipe, run, 3);
                process.StandardOutput.ReadToEnd();
                process.WaitForExit();
                Assert.Equal(0, process.ExitCode);
            }
            return ($"straight{attempt}", $"killed{attempt}");
        });
    }

    [Fact]
    public void Run_FilesThatCannotBeUsed_AreLeftOutAndNamed()
    {
        Require();
        File.WriteAllText(_tiny.Image(0, 9), "no picture");
        TinyTraining.WriteMask(_tiny.Mask(1, 9), 32, 32, (_, _) => true);
        TinyTraining.WriteMask(_tiny.Mask(2, 9), TinyTraining.Side, TinyTraining.Side, (_, _) => false);
        using SamTraining training = Create(TinyTraining.Recipe with { Epochs = 1.5, Corrections = 0 });
        new TrainingRun(training, Path.Combine(_tiny.Folder, "run"), TextWriter.Null).Run(new() { ReportEverySteps = 1 }, CancellationToken.None);

        Assert.Equal(3, training.Skipped.Count);
        Assert.Contains(training.Skipped, problem => problem.Contains(Path.GetFileName(_tiny.Image(0, 9)), StringComparison.Ordinal));
        Assert.Contains(training.Skipped, problem => problem.Contains("32×32", StringComparison.Ordinal));
        Assert.Contains(training.Skipped, problem => problem.Contains("empty", StringComparison.Ordinal));
        Assert.Equal(3, File.ReadLines(Path.Combine(_tiny.Folder, "run", "progress.jsonl")).Count(line => line.Contains("\"skipped\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Run_NothingUsable_SaysWhy()
    {
        Require();
        foreach (string mask in Directory.GetFiles(Path.Combine(_tiny.DataFolder, "masks"))) TinyTraining.WriteMask(mask, TinyTraining.Side, TinyTraining.Side, (_, _) => false);

        InvalidFileException refusal = Assert.Throws<InvalidFileException>(() => Run("run", TinyTraining.Recipe));
        Assert.Contains("empty", refusal.Message);
    }

    [Fact]
    public void Run_FolderOfAnotherCheckpoint_IsRefused()
    {
        Require();
        Run("run", TinyTraining.Recipe, 1);
        (TinyTraining.Checkpoint with { Seed = 9 }).Write(_tiny.CheckpointPath);

        UnsupportedInputException refusal = Assert.Throws<UnsupportedInputException>(() => Run("run", TinyTraining.Recipe, 2));
        Assert.Contains("another checkpoint", refusal.Message);
    }

    [Fact]
    public void Run_RateThatBreaksEverything_StopsAndKeepsTheLastCheckpoint()
    {
        Require();
        SamRecipe wild = TinyTraining.Recipe with { Optimiser = new() { LearningRate = 1e30 } };
        UnsupportedInputException refusal = Assert.Throws<UnsupportedInputException>(() => Run("wild", wild));

        Assert.Contains("checkpoint", refusal.Message);
        Assert.Empty(Directory.GetFiles(Path.Combine(_tiny.Folder, "wild"), "model*"));
    }

    [Fact]
    public void Run_ValidationThatStopsImproving_EndsEarlyAndStaysEnded()
    {
        Require();
        // A rate of nothing can never improve.
        SamRecipe still = TinyTraining.Recipe with { Epochs = 20, Corrections = 0, Optimiser = new() { LearningRate = 0 }, Validation = new() { Part = 0.25, EveryEpochs = 0.2, Patience = 2 } };
        for (int session = 0; session < 2; session++)
        {
            using SamTraining training = Create(still);
            TrainingRun run = new(training, Path.Combine(_tiny.Folder, "still"), TextWriter.Null);
            run.Run(new() { ValidateEverySteps = training.ValidateEverySteps, Patience = 2 }, CancellationToken.None);
            Assert.Equal(3 * training.ValidateEverySteps, run.StepsDone);
        }
    }

    private static void Require() => Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");

    private SamTraining Create(SamRecipe recipe) => new(recipe, _tiny.CheckpointPath, PictureDataset.Open(_tiny.DataFolder).Pictures, new PngFiles());

    private string Run(string name, SamRecipe recipe, long? lastStep = null)
    {
        using SamTraining training = Create(recipe);
        string folder = Path.Combine(_tiny.Folder, name);
        new TrainingRun(training, folder, TextWriter.Null).Run(new() { LastStep = lastStep, ReportEverySteps = 1, ValidateEverySteps = training.ValidateEverySteps, Patience = recipe.Validation.Patience }, CancellationToken.None);
        return folder;
    }

    // The means of the first and the last quarter of the reports.
    private static (double First, double Last) LossesOf(string folder)
    {
        double[] losses = [.. File.ReadLines(Path.Combine(folder, "curves.csv")).Skip(1).Select(line => line.Split(',')[2]).Where(cell => cell.Length > 0).Select(cell => double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture))];
        int quarter = losses.Length / 4;
        return (losses.Take(quarter).Average(), losses.TakeLast(quarter).Average());
    }

    /// <summary>A state that lacks anything never ends in the same bits; a whole one nearly always does (FocusRunTests says more).</summary>
    private void AssertSameBitsOnceInThree(Func<int, (string One, string Other)> runBoth)
    {
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            (string one, string other) = runBoth(attempt);
            if (StateOf(one).AsSpan().SequenceEqual(StateOf(other))) return;
        }
        Assert.Fail("three resumed runs ended in other bits than the uninterrupted ones");

        byte[] StateOf(string run) => File.ReadAllBytes(Path.Combine(_tiny.Folder, run, "state.safetensors"));
    }

    private Process Start(string recipe, string run, int lastStep)
    {
        string program = Path.Combine(Repository.Root, "plugins", "SamMed2D.Training", "bin", "Release", "net10.0", "sammed2d-training");
        Assert.SkipUnless(File.Exists(program), "the plug-in is built in Release only");
        string[] arguments = ["sam", "--recipe", recipe, "--data", _tiny.DataFolder, "--checkpoint", _tiny.CheckpointPath, "--run", Path.Combine(_tiny.Folder, run), "--last-step", $"{lastStep}", "--checkpoint-minutes", "0"];
        return Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
    }
}
