using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Inference.Focus;
using SamMed2D.Inference.Models;

namespace SamMed2D.Inference.Tests.Focus;

/// <summary>The six channels, against the sentences of the model's interface, each computed pixel by pixel here.</summary>
public sealed class FocusInputTests
{
    private const int Size = 24, Plane = Size * Size, CanvasSize = 64;

    private static readonly FocusInterface s_rules = new() { CropSize = Size };

    [Fact]
    public void Draw_PictureOfTheMask_IsStandardisedAsTheSliceIs()
    {
        FocusInterface rules = s_rules with { PreviousPicture = true };
        byte[] pixels = new byte[64 * 64], brighter = new byte[64 * 64];
        for (int n = 0; n < pixels.Length; n++) (pixels[n], brighter[n]) = ((byte)(100 + n % 13), (byte)(104 + n % 13));
        float[] input = new float[FocusInput.ChannelsOf(rules) * Plane];
        MaskPrompt mask = new(64, 64, new float[64 * 64]) { Picture = brighter };
        FocusInput.Draw(new(new SliceImage(64, 64, 1, pixels), CanvasSize), new(10, 10, 40), new() { Mask = mask }, rules, input);

        // Four greys brighter everywhere: the same distance in standardised numbers everywhere, four over the deviation of the crop's greys.
        float distance = input[6 * Plane] - input[0];
        for (int n = 0; n < Plane; n++)
        {
            Assert.Equal(distance, input[6 * Plane + n] - input[n], 1e-3f);
            Assert.Equal(1, input[7 * Plane + n]);
        }
        Assert.InRange(distance, 4 / 4.5f, 4 / 1.5f); // thirteen equal steps deviate by 3.7, less after averaging
    }

    [Fact]
    public void Draw_PictureOfTheSliceItself_CountsAsNone()
    {
        FocusInterface rules = s_rules with { PreviousPicture = true };
        SliceImage image = CreateNoise(64, 64, 1, 3);
        float[] input = new float[FocusInput.ChannelsOf(rules) * Plane];
        FocusInput.Draw(new(image, CanvasSize), new(0, 0, 40), new() { Mask = new(64, 64, new float[64 * 64]) { Picture = image.Pixels.ToArray() } }, rules, input);

        Assert.All(input[(6 * Plane)..], value => Assert.Equal(0, value));
    }

    [Fact]
    public void Draw_AnySlice_EqualsTheNaiveSampling() =>
        Gen.Select(Gen.Int[20, 90], Gen.Int[20, 90], Gen.Double[0.4, 2.5], Gen.Double[-20, 60], Gen.Double[-20, 60], Gen.Double[6, 80], Gen.Int[0, 1 << 30])
            .Sample((width, height, aspect, x, y, side, seed) =>
            {
                SliceImage image = CreateNoise(width, height, aspect, seed);
                FocusEmbedding slice = new(image, CanvasSize);
                FocusCrop crop = new(x, y, side);
                float[] input = new float[FocusInput.ChannelsOf(s_rules) * Plane];

                FocusInput.Draw(slice, crop, new() { Points = [new(0, 0, true)] }, s_rules, input);

                double[] expected = NaiveSlice(image, aspect, crop);
                for (int n = 0; n < Plane; n++) Assert.Equal(expected[n], input[n], 2e-3);
            }, iter: 60);

    [Fact]
    public void Draw_Box_IsTheShareOfEachCropPixelThatItCovers() =>
        Gen.Select(Gen.Double[0, 50], Gen.Double[0, 50], Gen.Double[1, 14], Gen.Double[1, 14]).Sample((x, y, width, height) =>
        {
            FocusEmbedding slice = new(CreateNoise(64, 64, 1, 3), CanvasSize);
            FocusCrop crop = new(-5, 7, 60);
            PromptBox box = new(x, y, x + width, y + height);
            float[] input = new float[FocusInput.ChannelsOf(s_rules) * Plane];

            FocusInput.Draw(slice, crop, new() { Box = box }, s_rules, input);

            // Area is kept where the crop holds the box: 60/24 canvas units, here also slice pixels, a crop pixel.
            double unit = crop.Side / Size;
            double covered = Math.Max(Math.Min(box.X1, crop.X + crop.Side) - Math.Max(box.X0, crop.X), 0) * Math.Max(Math.Min(box.Y1, crop.Y + crop.Side) - Math.Max(box.Y0, crop.Y), 0);
            Assert.Equal(covered / unit / unit, Channel(input, 1).ToArray().Sum(value => (double)value), 1e-3);
            for (int n = 0; n < Plane; n++)
            {
                double left = crop.X + n % Size * unit, top = crop.Y + n / Size * unit;
                bool isInside = left >= box.X0 && left + unit <= box.X1 && top >= box.Y0 && top + unit <= box.Y1;
                bool isOutside = left >= box.X1 || left + unit <= box.X0 || top >= box.Y1 || top + unit <= box.Y0;
                if (isInside) Assert.Equal(1, input[Plane + n], 1e-5);
                if (isOutside) Assert.Equal(0, input[Plane + n]);
            }
        }, iter: 100);

    [Fact]
    public void Draw_Clicks_AreTheNearestOnesBell() =>
        Gen.Select(Gen.Double[0, 63], Gen.Double[0, 63], Gen.Double[0, 63], Gen.Double[0, 63]).Sample((x0, y0, x1, y1) =>
        {
            FocusEmbedding slice = new(CreateNoise(64, 64, 1, 4), CanvasSize);
            FocusCrop crop = new(3, -4, 40);
            PromptPoint[] points = [new(x0, y0, true), new(x1, y1, true), new(x1, y0, false)];
            float[] input = new float[FocusInput.ChannelsOf(s_rules) * Plane];

            FocusInput.Draw(slice, crop, new() { Points = points }, s_rules, input);

            for (int n = 0; n < Plane; n++)
            {
                if (points.Any(point => Math.Abs(Distance(n, crop, point) - 6) < 1e-9)) continue; // on the cut itself either is right
                Assert.Equal(Bell(n, crop, points[0], points[1]), input[2 * Plane + n], 1e-5);
                Assert.Equal(Bell(n, crop, points[2]), input[3 * Plane + n], 1e-5);
            }
        }, iter: 100);

    [Fact]
    public void Draw_MaskPrompt_IsSampledAndAnnounced()
    {
        FocusEmbedding slice = new(CreateNoise(64, 64, 1, 5), CanvasSize);
        float[] half = new float[64 * 64];
        for (int n = 0; n < half.Length; n++) half[n] = n % 64 < 32 ? 1 : 0;
        float[] input = new float[FocusInput.ChannelsOf(s_rules) * Plane];

        FocusInput.Draw(slice, new(20, 20, 24), new() { Mask = new(64, 64, half) }, s_rules, input);

        Assert.Equal(1, input[4 * Plane + 5 * Size + 10]);
        Assert.Equal(0, input[4 * Plane + 5 * Size + 14]);
        Assert.All(Channel(input, 5).ToArray(), value => Assert.Equal(1, value));
    }

    [Fact]
    public void Draw_NoBoxNoMask_LeavesTheirChannelsEmpty()
    {
        float[] input = Enumerable.Repeat(9f, FocusInput.ChannelsOf(s_rules) * Plane).ToArray();

        FocusInput.Draw(new(CreateNoise(64, 64, 1, 6), CanvasSize), new(0, 0, 40), new() { Points = [new(9, 9, true)] }, s_rules, input);

        foreach (int channel in (int[])[1, 3, 4, 5]) Assert.All(Channel(input, channel).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Draw_FlatSlice_IsFiniteAndZero()
    {
        float[] input = new float[FocusInput.ChannelsOf(s_rules) * Plane];

        FocusInput.Draw(new(new(64, 64, 1, new byte[64 * 64]), CanvasSize), new(0, 0, 40), new() { Box = new(1, 1, 9, 9) }, s_rules, input);

        Assert.All(Channel(input, 0).ToArray(), value => Assert.Equal(0, value, 1e-6));
    }

    private static Span<float> Channel(float[] input, int channel) => input.AsSpan(channel * Plane, Plane);

    private static double Bell(int pixel, FocusCrop crop, params PromptPoint[] points)
    {
        double best = 0;
        foreach (PromptPoint point in points)
        {
            double distance = Distance(pixel, crop, point);
            if (distance <= 6) best = Math.Max(best, Math.Exp(-distance * distance / 8));
        }
        return best;
    }

    private static double Distance(int pixel, FocusCrop crop, PromptPoint point)
    {
        double unit = crop.Side / Size;
        double dx = (point.X + 0.5 - crop.X) / unit - (pixel % Size + 0.5), dy = (point.Y + 0.5 - crop.Y) / unit - (pixel / Size + 0.5);
        return Math.Sqrt(dx * dx + dy * dy);
    }

    private static double[] NaiveSlice(SliceImage image, double aspect, FocusCrop crop)
    {
        double unit = Math.Max(image.Width * aspect, image.Height) / CanvasSize;
        double perCropPixel = crop.Side / Size * unit / Math.Min(aspect, 1);
        int samples = perCropPixel > 1.4 ? 2 : 1;
        double[] values = new double[Plane];
        for (int y = 0; y < Size; y++)
            for (int x = 0; x < Size; x++)
                for (int j = 0; j < samples; j++)
                    for (int i = 0; i < samples; i++)
                    {
                        double canvasX = crop.X + (x + (i + 0.5) / samples) * crop.Side / Size, canvasY = crop.Y + (y + (j + 0.5) / samples) * crop.Side / Size;
                        values[y * Size + x] += Bilinear(image, canvasX * unit / aspect - 0.5, canvasY * unit - 0.5) / (samples * samples);
                    }
        double mean = values.Average(), deviation = Math.Sqrt(Math.Max(values.Average(value => (value - mean) * (value - mean)), 1e-4));
        return [.. values.Select(value => Math.Clamp((value - mean) / deviation, -4, 4))];
    }

    private static double Bilinear(SliceImage image, double x, double y)
    {
        double sum = 0;
        for (int py = (int)Math.Floor(y); py <= Math.Floor(y) + 1; py++)
            for (int px = (int)Math.Floor(x); px <= Math.Floor(x) + 1; px++)
                if (px >= 0 && py >= 0 && px < image.Width && py < image.Height)
                    sum += (1 - Math.Abs(px - x)) * (1 - Math.Abs(py - y)) * image.Pixels.Span[py * image.Width + px] / 255;
        return sum;
    }

    private static SliceImage CreateNoise(int width, int height, double aspect, int seed)
    {
        byte[] pixels = new byte[width * height];
        new Random(seed).NextBytes(pixels);
        return new(width, height, 1, pixels, PixelWidthMm: aspect, PixelHeightMm: 1);
    }
}
