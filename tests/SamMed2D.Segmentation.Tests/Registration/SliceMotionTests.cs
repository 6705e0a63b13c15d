using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Registration;

namespace SamMed2D.Segmentation.Tests.Registration;

/// <summary>Pictures are a formula, moved by a formula, so that where each pixel comes from is known exactly.</summary>
public class SliceMotionTests
{
    private const int Size = 96;
    private static readonly PixelRectangle s_middle = new(28, 28, 68, 68);

    // Waves of several lengths across each other: structure everywhere, and no second place that looks the same within reach.
    private static double Texture(double x, double y) =>
        128 + 40 * Math.Sin(0.21 * x + 0.4) * Math.Cos(0.17 * y) + 30 * Math.Sin(0.09 * x + 0.13 * y) + 25 * Math.Cos(0.31 * y - 0.11 * x) + 15 * Math.Sin(0.05 * (x - y));

    private static byte[] Picture(Func<double, double, (double X, double Y)> from, int width = Size, int height = Size)
    {
        byte[] picture = new byte[width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                (double fromX, double fromY) = from(x, y);
                picture[y * width + x] = (byte)Math.Round(Math.Clamp(Texture(fromX, fromY), 0, 255));
            }
        return picture;
    }

    /// <summary>Carries both coordinates themselves, so that the answer says where each pixel came from; gives the mean error over the middle.</summary>
    private static double MeanError(Func<double, double, (double X, double Y)> from, int size = Size, PixelRectangle? bounds = null)
    {
        PixelRectangle middle = bounds ?? s_middle;
        SliceMotion motion = new();
        motion.Register(Picture(from, size, size), Picture((x, y) => (x, y), size, size), size, size, middle);
        float[] columns = new float[size * size], rows = new float[size * size], carriedX = new float[size * size], carriedY = new float[size * size];
        for (int n = 0; n < columns.Length; n++) (columns[n], rows[n]) = (n % size, n / size);
        motion.Carry(columns, carriedX);
        motion.Carry(rows, carriedY);
        double sum = 0;
        for (int y = middle.Y0; y < middle.Y1; y++)
            for (int x = middle.X0; x < middle.X1; x++)
            {
                (double fromX, double fromY) = from(x, y);
                sum += Math.Sqrt(Math.Pow(carriedX[y * size + x] - fromX, 2) + Math.Pow(carriedY[y * size + x] - fromY, 2));
            }
        return sum / ((double)middle.Width * middle.Height);
    }

    [Theory]
    [InlineData(0, 0, 0.01)]
    [InlineData(0.5, -0.25, 0.1)]
    [InlineData(2, 1, 0.1)]
    [InlineData(-4.5, 3, 0.15)]
    [InlineData(6, -6, 0.25)]
    public void Register_Shift_IsFound(double dx, double dy, double tolerance) =>
        Assert.InRange(MeanError((x, y) => (x + dx, y + dy)), 0, tolerance);

    [Fact]
    public void Register_GrowingAndTurning_IsFound()
    {
        Assert.InRange(MeanError((x, y) => (48 + (x - 48) / 1.12, 48 + (y - 48) / 1.12)), 0, 0.2);
        (double sin, double cos) = Math.SinCos(0.12);
        Assert.InRange(MeanError((x, y) => (48 + cos * (x - 48) - sin * (y - 48), 48 + sin * (x - 48) + cos * (y - 48))), 0, 0.25);
        Assert.InRange(MeanError((x, y) => (x + 2 * Math.Sin(y / 14), y + 1.5 * Math.Cos(x / 12))), 0, 0.3);
    }

    [Fact]
    public void Register_LargeSurroundings_AreRegisteredAtACoarserScale() =>
        Assert.InRange(MeanError((x, y) => (x + 5, y - 3), size: 300, bounds: new(60, 60, 240, 240)), 0, 0.5);

    [Fact]
    public void Register_BrighterSlice_StillFindsTheShift()
    {
        byte[] still = Picture((x, y) => (x + 3, y)), moving = Picture((x, y) => (x, y));
        for (int n = 0; n < still.Length; n++) still[n] = (byte)Math.Min(still[n] + 8, 255);
        SliceMotion motion = new();
        motion.Register(still, moving, Size, Size, s_middle);
        float[] mask = Disc(48, 48, 12), carried = new float[mask.Length];
        motion.Carry(mask, carried);
        Assert.InRange(Iou(Disc(45, 48, 12), carried), 0.93, 1);
    }

    [Fact]
    public void Carry_Disc_FollowsTheShiftAndTheRestStays()
    {
        SliceMotion motion = new();
        motion.Register(Picture((x, y) => (x + 4, y - 2)), Picture((x, y) => (x, y)), Size, Size, new(36, 36, 61, 61));
        float[] mask = Disc(48, 48, 12), carried = new float[mask.Length];
        mask[0] = 0.75f; // far outside the surroundings
        motion.Carry(mask, carried);
        Assert.InRange(Iou(Disc(44, 50, 12), carried), 0.95, 1);
        Assert.Equal(0.75f, carried[0]);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 40)]
    [InlineData(17, 9)]
    public void Register_SmallPictures_StayInPlaceWhereNothingMoved(int width, int height)
    {
        byte[] picture = Picture((x, y) => (x, y), width, height);
        SliceMotion motion = new();
        motion.Register(picture, picture, width, height, new(0, 0, width, height));
        float[] mask = new float[width * height], carried = new float[width * height];
        for (int n = 0; n < mask.Length; n++) mask[n] = n % 7 / 7f;
        motion.Carry(mask, carried);
        for (int n = 0; n < mask.Length; n++) Assert.Equal(mask[n], carried[n], 1e-3f);
    }

    [Fact]
    public void Register_FlatPictures_MoveNothing()
    {
        byte[] black = new byte[Size * Size], white = new byte[Size * Size];
        Array.Fill(white, (byte)255);
        SliceMotion motion = new();
        motion.Register(black, white, Size, Size, s_middle);
        float[] mask = Disc(48, 48, 12), carried = new float[mask.Length];
        motion.Carry(mask, carried);
        Assert.Equal(mask, carried);
    }

    [Fact]
    public void Register_AfterOtherSizes_GivesTheSameBitsAndAllocatesNothing()
    {
        byte[] still = Picture((x, y) => (x + 2, y + 1)), moving = Picture((x, y) => (x, y));
        float[] mask = Disc(48, 48, 12), first = new float[mask.Length], second = new float[mask.Length];
        SliceMotion fresh = new(), used = new();
        fresh.Register(still, moving, Size, Size, s_middle);
        fresh.Carry(mask, first);
        used.Register(Picture((x, y) => (x, y), 200, 200), Picture((x, y) => (x + 1, y), 200, 200), 200, 200, new(10, 10, 190, 190));
        used.Register(still, moving, Size, Size, new(0, 0, 5, 5));
        long before = GC.GetAllocatedBytesForCurrentThread();
        used.Register(still, moving, Size, Size, s_middle);
        used.Carry(mask, second);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(first, second);
    }

    private static float[] Disc(double x0, double y0, double radius)
    {
        float[] disc = new float[Size * Size];
        for (int n = 0; n < disc.Length; n++) disc[n] = Math.Pow(n % Size - x0, 2) + Math.Pow(n / Size - y0, 2) <= radius * radius ? 1 : 0;
        return disc;
    }

    private static double Iou(float[] a, float[] b)
    {
        int both = 0, either = 0;
        for (int n = 0; n < a.Length; n++)
        {
            both += a[n] > 0.5f && b[n] > 0.5f ? 1 : 0;
            either += a[n] > 0.5f || b[n] > 0.5f ? 1 : 0;
        }
        return (double)both / either;
    }
}
