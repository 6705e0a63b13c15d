using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Testing;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.EndToEnd.Tests;

/// <summary>Fine-tuning as a user does it, on tiny scans with a tiny checkpoint: labelled scans, a data set, training, a model folder, its figures.</summary>
public sealed class FineTuneTests : IDisposable
{
    private const int Side = 64, Slices = 8;
    private readonly string _folder = Directory.CreateTempSubdirectory("sammed2d-tune-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void TrainSam_LabelledScans_GiveAModelThatCanBeMeasured()
    {
        string plugin = Path.Combine(Repository.Root, "plugins", "SamMed2D.Training", "bin", "Release", "net10.0", "sammed2d-training.dll");
        Assert.SkipUnless(File.Exists(plugin), "the training plug-in is built in Release only");
        List<string> list = ["image,label,subject,modality"];
        for (int subject = 1; subject <= 3; subject++)
        {
            (string image, string labels) = (At($"scan{subject}.nii.gz"), At($"scan{subject}-labels.seg.nrrd"));
            WriteScan(subject, image, labels);
            list.Add($"{image},{labels},subject{subject},ct");
        }
        File.WriteAllLines(At("scans.csv"), list);
        ProgramRun.Succeed("dataset", At("scans.csv"), "-o", At("data"), "--test-share", "0.34", "--quiet");
        new SamCheckpoint { ImageSize = Side, EmbedDim = 32, Depth = 2, GlobalBlocks = [1] }.Write(At("start.pth"));
        File.WriteAllText(At("recipe.json"), """{ "name": "tiny", "epochs": 4, "batch": 2, "masksPerImage": 2, "corrections": 1, "threads": 1, "optimiser": { "learningRate": 1e-3 }, "validation": { "part": 0 } }""");

        ProgramRun.Succeed("train", "sam", "--data", At("data"), "--checkpoint", At("start.pth"), "--recipe", At("recipe.json"), "--out", At("run"), "--last-step", "20", "--quiet");
        string[] curve = File.ReadAllLines(At("run/curves.csv"));
        Assert.Equal("20", curve[^1].Split(',')[0]);
        Assert.True(LossOf(curve[^1]) < LossOf(curve[1]), $"{curve[1]}\n{curve[^1]}");

        ProgramRun.Succeed("model", "import", At("run/model.pth"), "-o", At("model"));
        ProgramRun.Succeed("evaluate-2d", At("data"), "--model", At("model"), "--csv", At("masks.csv"), "-o", At("report.md"), "--quiet");
        // One subject is kept for testing, with two structures on each of its slices.
        string masks = File.ReadAllText(At("masks.csv"));
        Assert.Contains("--ball_000", masks);
        Assert.Contains("--block_000", masks);
        Assert.Contains("Dice", File.ReadAllText(At("report.md")));
    }

    private string At(string name) => Path.Combine(_folder, name);

    private static double LossOf(string row) => double.Parse(row.Split(',')[2], System.Globalization.CultureInfo.InvariantCulture);

    private static void WriteScan(int seed, string imagePath, string labelPath)
    {
        VolumeGeometry geometry = new(Side, Side, Slices, Affine.Identity);
        short[] voxels = new short[geometry.VoxelCount];
        ushort[] labels = new ushort[geometry.VoxelCount];
        for (int n = 0; n < voxels.Length; n++)
        {
            int x = n % Side, y = n / Side % Side, z = n / Side / Side;
            bool isBall = Square(x - 18 - 2 * seed) + Square(y - 20) + Square(z - 4) < 144, isBlock = x is >= 40 and < 56 && y >= 36 + seed && y < 52 + seed;
            labels[n] = (ushort)(isBall ? 1 : isBlock ? 2 : 0);
            voxels[n] = (short)((isBall ? 120 : isBlock ? 60 : -40) + n * 37 % 17);
        }
        VolumeFiles files = new();
        files.Write(new Volume<short>(geometry, voxels, IntensityScale.Identity, new() { Modality = "CT" }), imagePath);
        files.WriteLabelMap(new LabelMap(geometry, labels, [new(1, "ball", new(200, 90, 60)), new(2, "block", new(60, 120, 200))]), labelPath);
    }

    private static int Square(int value) => value * value;
}
