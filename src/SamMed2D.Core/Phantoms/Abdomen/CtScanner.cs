using SamMed2D.Core.Geometry;

namespace SamMed2D.Core.Phantoms.Abdomen;

/// <summary>What a CT scanner does to the truth: the blur of its kernel, and noise correlated over neighbouring pixels, stronger deep in the body.</summary>
internal static class CtScanner
{
    private const double NoiseHu = 11;

    /// <summary>Turns Hounsfield units into what is stored.</summary>
    public static short[] Scan(VolumeGeometry geometry, float[] values, uint seed)
    {
        short[] voxels = new short[values.Length];
        int width = geometry.SizeI, height = geometry.SizeJ, pixels = width * height;
        Parallel.For(0, geometry.SizeK, k =>
        {
            float[] noise = new float[pixels], slice = values.AsSpan(k * pixels, pixels).ToArray();
            for (int n = 0; n < pixels; n++) noise[n] = (float)PhantomRandom.GaussianAt(seed, (long)k * pixels + n);
            Blur(noise, width, height, 0.26f);
            Blur(slice, width, height, 0.10f);
            for (int n = 0; n < pixels; n++)
            {
                double x = (n % width - width / 2.0) / (width / 2.0), y = (n / width - height / 2.0) / (height / 2.0);
                // Blurring by (w, 1-2w, w) both ways has scaled the noise by the sum of the squared weights.
                double sigma = NoiseHu * (1.25 - 0.5 * Math.Min(1, x * x + y * y)) / (0.26 * 0.26 * 2 + 0.48 * 0.48);
                voxels[k * pixels + n] = (short)Math.Clamp(Math.Floor(slice[n] + sigma * noise[n] + 0.5), -1024, 3071);
            }
        });
        return voxels;
    }

    private static void Blur(float[] pixels, int width, int height, float side)
    {
        float middle = 1 - 2 * side;
        for (int y = 0; y < height; y++)
        {
            Span<float> row = pixels.AsSpan(y * width, width);
            float before = row[0];
            for (int x = 0; x < width; x++)
            {
                float here = row[x], after = row[Math.Min(x + 1, width - 1)];
                row[x] = middle * here + side * (before + after);
                before = here;
            }
        }
        for (int x = 0; x < width; x++)
        {
            float before = pixels[x];
            for (int y = 0; y < height; y++)
            {
                float here = pixels[y * width + x], after = pixels[Math.Min(y + 1, height - 1) * width + x];
                pixels[y * width + x] = middle * here + side * (before + after);
                before = here;
            }
        }
    }
}
