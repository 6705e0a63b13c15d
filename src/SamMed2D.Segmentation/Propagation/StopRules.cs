using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>Decides whether a mask is still the object that the previous slice showed.</summary>
internal static class StopRules
{
    // Small masks change by large factors without meaning; this many pixels are always allowed.
    private const int AreaAllowance = 16;

    /// <summary>Why a mask is rejected; null where it is accepted.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="previous">The mask of the slice before.</param>
    /// <param name="isOpen">False between two key slices: there the user has said that the object goes on, so that only an empty mask ends the way.</param>
    /// <param name="step">What was measured.</param>
    /// <param name="options">The limits; those left open never stop.</param>
    public static StopReason? Judge(MaskShape mask, MaskShape previous, bool isOpen, in PropagationStep step, PropagationOptions options)
    {
        if (mask.Area < Math.Max(options.MinAreaPixels, 1)) return StopReason.EmptyMask;
        if (!isOpen) return null;
        if (step.PredictedIou < options.MinPredictedIou) return StopReason.LowPredictedIou;
        if (options.MaxAreaRatio is { } ratio && IsJump(mask.Area, previous.Area, ratio)) return StopReason.AreaJump;
        if (options.CentroidMargin is { } margin && IsOutside(mask, previous.Bounds, margin)) return StopReason.CentroidLeft;
        if (step.Overlap < options.MinOverlap) return StopReason.LowOverlap;
        if (step.Similarity < options.MinSimilarity) return StopReason.AppearanceChanged;
        if (step.Presence < options.MinPresence) return StopReason.LowPresence;
        if (step.Confidence < options.MinConfidence) return StopReason.LowConfidence;
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
