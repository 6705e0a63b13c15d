using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Inference.Models;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Inference.Focus;

/// <summary>Where the network looks: chooses the crop for a set of prompts.</summary>
internal sealed class FocusFraming(FocusInterface rules)
{
    /// <summary>The crop for prompts that say how large the object is: a box, else the mask's own box; null where only clicks are given.</summary>
    public FocusCrop? FrameOf(PromptSet prompts, FocusCanvas canvas)
    {
        PromptBox? box = prompts.Box ?? (prompts.Mask is { } mask ? BoxOf(mask) : null);
        if (box is not { } found) return null;
        Frame frame = new(found.X0 * canvas.ScaleX, found.Y0 * canvas.ScaleY, found.X1 * canvas.ScaleX, found.Y1 * canvas.ScaleY);
        double factor = prompts.Mask is null ? rules.BoxFactor : rules.MaskFactor;
        FocusCrop crop = FocusCrop.Around(frame, ClampSide(factor * frame.LongerSide));
        // A click on the object that the crop would miss widens it; without such clicks the crop is the one of training.
        foreach (PromptPoint point in prompts.Points)
            if (point.IsForeground && !Contains(crop, point, canvas)) frame = Including(frame, point, canvas);
        return FocusCrop.Around(frame, ClampSide(factor * frame.LongerSide));
    }

    /// <summary>The first crop for clicks alone.</summary>
    public FocusCrop FirstFrameOf(IReadOnlyList<PromptPoint> clicks, FocusCanvas canvas)
    {
        Frame frame = FrameOfClicks(clicks, canvas);
        return FocusCrop.Around(frame, ClampSide(Math.Max(rules.FirstClickSide, rules.BoxFactor * frame.LongerSide)));
    }

    /// <summary>The second crop for clicks alone: round the largest component that the first one found; null where it found nothing.</summary>
    /// <param name="first">The first crop.</param>
    /// <param name="logits">What the network answered on it.</param>
    /// <param name="clicks">All clicks.</param>
    /// <param name="canvas">The slice's canvas.</param>
    public FocusCrop? SecondFrameOf(FocusCrop first, ReadOnlySpan<float> logits, IReadOnlyList<PromptPoint> clicks, FocusCanvas canvas)
    {
        MaskPlane found = new(rules.CropSize, rules.CropSize);
        for (int n = 0; n < found.Pixels.Length; n++) found.Pixels[n] = logits[n] > 0 ? (byte)1 : (byte)0;
        if (SlicePieces.FindLargest(found)?.BoundsIn(rules.CropSize) is not { } bounds) return null;
        double unit = first.Side / rules.CropSize;
        Frame frame = new(first.X + bounds.X0 * unit, first.Y + bounds.Y0 * unit, first.X + bounds.X1 * unit, first.Y + bounds.Y1 * unit);
        double longer = frame.LongerSide;
        foreach (PromptPoint click in clicks) frame = Including(frame, click, canvas);
        double side = Math.Max(rules.MaskFactor * longer, frame.LongerSide);
        return FocusCrop.Around(frame, ClampSide(Math.Max(side, rules.SecondClickMinimumSide)));
    }

    private double ClampSide(double side) => Math.Clamp(side, rules.MinimumSide, rules.MaximumSide);

    private static Frame FrameOfClicks(IReadOnlyList<PromptPoint> clicks, FocusCanvas canvas)
    {
        bool hasForeground = clicks.Any(click => click.IsForeground);
        Frame? frame = null;
        foreach (PromptPoint click in clicks)
        {
            if (hasForeground && !click.IsForeground) continue;
            (double x, double y) = ToCanvas(click, canvas);
            frame = frame?.Including(x, y) ?? new Frame(x, y, x, y);
        }
        return frame!.Value;
    }

    private static Frame Including(Frame frame, PromptPoint point, FocusCanvas canvas)
    {
        (double x, double y) = ToCanvas(point, canvas);
        return frame.Including(x, y);
    }

    private static bool Contains(FocusCrop crop, PromptPoint point, FocusCanvas canvas)
    {
        (double x, double y) = ToCanvas(point, canvas);
        return x >= crop.X && x < crop.X + crop.Side && y >= crop.Y && y < crop.Y + crop.Side;
    }

    private static (double X, double Y) ToCanvas(PromptPoint point, FocusCanvas canvas) =>
        ((point.X + 0.5) * canvas.ScaleX, (point.Y + 0.5) * canvas.ScaleY);

    private static PromptBox? BoxOf(MaskPrompt mask)
    {
        ReadOnlySpan<float> values = mask.Probabilities.Span;
        int x0 = mask.Width, y0 = mask.Height, x1 = 0, y1 = 0;
        for (int y = 0; y < mask.Height; y++)
        {
            ReadOnlySpan<float> row = values.Slice(y * mask.Width, mask.Width);
            int first = 0;
            while (first < row.Length && row[first] <= 0.5f) first++;
            if (first == row.Length) continue;
            int last = row.Length - 1;
            while (row[last] <= 0.5f) last--;
            (x0, x1) = (Math.Min(x0, first), Math.Max(x1, last + 1));
            (y0, y1) = (Math.Min(y0, y), y + 1);
        }
        return x1 == 0 ? null : new(x0, y0, x1, y1);
    }
}
