using System.Buffers;
using SamMed2D.Core.Slices;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Pictures;

namespace SamMed2D.Inference.Sam;

/// <summary>Makes a SAM encoder's input of a slice: fitted, normalised, three planes.</summary>
public static class SamImage
{
    /// <summary>Fills the input.</summary>
    /// <param name="image">The slice.</param>
    /// <param name="fit">Its place in the square.</param>
    /// <param name="preprocessing">Means and deviations.</param>
    /// <param name="target">Three planes of ImageSize² numbers: red, green, blue.</param>
    public static void Fill(SliceImage image, SamFit fit, ImagePreprocessing preprocessing, Span<float> target)
    {
        int plane = fit.ImageSize * fit.ImageSize;
        if (fit.ContentWidth != fit.ImageSize || fit.ContentHeight != fit.ImageSize) target.Clear();
        Span<float> normalised = stackalloc float[256];
        for (int channel = 0; channel < 3; channel++)
        {
            for (int value = 0; value < 256; value++)
                normalised[value] = (value - preprocessing.Mean[channel]) / preprocessing.Std[channel];
            ReadOnlySpan<byte> source = image.Pixels.Span[(image.Channels == 1 ? 0 : channel)..];
            if (fit.IsSmooth) FillSmooth(source, image.Channels, fit, normalised, target.Slice(channel * plane, plane));
            else FillNearest(source, image.Channels, fit, normalised, target.Slice(channel * plane, plane));
        }
    }

    private static void FillNearest(ReadOnlySpan<byte> source, int channels, SamFit fit, ReadOnlySpan<float> normalised, Span<float> target)
    {
        for (int y = 0; y < fit.ContentHeight; y++)
        {
            ReadOnlySpan<byte> row = source[((int)((long)y * fit.Height / fit.ContentHeight) * fit.Width * channels)..];
            Span<float> to = target.Slice((fit.Top + y) * fit.ImageSize + fit.Left, fit.ContentWidth);
            for (int x = 0; x < to.Length; x++) to[x] = normalised[row[(int)((long)x * fit.Width / fit.ContentWidth) * channels]];
        }
    }

    // Normalising is linear, so it may come before interpolating.
    private static void FillSmooth(ReadOnlySpan<byte> source, int channels, SamFit fit, ReadOnlySpan<float> normalised, Span<float> target)
    {
        float[] pixels = ArrayPool<float>.Shared.Rent(fit.Width * fit.Height), wide = ArrayPool<float>.Shared.Rent(fit.ContentWidth * fit.Height);
        for (int n = 0; n < fit.Width * fit.Height; n++) pixels[n] = normalised[source[n * channels]];
        using LinearAxis columns = LinearAxis.Resize(fit.Width, fit.ContentWidth), rows = LinearAxis.Resize(fit.Height, fit.ContentHeight);
        columns.ResampleColumns(pixels, fit.Width, fit.Height, wide);
        for (int y = 0; y < fit.ContentHeight; y++)
            rows.ResampleRow(wide, fit.ContentWidth, y, target.Slice((fit.Top + y) * fit.ImageSize + fit.Left, fit.ContentWidth));
        ArrayPool<float>.Shared.Return(pixels);
        ArrayPool<float>.Shared.Return(wide);
    }
}
