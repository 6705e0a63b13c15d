using SamMed2D.Inference.Focus;

namespace SamMed2D.Inference.Tests.Focus;

/// <summary>Where the network looks, by the sentences of the model's interface.</summary>
public sealed class FocusFramingTests
{
    private static readonly FocusFraming s_framing = new(new());

    // 512 pixels on the longer side: a canvas unit is two pixels.
    private static readonly FocusCanvas s_canvas = new(new(512, 400, 1, new byte[512 * 400]), 256);

    [Fact]
    public void FrameOf_Box_IsTwiceItsLongerSideAndCentred()
    {
        FocusCrop crop = s_framing.FrameOf(new() { Box = new(100, 200, 180, 240) }, s_canvas)!.Value;

        Assert.Equal(new FocusCrop(70 - 40, 110 - 40, 80), crop);
    }

    [Theory]
    [InlineData(100, 100, 101, 101, 24)]
    [InlineData(0, 0, 512, 400, 300)]
    public void FrameOf_TinyOrHugeBox_StaysWithinTheLimits(double x0, double y0, double x1, double y1, double side) =>
        Assert.Equal(side, s_framing.FrameOf(new() { Box = new(x0, y0, x1, y1) }, s_canvas)!.Value.Side);

    [Fact]
    public void FrameOf_Mask_IsItsOwnBoxWithMoreRoom()
    {
        float[] mask = new float[512 * 400];
        for (int y = 200; y < 240; y++) mask.AsSpan(y * 512 + 100, 80).Fill(0.9f);

        FocusCrop crop = s_framing.FrameOf(new() { Mask = new(512, 400, mask) }, s_canvas)!.Value;

        Assert.Equal(1.5 * 40, crop.Side, 1e-9);
        Assert.Equal(70, crop.X + crop.Side / 2, 1e-9);
        Assert.Equal(110, crop.Y + crop.Side / 2, 1e-9);
    }

    [Fact]
    public void FrameOf_ClickOnTheObjectFarFromItsBox_IsInTheCrop()
    {
        FocusCrop crop = s_framing.FrameOf(new() { Box = new(100, 200, 140, 240), Points = [new(300, 220, true), new(500, 20, false)] }, s_canvas)!.Value;

        Assert.InRange(150.25, crop.X, crop.X + crop.Side);
        Assert.True(crop.X + crop.Side < 250);
    }

    [Fact]
    public void FrameOf_ClicksOrEmptyMask_IsUnknown()
    {
        Assert.Null(s_framing.FrameOf(new() { Points = [new(5, 5, true)] }, s_canvas));
        Assert.Null(s_framing.FrameOf(new() { Mask = new(512, 400, new float[512 * 400]) }, s_canvas));
    }

    [Fact]
    public void FirstFrameOf_OneClick_Is160RoundIt()
    {
        FocusCrop crop = s_framing.FirstFrameOf([new(99.5, 199.5, true), new(0, 0, false)], s_canvas);

        Assert.Equal(new FocusCrop(50 - 80, 100 - 80, 160), crop);
    }

    [Fact]
    public void SecondFrameOf_TwoPieces_IsRoundTheLargerOne()
    {
        float[] logits = Enumerable.Repeat(-1f, 96 * 96).ToArray();
        Fill(logits, 10, 20, 40, 30, 2);
        Fill(logits, 70, 70, 75, 75, 9);

        FocusCrop crop = s_framing.SecondFrameOf(new(0, 0, 192), logits, [new(100, 100, true)], s_canvas)!.Value;

        // Crop pixels are two canvas units here: the piece is 60 by 20 of them.
        Assert.Equal(1.5 * 60, crop.Side, 1e-9);
        Assert.Equal(50, crop.X + crop.Side / 2, 1e-9);
    }

    [Fact]
    public void SecondFrameOf_Speck_IsAtLeast32()
    {
        float[] logits = Enumerable.Repeat(-1f, 96 * 96).ToArray();
        Fill(logits, 30, 30, 31, 31, 1);

        Assert.Equal(32, s_framing.SecondFrameOf(new(0, 0, 96), logits, [new(60.5, 60.5, true)], s_canvas)!.Value.Side);
        Assert.Null(s_framing.SecondFrameOf(new(0, 0, 96), new float[96 * 96], [new(60, 60, true)], s_canvas));
    }

    [Fact]
    public void FocusCanvas_TallPixels_MakesThemSquare()
    {
        FocusCanvas canvas = new(new(100, 100, 1, new byte[10000], PixelWidthMm: 1, PixelHeightMm: 2), 256);

        Assert.Equal(2.56, canvas.ScaleY, 1e-9);
        Assert.Equal(1.28, canvas.ScaleX, 1e-9);
    }

    private static void Fill(float[] logits, int x0, int y0, int x1, int y1, float value)
    {
        for (int y = y0; y < y1; y++) logits.AsSpan(y * 96 + x0, x1 - x0).Fill(value);
    }
}
