using System.Globalization;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference.Tests.Focus;

/// <summary>What the bundled model is worth on real slices, beside what no model at all would score.</summary>
public sealed class FocusQualityTests(ITestOutputHelper output)
{
    [Fact]
    public void Predict_TightBoxOnRealSlices_BeatsTheInscribedEllipse()
    {
        Assert.SkipWhen(DemoSlices.Missing is not null, DemoSlices.Missing ?? "");
        using IPromptableSegmenter segmenter = SegmenterFactory.Open();
        double model = 0, ellipse = 0, filled = 0, iouError = 0;
        IReadOnlyList<(string Name, SliceImage Image, MaskPlane Mask)> slices = DemoSlices.ReadAll();
        foreach ((string name, SliceImage image, MaskPlane mask) in slices)
        {
            PixelRectangle box = mask.GetBounds()!.Value;
            using SliceEmbedding embedding = segmenter.Encode(image);
            MaskPrediction prediction = segmenter.Predict(embedding, new() { Box = new(box.X0, box.Y0, box.X1, box.Y1) });
            double dice = DiceOf(mask, prediction);
            Write($"{name}: box {dice:0.000} (ellipse {DemoSlices.EllipseDice(mask):0.000}, box filled {DemoSlices.BoxDice(mask):0.000}), predicted IoU {prediction.PredictedIou:0.000} for {dice / (2 - dice):0.000}, stability {prediction.StabilityScore:0.000}");
            model += dice / slices.Count;
            ellipse += DemoSlices.EllipseDice(mask) / slices.Count;
            filled += DemoSlices.BoxDice(mask) / slices.Count;
            iouError += Math.Abs(prediction.PredictedIou - dice / (2 - dice)) / slices.Count;
        }
        Write($"mean of {slices.Count}: box {model:0.000}, ellipse {ellipse:0.000}, box filled {filled:0.000}, IoU error {iouError:0.000}");

        Assert.True(model > ellipse, $"{model} is not over the floor of {ellipse}.");
    }

    [Fact]
    public void Predict_OneClickOnRealSlices_BeatsTheDiskThatKnowsNothing()
    {
        Assert.SkipWhen(DemoSlices.Missing is not null, DemoSlices.Missing ?? "");
        using IPromptableSegmenter segmenter = SegmenterFactory.Open();
        double model = 0, disk = 0;
        IReadOnlyList<(string Name, SliceImage Image, MaskPlane Mask)> slices = DemoSlices.ReadAll();
        foreach ((string name, SliceImage image, MaskPlane mask) in slices)
        {
            (int x, int y) = MiddlePixel(mask);
            using SliceEmbedding embedding = segmenter.Encode(image);
            MaskPrediction prediction = segmenter.Predict(embedding, new() { Points = [new(x, y, true)] });
            double radius = 0.06 * Math.Max(mask.Width, mask.Height);
            double dice = DiceOf(mask, prediction), floor = DemoSlices.Dice(mask, (px, py) => (px - x) * (px - x) + (py - y) * (py - y) <= radius * radius);
            Write($"{name}: 1 point {dice:0.000}, disk {floor:0.000}");
            model += dice / slices.Count;
            disk += floor / slices.Count;
        }
        Write($"mean of {slices.Count}: 1 point {model:0.000}, disk {disk:0.000}");

        Assert.True(model > disk, $"{model} is not over the floor of {disk}.");
    }

    private static double DiceOf(MaskPlane mask, MaskPrediction prediction)
    {
        float[] probabilities = prediction.Mask.Probabilities.ToArray();
        return DemoSlices.Dice(mask, (x, y) => probabilities[y * mask.Width + x] > 0.5f);
    }

    // The set pixel farthest (in city blocks) from any unset one.
    private static (int X, int Y) MiddlePixel(MaskPlane mask)
    {
        int best = -1, bestX = 0, bestY = 0;
        for (int y = 0; y < mask.Height; y++)
            for (int x = 0; x < mask.Width; x++)
            {
                int reach = 0;
                while (IsDiamondInside(mask, x, y, reach)) reach++;
                if (reach <= best) continue;
                (best, bestX, bestY) = (reach, x, y);
            }
        return (bestX, bestY);
    }

    private static bool IsDiamondInside(MaskPlane mask, int x, int y, int reach)
    {
        for (int d = 0; d <= reach; d++)
            foreach ((int px, int py) in (ReadOnlySpan<(int, int)>)[(x + d, y + reach - d), (x - d, y + reach - d), (x + d, y - reach + d), (x - d, y - reach + d)])
                if (px < 0 || py < 0 || px >= mask.Width || py >= mask.Height || !mask[px, py]) return false;
        return true;
    }

    private void Write(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
