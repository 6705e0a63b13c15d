using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>Decides whether a mask is still the object that the previous slice showed.</summary>
internal static class StopRules
{
    // Small masks change by large factors without meaning; this many pixels are always allowed.
    private const int AreaAllowance = 16;

    public static StopReason? Judge(MaskShape mask, MaskShape previous, double predictedIou, double overlap, double similarity, PropagationOptions options)
    {
        if (mask.Area < Math.Max(options.MinAreaPixels, 1)) return StopReason.EmptyMask;
        if (predictedIou < options.MinPredictedIou) return StopReason.LowPredictedIou;
        if (IsJump(mask.Area, previous.Area, options.MaxAreaRatio)) return StopReason.AreaJump;
        if (IsOutside(mask, previous.Bounds, options.CentroidMargin)) return StopReason.CentroidLeft;
        if (overlap < options.MinOverlap) return StopReason.LowOverlap;
        if (similarity < options.MinSimilarity) return StopReason.AppearanceChanged;
        return null;
    }

    private static bool IsJump(int area, int previous, double ratio)
    {
        (double small, double large) = area < previous ? (area, previous) : (previous, area);
        return large > small * ratio + AreaAllowance;
    }

    private static bool IsOutside(MaskShape mask, PixelRectangle box, double margin)
    {
        double marginX = Math.Max(1, margin * box.Width), marginY = Math.Max(1, margin * box.Height);
        return mask.CentroidX < box.X0 - marginX || mask.CentroidX > box.X1 - 1 + marginX
            || mask.CentroidY < box.Y0 - marginY || mask.CentroidY > box.Y1 - 1 + marginY;
    }
}
