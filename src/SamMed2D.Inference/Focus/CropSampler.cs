using System.Buffers;
using System.Numerics;

namespace SamMed2D.Inference.Focus;

/// <summary>
/// Samples a picture into a crop, bilinearly and with nothing (0) beyond the picture's edge: once in the middle of each crop pixel, or at 2×2
/// places in it where it is coarser than the picture. Disposing gives its memory back.
/// </summary>
internal readonly struct CropSampler : IDisposable
{
    private readonly int _cropSize;
    private readonly int _samples;
    private readonly Tap[] _columns;
    private readonly Tap[] _rows;

    /// <summary>Prepares the sampling of pictures of one size.</summary>
    /// <param name="crop">The crop.</param>
    /// <param name="cropSize">Crop pixels along a side.</param>
    /// <param name="canvas">The picture's canvas.</param>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="samples">Samples a crop pixel along each axis: 1 or 2.</param>
    public CropSampler(FocusCrop crop, int cropSize, FocusCanvas canvas, int width, int height, int samples)
    {
        (_cropSize, _samples) = (cropSize, samples);
        _columns = CreateTaps(crop.X, crop.Side, canvas.ScaleX, width);
        _rows = CreateTaps(crop.Y, crop.Side, canvas.ScaleY, height);
    }

    /// <summary>Picture pixels along a crop pixel; the longer of both sides.</summary>
    public static double PixelsPerCropPixel(FocusCrop crop, int cropSize, FocusCanvas canvas) =>
        crop.Side / cropSize / Math.Min(canvas.ScaleX, canvas.ScaleY);

    /// <summary>Samples a picture.</summary>
    /// <param name="picture">Row by row.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="factor">What the samples are multiplied by.</param>
    /// <param name="target">Crop pixels, row by row.</param>
    public void Sample<T>(ReadOnlySpan<T> picture, int width, float factor, Span<float> target)
        where T : unmanaged, INumberBase<T>
    {
        float share = factor / (_samples * _samples);
        for (int y = 0; y < _cropSize; y++)
        {
            Span<float> sums = target.Slice(y * _cropSize, _cropSize);
            sums.Clear();
            for (int j = 0; j < _samples; j++)
            {
                Tap row = _rows[y * _samples + j];
                ReadOnlySpan<T> upper = picture.Slice(row.Lower * width, width), lower = picture.Slice(row.Upper * width, width);
                ReadOnlySpan<Tap> columns = _columns.AsSpan(0, _cropSize * _samples);
                for (int x = 0; x < sums.Length; x++)
                    for (int i = 0; i < _samples; i++)
                    {
                        Tap column = columns[x * _samples + i];
                        sums[x] += row.LowerShare * column.Mix(upper) + row.UpperShare * column.Mix(lower);
                    }
            }
            foreach (ref float sum in sums) sum *= share;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<Tap>.Shared.Return(_columns);
        ArrayPool<Tap>.Shared.Return(_rows);
    }

    private Tap[] CreateTaps(double origin, double side, double scale, int length)
    {
        int count = _cropSize * _samples;
        Tap[] taps = ArrayPool<Tap>.Shared.Rent(count);
        for (int n = 0; n < count; n++)
        {
            double position = (origin + (n + 0.5) * side / count) / scale - 0.5;
            double floor = Math.Floor(position);
            float fraction = (float)(position - floor);
            bool hasLower = floor >= 0 && floor < length, hasUpper = floor >= -1 && floor < length - 1;
            taps[n] = new(
                hasLower ? (int)floor : 0, hasUpper ? (int)floor + 1 : 0, hasLower ? 1 - fraction : 0, hasUpper ? fraction : 0);
        }
        return taps;
    }

    private readonly record struct Tap(int Lower, int Upper, float LowerShare, float UpperShare)
    {
        public float Mix<T>(ReadOnlySpan<T> row) where T : unmanaged, INumberBase<T> =>
            LowerShare * float.CreateTruncating(row[Lower]) + UpperShare * float.CreateTruncating(row[Upper]);
    }
}
