using System.Numerics;
using System.Runtime.InteropServices;

namespace SamMed2D.Training.Scenes;

/// <summary>Operations on square float planes of <see cref="Scene.Size"/> pixels a side, row by row.</summary>
internal static class Plane
{
    private const int Size = Scene.Size;

    /// <summary>Smooth noise of mean about 0 and deviation about 1: random numbers on a coarse grid, interpolated with smooth steps.</summary>
    /// <param name="random">Where the numbers come from.</param>
    /// <param name="cell">Distance between grid points in pixels.</param>
    /// <param name="target">Receives the noise.</param>
    public static void FillSmoothNoise(RandomSource random, float cell, Span<float> target)
    {
        int grid = (int)(Size / cell) + 3;
        float[] points = new float[grid * grid];
        for (int n = 0; n < points.Length; n++) points[n] = 1.5f * random.RoughNormal();
        float shiftX = random.Unit(), shiftY = random.Unit();
        Span<int> left = stackalloc int[Size];
        Span<float> weight = stackalloc float[Size];
        for (int x = 0; x < Size; x++)
        {
            float g = x / cell + shiftX;
            left[x] = (int)g;
            weight[x] = SmoothStep(g - left[x]);
        }
        for (int y = 0; y < Size; y++)
        {
            float g = y / cell + shiftY;
            int top = (int)g;
            float down = SmoothStep(g - top);
            ReadOnlySpan<float> above = points.AsSpan(top * grid, grid), below = points.AsSpan((top + 1) * grid, grid);
            Span<float> row = target.Slice(y * Size, Size);
            for (int x = 0; x < Size; x++)
            {
                int l = left[x];
                float a = above[l] + (above[l + 1] - above[l]) * weight[x], b = below[l] + (below[l + 1] - below[l]) * weight[x];
                row[x] = a + (b - a) * down;
            }
        }
    }

    /// <summary>Gaussian blur separable, edges repeated; sigmas in pixels, below 0.2 does nothing along that axis.</summary>
    public static void Blur(Span<float> plane, float sigmaX, float sigmaY)
    {
        float[] row = new float[Size];
        if (sigmaX >= 0.2f)
        {
            float[] kernel = GaussianKernel(sigmaX);
            for (int y = 0; y < Size; y++)
            {
                Span<float> line = plane.Slice(y * Size, Size);
                Convolve(line, row, kernel);
                row.CopyTo(line);
            }
        }
        if (sigmaY >= 0.2f) BlurColumns(plane, GaussianKernel(sigmaY));
    }

    /// <summary>Lowers the resolution along each axis by box averaging to a coarser grid and interpolating back.</summary>
    public static void Coarsen(Span<float> plane, float factorX, float factorY)
    {
        int width = Math.Max(16, (int)(Size / factorX)), height = Math.Max(16, (int)(Size / factorY));
        float[] coarse = new float[width * height];
        int[] count = new int[width * height];
        for (int y = 0; y < Size; y++)
            for (int x = 0; x < Size; x++)
            {
                int cell = y * height / Size * width + x * width / Size;
                coarse[cell] += plane[y * Size + x];
                count[cell]++;
            }
        for (int n = 0; n < coarse.Length; n++) coarse[n] /= Math.Max(1, count[n]);
        for (int y = 0; y < Size; y++)
        {
            float v = Math.Clamp((y + 0.5f) * height / Size - 0.5f, 0, height - 1);
            int top = Math.Min((int)v, height - 2);
            for (int x = 0; x < Size; x++)
            {
                float u = Math.Clamp((x + 0.5f) * width / Size - 0.5f, 0, width - 1);
                int left = Math.Min((int)u, width - 2);
                float fx = u - left, fy = v - top;
                int at = top * width + left;
                float a = coarse[at] + (coarse[at + 1] - coarse[at]) * fx, b = coarse[at + width] + (coarse[at + width + 1] - coarse[at + width]) * fx;
                plane[y * Size + x] = a + (b - a) * fy;
            }
        }
    }

    private static void AddScaled(ReadOnlySpan<float> from, float factor, Span<float> row)
    {
        ReadOnlySpan<Vector<float>> source = MemoryMarshal.Cast<float, Vector<float>>(from);
        Span<Vector<float>> target = MemoryMarshal.Cast<float, Vector<float>>(row);
        for (int n = 0; n < target.Length; n++) target[n] += source[n] * factor;
    }

    private static float SmoothStep(float t) => t * t * (3 - 2 * t);

    private static float[] GaussianKernel(float sigma)
    {
        int radius = Math.Max(1, (int)MathF.Ceiling(2.5f * sigma));
        float[] kernel = new float[2 * radius + 1];
        float sum = 0;
        for (int n = -radius; n <= radius; n++) sum += kernel[n + radius] = MathF.Exp(-n * n / (2 * sigma * sigma));
        for (int n = 0; n < kernel.Length; n++) kernel[n] /= sum;
        return kernel;
    }

    private static void Convolve(ReadOnlySpan<float> line, Span<float> result, ReadOnlySpan<float> kernel)
    {
        int radius = kernel.Length / 2;
        for (int x = 0; x < line.Length; x++)
        {
            float sum = 0;
            if (x >= radius && x < line.Length - radius)
                for (int n = 0; n < kernel.Length; n++) sum += kernel[n] * line[x + n - radius];
            else
                for (int n = 0; n < kernel.Length; n++) sum += kernel[n] * line[Math.Clamp(x + n - radius, 0, line.Length - 1)];
            result[x] = sum;
        }
    }

    private static void BlurColumns(Span<float> plane, ReadOnlySpan<float> kernel)
    {
        float[] source = plane.ToArray();
        int radius = kernel.Length / 2;
        for (int y = 0; y < Size; y++)
        {
            Span<float> row = plane.Slice(y * Size, Size);
            row.Clear();
            for (int n = 0; n < kernel.Length; n++)
            {
                ReadOnlySpan<float> from = source.AsSpan(Math.Clamp(y + n - radius, 0, Size - 1) * Size, Size);
                AddScaled(from, kernel[n], row);
            }
        }
    }
}
