using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Evaluation;

public sealed class PictureProtocolTests
{
    private const int Width = 40, Height = 30;

    // Two blocks of one grey: 12×6 at (4,5) and 3×3 at (30,20).
    private static bool IsInBlocks(int x, int y) => (x is >= 4 and < 16 && y is >= 5 and < 11) || (x is >= 30 and < 33 && y is >= 20 and < 23);

    private static PictureCase Picture(Func<int, int, bool>? truth = null, int width = Width, int height = Height)
    {
        byte[] pixels = new byte[width * height];
        MaskPlane mask = new(width, height);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                pixels[y * width + x] = IsInBlocks(x, y) ? (byte)200 : (byte)20;
                mask.Pixels[y * width + x] = (truth ?? IsInBlocks)(x, y) ? (byte)1 : (byte)0;
            }
        return new("picture", new SliceImage(width, height, 1, pixels), [new("picture_block_000", mask)]);
    }

    private static MaskResult Run(IPromptableSegmenter model, PictureCase picture, int seed = 1, Func<string, SavedPrompts>? replayed = null) =>
        Assert.Single(new PictureProtocol(model, seed).Run(picture, replayed, TestContext.Current.CancellationToken));

    [Fact]
    public void Run_ModelThatIsNeverWrong_IsPerfectAndGetsOnePoint()
    {
        using OracleSegmenter model = new();
        MaskResult result = Run(model, Picture());
        Assert.All(result.Scores.Take(4), score => Assert.Equal((1.0, 1.0), (score.Dice, score.Iou)));
        Assert.NotNull(result.Prompts.Points[0]);
        Assert.All(result.Prompts.Points.Skip(1), Assert.Null); // there is no error to point at
    }

    [Fact]
    public void Run_Box_IsTightRoundTheLargestPieceAndFloorsAreAsCounted()
    {
        using OracleSegmenter model = new();
        MaskResult result = Run(model, Picture());
        Assert.Equal(new PromptBox(4, 5, 16, 11), model.Prompts[0].Box);
        // The object has 72 + 9 pixels, the box 72 of them.
        Assert.Equal(2.0 * 72 / (81 + 72), result.Find(PictureSetting.FilledBox)!.Value.Dice, 12);
        Assert.Equal(72.0 / 81, result.Find(PictureSetting.FilledBox)!.Value.Iou, 12);
        // Of the ellipse with half axes 6 and 3, rows have their centres ±0.5, ±1.5, ±2.5 from the middle: 12, 10 and 6 pixels, counted by 36·(1 - dy²/9) ≥ dx².
        Assert.Equal(2.0 * 56 / (81 + 56), result.Find(PictureSetting.Ellipse)!.Value.Dice, 12);
    }

    [Fact]
    public void Run_PointsAfterTheFirst_LieWhereTheMaskWasWrong()
    {
        // The model finds bright pixels; the truth is the lower half of the big block and a dark strip under it.
        static bool Truth(int x, int y) => x is >= 4 and < 16 && y is >= 8 and < 14;
        for (int seed = 1; seed <= 20; seed++)
        {
            using OracleSegmenter model = new();
            MaskResult result = Run(model, Picture(Truth), seed);
            IReadOnlyList<double> first = result.Prompts.Points[0]!;
            Assert.True(Truth((int)first[0], (int)first[1]) && first[2] == 1);
            foreach (IReadOnlyList<double>? point in result.Prompts.Points.Skip(1))
            {
                (int x, int y) = ((int)point![0], (int)point[1]);
                Assert.NotEqual(Truth(x, y), IsInBlocks(x, y));
                Assert.Equal(Truth(x, y) ? 1 : 0, point[2]); // on the object where it was missed, off it where it was too large
            }
        }
    }

    [Fact]
    public void Run_Points_GrowInNumberAndBringTheLastMaskInTheModelsOwnForm()
    {
        List<PromptSet> given = [];
        using ThresholdSegmenter model = new() { OnPredict = (_, prompts, _) => given.Add(prompts) };
        Run(model, Picture((x, y) => x is >= 4 and < 20 && y is >= 5 and < 14));
        Assert.Equal([0, 1, 2, 3, 4, 5], given.Select(p => p.Points.Count));
        Assert.Equal([false, false, true, true, true, true], given.Select(p => p.Mask?.Native is not null));
        Assert.Equal(given[4].Points, given[5].Points.Take(4));
    }

    [Fact]
    public void Run_SavedPrompts_GiveTheSameScores()
    {
        static bool Truth(int x, int y) => x is >= 4 and < 20 && y is >= 5 and < 14;
        using ThresholdSegmenter model = new();
        MaskResult drawn = Run(model, Picture(Truth), seed: 3);
        PromptBook book = PromptBook.Parse(PromptBook.ToJson([drawn]), "prompts.json");
        MaskResult replayed = Run(model, Picture(Truth), seed: 99, book.Find);
        Assert.Equal(drawn.Scores, replayed.Scores);
        Assert.Equal(drawn.Prompts.Points, replayed.Prompts.Points);
        Assert.Equal(drawn.Scores, Run(model, Picture(Truth), seed: 3).Scores);
        Assert.NotEqual(drawn.Prompts.Points, Run(model, Picture(Truth), seed: 4).Prompts.Points);
    }

    [Fact]
    public void Run_LargePicture_DrawsOnASquareOf256()
    {
        using OracleSegmenter model = new();
        // 512×300 pixels: the square takes every second column and, of rows, floor(n·300/256). The block's columns 4..15 become 2..7, its rows 5..10 become 5..9 (row 4 is 4, 10 is 11).
        MaskResult result = Run(model, Picture(width: 512, height: 300));
        Assert.Equal(new PromptBox(4, 5 * 300 / 256.0, 16, 10 * 300 / 256.0), model.Prompts[0].Box);
        Assert.Equal(1, result.Scores[0].Dice);
    }

    [Fact]
    public void Run_EmptyMask_IsLeftOut()
    {
        using OracleSegmenter model = new();
        Assert.Empty(new PictureProtocol(model).Run(Picture((_, _) => false), cancellation: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("boxes")]
    [InlineData("""{ "a": { "box": [1, 2, 3], "points": [] } }""")]
    [InlineData("""{ "a": { "box": [1, 2, 3, 4], "points": [[1, 2]] } }""")]
    [InlineData("""{ "a": null }""")]
    public void Parse_MalformedPrompts_NamesTheFile(string json) =>
        Assert.Contains("prompts.json", Assert.Throws<InvalidFileException>(() => PromptBook.Parse(json, "prompts.json")).Message);

    [Fact]
    public void Find_UnknownMask_NamesIt() =>
        Assert.Contains("liver", Assert.Throws<InvalidFileException>(() => PromptBook.Parse("{}", "prompts.json").Find("liver")).Message);

    [Fact]
    public void Run_AsUsers_AddsLooseBoxCorrectionsAndTheNeighboursMask()
    {
        List<PromptSet> given = [];
        using ThresholdSegmenter model = new() { OnPredict = (_, prompts, _) => given.Add(prompts) };
        PictureCase picture = Picture((x, y) => x is >= 4 and < 20 && y is >= 5 and < 14); // larger than what the model finds
        MaskPlane below = new(Width, Height);
        for (int x = 4; x < 16; x++) below.Pixels[5 * Width + x] = 1; // of 16×9
        picture = picture with { Masks = [picture.Masks[0] with { Neighbour = new(picture.Image, below) }] };
        MaskResult result = Assert.Single(new PictureProtocol(model, 1, asUsers: true).Run(picture, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(Enum.GetValues<PictureSetting>(), result.Scores.Select(s => s.Setting));
        Assert.All(result.Scores, s => Assert.Equal(s.Setting.IsFloor(), s.PredictedIou is null));
        Assert.Equal(new PromptBox(4 - 1.6, 5 - 0.9, 20 + 1.6, 14 + 0.9), given[6].Box);
        Assert.Equal([0, 1, 2], given.Skip(7).Take(3).Select(p => p.Points.Count));
        Assert.Equal(2.0 * 12 / (12 + 144), result.Find(PictureSetting.CopiedMask)!.Value.Dice, 12);
        Assert.True(given[10].Mask is { Picture.Length: Width * Height } && given[10].Box is null && given[11].Box is not null);
        MaskResult replayed = Assert.Single(new PictureProtocol(model, 77, asUsers: true).Run(picture, PromptBook.Parse(PromptBook.ToJson([result]), "p").Find, TestContext.Current.CancellationToken));
        Assert.Equal(result.Scores, replayed.Scores);
    }

    private static MaskResult Result(string subject, string organ, double box, double ellipse, double predicted = 0.5) => new(
        "picture " + subject, "mask " + subject, new() { Subject = subject, Organ = organ, Modality = "ct" }, 200,
        [new(PictureSetting.Box, box, box / (2 - box), predicted), new(PictureSetting.OnePoint, 0.5, 1 / 3.0, 0.3), new(PictureSetting.ThreePoints, 0.6, 0.4, 0.4),
         new(PictureSetting.FivePoints, 0.84, 0.7, 0.7), new(PictureSetting.FilledBox, 0.7, 0.5), new(PictureSetting.Ellipse, ellipse, ellipse / (2 - ellipse))],
        new([0, 0, 1, 1], []));

    [Fact]
    public void ToMarkdown_TwoModels_AreRowsWithTheFloorsBesideTheBox()
    {
        using OracleSegmenter model = new();
        PictureEvaluation evaluation = new(
        [
            new(model.Description with { Name = "SAM" }, [Result("a", "liver", 0.8, 0.75), Result("b", "kidney", 0.6, 0.65)]),
            new(model.Description with { Name = "SAM-Med2D" }, [Result("a", "liver", 0.9, 0.75), Result("b", "kidney", 0.9, 0.65)]),
        ]);
        string text = PictureReport.ToMarkdown(evaluation);
        Assert.Contains("| SAM | 0.700 [0.600, 0.800] | 0.500 [0.500, 0.500] |", text);
        Assert.Contains("| SAM-Med2D | 0.900 [0.900, 0.900] |", text);
        Assert.Contains("| floor: ellipse in the box | 0.700 [0.650, 0.750] |  |  |  |", text);
        Assert.Contains("| kidney | 1 | 1 | SAM | 0.600 [0.600, 0.600] | 0.650 |", text);
        Assert.Contains("| 150 to 1000 | 2 | 2 | SAM-Med2D |", text);
        Assert.Equal(1 + 2 * 2 * 6, evaluation.ToCsv().Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Contains("SAM,picture b,mask b,b,,ct,,kidney,,200,Box,0.6,", evaluation.ToCsv());
    }

    [Fact]
    public void ToMarkdown_TwoModelsOfOneName_AreToldApartByTheirIds()
    {
        using OracleSegmenter model = new();
        PictureEvaluation evaluation = new(
        [
            new(model.Description with { Name = "mine", Id = "mine-1" }, [Result("a", "liver", 0.8, 0.75)]),
            new(model.Description with { Name = "mine", Id = "mine-2" }, [Result("a", "liver", 0.9, 0.75)]),
        ]);

        Assert.Contains("| mine (mine-1) | 0.800 [0.800, 0.800] |", PictureReport.ToMarkdown(evaluation));
        Assert.Contains("| mine (mine-2) | 0.900 [0.900, 0.900] |", PictureReport.ToMarkdown(evaluation));
        Assert.Contains("mine (mine-2),picture a,", evaluation.ToCsv());
    }

    [Fact]
    public void Goals_OfAModel_AreHeldAgainstTheirFloors()
    {
        using OracleSegmenter model = new();
        IReadOnlyList<DevelopmentGoal> goals = DevelopmentGoals.Of(new(model.Description, [Result("a", "liver", 0.9, 0.80, 0.9), Result("b", "liver", 0.89, 0.82, 0.8)]));
        Assert.Equal([true, true, false, true, false], goals.Take(5).Select(g => g.IsMet)); // 0.895; 0.085 over 0.81; 0.5; 0.84; no neighbour to copy
        Assert.Equal(0.085, goals[1].Measured, 12);
        Assert.True(double.IsNaN(goals[4].Measured));
        Assert.Equal("ellipse 0.810", goals[0].Beside);
    }

    [Fact]
    public void Correlation_OfLines_IsOne()
    {
        Assert.Equal(1, Correlation.Of([(1, 2), (2, 4), (3, 6)]), 12);
        Assert.Equal(-1, Correlation.Of([(1, 6), (2, 4), (3, 2)]), 12);
        Assert.Equal(0, Correlation.Of([(1, 0), (2, 1), (3, 0)]), 12);
        Assert.True(double.IsNaN(Correlation.Of([(1, 1), (1, 2)])));
    }
}
