using System.Buffers;
using System.Numerics.Tensors;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Pictures;

namespace SamMed2D.Inference.Sam;

/// <summary>Takes masks between a slice's pixels and a SAM decoder's low resolution.</summary>
internal static class SamMasks
{
    // Logits of ±6.9; a mask drawn by hand is no surer than a model's own.
    private const float Surest = 0.999f;

    /// <summary>
    /// Low-resolution logits as probabilities on the slice, in the reference's two steps: bilinear to the square input, then without its
    /// padding bilinear to the slice.
    /// </summary>
    /// <param name="logits">Square, row by row.</param>
    /// <param name="maskSize">Length of a side.</param>
    /// <param name="fit">The slice's place in the square input.</param>
    /// <param name="probabilities">Takes Width × Height numbers.</param>
    public static void ToSlice(ReadOnlySpan<float> logits, int maskSize, SamFit fit, Span<float> probabilities)
    {
        int square = fit.ImageSize, width = fit.Width;
        using LinearAxis columnsUp = LinearAxis.Resize(maskSize, square), rowsUp = LinearAxis.Resize(maskSize, square);
        using LinearAxis columns = LinearAxis.Resize(fit.ContentWidth, width, fit.Left), rows = LinearAxis.Resize(fit.ContentHeight, fit.Height, fit.Top);
        float[] wide = ArrayPool<float>.Shared.Rent(maskSize * square), narrow = ArrayPool<float>.Shared.Rent(maskSize * width);
        float[] tall = ArrayPool<float>.Shared.Rent(square * width);
        columnsUp.ResampleColumns(logits, maskSize, maskSize, wide);
        columns.ResampleColumns(wide, square, maskSize, narrow);
        for (int y = fit.Top; y < fit.Top + fit.ContentHeight; y++) rowsUp.ResampleRow(narrow, width, y, tall.AsSpan(y * width, width));
        for (int y = 0; y < fit.Height; y++)
        {
            Span<float> row = probabilities.Slice(y * width, width);
            rows.ResampleRow(tall, width, y, row);
            TensorPrimitives.Sigmoid(row, row);
        }
        ArrayPool<float>.Shared.Return(wide);
        ArrayPool<float>.Shared.Return(narrow);
        ArrayPool<float>.Shared.Return(tall);
    }

    /// <summary>Probabilities on the slice as a decoder's mask prompt: averaged over each low-resolution pixel, in the decoder's domain.</summary>
    /// <param name="probabilities">Width × Height numbers.</param>
    /// <param name="fit">The slice's place in the square input.</param>
    /// <param name="maskSize">Length of a side of the prompt.</param>
    /// <param name="domain">The decoder's domain.</param>
    /// <param name="target">maskSize² numbers.</param>
    public static void ToPrompt(ReadOnlySpan<float> probabilities, SamFit fit, int maskSize, MaskPromptDomain domain, Span<float> target)
    {
        double unit = (double)fit.ImageSize / maskSize;
        AveragingAxis columns = new(-fit.Left * (double)fit.Width / fit.ContentWidth, unit * fit.Width / fit.ContentWidth, maskSize, fit.Width);
        AveragingAxis rows = new(-fit.Top * (double)fit.Height / fit.ContentHeight, unit * fit.Height / fit.ContentHeight, maskSize, fit.Height);
        float[] narrow = ArrayPool<float>.Shared.Rent(fit.Height * maskSize);
        columns.AverageColumns(probabilities, fit.Height, narrow);
        for (int y = 0; y < maskSize; y++) rows.AverageRow(narrow, maskSize, y, target.Slice(y * maskSize, maskSize));
        ArrayPool<float>.Shared.Return(narrow);
        if (domain == MaskPromptDomain.Probability) return;
        for (int n = 0; n < target.Length; n++)
        {
            float probability = Math.Clamp(target[n], 1 - Surest, Surest);
            target[n] = MathF.Log(probability / (1 - probability));
        }
    }
}
