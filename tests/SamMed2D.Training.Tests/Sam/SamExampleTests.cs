using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Training.Native;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Sam;
using SamMed2D.Training.Scenes;
using static TorchSharp.torch;

namespace SamMed2D.Training.Tests.Sam;

/// <summary>What the model is shown and asked: fitting, prompts, changes, the split.</summary>
public class SamExampleTests
{
    private const int Side = 64;

    [Fact]
    public void From_SmallPicture_IsPaddedAndCentredWithItsMask()
    {
        const int width = 40, height = 30;
        MaskPlane mask = new(width, height);
        mask.Pixels[5 * width + 7] = 1;
        byte[] pixels = new byte[width * height];
        pixels[5 * width + 7] = 200;
        SamExample example = SamExample.From(Picture("p"), new("p", new SliceImage(width, height, 1, pixels), [new("m", mask), new("empty", new(width, height))]), Side);

        int at = (17 + 5) * Side + 12 + 7; // top (64-30)/2, left (64-40)/2
        Assert.Equal(1, Assert.Single(example.Masks).Pixels[at]);
        Assert.Equal((200 - 116.28f) / 57.12f, example.Pixels[Side * Side + at], 1e-5f);
        Assert.Equal(0, example.Pixels[0]);
        Assert.Equal(-116.28f / 57.12f, example.Pixels[Side * Side + at + 1], 1e-5f);
    }

    [Fact]
    public void Boxes_TwoPieces_AreRoundTheLargerAndMoveAsAWhole()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        SamMask mask = Mask((x, y) => x is >= 10 and < 30 && y is >= 20 and < 50 || x is >= 50 and < 53 && y < 3);
        SamPromptMaker maker = new(Side, 16);
        Assert.Equal([10f, 20f, 30f, 50f], Values(maker.Boxes([mask], null).Boxes!));
        HashSet<float> moves = [];
        for (int n = 0; n < 300; n++)
        {
            float[] box = Values(maker.Boxes([mask], new RandomSource(1, n)).Boxes!);
            moves.Add(box[0] - 10);
            Assert.Equal((20f, 30f), (box[2] - box[0], box[3] - box[1]));
        }
        // Short side 20: ±min(5, int(0.1·20·5)), the upper limit excluded as in NumPy's randint.
        Assert.Equal([-5f, -4f, -3f, -2f, -1f, 0f, 1f, 2f, 3f, 4f], moves.Order());
    }

    [Fact]
    public void Corrections_MissedAndFalse_AreLabelledByWhatWentWrong()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        SamMask wanted = Mask((x, y) => x is >= 10 and < 30 && y is >= 10 and < 30);
        float[] logits = [.. Enumerable.Range(0, Side * Side).Select(n => n % Side is >= 20 and < 40 && n / Side is >= 10 and < 30 ? 3f : -3f)];
        SamAnswer answer = new(tensor(logits, 1, 1, Side, Side), full([1, 1, 16, 16], 2f), zeros(1, 1));
        SamPrompts prompts = new SamPromptMaker(Side, 16).Corrections(answer, [wanted], 200, new RandomSource(1, 1));
        float[] points = Values(prompts.Points!), labels = Values(prompts.Labels!);

        for (int n = 0; n < labels.Length; n++)
        {
            Assert.InRange(points[2 * n + 1], 10, 29);
            if (labels[n] == 1) Assert.InRange(points[2 * n], 10, 19);
            else Assert.InRange(points[2 * n], 30, 39);
        }
        Assert.InRange(labels.Average(), 0.35f, 0.65f);
        Assert.All(Values(prompts.Masks!), share => Assert.Equal(1 / (1 + MathF.Exp(-2)), share, 1e-6f));
        SamAnswer right = answer with { Masks = tensor(Array.ConvertAll(wanted.Pixels, pixel => pixel * 2f - 1), 1, 1, Side, Side) };
        Assert.All(Values(new SamPromptMaker(Side, 16).Corrections(right, [wanted], 5, new RandomSource(1, 1)).Labels!), label => Assert.Equal(-1, label));
    }

    [Fact]
    public void WithNeighbours_SomeMissing_MarksWhichAreThere()
    {
        Assert.SkipWhen(LibTorch.Problem is not null, LibTorch.Problem ?? "");
        SamMask mask = Mask((x, y) => x < 6 && y < 4);
        SamPromptMaker maker = new(Side, 16);
        SamPrompts prompts = maker.WithNeighbours(maker.Points([mask, mask], new RandomSource(1, 1)), [mask, null], alone: true);
        float[] low = Values(prompts.Masks!);

        Assert.Equal([1f, 0f], Values(prompts.HasMasks!));
        Assert.NotNull(prompts.Points); // one has no mask, so the points stay
        Assert.Equal([1f, 0.5f, 0f], low[..3]);
        Assert.All(low[256..], share => Assert.Equal(0, share));
        Assert.Null(maker.WithNeighbours(maker.Points([mask], new RandomSource(1, 1)), [mask], alone: true).Points);
    }

    [Fact]
    public void Move_Mirrored_ReversesRowsOfPictureAndMask()
    {
        SamMask mask = Mask((x, y) => x < 9 && y is > 3 and < 17);
        float[] pixels = [.. Enumerable.Range(0, 3 * Side * Side).Select(n => (float)(n % 251))];
        SamExample moved = new Augmentation(new() { Flip = 1 }, new RandomSource(1, 1)).Move(new(pixels, Side, [mask]));

        for (int n = 0; n < Side * Side; n++)
        {
            int mirrored = n / Side * Side + Side - 1 - n % Side;
            Assert.Equal(mask.Pixels[mirrored], moved.Masks[0].Pixels[n]);
            Assert.Equal(pixels[2 * Side * Side + mirrored], moved.Pixels[2 * Side * Side + n], 1e-3f);
        }
    }

    [Fact]
    public void Move_Turned_KeepsAreaAndAgreesWithThePicture()
    {
        SamMask mask = Mask((x, y) => Math.Abs(x - 31.5) < 15 && Math.Abs(y - 31.5) < 8);
        float[] pixels = [.. Enumerable.Range(0, 3).SelectMany(_ => mask.Pixels.Select(pixel => (float)pixel))];
        SamExample moved = new Augmentation(new() { TurnDegrees = 40 }, new RandomSource(1, 3)).Move(new(pixels, Side, [mask]));

        Assert.InRange(moved.Masks[0].Pixels.Sum(pixel => pixel), 0.97 * 480, 1.03 * 480); // 30 by 16
        Assert.NotEqual(mask.Pixels, moved.Masks[0].Pixels);
        for (int n = 0; n < Side * Side; n++)
            if (Math.Abs(moved.Pixels[n] - 0.5f) > 0.49f) Assert.Equal((byte)MathF.Round(moved.Pixels[n]), moved.Masks[0].Pixels[n]);
    }

    [Fact]
    public void Of_SlicesOfManySubjects_NeverPartsASubject() => Gen.Select(Gen.Int[2, 9], Gen.Int[1, 6], Gen.Double[0.01, 0.9], Gen.Long).Sample((subjects, slices, part, seed) =>
    {
        DatasetPicture[] all = [.. Enumerable.Range(0, subjects * slices).Select(n => Picture($"ct_00--d--s{n % subjects}--z_{n / subjects:000}"))];
        (IReadOnlyList<DatasetPicture> learned, IReadOnlyList<DatasetPicture> keptBack) = KeptSubjects.Of(all, part, seed);

        Assert.Equal(all.Length, learned.Count + keptBack.Count);
        Assert.Empty(learned.Select(KeptSubjects.SubjectOf).Intersect(keptBack.Select(KeptSubjects.SubjectOf)));
        Assert.NotEmpty(learned);
        Assert.NotEmpty(keptBack);
    });

    [Theory]
    [InlineData("ct_00--d--s--z_0009", 1, "ct_00--d--s--z_0010")]
    [InlineData("s0114_111", -2, "s0114_109")]
    [InlineData("s_0001", -2, null)]
    [InlineData("no number", 1, null)]
    [InlineData("number_", 1, null)]
    public void NeighbourName_AnyName_CountsItsLastNumber(string name, int away, string? expected) => Assert.Equal(expected, SamData.NeighbourName(name, away));

    [Fact]
    public void Read_CommittedRecipe_IsThePublishedOne()
    {
        SamRecipe recipe = SamRecipe.Read(Commands.SamCommands.DefaultRecipe);
        SamRecipe defaults = new() { Name = "sam-med2d", ImageSize = 256 };

        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(defaults), System.Text.Json.JsonSerializer.Serialize(recipe));
        // 100 pictures, two a step: 50 steps an epoch, halved after 5 and after 10.
        Assert.Equal([1e-4, 1e-4, 5e-5, 5e-5, 2.5e-5], ((long[])[0, 249, 250, 499, 500]).Select(step => recipe.RateAt(step, 750, recipe.StepsPerEpoch(100))), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Theory]
    [InlineData("""{ "name": "x", "batch": 0 }""", "above 0")]
    [InlineData("""{ "name": "x", "train": "nothing" }""", "train")]
    [InlineData("""{ "name": "x", "lowrank": 2, "train": "all" }""", "low rank")]
    [InlineData("""{ "name": "x", "masks": 3 }""", "masks")]
    public void Read_ImpossibleRecipe_SaysWhat(string text, string named)
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, text);
        Core.Errors.InvalidFileException refusal = Assert.Throws<Core.Errors.InvalidFileException>(() => SamRecipe.Read(path));
        File.Delete(path);

        Assert.Contains(named, refusal.Message);
    }

    private static float[] Values(Tensor tensor) => tensor.contiguous().data<float>().ToArray();

    private static DatasetPicture Picture(string name) => new(name, name + ".png", [new(name + "--m_000", name, PictureNames.Parse(name, name + "--m_000"))]);

    private static SamMask Mask(Func<int, int, bool> isInside) => new("m", [.. Enumerable.Range(0, Side * Side).Select(n => isInside(n % Side, n / Side) ? (byte)1 : (byte)0)]);
}
