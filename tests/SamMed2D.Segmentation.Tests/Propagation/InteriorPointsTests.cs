using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Tests.Propagation;

public class InteriorPointsTests
{
    [Fact]
    public void SquaredDistances_AnyMask_EqualTheNaiveSearch() =>
        Gen.Select(Gen.Int[1, 12], Gen.Int[1, 12], Gen.Bool.Array[144]).Sample((width, height, bits) =>
        {
            MaskPlane mask = new(width, height);
            for (int n = 0; n < width * height; n++) mask.Pixels[n] = bits[n] ? (byte)1 : (byte)0;
            if (mask.GetBounds() is not { } box) return;
            double[] found = InteriorPoints.SquaredDistances(mask, box, box.Width + 2, box.Height + 2);
            for (int y = 0; y < box.Height; y++)
                for (int x = 0; x < box.Width; x++)
                    Assert.Equal(Naive(mask, box.X0 + x, box.Y0 + y), found[(y + 1) * (box.Width + 2) + x + 1]);
        });

    [Fact]
    public void Find_TwoLobes_PutsAPointIntoEach()
    {
        MaskPlane mask = new(40, 20);
        for (int y = 0; y < 20; y++)
            for (int x = 0; x < 40; x++)
                mask.Pixels[y * 40 + x] = (x - 9) * (x - 9) + (y - 10) * (y - 10) <= 64 || (x - 29) * (x - 29) + (y - 10) * (y - 10) <= 36 ? (byte)1 : (byte)0;
        List<PromptPoint> points = InteriorPoints.Find(mask, 2);
        Assert.Equal([new(9, 10, true), new(29, 10, true)], points);
    }

    [Fact]
    public void Find_EmptyMask_FindsNothing() => Assert.Empty(InteriorPoints.Find(new MaskPlane(5, 5), 3));

    [Fact]
    public void Find_ThinRing_LiesOnTheMaskNotInItsHole()
    {
        MaskPlane mask = new(21, 21);
        for (int y = 0; y < 21; y++)
            for (int x = 0; x < 21; x++)
                mask.Pixels[y * 21 + x] = Math.Abs(Math.Sqrt((x - 10) * (x - 10) + (y - 10) * (y - 10)) - 8) < 1.5 ? (byte)1 : (byte)0;
        foreach (PromptPoint point in InteriorPoints.Find(mask, 3)) Assert.True(mask[(int)point.X, (int)point.Y]);
    }

    private static double Naive(MaskPlane mask, int x, int y)
    {
        double best = double.PositiveInfinity;
        for (int v = -1; v <= mask.Height; v++)
            for (int u = -1; u <= mask.Width; u++)
                if (u < 0 || v < 0 || u >= mask.Width || v >= mask.Height || !mask[u, v]) best = Math.Min(best, (u - x) * (u - x) + (v - y) * (v - y));
        return best;
    }
}
