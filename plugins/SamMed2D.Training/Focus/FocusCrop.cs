namespace SamMed2D.Training.Focus;

/// <summary>
/// The square of a slice that the focus network looks at, given by its edges: pixel 0 of the slice reaches from 0 to 1. Crop pixel (x,y)'s
/// centre thus lies at <c>Origin + (x + 0.5)·Side/96 - 0.5</c> where whole numbers are pixel centres.
/// </summary>
/// <param name="OriginX">Left edge.</param>
/// <param name="OriginY">Top edge.</param>
/// <param name="Side">Side in slice pixels.</param>
internal readonly record struct FocusCrop(float OriginX, float OriginY, float Side)
{
    private const int Pixels = FocusInput.Side;

    /// <summary>Slice pixels a crop pixel.</summary>
    public float Scale => Side / Pixels;

    /// <summary>A crop around a centre, in edge coordinates.</summary>
    public static FocusCrop Around(float centreX, float centreY, float side) => new(centreX - side / 2, centreY - side / 2, side);

    /// <summary>Slice coordinate to crop coordinate (both with pixel centres at whole numbers).</summary>
    public (float X, float Y) ToCrop(float x, float y) => ((x + 0.5f - OriginX) / Scale - 0.5f, (y + 0.5f - OriginY) / Scale - 0.5f);

    /// <summary>Samples a plane into the crop: bilinear, 0 outside, with 2×2 samples a pixel where asked or where pixels get larger.</summary>
    /// <typeparam name="TPlane">What is sampled.</typeparam>
    public void Sample<TPlane>(TPlane plane, bool always2X2, Span<float> target) where TPlane : struct, ISampledPlane
    {
        bool four = always2X2 || Scale > 1.4f;
        for (int y = 0; y < Pixels; y++)
            for (int x = 0; x < Pixels; x++)
                target[y * Pixels + x] = four
                    ? 0.25f * (At(plane, x + 0.25f, y + 0.25f) + At(plane, x + 0.75f, y + 0.25f) + At(plane, x + 0.25f, y + 0.75f) + At(plane, x + 0.75f, y + 0.75f))
                    : At(plane, x + 0.5f, y + 0.5f);
    }

    /// <summary>The share of each crop pixel that a box covers, in edge coordinates: the tight box of a mask ends one past its last pixel.</summary>
    public void CoverBox(float x0, float y0, float x1, float y1, Span<float> target)
    {
        Span<float> across = stackalloc float[Pixels];
        for (int x = 0; x < Pixels; x++) across[x] = Overlap(OriginX + x * Scale, OriginX + (x + 1) * Scale, x0, x1) / Scale;
        for (int y = 0; y < Pixels; y++)
        {
            float down = Overlap(OriginY + y * Scale, OriginY + (y + 1) * Scale, y0, y1) / Scale;
            for (int x = 0; x < Pixels; x++) target[y * Pixels + x] = down * across[x];
        }
    }

    /// <summary>Adds a click's bump, given in crop coordinates: exp(-d²/8) up to a distance of 6, the larger of it and what is there.</summary>
    public static void AddClick(float cropX, float cropY, Span<float> target, int stride = 1)
    {
        int x0 = Math.Max(0, (int)MathF.Ceiling(cropX - 6)), x1 = Math.Min(Pixels - 1, (int)MathF.Floor(cropX + 6));
        int y0 = Math.Max(0, (int)MathF.Ceiling(cropY - 6)), y1 = Math.Min(Pixels - 1, (int)MathF.Floor(cropY + 6));
        for (int y = y0; y <= y1; y++)
            for (int x = x0; x <= x1; x++)
            {
                float squared = (x - cropX) * (x - cropX) + (y - cropY) * (y - cropY);
                if (squared > 36) continue;
                ref float bump = ref target[(y * Pixels + x) * stride];
                bump = MathF.Max(bump, MathF.Exp(-squared / 8));
            }
    }

    /// <summary>Normalises a sampled slice to mean 0 and deviation 1, clamped to ±4, and gives the numbers used.</summary>
    public static (float Mean, float Deviation) Normalise(Span<float> pixels)
    {
        double sum = 0, squares = 0;
        foreach (float value in pixels)
        {
            sum += value;
            squares += (double)value * value;
        }
        double mean = sum / pixels.Length, variance = squares / pixels.Length - mean * mean;
        float deviation = (float)Math.Sqrt(Math.Max(variance, 1e-4));
        Normalise(pixels, (float)mean, deviation);
        return ((float)mean, deviation);
    }

    /// <summary>Normalises another slice with the same numbers.</summary>
    public static void Normalise(Span<float> pixels, float mean, float deviation)
    {
        foreach (ref float value in pixels) value = Math.Clamp((value - mean) / deviation, -4, 4);
    }

    private float At<TPlane>(TPlane plane, float cropX, float cropY) where TPlane : struct, ISampledPlane
    {
        float x = OriginX + cropX * Scale - 0.5f, y = OriginY + cropY * Scale - 0.5f;
        int left = (int)MathF.Floor(x), top = (int)MathF.Floor(y);
        if (left < -1 || top < -1 || left >= plane.Width || top >= plane.Height) return 0;
        float fx = x - left, fy = y - top;
        float above = Read(plane, left, top) * (1 - fx) + Read(plane, left + 1, top) * fx;
        float below = Read(plane, left, top + 1) * (1 - fx) + Read(plane, left + 1, top + 1) * fx;
        return above * (1 - fy) + below * fy;
    }

    private static float Read<TPlane>(TPlane plane, int x, int y) where TPlane : struct, ISampledPlane =>
        (uint)x < (uint)plane.Width && (uint)y < (uint)plane.Height ? plane.Get(x, y) : 0;

    private static float Overlap(float low, float high, float from, float to) => MathF.Max(0, MathF.Min(high, to) - MathF.Max(low, from));
}

/// <summary>A plane that a crop can be sampled from. A struct, so that sampling is compiled for each kind without calls.</summary>
internal interface ISampledPlane
{
    int Width { get; }

    int Height { get; }

    float Get(int x, int y);
}

/// <summary>A plane of floats.</summary>
internal readonly struct FloatPlane(float[] pixels, int width, int height) : ISampledPlane
{
    public int Width => width;

    public int Height => height;

    public float Get(int x, int y) => pixels[y * width + x];
}

/// <summary>A plane of bytes, 0 or 1.</summary>
internal readonly struct MaskedPlane(byte[] pixels, int width, int height) : ISampledPlane
{
    public int Width => width;

    public int Height => height;

    public float Get(int x, int y) => pixels[y * width + x];
}
