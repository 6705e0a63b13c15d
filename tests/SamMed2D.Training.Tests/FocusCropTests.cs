using SamMed2D.Training.Focus;

namespace SamMed2D.Training.Tests;

public class FocusCropTests
{
    [Fact]
    public void Sample_Ramp_GivesThePixelCentres()
    {
        float[] ramp = new float[200 * 200];
        for (int n = 0; n < ramp.Length; n++) ramp[n] = n % 200 + 1000 * (n / 200);
        FocusCrop crop = new(30, 40, 96); // one crop pixel a slice pixel
        float[] target = new float[FocusInput.Area];
        crop.Sample(new FloatPlane(ramp, 200, 200), false, target);

        Assert.Equal(30 + 1000 * 40, target[0], 2f);
        Assert.Equal(30 + 95 + 1000 * (40 + 95), target[^1], 2f);
    }

    [Fact]
    public void Sample_Upscaled_InterpolatesBetweenCentres()
    {
        float[] ramp = new float[100 * 100];
        for (int n = 0; n < ramp.Length; n++) ramp[n] = n % 100;
        FocusCrop crop = new(10, 10, 48);
        float[] target = new float[FocusInput.Area];
        crop.Sample(new FloatPlane(ramp, 100, 100), false, target);

        // Crop pixel x's centre: 10 + (x + 0.5)/2 in edge coordinates, half a pixel less in centres.
        for (int x = 0; x < FocusInput.Side; x++) Assert.Equal(10 + (x + 0.5) / 2 - 0.5, target[x], 3);
    }

    [Fact]
    public void Sample_BeyondTheSlice_IsZero()
    {
        float[] ones = new float[64 * 64];
        Array.Fill(ones, 1f);
        FocusCrop crop = new(-96, 0, 96);
        float[] target = new float[FocusInput.Area];
        Array.Fill(target, 7f);
        crop.Sample(new FloatPlane(ones, 64, 64), false, target);

        Assert.All(target, value => Assert.Equal(0, value));
    }

    [Fact]
    public void CoverBox_Fractions_SumToTheBoxArea() => Gen.Select(Gen.Float[5, 40], Gen.Float[5, 40], Gen.Float[1, 50], Gen.Float[1, 50]).Sample((x, y, width, height) =>
    {
        FocusCrop crop = new(0, 0, 96);
        float[] target = new float[FocusInput.Area];
        crop.CoverBox(x, y, x + width, y + height, target);
        return Math.Abs(target.Sum() - width * height) < 0.05 && target.All(share => share is >= 0 and <= 1.0001f);
    }, iter: 50);

    [Fact]
    public void Normalise_AnyPixels_HaveMean0AndDeviation1()
    {
        float[] pixels = new float[FocusInput.Area];
        for (int n = 0; n < pixels.Length; n++) pixels[n] = n % 7 * 0.1f;
        FocusCrop.Normalise(pixels);

        Assert.Equal(0, pixels.Average(), 4);
        Assert.Equal(1, pixels.Average(value => value * value), 3);
    }
}
