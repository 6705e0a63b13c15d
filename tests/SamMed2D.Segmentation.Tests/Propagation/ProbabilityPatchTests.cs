using SamMed2D.Core.Prompts;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Tests.Propagation;

public class ProbabilityPatchTests
{
    private static readonly Gen<float[]> s_slices = Gen.OneOf(Gen.Float[0, 1], Gen.Const(0f), Gen.Const(0.5f), Gen.Const(0.50001f)).Array[30];

    [Fact]
    public void Of_AnyProbabilities_KeepsTheMaskExactly() => s_slices.Sample(values =>
    {
        ProbabilityPatch patch = ProbabilityPatch.Of(new MaskPrompt(6, 5, values));
        Assert.Equal(values.Count(v => v > 0.5f), patch.GetArea());
        for (int y = patch.Bounds.Y0; y < patch.Bounds.Y1; y++)
            for (int x = patch.Bounds.X0; x < patch.Bounds.X1; x++)
            {
                byte kept = patch.Row(y)[x - patch.Bounds.X0];
                Assert.Equal(values[y * 6 + x] > 0.5f, kept >= ProbabilityPatch.ObjectFrom);
                Assert.Equal(values[y * 6 + x], kept / 255f, 0.0025f);
            }
    });

    [Fact]
    public void Blend_AnyTwo_IsTheWeightedMean() => Gen.Select(s_slices, s_slices, Gen.Double[0, 1]).Sample((a, b, weight) =>
    {
        ProbabilityPatch blend = ProbabilityPatch.Blend(ProbabilityPatch.Of(new(6, 5, a)), ProbabilityPatch.Of(new(6, 5, b)), weight);
        for (int n = 0; n < 30; n++)
        {
            (int x, int y) = (n % 6, n / 6);
            bool inside = x >= blend.Bounds.X0 && x < blend.Bounds.X1 && y >= blend.Bounds.Y0 && y < blend.Bounds.Y1;
            Assert.Equal((1 - weight) * a[n] + weight * b[n], inside ? blend.Row(y)[x - blend.Bounds.X0] / 255.0 : 0, 0.006);
        }
    });

    [Fact]
    public void Of_NotANumber_IsBackground() =>
        Assert.Equal(0, ProbabilityPatch.Of(new(2, 1, new[] { float.NaN, 0f })).GetArea());
}
