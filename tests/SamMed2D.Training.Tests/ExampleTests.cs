using SamMed2D.Core.Geometry;
using SamMed2D.Inference.Focus;
using SamMed2D.Testing;
using SamMed2D.Training.Evaluation;
using SamMed2D.Training.Examples;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Recipes;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Tests;

public class ExampleTests
{
    [Fact]
    public void Fill_SameCounter_GivesTheSameScene()
    {
        Scene first = new(), second = new();
        new BodyScenes().Fill(first, new RandomSource(3, 14));
        BodyScenes used = new();
        used.Fill(second, new RandomSource(9, 9)); // what a source made before must not matter
        used.Fill(second, new RandomSource(3, 14));

        Assert.Equal(first.Image, second.Image);
        Assert.Equal(first.Labels, second.Labels);
        Assert.Equal(first.PreviousImage, second.PreviousImage);
        Assert.Equal(first.PreviousLabels, second.PreviousLabels);
    }

    [Fact]
    public void Fill_ManyScenes_HaveGreysAndRegionsAndANeighbourThatDiffers()
    {
        Scene scene = new();
        BodyScenes source = new();
        int moved = 0;
        for (int n = 0; n < 12; n++)
        {
            source.Fill(scene, new RandomSource(1, n));
            Assert.All(scene.Image, grey => Assert.InRange(grey, 0, 1));
            Assert.True(scene.Labels.Distinct().Count() > 3);
            if (!scene.Labels.AsSpan().SequenceEqual(scene.PreviousLabels)) moved++;
        }
        Assert.Equal(12, moved);
    }

    [Fact]
    public void TryMake_ManyExamples_AgreeWithTheirPrompts()
    {
        Scene scene = new();
        BodyScenes source = new();
        FocusExamples examples = new(new PromptShares());
        float[] input = new float[FocusLayout.Length], target = new float[FocusLayout.Area];
        int made = 0, empty = 0, boxes = 0, pictures = 0;
        for (int n = 0; made < 150; n++)
        {
            RandomSource random = new(2, n);
            source.Fill(scene, random);
            for (int crop = 0; crop < 5; crop++)
            {
                if (!examples.TryMake(scene, random, input, target)) continue;
                made++;
                bool hasMask = Channel(input, FocusChannel.MaskGiven, 0) == 1, hasPicture = Channel(input, FocusChannel.PreviousImageGiven, 0) == 1;
                float box = Sum(input, FocusChannel.Box), clicks = Sum(input, FocusChannel.PositiveClicks);
                Assert.True(hasMask || box > 0 || clicks > 0, "an example without a prompt");
                Assert.True(!hasPicture || hasMask, "a previous picture without a mask");
                if (target.Max() < 0.5f)
                {
                    // Nothing to find: only a mask of something that is gone may ask for that.
                    Assert.True(hasMask && box == 0);
                    empty++;
                }
                if (box > 0) boxes++;
                if (hasPicture) pictures++;
                Assert.All(target, share => Assert.InRange(share, 0, 1));
                Assert.True(input.All(float.IsFinite));
            }
        }
        Assert.InRange(empty, 1, 40);
        Assert.InRange(boxes, 30, 110);
        Assert.InRange(pictures, 10, 80);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryMake_OnlySingleClicksAskedFor_GivesBoxesWhereAClickWouldNotTell(bool clickTells)
    {
        Scene scene = new();
        FocusExamples examples = new(new PromptShares { OneClick = 1, Box = 0, FewClicks = 0, PreviousMask = 0 });
        float[] input = new float[FocusLayout.Length], target = new float[FocusLayout.Area];
        for (int n = 0; n < 10; n++)
        {
            RandomSource random = new(7, n);
            new BodyScenes().Fill(scene, random);
            scene.ClickTells = clickTells;
            Assert.True(examples.TryMake(scene, random, input, target));

            Assert.Equal(clickTells, Sum(input, FocusChannel.PositiveClicks) > 0);
            Assert.Equal(!clickTells, Sum(input, FocusChannel.Box) > 0);
        }
    }

    [Fact]
    public void NextSlice_AnswerAndAnObjectThatMoved_AsksForItWhereItIsNow()
    {
        // A disc at (100, 120) that the other slice has at (108, 120), and an answer that found it a little too large.
        Scene scene = DiscScene(108);
        Region there = new();
        there.Flood(scene.PreviousLabels, 120 * Scene.Size + 108);
        FocusCrop crop = FocusCrop.Around(100, 120, 60);
        NextSlice next = new();
        next.Set(scene, crop, there);
        float[] input = new float[FocusLayout.Length], target = new float[FocusLayout.Area];
        MaskCarrier carrier = new();
        int moved = 0;
        for (int n = 0; n < 20; n++)
        {
            Assert.True(next.TryMake(DiscAnswer(crop, 100, 120, 13), new RandomSource(4, n), carrier, input, target));
            double scale = Math.Sqrt(target.Sum() / (Math.PI * 12 * 12)); // crop pixels a scene pixel
            Assert.InRange(scale, 96 / (26 * 2.6), 96 / (26 * 1.2));
            (double X, double Y) mask = Centre(at => Channel(input, FocusChannel.Mask, at)), wanted = Centre(at => target[at]);
            double offset = (wanted.X - mask.X) / scale;
            Assert.InRange(offset, -1.5, 9); // left in place, 8 pixels behind, or carried along
            if (offset < 3) moved++;
            Assert.Equal(0, Sum(input, FocusChannel.Box));
            Assert.Equal(1, Channel(input, FocusChannel.MaskGiven, 0));
            Assert.InRange(mask.Y - wanted.Y, -2 * scale, 2 * scale);
        }
        Assert.InRange(moved, 8, 19);
    }

    [Fact]
    public void NextSlice_ObjectGone_WantsNothingAndWithoutAnAnswerThereIsNoNext()
    {
        Scene scene = DiscScene(null);
        Region none = new();
        none.Clear();
        FocusCrop crop = FocusCrop.Around(100, 120, 60);
        NextSlice next = new();
        float[] input = new float[FocusLayout.Length], target = [.. Enumerable.Repeat(1f, FocusLayout.Area)];
        MaskCarrier carrier = new();
        Assert.False(next.TryMake(DiscAnswer(crop, 100, 120, 12), new RandomSource(1, 1), carrier, input, target));
        next.Set(scene, crop, none);
        Assert.False(next.TryMake(DiscAnswer(crop, 100, 120, 0), new RandomSource(1, 1), carrier, input, target)); // nothing found, nothing to carry
        Assert.All(target, share => Assert.Equal(1, share));
        Assert.True(next.TryMake(DiscAnswer(crop, 100, 120, 12), new RandomSource(1, 1), carrier, input, target));
        Assert.All(target, share => Assert.Equal(0, share));
        next.Clear();
        Assert.False(next.TryMake(DiscAnswer(crop, 100, 120, 12), new RandomSource(1, 1), carrier, input, target));
    }

    [Fact]
    public void TryMake_AnswersToBeCarriedOn_SaysWhatTo()
    {
        FocusExamples examples = new(new PromptShares { CarriedOn = 1 }), never = new(new PromptShares());
        float[] input = new float[FocusLayout.Length], target = new float[FocusLayout.Area];
        Scene scene = new();
        NextSlice next = new();
        int given = 0, made = 0;
        for (int n = 0; n < 30; n++)
        {
            RandomSource random = new(5, n);
            new BodyScenes().Fill(scene, random);
            if (!examples.TryMake(scene, random, input, target, next)) continue;
            made++;
            if (next.IsGiven) given++;
            if (never.TryMake(scene, random, input, target, next)) Assert.False(next.IsGiven);
        }
        Assert.InRange(given, made / 2, made);
    }

    [Fact]
    public void Divide_TwoHalves_GivesTwoRegionsThatReachThroughAllSlices()
    {
        VolumeGeometry geometry = Grid(16, 16, 6);
        float[] voxels = new float[16 * 16 * 6];
        for (int n = 0; n < voxels.Length; n++) voxels[n] = (n % 16 < 8 ? 400 : 1000) + n * 7919 % 5;
        ushort[] regions = Supervoxels.Divide(voxels, geometry, 0.15f);

        // The darker half is the largest dark region, so it counts as air.
        Assert.Equal(0, regions[2 + 16 * 8]);
        ushort bright = regions[13 + 16 * 8];
        Assert.NotEqual(0, bright);
        for (int z = 0; z < 6; z++) Assert.Equal(bright, regions[13 + 16 * 8 + 256 * z]);
    }

    [Fact]
    public void FillHoles_Ring_BecomesADisc()
    {
        ushort[] labels = new ushort[Scene.Area];
        for (int n = 0; n < labels.Length; n++)
        {
            double distance = Math.Sqrt(Math.Pow(n % Scene.Size - 100, 2) + Math.Pow(n / Scene.Size - 90, 2));
            if (distance is > 10 and < 20) labels[n] = 3;
        }
        Region region = new();
        region.Flood(labels, 90 * Scene.Size + 115);
        int ring = region.Area;
        region.FillHoles();

        Assert.InRange(ring, Math.PI * (400 - 100) * 0.95, Math.PI * (400 - 100) * 1.05);
        Assert.InRange(region.Area, Math.PI * 400 * 0.95, Math.PI * 400 * 1.05);
        Assert.Equal(1, region.Mask[90 * Scene.Size + 100]);
        Assert.Equal((81, 71), (region.X0, region.Y0));
    }

    [Fact]
    public void FindDensestError_LargeMissAndSmallFalse_PicksTheMiss()
    {
        float[] logits = new float[FocusLayout.Area], target = new float[FocusLayout.Area];
        Array.Fill(logits, -5);
        for (int y = 40; y < 60; y++)
            for (int x = 10; x < 30; x++) target[y * FocusLayout.Side + x] = 1;
        for (int y = 5; y < 8; y++)
            for (int x = 70; x < 73; x++) logits[y * FocusLayout.Side + x] = 5;

        (int X, int Y, bool Missed) error = Corrections.FindDensestError(logits, target, new RandomSource(1, 1))!.Value;
        Assert.True(error.Missed);
        Assert.InRange(error.X, 10, 29);
        Assert.InRange(error.Y, 40, 59);
        Assert.Null(Corrections.FindDensestError(target.Select(t => t - 0.5f).ToArray(), target, new RandomSource(1, 1)));
    }

    [Fact]
    public void Recipes_Committed_TrainOnNothingOfTheDevelopmentSet()
    {
        string[] recipes = Directory.GetFiles(Path.Combine(Repository.Root, "plugins", "SamMed2D.Training", "Recipes"), "*.json");
        Assert.NotEmpty(recipes);
        foreach (string path in recipes)
            foreach (TrainingSource source in FocusRecipe.Read(path).Sources)
                foreach (string evaluated in DevelopmentSet.Sources)
                    Assert.False((source.Image ?? source.Labels)!.StartsWith(evaluated + "/", StringComparison.Ordinal), $"{path} trains on {source.Image}");
    }

    // A disc of radius 12 round (100, 120), and round another column on the other slice, or nowhere there.
    private static Scene DiscScene(int? column)
    {
        Scene scene = new();
        for (int n = 0; n < Scene.Area; n++)
        {
            (int x, int y) = (n % Scene.Size, n / Scene.Size);
            bool here = Distance(x, y, 100, 120) < 12, there = column is { } c && Distance(x, y, c, 120) < 12;
            (scene.Labels[n], scene.PreviousLabels[n]) = (here ? (ushort)1 : (ushort)0, there ? (ushort)1 : (ushort)0);
            (scene.Image[n], scene.PreviousImage[n]) = (here ? 0.8f : 0.3f, there ? 0.8f : 0.3f);
        }
        return scene;
    }

    private static float[] DiscAnswer(FocusCrop crop, double x, double y, double radius)
    {
        double unit = crop.Side / FocusLayout.Side;
        return [.. Enumerable.Range(0, FocusLayout.Area).Select(n =>
            Distance(crop.X + (n % FocusLayout.Side + 0.5) * unit - 0.5, crop.Y + (n / FocusLayout.Side + 0.5) * unit - 0.5, x, y) < radius ? 6f : -6f)];
    }

    private static double Distance(double x, double y, double toX, double toY) => Math.Sqrt((x - toX) * (x - toX) + (y - toY) * (y - toY));

    private static (double X, double Y) Centre(Func<int, float> value)
    {
        double sum = 0, x = 0, y = 0;
        for (int at = 0; at < FocusLayout.Area; at++) (sum, x, y) = (sum + value(at), x + value(at) * (at % FocusLayout.Side), y + value(at) * (at / FocusLayout.Side));
        return (x / sum, y / sum);
    }

    private static float Channel(float[] input, FocusChannel channel, int at) => input[at * FocusLayout.Channels + (int)channel];

    private static float Sum(float[] input, FocusChannel channel)
    {
        float sum = 0;
        for (int n = 0; n < FocusLayout.Area; n++) sum += Channel(input, channel, n);
        return sum;
    }

    private static VolumeGeometry Grid(int i, int j, int k) => new(i, j, k, Affine.Identity);
}
