using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Png;
using SamMed2D.Testing.Checkpoints;
using SamMed2D.Training.Recipes;

namespace SamMed2D.Training.Tests.Sam;

/// <summary>A folder with a tiny SAM-shaped checkpoint for pictures of 64 pixels, and a data set of bright discs on three consecutive slices of four subjects.</summary>
public sealed class TinyTraining : IDisposable
{
    public const int Side = 64;

    public static readonly SamCheckpoint Checkpoint = new() { ImageSize = Side, EmbedDim = 32, Depth = 2, Heads = 2, GlobalBlocks = [1] };

    internal static readonly SamRecipe Recipe = new()
    {
        Name = "tiny",
        Seed = 3,
        Threads = 1,
        Batch = 2,
        MasksPerImage = 2,
        Corrections = 2,
        Epochs = 2,
        Validation = new() { Part = 0 },
        Optimiser = new() { LearningRate = 1e-3 },
    };

    public TinyTraining()
    {
        Folder = Directory.CreateTempSubdirectory("sammed2d-sam-").FullName;
        CheckpointPath = Path.Combine(Folder, "tiny.pth");
        DataFolder = Path.Combine(Folder, "data");
        Checkpoint.Write(CheckpointPath);
        Directory.CreateDirectory(Path.Combine(DataFolder, "images"));
        Directory.CreateDirectory(Path.Combine(DataFolder, "masks"));
        for (int subject = 0; subject < 4; subject++)
            for (int slice = 9; slice < 12; slice++) WriteDisc(subject, slice);
    }

    public string Folder { get; }

    public string CheckpointPath { get; }

    public string DataFolder { get; }

    public string Image(int subject, int slice) => Path.Combine(DataFolder, "images", Name(subject, slice) + ".png");

    public string Mask(int subject, int slice) => Path.Combine(DataFolder, "masks", Name(subject, slice) + "--disc_000.png");

    public static void WriteMask(string path, int width, int height, Func<int, int, bool> isInside)
    {
        byte[] pixels = new byte[width * height];
        for (int n = 0; n < pixels.Length; n++) pixels[n] = isInside(n % width, n / width) ? (byte)255 : (byte)0;
        PngFile.Write(path, new SliceImage(width, height, 1, pixels));
    }

    public void Dispose() => Directory.Delete(Folder, true);

    private static string Name(int subject, int slice) => $"ct_00--test--s{subject}--z_{slice:0000}";

    private void WriteDisc(int subject, int slice)
    {
        double centreX = 20 + 7 * subject, centreY = 40 - 4 * subject + slice - 10, radius = 8 + subject + slice - 10;
        bool IsInside(int x, int y) => (x - centreX) * (x - centreX) + (y - centreY) * (y - centreY) <= radius * radius;
        byte[] pixels = new byte[Side * Side];
        for (int n = 0; n < pixels.Length; n++) pixels[n] = (byte)((IsInside(n % Side, n / Side) ? 190 : 60) + n * 37 % 23);
        PngFile.Write(Image(subject, slice), new SliceImage(Side, Side, 1, pixels));
        WriteMask(Mask(subject, slice), Side, Side, IsInside);
    }
}
