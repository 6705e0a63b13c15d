using SamMed2D.Core.Slices;

namespace SamMed2D.Benchmarks.Rendering;

/// <summary>How alike two pictures of one size are.</summary>
internal static class PictureQuality
{
    /// <summary>Peak signal to noise ratio over all channels, in dB; 99 for equal pictures.</summary>
    public static double PsnrDb(SliceImage a, SliceImage b)
    {
        double squares = 0;
        for (int n = 0; n < a.Pixels.Length; n++)
        {
            double difference = a.Pixels.Span[n] - b.Pixels.Span[n];
            squares += difference * difference;
        }
        return squares == 0 ? 99 : 10 * Math.Log10(255.0 * 255.0 * a.Pixels.Length / squares);
    }

    /// <summary>Structural similarity of the luminances (Z. Wang and others, 2004: Gaussian window of 11 pixels with σ = 1.5), the mean over all pixels.</summary>
    public static double Ssim(SliceImage a, SliceImage b)
    {
        const double c1 = 0.01 * 255 * 0.01 * 255, c2 = 0.03 * 255 * 0.03 * 255;
        double[] x = Luminance(a), y = Luminance(b);
        double[] mx = Blur(x, a), my = Blur(y, a), xx = Blur(Product(x, x), a), yy = Blur(Product(y, y), a), xy = Blur(Product(x, y), a);
        double sum = 0;
        for (int n = 0; n < x.Length; n++)
        {
            double vx = xx[n] - mx[n] * mx[n], vy = yy[n] - my[n] * my[n], covariance = xy[n] - mx[n] * my[n];
            sum += (2 * mx[n] * my[n] + c1) * (2 * covariance + c2) / ((mx[n] * mx[n] + my[n] * my[n] + c1) * (vx + vy + c2));
        }
        return sum / x.Length;
    }

    private static double[] Luminance(SliceImage image)
    {
        double[] values = new double[image.Width * image.Height];
        ReadOnlySpan<byte> p = image.Pixels.Span;
        for (int n = 0; n < values.Length; n++) values[n] = 0.299 * p[3 * n] + 0.587 * p[3 * n + 1] + 0.114 * p[3 * n + 2];
        return values;
    }

    private static double[] Product(double[] a, double[] b)
    {
        double[] product = new double[a.Length];
        for (int n = 0; n < product.Length; n++) product[n] = a[n] * b[n];
        return product;
    }

    private static double[] Blur(double[] values, SliceImage image) => BlurAlong(BlurAlong(values, image, 1, 0), image, 0, 1);

    private static double[] BlurAlong(double[] values, SliceImage image, int dx, int dy)
    {
        double[] blurred = new double[values.Length];
        Span<double> weights = stackalloc double[11];
        double total = 0;
        for (int n = -5; n <= 5; n++) total += weights[n + 5] = Math.Exp(-n * n / (2 * 1.5 * 1.5));
        for (int y = 0; y < image.Height; y++)
            for (int x = 0; x < image.Width; x++)
            {
                double sum = 0;
                for (int n = -5; n <= 5; n++)
                    sum += weights[n + 5] * values[Math.Clamp(y + n * dy, 0, image.Height - 1) * image.Width + Math.Clamp(x + n * dx, 0, image.Width - 1)];
                blurred[y * image.Width + x] = sum / total;
            }
        return blurred;
    }
}
