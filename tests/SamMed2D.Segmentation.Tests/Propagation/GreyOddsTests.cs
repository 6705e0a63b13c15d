using SamMed2D.Core.Prompts;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Tests.Propagation;

public class GreyOddsTests
{
    private const int Size = 32;

    // A bright square, columns and rows 10 to 19, on dark ground.
    private static readonly byte[] s_picture = [.. Enumerable.Range(0, Size * Size).Select(n => IsBright(n % Size, n / Size) ? (byte)200 : (byte)40)];

    private static bool IsBright(int x, int y) => x is >= 10 and < 20 && y is >= 10 and < 20;

    private static MaskPrompt Mask(Func<int, int, float> probability) => new(Size, Size, Enumerable.Range(0, Size * Size).Select(n => probability(n % Size, n / Size)).ToArray());

    [Fact]
    public void Refine_BorderOffByAColumn_GoesToWhereGreysChange()
    {
        // Sure in the middle; unsure on the column that it misses and on the one that it takes too much.
        MaskPrompt answer = Mask((x, y) => y is < 10 or >= 20 ? 0.01f : x is >= 12 and < 20 ? 0.95f : x == 11 || x == 20 ? 0.6f : x == 10 ? 0.4f : 0.01f);
        MaskShape shape = new(Size, Size);
        MaskPrompt refined = GreyOdds.Refine(answer, s_picture, 0.5, shape);
        for (int n = 0; n < Size * Size; n++) Assert.Equal(IsBright(n % Size, n / Size), refined.Probabilities.Span[n] > 0.5f);
        Assert.Equal(100, shape.Area);
        Assert.Equal(0.4f, answer.Probabilities.Span[15 * Size + 10]); // the answer stays as it was
    }

    [Fact]
    public void Apply_OneSidedGreys_AddTheLargestOdds()
    {
        MaskPrompt answer = Mask((x, y) => IsBright(x, y) ? 1 : 0);
        MaskShape shape = new(Size, Size);
        shape.Set(answer);
        GreyOdds odds = new();
        odds.Set(s_picture, answer.Probabilities.Span, shape);
        float[] half = new float[Size * Size];
        Array.Fill(half, 0.5f);
        odds.Apply(s_picture, shape, 0.5, half);
        Assert.Equal(Math.E / (1 + Math.E), half[15 * Size + 15], 1e-6); // odds of e², weighed by a half
        Assert.Equal(1 / (1 + Math.E), half[15 * Size + 21], 1e-6);
        Assert.Equal(0.5f, half[0]); // far from the mask
    }

    [Fact]
    public void Refine_NoWeightOrNothingFound_GivesTheAnswerItself()
    {
        MaskPrompt answer = Mask((x, y) => IsBright(x, y) ? 0.8f : 0.1f), empty = Mask((_, _) => 0.2f);
        Assert.Same(answer, GreyOdds.Refine(answer, s_picture, 0, new(Size, Size)));
        Assert.Same(empty, GreyOdds.Refine(empty, s_picture, 0.5, new(Size, Size)));
    }
}
