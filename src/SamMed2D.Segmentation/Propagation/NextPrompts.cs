using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>Makes the prompts for a slice from the mask of its neighbour.</summary>
internal static class NextPrompts
{
    // Bits, not HasFlag: until the runtime has optimised this method, that would box both sides on every slice.
    public static PromptSet From(MaskPrompt mask, MaskShape shape, PromptStrategy strategy, PropagationOptions options) => new()
    {
        Mask = (strategy & PromptStrategy.Mask) != 0 ? mask : null,
        Box = (strategy & PromptStrategy.Box) != 0 ? Grow(shape.Bounds, options.BoxMargin, mask.Width, mask.Height) : null,
        Points = (strategy & PromptStrategy.Points) != 0 ? InteriorPoints.Find(shape.Plane, options.PointCount) : Array.Empty<PromptPoint>(),
    };

    private static PromptBox Grow(PixelRectangle box, double margin, int width, int height)
    {
        double marginX = margin * box.Width, marginY = margin * box.Height;
        return new(Math.Max(0, box.X0 - marginX), Math.Max(0, box.Y0 - marginY), Math.Min(width, box.X1 + marginX), Math.Min(height, box.Y1 + marginY));
    }
}
