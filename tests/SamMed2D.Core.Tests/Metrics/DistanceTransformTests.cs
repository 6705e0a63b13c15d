using SamMed2D.Core.Metrics;

namespace SamMed2D.Core.Tests.Metrics;

public class DistanceTransformTests
{
    [Fact]
    public void SquaredMm_RandomMarks_EqualsTheNearestOfAllMarks() =>
        Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[1, 9], Gen.Int[0, 999], Gen.Double[0.3, 4].Array[3]).Sample((ni, nj, nk, seed, spacing) =>
        {
            byte[] marked = new byte[ni * nj * nk];
            Random random = new(seed);
            for (int n = 0; n < marked.Length; n++) marked[n] = random.NextDouble() < 0.06 ? (byte)1 : (byte)0;
            float[] squared = DistanceTransform.SquaredMm(marked, (ni, nj, nk), (spacing[0], spacing[1], spacing[2]));
            for (int n = 0; n < marked.Length; n++)
            {
                double expected = double.PositiveInfinity;
                for (int m = 0; m < marked.Length; m++)
                {
                    if (marked[m] == 0) continue;
                    double i = (n % ni - m % ni) * spacing[0], j = (n / ni % nj - m / ni % nj) * spacing[1], k = (n / ni / nj - m / ni / nj) * spacing[2];
                    expected = Math.Min(expected, i * i + j * j + k * k);
                }
                if (double.IsInfinity(expected)) Assert.True(float.IsPositiveInfinity(squared[n]));
                else Assert.Equal(expected, squared[n], expected * 1e-6 + 1e-9);
            }
        }, iter: 200);
}
