using System.Globalization;
using System.Numerics.Tensors;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Prompts;

namespace SamMed2D.Inference.Pictures;

/// <summary>What prompts must satisfy before a model sees them.</summary>
internal static class PromptRules
{
    /// <summary>Checks all prompts against a slice.</summary>
    /// <returns>The prompts, with the part of the box that lies off the slice cut away.</returns>
    /// <exception cref="InvalidPromptException">There is no prompt, or one is outside the slice, not finite, or of another size.</exception>
    public static PromptSet Check(PromptSet prompts, int width, int height)
    {
        if (prompts.IsEmpty) throw new InvalidPromptException("there is no prompt; give a box, a point or a mask");
        foreach (PromptPoint point in prompts.Points) CheckPoint(point, width, height);
        if (prompts.Mask is { } mask) CheckMask(mask, width, height);
        if (prompts.Box is not { } box) return prompts;
        PromptBox clipped = CheckBox(box, width, height);
        return clipped == box ? prompts : prompts with { Box = clipped };
    }

    private static void CheckPoint(PromptPoint point, int width, int height)
    {
        if (point.X >= -0.5 && point.X <= width - 0.5 && point.Y >= -0.5 && point.Y <= height - 0.5) return;
        throw new InvalidPromptException(Text($"the point ({point.X}, {point.Y}) is not on the slice of {width}×{height} pixels; give a point on it"));
    }

    private static PromptBox CheckBox(PromptBox box, int width, int height)
    {
        PromptBox clipped = new(Math.Max(box.X0, 0), Math.Max(box.Y0, 0), Math.Min(box.X1, width), Math.Min(box.Y1, height));
        bool isFinite = double.IsFinite(box.X0 + box.Y0 + box.X1 + box.Y1);
        if (isFinite && clipped.X0 < clipped.X1 && clipped.Y0 < clipped.Y1) return clipped;
        string problem = isFinite && box.X0 < box.X1 && box.Y0 < box.Y1
            ? Text($"is not on the slice of {width}×{height} pixels")
            : "has no area (its first corner is the upper left one, its second lies beyond the last pixel)";
        throw new InvalidPromptException(Text($"the box ({box.X0}, {box.Y0}, {box.X1}, {box.Y1}) {problem}; give a box on it"));
    }

    private static void CheckMask(MaskPrompt mask, int width, int height)
    {
        if (mask.Width != width || mask.Height != height)
            throw new InvalidPromptException($"the mask has {mask.Width}×{mask.Height} pixels, the slice {width}×{height}; give a mask of the slice's size");
        if (mask.Probabilities.Length != checked(width * height))
            throw new InvalidPromptException($"the mask holds {mask.Probabilities.Length} numbers for {width}×{height} pixels");
        if (!mask.Picture.IsEmpty && mask.Picture.Length != mask.Probabilities.Length)
            throw new InvalidPromptException($"the mask's picture holds {mask.Picture.Length} numbers for {width}×{height} pixels");
        if (!float.IsFinite(TensorPrimitives.Sum(mask.Probabilities.Span)))
            throw new InvalidPromptException("the mask holds numbers that are not finite; give probabilities from 0 to 1");
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
