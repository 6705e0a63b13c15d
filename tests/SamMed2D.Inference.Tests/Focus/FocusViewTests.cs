using SamMed2D.Inference.Focus;

namespace SamMed2D.Inference.Tests.Focus;

/// <summary>Single channels on pictures whose pixels are the units, as training draws them.</summary>
public class FocusViewTests
{
    private const int Side = 96;

    private readonly float[] _plane = new float[Side * Side];

    [Fact]
    public void DrawPicture_Ramp_GivesThePixelCentres()
    {
        float[] ramp = new float[200 * 200];
        for (int n = 0; n < ramp.Length; n++) ramp[n] = n % 200 + 1000 * (n / 200);
        View(30, 40, 96).DrawPicture<float>(ramp, 200, 200, 1, _plane); // one crop pixel a slice pixel

        Assert.Equal(30 + 1000 * 40, _plane[0], 2f);
        Assert.Equal(30 + 95 + 1000 * (40 + 95), _plane[^1], 2f);
    }

    [Fact]
    public void DrawPicture_Upscaled_InterpolatesBetweenCentres()
    {
        float[] ramp = new float[100 * 100];
        for (int n = 0; n < ramp.Length; n++) ramp[n] = n % 100;
        View(10, 10, 48).DrawPicture<float>(ramp, 100, 100, 1, _plane);

        // Crop pixel x's centre: 10 + (x + 0.5)/2 in edge coordinates, half a pixel less in centres.
        for (int x = 0; x < Side; x++) Assert.Equal(10 + (x + 0.5) / 2 - 0.5, _plane[x], 3);
    }

    [Fact]
    public void DrawPicture_BeyondTheSlice_IsZero()
    {
        float[] ones = new float[64 * 64];
        Array.Fill(ones, 1f);
        Array.Fill(_plane, 7f);
        View(-96, 0, 96).DrawPicture<float>(ones, 64, 64, 1, _plane);

        Assert.All(_plane, value => Assert.Equal(0, value));
    }

    [Fact]
    public void DrawBox_Fractions_SumToTheBoxArea() => Gen.Select(Gen.Float[5, 40], Gen.Float[5, 40], Gen.Float[1, 50], Gen.Float[1, 50]).Sample((x, y, width, height) =>
    {
        float[] plane = new float[Side * Side];
        Array.Fill(plane, 7f);
        View(0, 0, 96).DrawBox(new(x, y, x + width, y + height), plane);
        return Math.Abs(plane.Sum() - width * height) < 0.05 && plane.All(share => share is >= 0 and <= 1.0001f);
    }, iter: 50);

    [Fact]
    public void DrawMask_EveryByteOfAPixelSet_IsItsShare()
    {
        byte[] mask = new byte[96 * 96];
        mask[50 * 96 + 40] = 1;
        View(0, 0, 192).DrawMask<byte>(mask, 96, 96, _plane);

        Assert.Equal(0.25f, _plane[25 * Side + 20]);
        Assert.Equal(0.25f, _plane.Sum());
    }

    [Fact]
    public void AddClick_WithAStride_WritesThatChannelAlone()
    {
        float[] interleaved = new float[3 * Side * Side];
        View(0, 0, 96).AddClick(30, 20, interleaved.AsSpan(1), stride: 3);
        View(0, 0, 96).AddClick(30, 20, _plane);

        Assert.Equal(1, _plane[20 * Side + 30]);
        for (int n = 0; n < interleaved.Length; n++) Assert.Equal(n % 3 == 1 ? _plane[n / 3] : 0, interleaved[n]);
    }

    [Fact]
    public void FocusStandard_AnyPixels_GivesMean0AndDeviation1()
    {
        for (int n = 0; n < _plane.Length; n++) _plane[n] = n % 7 * 0.1f;
        FocusStandard.Of(_plane).Apply(_plane);

        Assert.Equal(0, _plane.Average(), 4);
        Assert.Equal(1, _plane.Average(value => value * value), 3);
    }

    private static FocusView View(double x, double y, double side) => new(new(x, y, side), Side, FocusCanvas.OfPixels);
}
