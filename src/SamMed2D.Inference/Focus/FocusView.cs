using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using SamMed2D.Core.Prompts;
using SamMed2D.Inference.Pictures;

namespace SamMed2D.Inference.Focus;

/// <summary>
/// What a focus model sees through a crop, drawn one channel at a time, for predicting and for training alike. A channel is a plane of crop pixels, row by
/// row, which drawing overwrites.
/// </summary>
/// <param name="Crop">Where to look.</param>
/// <param name="CropSize">Crop pixels along a side.</param>
/// <param name="Canvas">The slice's canvas.</param>
public readonly record struct FocusView(FocusCrop Crop, int CropSize, FocusCanvas Canvas)
{
    private const double SupersamplingFrom = 1.4;
    private const double ClickReach = 6;

    private double Unit => Crop.Side / CropSize;

    /// <summary>Draws a picture, 0 beyond its edges; finer where crop pixels are larger than the picture's.</summary>
    /// <param name="picture">Greys, row by row.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="factor">What greys are multiplied by.</param>
    /// <param name="plane">Receives the channel.</param>
    public void DrawPicture<T>(ReadOnlySpan<T> picture, int width, int height, float factor, Span<float> plane) where T : unmanaged, INumberBase<T> =>
        Sample(picture, width, height, CropSampler.PixelsPerCropPixel(Crop, CropSize, Canvas) > SupersamplingFrom ? 2 : 1, factor, plane);

    /// <summary>Draws a mask: the share of each crop pixel that it covers.</summary>
    /// <param name="mask">0 to 1 a pixel, row by row.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="plane">Receives the channel.</param>
    public void DrawMask<T>(ReadOnlySpan<T> mask, int width, int height, Span<float> plane) where T : unmanaged, INumberBase<T> =>
        Sample(mask, width, height, samples: 2, factor: 1, plane);

    /// <summary>Draws a box: the share of each crop pixel that it covers.</summary>
    /// <param name="box">In pixels of the slice.</param>
    /// <param name="plane">Receives the channel.</param>
    public void DrawBox(PromptBox box, Span<float> plane)
    {
        (double x0, double x1) = ((box.X0 * Canvas.ScaleX - Crop.X) / Unit, (box.X1 * Canvas.ScaleX - Crop.X) / Unit);
        (double y0, double y1) = ((box.Y0 * Canvas.ScaleY - Crop.Y) / Unit, (box.Y1 * Canvas.ScaleY - Crop.Y) / Unit);
        for (int y = 0; y < CropSize; y++)
        {
            double rowShare = Math.Max(Math.Min(y1, y + 1) - Math.Max(y0, y), 0);
            for (int x = 0; x < CropSize; x++)
                plane[y * CropSize + x] = (float)(rowShare * Math.Max(Math.Min(x1, x + 1) - Math.Max(x0, x), 0));
        }
    }

    /// <summary>Adds a click to a channel: a bump of height 1 where the larger of it and what is there stays.</summary>
    /// <param name="x">Column of the slice; whole numbers are pixel centres.</param>
    /// <param name="y">Row of the slice.</param>
    /// <param name="plane">The channel.</param>
    /// <param name="stride">Numbers from one of its pixels to the next.</param>
    public void AddClick(double x, double y, Span<float> plane, int stride = 1) =>
        AddClickOnCrop(((x + 0.5) * Canvas.ScaleX - Crop.X) / Unit - 0.5, ((y + 0.5) * Canvas.ScaleY - Crop.Y) / Unit - 0.5, CropSize, plane, stride);

    /// <summary>Adds a click that is given in crop pixels.</summary>
    /// <param name="x">Column of the crop; whole numbers are pixel centres.</param>
    /// <param name="y">Row of the crop.</param>
    /// <param name="cropSize">Crop pixels along a side.</param>
    /// <param name="plane">The channel.</param>
    /// <param name="stride">Numbers from one of its pixels to the next.</param>
    public static void AddClickOnCrop(double x, double y, int cropSize, Span<float> plane, int stride = 1)
    {
        for (int row = (int)Math.Max(Math.Ceiling(y - ClickReach), 0); row <= Math.Min(y + ClickReach, cropSize - 1); row++)
            for (int column = (int)Math.Max(Math.Ceiling(x - ClickReach), 0); column <= Math.Min(x + ClickReach, cropSize - 1); column++)
            {
                double squared = (column - x) * (column - x) + (row - y) * (row - y);
                if (squared > ClickReach * ClickReach) continue;
                ref float value = ref plane[(row * cropSize + column) * stride];
                value = Math.Max(value, (float)Math.Exp(-squared / 8));
            }
    }

    /// <summary>Lays what the network answered over the slice, bilinearly, as probabilities; outside the crop is background.</summary>
    /// <param name="logits">A plane of crop pixels.</param>
    /// <param name="width">Columns of the slice.</param>
    /// <param name="height">Its rows.</param>
    /// <param name="probabilities">Receives width × height numbers, row by row.</param>
    public void Paste(ReadOnlySpan<float> logits, int width, int height, Span<float> probabilities)
    {
        probabilities.Clear();
        (int x0, int x1) = PixelsWithin(Crop.X, Canvas.ScaleX, width);
        (int y0, int y1) = PixelsWithin(Crop.Y, Canvas.ScaleY, height);
        if (x0 >= x1 || y0 >= y1) return;
        using LinearAxis columns = AxisOf(Crop.X, Canvas.ScaleX, x0, x1), rows = AxisOf(Crop.Y, Canvas.ScaleY, y0, y1);
        float[] wide = ArrayPool<float>.Shared.Rent(CropSize * columns.Count);
        columns.ResampleColumns(logits, CropSize, CropSize, wide);
        for (int y = y0; y < y1; y++)
        {
            Span<float> row = probabilities.Slice(y * width + x0, columns.Count);
            rows.ResampleRow(wide, columns.Count, y - y0, row);
            TensorPrimitives.Sigmoid(row, row);
        }
        ArrayPool<float>.Shared.Return(wide);
    }

    // Slice pixels whose centres lie in the crop.
    private (int First, int End) PixelsWithin(double origin, double scale, int length) => (
        (int)Math.Clamp(Math.Ceiling(origin / scale - 0.5), 0, length),
        (int)Math.Clamp(Math.Ceiling((origin + Crop.Side) / scale - 0.5), 0, length));

    private LinearAxis AxisOf(double origin, double scale, int first, int end) =>
        new(((first + 0.5) * scale - origin) / Unit - 0.5, scale / Unit, end - first, CropSize);

    private void Sample<T>(ReadOnlySpan<T> picture, int width, int height, int samples, float factor, Span<float> plane) where T : unmanaged, INumberBase<T>
    {
        using CropSampler sampler = new(Crop, CropSize, Canvas, width, height, samples);
        sampler.Sample(picture, width, factor, plane);
    }
}

/// <summary>How greys become the network's numbers: mean 0 and deviation 1 over the slice's crop, at most 4 from 0.</summary>
/// <param name="Mean">Taken from every grey.</param>
/// <param name="Scale">What is left is multiplied by it.</param>
public readonly record struct FocusStandard(float Mean, float Scale)
{
    private const float SmallestVariance = 1e-4f;
    private const float LargestDeviation = 4;

    /// <summary>The standard of a slice's crop.</summary>
    public static FocusStandard Of(ReadOnlySpan<float> plane)
    {
        double sum = 0, squares = 0;
        foreach (float value in plane)
        {
            sum += value;
            squares += (double)value * value;
        }
        double mean = sum / plane.Length;
        float variance = (float)(squares / plane.Length - mean * mean);
        return new((float)mean, 1 / MathF.Sqrt(MathF.Max(variance, SmallestVariance)));
    }

    /// <summary>Brings a plane to the standard, in place.</summary>
    public void Apply(Span<float> plane)
    {
        foreach (ref float value in plane) value = Math.Clamp((value - Mean) * Scale, -LargestDeviation, LargestDeviation);
    }
}
