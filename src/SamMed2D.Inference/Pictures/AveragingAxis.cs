using System.Numerics.Tensors;

namespace SamMed2D.Inference.Pictures;

/// <summary>Averages an axis over equal intervals; what lies beyond the source's edges counts as 0.</summary>
internal readonly struct AveragingAxis
{
    private readonly double _start;
    private readonly double _step;
    private readonly int _sourceLength;

    /// <summary>Creates an axis whose interval n reaches from <c>start + n·step</c> to <c>start + (n+1)·step</c> in the source, whose samples are 1 long.</summary>
    public AveragingAxis(double start, double step, int count, int sourceLength) => (_start, _step, Count, _sourceLength) = (start, step, count, sourceLength);

    /// <summary>Intervals.</summary>
    public int Count { get; }

    /// <summary>Averages the columns of a picture.</summary>
    /// <param name="source">Rows as long as the source.</param>
    /// <param name="rows">Rows of both.</param>
    /// <param name="target">Rows of <see cref="Count"/> numbers.</param>
    public void AverageColumns(ReadOnlySpan<float> source, int rows, Span<float> target)
    {
        for (int x = 0; x < Count; x++)
        {
            (int first, int end) = SamplesOf(x);
            for (int y = 0; y < rows; y++)
            {
                ReadOnlySpan<float> row = source.Slice(y * _sourceLength, _sourceLength);
                float sum = 0;
                for (int n = first; n < end; n++) sum += row[n] * ShareOf(x, n);
                target[y * Count + x] = sum;
            }
        }
    }

    /// <summary>Computes one row of the averaged rows of a picture.</summary>
    /// <param name="source">Rows of <paramref name="width"/> numbers.</param>
    /// <param name="width">Columns of both.</param>
    /// <param name="row">Which interval.</param>
    /// <param name="target"><paramref name="width"/> numbers.</param>
    public void AverageRow(ReadOnlySpan<float> source, int width, int row, Span<float> target)
    {
        target.Clear();
        (int first, int end) = SamplesOf(row);
        for (int n = first; n < end; n++) TensorPrimitives.MultiplyAdd(source.Slice(n * width, width), ShareOf(row, n), target, target);
    }

    private (int First, int End) SamplesOf(int interval) => (
        (int)Math.Clamp(Math.Floor(_start + interval * _step), 0, _sourceLength),
        (int)Math.Clamp(Math.Ceiling(_start + (interval + 1) * _step), 0, _sourceLength));

    private float ShareOf(int interval, int sample)
    {
        double from = _start + interval * _step, to = from + _step;
        return (float)((Math.Min(to, sample + 1) - Math.Max(from, sample)) / _step);
    }
}
