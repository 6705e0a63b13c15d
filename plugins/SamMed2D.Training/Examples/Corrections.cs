using SamMed2D.Inference.Focus;
using SamMed2D.Training.Focus;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Examples;

/// <summary>Turns an answer into the next question: the answer as mask prompt and a click where it is wrong over the largest area.</summary>
internal static class Corrections
{
    private const int Reach = 3;

    /// <summary>Changes an input in place.</summary>
    /// <param name="logits">The answer, <see cref="FocusLayout.Area"/> logits.</param>
    /// <param name="target">The truth.</param>
    /// <param name="input">The input that the answer was given to.</param>
    /// <param name="random">Decides among equals, and how exactly a user hits the place.</param>
    public static void Apply(ReadOnlySpan<float> logits, ReadOnlySpan<float> target, Span<float> input, RandomSource random)
    {
        Span<float> probability = stackalloc float[FocusLayout.Area];
        for (int n = 0; n < probability.Length; n++) probability[n] = 1 / (1 + MathF.Exp(-logits[n]));
        FocusLayout.Set(input, FocusChannel.Mask, probability);
        FocusLayout.Fill(input, FocusChannel.MaskGiven, 1);
        // The mask is this slice's own now, so the other slice's picture no longer belongs to it.
        FocusLayout.Fill(input, FocusChannel.PreviousImage, 0);
        FocusLayout.Fill(input, FocusChannel.PreviousImageGiven, 0);
        if (FindDensestError(logits, target, random) is not var (x, y, missed)) return;
        FocusChannel channel = missed ? FocusChannel.PositiveClicks : FocusChannel.NegativeClicks;
        FocusView.AddClickOnCrop(x, y, FocusLayout.Side, input[(int)channel..], FocusLayout.Channels);
    }

    /// <summary>The wrong pixel with the most pixels wrong in the same way around it; null where nothing is wrong.</summary>
    public static (int X, int Y, bool Missed)? FindDensestError(ReadOnlySpan<float> logits, ReadOnlySpan<float> target, RandomSource random)
    {
        const int side = FocusLayout.Side;
        // Sums over squares by a running table; +1 missed, -1 false, so that the two kinds do not add up.
        Span<int> table = new int[(side + 1) * (side + 1)];
        Span<sbyte> wrong = stackalloc sbyte[FocusLayout.Area];
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++)
            {
                int at = y * side + x;
                bool found = logits[at] > 0, wanted = target[at] > 0.5f;
                wrong[at] = (sbyte)(found == wanted ? 0 : wanted ? 1 : -1);
                table[(y + 1) * (side + 1) + x + 1] = wrong[at] + table[y * (side + 1) + x + 1] + table[(y + 1) * (side + 1) + x] - table[y * (side + 1) + x];
            }
        int best = -1;
        float most = 0;
        for (int y = 0; y < side; y++)
            for (int x = 0; x < side; x++)
            {
                int at = y * side + x;
                if (wrong[at] == 0) continue;
                int x0 = Math.Max(0, x - Reach), x1 = Math.Min(side, x + Reach + 1), y0 = Math.Max(0, y - Reach), y1 = Math.Min(side, y + Reach + 1);
                int sum = table[y1 * (side + 1) + x1] - table[y0 * (side + 1) + x1] - table[y1 * (side + 1) + x0] + table[y0 * (side + 1) + x0];
                float density = wrong[at] * sum + random.Unit();
                if (density > most) (best, most) = (at, density);
            }
        return best < 0 ? null : (best % side, best / side, wrong[best] > 0);
    }
}
