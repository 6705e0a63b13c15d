using SamMed2D.Core.Prompts;

namespace SamMed2D.Inference.Focus;

/// <summary>Draws the six channels of a focus model's input, as its training did.</summary>
internal static class FocusInput
{
    /// <summary>Slice, box, positive clicks, negative clicks, mask prompt, mask prompt given.</summary>
    public const int Channels = 6;

    private const double SupersamplingFrom = 1.4;
    private const double ClickReach = 6;
    private const float SmallestVariance = 1e-4f;
    private const float LargestDeviation = 4;

    /// <summary>Fills the input of one crop.</summary>
    /// <param name="embedding">The slice.</param>
    /// <param name="crop">Where to look.</param>
    /// <param name="prompts">What to draw.</param>
    /// <param name="cropSize">Crop pixels along a side.</param>
    /// <param name="input">Six planes of <paramref name="cropSize"/>² numbers.</param>
    public static void Draw(FocusEmbedding embedding, FocusCrop crop, PromptSet prompts, int cropSize, Span<float> input)
    {
        int plane = cropSize * cropSize;
        DrawSlice(embedding, crop, cropSize, input[..plane]);
        input[plane..].Clear();
        if (prompts.Box is { } box) DrawBox(box, embedding.Canvas, crop, cropSize, input.Slice(plane, plane));
        foreach (PromptPoint point in prompts.Points)
            DrawClick(point, embedding.Canvas, crop, cropSize, input.Slice((point.IsForeground ? 2 : 3) * plane, plane));
        if (prompts.Mask is { } mask)
        {
            CropSampler sampler = new(crop, cropSize, embedding.Canvas, mask.Width, mask.Height, samples: 2);
            sampler.Sample(mask.Probabilities.Span, mask.Width, factor: 1, input.Slice(4 * plane, plane));
            input.Slice(5 * plane, plane).Fill(1);
        }
    }

    private static void DrawSlice(FocusEmbedding embedding, FocusCrop crop, int cropSize, Span<float> target)
    {
        int samples = CropSampler.PixelsPerCropPixel(crop, cropSize, embedding.Canvas) > SupersamplingFrom ? 2 : 1;
        CropSampler sampler = new(crop, cropSize, embedding.Canvas, embedding.Width, embedding.Height, samples);
        sampler.Sample(embedding.Pixels.Span, embedding.Width, factor: 1f / byte.MaxValue, target);
        double sum = 0, squares = 0;
        foreach (float value in target)
        {
            sum += value;
            squares += (double)value * value;
        }
        float mean = (float)(sum / target.Length);
        float variance = (float)(squares / target.Length - sum / target.Length * (sum / target.Length));
        float scale = 1 / MathF.Sqrt(MathF.Max(variance, SmallestVariance));
        for (int n = 0; n < target.Length; n++)
            target[n] = Math.Clamp((target[n] - mean) * scale, -LargestDeviation, LargestDeviation);
    }

    private static void DrawBox(PromptBox box, FocusCanvas canvas, FocusCrop crop, int cropSize, Span<float> target)
    {
        double unit = crop.Side / cropSize;
        (double x0, double x1) = ((box.X0 * canvas.ScaleX - crop.X) / unit, (box.X1 * canvas.ScaleX - crop.X) / unit);
        (double y0, double y1) = ((box.Y0 * canvas.ScaleY - crop.Y) / unit, (box.Y1 * canvas.ScaleY - crop.Y) / unit);
        for (int y = 0; y < cropSize; y++)
        {
            double rowShare = Math.Max(Math.Min(y1, y + 1) - Math.Max(y0, y), 0);
            if (rowShare == 0) continue;
            for (int x = 0; x < cropSize; x++)
                target[y * cropSize + x] = (float)(rowShare * Math.Max(Math.Min(x1, x + 1) - Math.Max(x0, x), 0));
        }
    }

    private static void DrawClick(PromptPoint point, FocusCanvas canvas, FocusCrop crop, int cropSize, Span<float> target)
    {
        double unit = crop.Side / cropSize;
        // Crop pixel centres are whole numbers here.
        double centreX = ((point.X + 0.5) * canvas.ScaleX - crop.X) / unit - 0.5;
        double centreY = ((point.Y + 0.5) * canvas.ScaleY - crop.Y) / unit - 0.5;
        for (int y = (int)Math.Max(Math.Ceiling(centreY - ClickReach), 0); y <= Math.Min(centreY + ClickReach, cropSize - 1); y++)
            for (int x = (int)Math.Max(Math.Ceiling(centreX - ClickReach), 0); x <= Math.Min(centreX + ClickReach, cropSize - 1); x++)
            {
                double squared = (x - centreX) * (x - centreX) + (y - centreY) * (y - centreY);
                if (squared > ClickReach * ClickReach) continue;
                ref float value = ref target[y * cropSize + x];
                value = Math.Max(value, (float)Math.Exp(-squared / 8));
            }
    }
}
