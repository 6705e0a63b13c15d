using SamMed2D.Core.Prompts;
using SamMed2D.Inference.Models;

namespace SamMed2D.Inference.Focus;

/// <summary>Draws the channels of a focus model's input, as its training did.</summary>
internal static class FocusInput
{
    /// <summary>Slice, box, positive clicks, negative clicks, mask prompt, mask prompt given.</summary>
    private const int PromptChannels = 6;

    /// <summary>The same, and the mask prompt's slice, and mask prompt's slice given.</summary>
    private const int ChannelsWithPicture = 8;

    private const double SupersamplingFrom = 1.4;
    private const double ClickReach = 6;
    private const float SmallestVariance = 1e-4f;
    private const float LargestDeviation = 4;

    /// <summary>The number of channels that a model takes.</summary>
    public static int ChannelsOf(FocusInterface rules) => rules.PreviousPicture ? ChannelsWithPicture : PromptChannels;

    /// <summary>Fills the input of one crop.</summary>
    /// <param name="embedding">The slice.</param>
    /// <param name="crop">Where to look.</param>
    /// <param name="prompts">What to draw.</param>
    /// <param name="rules">The model's sizes.</param>
    /// <param name="input">As many planes of crop size squared as the model has channels.</param>
    public static void Draw(FocusEmbedding embedding, FocusCrop crop, PromptSet prompts, FocusInterface rules, Span<float> input)
    {
        int cropSize = rules.CropSize, plane = cropSize * cropSize;
        Standard standard = DrawSlice(embedding, crop, cropSize, input[..plane]);
        input[plane..].Clear();
        if (prompts.Box is { } box) DrawBox(box, embedding.Canvas, crop, cropSize, input.Slice(plane, plane));
        foreach (PromptPoint point in prompts.Points)
            DrawClick(point, embedding.Canvas, crop, cropSize, input.Slice((point.IsForeground ? 2 : 3) * plane, plane));
        if (prompts.Mask is { } mask)
        {
            using CropSampler sampler = new(crop, cropSize, embedding.Canvas, mask.Width, mask.Height, samples: 2);
            sampler.Sample(mask.Probabilities.Span, mask.Width, factor: 1, input.Slice(4 * plane, plane));
            input.Slice(5 * plane, plane).Fill(1);
            if (rules.PreviousPicture) DrawPreviousPicture(mask, embedding, crop, cropSize, standard, input.Slice(6 * plane, plane), input.Slice(7 * plane, plane));
        }
    }

    /// <summary>The picture beside a mask shows what moved; a mask of this very slice (an answer to be corrected) has nothing to show.</summary>
    private static void DrawPreviousPicture(MaskPrompt mask, FocusEmbedding embedding, FocusCrop crop, int cropSize, Standard standard, Span<float> picture, Span<float> given)
    {
        if (mask.Picture.IsEmpty || mask.Picture.Span.SequenceEqual(embedding.Pixels.Span)) return;
        SamplePicture(mask.Picture.Span, embedding, crop, cropSize, picture);
        standard.Apply(picture);
        given.Fill(1);
    }

    private static void SamplePicture(ReadOnlySpan<byte> picture, FocusEmbedding embedding, FocusCrop crop, int cropSize, Span<float> target)
    {
        int samples = CropSampler.PixelsPerCropPixel(crop, cropSize, embedding.Canvas) > SupersamplingFrom ? 2 : 1;
        using CropSampler sampler = new(crop, cropSize, embedding.Canvas, embedding.Width, embedding.Height, samples);
        sampler.Sample(picture, embedding.Width, factor: 1f / byte.MaxValue, target);
    }

    private static Standard DrawSlice(FocusEmbedding embedding, FocusCrop crop, int cropSize, Span<float> target)
    {
        SamplePicture(embedding.Pixels.Span, embedding, crop, cropSize, target);
        double sum = 0, squares = 0;
        foreach (float value in target)
        {
            sum += value;
            squares += (double)value * value;
        }
        float mean = (float)(sum / target.Length);
        float variance = (float)(squares / target.Length - sum / target.Length * (sum / target.Length));
        Standard standard = new(mean, 1 / MathF.Sqrt(MathF.Max(variance, SmallestVariance)));
        standard.Apply(target);
        return standard;
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

    /// <summary>How greys become the network's numbers: mean 0 and deviation 1 over the slice's crop.</summary>
    private readonly record struct Standard(float Mean, float Scale)
    {
        public void Apply(Span<float> target)
        {
            for (int n = 0; n < target.Length; n++)
                target[n] = Math.Clamp((target[n] - Mean) * Scale, -LargestDeviation, LargestDeviation);
        }
    }
}
