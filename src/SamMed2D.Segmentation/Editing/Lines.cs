namespace SamMed2D.Segmentation.Editing;

/// <summary>Filters along the lines of a box, one axis at a time.</summary>
internal sealed class Lines(int sizeI, int sizeJ, int sizeK)
{
    private readonly int _plane = checked(sizeI * sizeJ);

    /// <summary>Replaces each number by the sum of those at most so far away on its line.</summary>
    public void SumAlong(int[] values, int axis, int reach)
    {
        if (reach == 0) return;
        (int length, int step) = Shape(axis);
        int[] line = new int[length];
        foreach (int start in Starts(axis))
        {
            for (int n = 0; n < length; n++) line[n] = values[start + n * step];
            int sum = 0;
            for (int n = 0; n < Math.Min(reach, length); n++) sum += line[n];
            for (int n = 0; n < length; n++)
            {
                if (n + reach < length) sum += line[n + reach];
                if (n - reach > 0) sum -= line[n - reach - 1];
                values[start + n * step] = sum;
            }
        }
    }

    /// <summary>Weighs each line with a symmetric kernel; beyond the ends the last number is repeated.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="axis">0 for the first axis to 2 for the third.</param>
    /// <param name="kernel">The weight of the middle, then of one step away, and so on.</param>
    public void Convolve(float[] values, int axis, ReadOnlySpan<float> kernel)
    {
        (int length, int step) = Shape(axis);
        float[] line = new float[length];
        foreach (int start in Starts(axis))
        {
            for (int n = 0; n < length; n++) line[n] = values[start + n * step];
            for (int n = 0; n < length; n++)
            {
                float sum = kernel[0] * line[n];
                for (int m = 1; m < kernel.Length; m++) sum += kernel[m] * (line[Math.Max(n - m, 0)] + line[Math.Min(n + m, length - 1)]);
                values[start + n * step] = sum;
            }
        }
    }

    private (int Length, int Step) Shape(int axis) => axis switch { 0 => (sizeI, 1), 1 => (sizeJ, sizeI), _ => (sizeK, _plane) };

    private IEnumerable<int> Starts(int axis)
    {
        (int inner, int outer, int innerStep, int outerStep) = axis switch
        {
            0 => (sizeJ, sizeK, sizeI, _plane),
            1 => (sizeI, sizeK, 1, _plane),
            _ => (sizeI, sizeJ, 1, sizeI),
        };
        for (int b = 0; b < outer; b++)
            for (int a = 0; a < inner; a++) yield return b * outerStep + a * innerStep;
    }
}
