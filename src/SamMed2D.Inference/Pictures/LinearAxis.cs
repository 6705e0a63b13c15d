using System.Buffers;

namespace SamMed2D.Inference.Pictures;

/// <summary>Which two source samples, and how much of the second, make up each sample of a resampled axis. Disposing gives its memory back.</summary>
internal readonly struct LinearAxis : IDisposable
{
    private readonly int[] _lower;
    private readonly int[] _upper;
    private readonly float[] _fraction;

    /// <summary>Creates an axis whose sample n lies at <c>start + n·step</c> in a part of the source; positions off that part repeat its edge.</summary>
    /// <param name="start">Position of sample 0; 0 is the middle of the part's first sample.</param>
    /// <param name="step">Distance between samples.</param>
    /// <param name="count">Samples after resampling.</param>
    /// <param name="partLength">Samples of the part.</param>
    /// <param name="partStart">Where the part begins in the source.</param>
    public LinearAxis(double start, double step, int count, int partLength, int partStart = 0)
    {
        Count = count;
        (_lower, _upper, _fraction) = (ArrayPool<int>.Shared.Rent(count), ArrayPool<int>.Shared.Rent(count), ArrayPool<float>.Shared.Rent(count));
        for (int n = 0; n < count; n++)
        {
            double position = Math.Clamp(start + n * step, 0, partLength - 1);
            int lower = (int)position;
            (_lower[n], _upper[n]) = (partStart + lower, partStart + Math.Min(lower + 1, partLength - 1));
            _fraction[n] = (float)(position - lower);
        }
    }

    /// <summary>Samples after resampling.</summary>
    public int Count { get; }

    /// <summary>Stretches <paramref name="from"/> samples, which begin at <paramref name="partStart"/>, to <paramref name="to"/>, edge to edge
    /// (<c>align_corners=False</c> in PyTorch).</summary>
    public static LinearAxis Resize(int from, int to, int partStart = 0) => new(0.5 * from / to - 0.5, (double)from / to, to, from, partStart);

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<int>.Shared.Return(_lower);
        ArrayPool<int>.Shared.Return(_upper);
        ArrayPool<float>.Shared.Return(_fraction);
    }

    /// <summary>Resamples the columns of a picture.</summary>
    /// <param name="source">Rows of <paramref name="sourceWidth"/> numbers.</param>
    /// <param name="sourceWidth">Columns of the source.</param>
    /// <param name="rows">Rows of both.</param>
    /// <param name="target">Rows of <see cref="Count"/> numbers.</param>
    public void ResampleColumns(ReadOnlySpan<float> source, int sourceWidth, int rows, Span<float> target)
    {
        for (int y = 0; y < rows; y++)
        {
            ReadOnlySpan<float> from = source.Slice(y * sourceWidth, sourceWidth);
            Span<float> to = target.Slice(y * Count, Count);
            for (int x = 0; x < to.Length; x++)
            {
                float low = from[_lower[x]];
                to[x] = low + (from[_upper[x]] - low) * _fraction[x];
            }
        }
    }

    /// <summary>Computes one row of the resampled rows of a picture.</summary>
    /// <param name="source">Rows of <paramref name="width"/> numbers.</param>
    /// <param name="width">Columns of both.</param>
    /// <param name="row">Which of the <see cref="Count"/> rows.</param>
    /// <param name="target"><paramref name="width"/> numbers.</param>
    public void ResampleRow(ReadOnlySpan<float> source, int width, int row, Span<float> target) =>
        System.Numerics.Tensors.TensorPrimitives.Lerp(
            source.Slice(_lower[row] * width, width), source.Slice(_upper[row] * width, width), _fraction[row], target[..width]);
}
