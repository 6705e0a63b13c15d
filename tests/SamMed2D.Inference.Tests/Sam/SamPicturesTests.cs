using SamMed2D.Core.Slices;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Sam;
using SamMed2D.Testing.Checkpoints;

namespace SamMed2D.Inference.Tests.Sam;

/// <summary>Pictures and masks on their way into and out of SAM, against the reference's own arrays and against naive twins.</summary>
public sealed class SamPicturesTests
{
    [Theory]
    [InlineData("amos_0507_31")]
    [InlineData("s0114_111")]
    [InlineData("amos_0004_75")]
    public void Fill_RealSlice_EqualsTheReferencesInput(string name)
    {
        Assert.SkipWhen(GoldenAnswers.Missing is not null, GoldenAnswers.Missing ?? "");
        GoldenAnswers goldens = new("sam-med2d-tiny");

        foreach (ResizePolicy policy in (ResizePolicy[])[ResizePolicy.Stretch, ResizePolicy.PadSmall])
            AssertClose(goldens[name + ".input_image"].Values, Fill(DemoSlices.ReadImage(name), 256, policy), 1e-6);
    }

    [Fact]
    public void Fill_SmallSlicePadded_EqualsTheReferencesInput()
    {
        Assert.SkipWhen(GoldenAnswers.Missing is not null, GoldenAnswers.Missing ?? "");
        GoldenAnswers goldens = new("sam-med2d-tiny");
        SliceImage image = new(250, 181, 3, Array.ConvertAll(goldens["padded.source_bgr"].Values, value => (byte)value));

        AssertClose(goldens["padded.input_image"].Values, Fill(image, 256, ResizePolicy.PadSmall), 1e-6);
    }

    [Fact]
    public void Fill_Colour_KeepsChannelsApart()
    {
        SliceImage image = new(1, 1, 3, new byte[] { 10, 20, 30 });

        float[] input = Fill(image, 2, ResizePolicy.Stretch);

        Assert.Equal((10 - 123.675) / 58.395, input[3], 1e-5);
        Assert.Equal((20 - 116.28) / 57.12, input[4], 1e-5);
        Assert.Equal((30 - 103.53) / 57.375, input[8], 1e-5);
    }

    [Fact]
    public void Fill_LongestSide_KeepsTheAspectAndPadsBelow()
    {
        SliceImage image = new(8, 4, 1, Enumerable.Repeat((byte)200, 32).ToArray());

        float[] input = Fill(image, 16, ResizePolicy.LongestSide);

        for (int y = 0; y < 16; y++) Assert.Equal(y < 8 ? (200 - 123.675) / 58.395 : 0, input[y * 16 + 5], 1e-4);
    }

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void ToSlice_GoldenLogits_GiveTheReferencesMasks(string name)
    {
        Assert.SkipWhen(GoldenAnswers.Missing is not null, GoldenAnswers.Missing ?? "");
        GoldenAnswers goldens = new(name);
        foreach (GoldenPrompt golden in goldens.Cases)
        {
            NumpyArray mask = goldens[golden.Name + ".mask"];
            SamFit fit = new(mask.Shape[1], mask.Shape[0], golden.InputSize, ResizePolicy.Stretch);

            float[] probabilities = new float[mask.Values.Length];
            SamMasks.ToSlice(goldens.LowResolution(golden.Name, golden.Best), golden.InputSize / 4, fit, probabilities);

            int different = CountDifferent(mask.Values, probabilities);
            Assert.True(different <= 2, $"{golden.Name}: {different} of {probabilities.Length} pixels differ.");
        }
    }

    public static TheoryData<string> ModelNames => ["sam-med2d-tiny", "sam-med2d-tiny-no-adapter", "sam-tiny-1024"];

    [Fact]
    public void ToSlice_AnyFit_EqualsTwoNaiveResizes() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Enum<ResizePolicy>(), Gen.Float[-4, 4].Array[64]).Sample((width, height, policy, logits) =>
        {
            SamFit fit = new(width, height, 32, policy);
            double[,] square = NaiveResize((x, y) => logits[y * 8 + x], 8, 8, 32, 32);
            double[,] slice = NaiveResize((x, y) => square[x + fit.Left, y + fit.Top], fit.ContentWidth, fit.ContentHeight, width, height);

            float[] found = new float[width * height];
            SamMasks.ToSlice(logits, 8, fit, found);

            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    Assert.Equal(1 / (1 + Math.Exp(-slice[x, y])), found[y * width + x], 1e-5);
        }, iter: 200);

    [Fact]
    public void ToPrompt_AnyMask_KeepsItsArea() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Enum<ResizePolicy>(), Gen.Float[0, 1].Array[1600]).Sample((width, height, policy, values) =>
        {
            SamFit fit = new(width, height, 32, policy);
            float[] prompt = new float[64];

            SamMasks.ToPrompt(values.AsSpan(0, width * height), fit, 8, MaskPromptDomain.Probability, prompt);

            // In units of the square's pixels: mean × area is the same on both sides, since nothing outside the slice counts.
            double expected = values.Take(width * height).Average() * fit.ContentWidth * fit.ContentHeight;
            Assert.Equal(expected, prompt.Sum(value => (double)value) * 16, 1e-2);
        }, iter: 200);

    [Fact]
    public void ToPrompt_Logits_AreFiniteAndInverseToTheSigmoid()
    {
        float[] prompt = new float[4];

        SamMasks.ToPrompt([0, 1, 0.5f, 0.25f], new SamFit(2, 2, 8, ResizePolicy.Stretch), 2, MaskPromptDomain.Logits, prompt);

        Assert.Equal(-6.9068, prompt[0], 1e-3);
        Assert.Equal(6.9068, prompt[1], 1e-3);
        Assert.Equal(0, prompt[2], 1e-6);
        Assert.Equal(Math.Log(0.25 / 0.75), prompt[3], 1e-5);
    }

    internal static int CountDifferent(ReadOnlySpan<float> mask, ReadOnlySpan<float> probabilities)
    {
        Assert.Equal(mask.Length, probabilities.Length);
        int different = 0;
        for (int n = 0; n < mask.Length; n++)
            if (mask[n] != 0 != probabilities[n] > 0.5f) different++;
        return different;
    }

    internal static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> found, double tolerance)
    {
        Assert.Equal(expected.Length, found.Length);
        double worst = 0;
        for (int n = 0; n < expected.Length; n++) worst = Math.Max(worst, Math.Abs(expected[n] - found[n]));
        Assert.True(worst <= tolerance, $"The largest difference is {worst}, over {tolerance}.");
    }

    private static float[] Fill(SliceImage image, int size, ResizePolicy policy)
    {
        float[] input = new float[3 * size * size];
        SamImage.Fill(image, new SamFit(image.Width, image.Height, size, policy), ImagePreprocessing.SegmentAnything(policy), input);
        return input;
    }

    // PyTorch's interpolate(mode="bilinear", align_corners=False), as its documentation defines it.
    private static double[,] NaiveResize(Func<int, int, double> source, int width, int height, int newWidth, int newHeight)
    {
        double[,] result = new double[newWidth, newHeight];
        for (int y = 0; y < newHeight; y++)
            for (int x = 0; x < newWidth; x++)
            {
                double sx = Math.Max((x + 0.5) * width / newWidth - 0.5, 0), sy = Math.Max((y + 0.5) * height / newHeight - 0.5, 0);
                int x0 = Math.Min((int)sx, width - 1), y0 = Math.Min((int)sy, height - 1), x1 = Math.Min(x0 + 1, width - 1), y1 = Math.Min(y0 + 1, height - 1);
                double fx = sx - x0, fy = sy - y0;
                result[x, y] = (source(x0, y0) * (1 - fx) + source(x1, y0) * fx) * (1 - fy) + (source(x0, y1) * (1 - fx) + source(x1, y1) * fx) * fy;
            }
        return result;
    }
}
