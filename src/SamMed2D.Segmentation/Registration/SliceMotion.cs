using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Registration;

/// <summary>
/// What moved between two neighbouring slices in the surroundings of an object, found by <see cref="TvL1Flow"/>, and masks carried along.
/// Large surroundings are registered at a coarser scale, so that a pair of slices takes a few milliseconds whatever its size.
/// Reused from pair to pair without allocating; one thread at a time.
/// </summary>
public sealed class SliceMotion
{
    private const int LongestSide = 128, LeastMargin = 12;
    private const double Margin = 0.5;
    private const float Spread = 40, LargestDeviation = 4;

    private readonly TvL1Flow _flow;
    private PixelRectangle _region;
    private int _width, _height, _shrink;

    /// <param name="attachment">As <see cref="TvL1Flow"/> takes it.</param>
    public SliceMotion(float attachment = 0.3f) => _flow = new(attachment);

    /// <summary>Registers two slices round an object.</summary>
    /// <param name="picture">The slice that masks are carried to: width × height greys.</param>
    /// <param name="previous">The slice that they come from.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="bounds">The frame round the object on the slice that it comes from; not empty.</param>
    public void Register(ReadOnlySpan<byte> picture, ReadOnlySpan<byte> previous, int width, int height, PixelRectangle bounds)
    {
        (_width, _height) = (width, height);
        int margin = Math.Max(LeastMargin, (int)(Margin * Math.Max(bounds.Width, bounds.Height)));
        _region = new(Math.Max(bounds.X0 - margin, 0), Math.Max(bounds.Y0 - margin, 0), Math.Min(bounds.X1 + margin, width), Math.Min(bounds.Y1 + margin, height));
        _shrink = (Math.Max(_region.Width, _region.Height) + LongestSide - 1) / LongestSide;
        (FlowPlane still, FlowPlane moving) = _flow.Prepare((_region.Width + _shrink - 1) / _shrink, (_region.Height + _shrink - 1) / _shrink);
        Shrink(picture, still);
        Shrink(previous, moving);
        Standardise(still, moving);
        _flow.Solve();
    }

    /// <summary>Carries numbers, such as a mask's probabilities, from the previous slice to the other; what lies beyond the surroundings stays in place.</summary>
    /// <param name="source">Width × height numbers on the previous slice.</param>
    /// <param name="target">The same on the other slice; not the same memory.</param>
    public void Carry(ReadOnlySpan<float> source, Span<float> target)
    {
        source.CopyTo(target);
        float scale = 1f / _shrink, offset = 0.5f * scale - 0.5f;
        for (int y = _region.Y0; y < _region.Y1; y++)
        {
            float flowY = (y - _region.Y0) * scale + offset;
            for (int x = _region.X0; x < _region.X1; x++)
            {
                float flowX = (x - _region.X0) * scale + offset;
                target[y * _width + x] = SampleAt(source, x + _shrink * _flow.X.At(flowX, flowY), y + _shrink * _flow.Y.At(flowX, flowY));
            }
        }
    }

    private float SampleAt(ReadOnlySpan<float> source, float x, float y)
    {
        x = Math.Clamp(x, 0, _width - 1);
        y = Math.Clamp(y, 0, _height - 1);
        int left = (int)x, top = (int)y;
        float shareX = x - left, shareY = y - top;
        int at = top * _width + left, right = left + 1 < _width ? 1 : 0, below = top + 1 < _height ? _width : 0;
        float upper = source[at] + shareX * (source[at + right] - source[at]), lower = source[at + below] + shareX * (source[at + below + right] - source[at + below]);
        return upper + shareY * (lower - upper);
    }

    /// <summary>The region at its coarser scale: the mean of each block of pixels, fewer at the edge.</summary>
    private void Shrink(ReadOnlySpan<byte> picture, FlowPlane target)
    {
        for (int y = 0; y < target.Height; y++)
        {
            Span<float> row = target.Row(y);
            int y0 = _region.Y0 + y * _shrink, y1 = Math.Min(y0 + _shrink, _region.Y1);
            for (int x = 0; x < row.Length; x++)
            {
                int x0 = _region.X0 + x * _shrink, x1 = Math.Min(x0 + _shrink, _region.X1), sum = 0;
                for (int j = y0; j < y1; j++)
                    foreach (byte grey in picture[(j * _width + x0)..(j * _width + x1)]) sum += grey;
                row[x] = sum / (float)((y1 - y0) * (x1 - x0));
            }
        }
    }

    /// <summary>
    /// Gives both pictures the mean 0, each by its own, since slices may differ in brightness, and the spread that the flow expects, by the greys
    /// of the one that masks are carried to.
    /// </summary>
    private static void Standardise(FlowPlane still, FlowPlane moving)
    {
        (double mean, double deviation) = Measure(still);
        (double otherMean, _) = Measure(moving);
        Apply(still, mean, deviation);
        Apply(moving, otherMean, deviation);
    }

    private static (double Mean, double Deviation) Measure(FlowPlane plane)
    {
        const double noise = 1; // a deviation of one grey of 255 is no structure
        double sum = 0, squares = 0;
        for (int y = 0; y < plane.Height; y++)
            foreach (float grey in plane.Row(y)) (sum, squares) = (sum + grey, squares + (double)grey * grey);
        double count = (double)plane.Width * plane.Height, mean = sum / count;
        return (mean, Math.Sqrt(Math.Max(squares / count - mean * mean, noise * noise)));
    }

    private static void Apply(FlowPlane plane, double mean, double deviation)
    {
        for (int y = 0; y < plane.Height; y++)
            foreach (ref float grey in plane.Row(y)) grey = Spread * Math.Clamp((float)((grey - mean) / deviation), -LargestDeviation, LargestDeviation);
    }
}
