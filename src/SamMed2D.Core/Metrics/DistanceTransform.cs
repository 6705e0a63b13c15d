namespace SamMed2D.Core.Metrics;

/// <summary>
/// The exact Euclidean distance to the nearest marked point of a grid, by lower envelopes of parabolas along each axis in turn
/// (Felzenszwalb and Huttenlocher, "Distance transforms of sampled functions", 2012).
/// </summary>
public static class DistanceTransform
{
    /// <summary>Computes squared distances.</summary>
    /// <param name="marked">Not 0 where distances are 0; the first index fastest.</param>
    /// <param name="size">Points along each axis.</param>
    /// <param name="spacingMm">Distance between neighbours along each axis.</param>
    /// <param name="cancellation">Stops between lines.</param>
    /// <returns>Squared distances in mm²; infinite everywhere where nothing is marked.</returns>
    public static float[] SquaredMm(byte[] marked, (int I, int J, int K) size, (double I, double J, double K) spacingMm, CancellationToken cancellation = default)
    {
        float[] squared = new float[marked.LongLength];
        ParallelOptions options = new() { CancellationToken = cancellation };
        int rows = size.J * size.K, plane = size.I * size.J;
        Parallel.For(0, rows, options, row => AlongRow(marked.AsSpan(row * size.I, size.I), squared.AsSpan(row * size.I, size.I), spacingMm.I));
        Parallel.For(0, size.K, options, () => new Envelope(size.J), (k, _, envelope) =>
        {
            for (int i = 0; i < size.I; i++) envelope.Replace(squared, k * plane + i, size.I, spacingMm.J);
            return envelope;
        }, _ => { });
        Parallel.For(0, size.J, options, () => new Envelope(size.K), (j, _, envelope) =>
        {
            for (int i = 0; i < size.I; i++) envelope.Replace(squared, j * size.I + i, plane, spacingMm.K);
            return envelope;
        }, _ => { });
        return squared;
    }

    // In one dimension the nearest mark is the last one passed on the way there or back.
    private static void AlongRow(ReadOnlySpan<byte> marked, Span<float> squared, double spacing)
    {
        double steps = double.PositiveInfinity;
        for (int i = 0; i < marked.Length; i++)
        {
            steps = marked[i] != 0 ? 0 : steps + 1;
            squared[i] = (float)(steps * spacing * steps * spacing);
        }
        steps = double.PositiveInfinity;
        for (int i = marked.Length - 1; i >= 0; i--)
        {
            steps = marked[i] != 0 ? 0 : steps + 1;
            squared[i] = Math.Min(squared[i], (float)(steps * spacing * steps * spacing));
        }
    }

    /// <summary>The lower envelope of the parabolas over one line; the buffers are reused from line to line.</summary>
    private sealed class Envelope(int length)
    {
        private readonly double[] _height = new double[length], _centre = new double[length], _start = new double[length];

        public void Replace(float[] values, int offset, int stride, double spacing)
        {
            int count = 0;
            for (int n = 0; n < length; n++)
            {
                double height = values[offset + n * stride], centre = n * spacing;
                if (double.IsPositiveInfinity(height)) continue;
                double start = double.NegativeInfinity;
                while (count > 0)
                {
                    // Where this parabola begins to be below the last one.
                    double c = _centre[count - 1];
                    start = (height + centre * centre - _height[count - 1] - c * c) / (2 * (centre - c));
                    if (start > _start[count - 1]) break;
                    count--;
                    start = double.NegativeInfinity;
                }
                (_height[count], _centre[count], _start[count]) = (height, centre, start);
                count++;
            }
            if (count == 0) return;
            for (int n = 0, at = 0; n < length; n++)
            {
                double x = n * spacing;
                while (at + 1 < count && _start[at + 1] <= x) at++;
                double d = x - _centre[at];
                values[offset + n * stride] = (float)(d * d + _height[at]);
            }
        }
    }
}
