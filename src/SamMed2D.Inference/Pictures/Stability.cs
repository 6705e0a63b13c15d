namespace SamMed2D.Inference.Pictures;

/// <summary>The stability score (Segment Anything, appendix B).</summary>
internal static class Stability
{
    /// <summary>IoU between the mask at logits over +1 and the one at logits over -1; 1 where both are empty.</summary>
    public static float ScoreOf(ReadOnlySpan<float> logits)
    {
        int inner = 0, outer = 0;
        foreach (float logit in logits)
        {
            if (logit > 1) inner++;
            if (logit > -1) outer++;
        }
        return outer == 0 ? 1 : (float)inner / outer;
    }
}
