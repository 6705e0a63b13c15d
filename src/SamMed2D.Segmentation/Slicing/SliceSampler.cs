using System.Numerics;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Slicing;

/// <summary>
/// Turns slices of a volume into 8-bit pictures: the same pixels for models and views. Intensities pass through the window
/// (linear, clamped, rounded half up); values that are not numbers are black. Samples without allocating. Safe for concurrent calls.
/// </summary>
public abstract class SliceSampler
{
    private protected SliceSampler(SliceFrame frame, IntensityWindow window) => (Frame, Window) = (frame, window);

    /// <summary>How slices become pictures.</summary>
    public SliceFrame Frame { get; }

    /// <summary>The intensities shown as black and white.</summary>
    public IntensityWindow Window { get; }

    /// <summary>Bytes of one picture: width × height.</summary>
    public int PixelCount => Frame.Width * Frame.Height;

    /// <summary>Creates a sampler.</summary>
    /// <param name="volume">The scan; it stays the caller's.</param>
    /// <param name="frame">A frame of the scan's grid.</param>
    /// <param name="window">The intensities shown as black and white.</param>
    /// <exception cref="ArgumentException">The frame is of another grid, or the window is empty or not finite.</exception>
    public static SliceSampler Create(Volume volume, SliceFrame frame, IntensityWindow window)
    {
        if (frame.Geometry != volume.Geometry) throw new ArgumentException("The frame is of another grid than the volume.", nameof(frame));
        if (!(window.High > window.Low) || !double.IsFinite(window.Width)) throw new ArgumentException($"{window} shows nothing.", nameof(window));
        return volume.Accept(new Creator(frame, window));
    }

    /// <summary>Fills a buffer with a slice.</summary>
    /// <param name="slice">The slice index along the frame's axis.</param>
    /// <param name="pixels">Width × height bytes, row by row.</param>
    public abstract void Sample(int slice, Span<byte> pixels);

    /// <summary>Samples a slice into a buffer and wraps it.</summary>
    /// <param name="slice">The slice index along the frame's axis.</param>
    /// <param name="buffer">At least width × height bytes; it stays the caller's and must not change while the picture is in use.</param>
    public SliceImage Sample(int slice, Memory<byte> buffer)
    {
        Memory<byte> pixels = buffer[..PixelCount];
        Sample(slice, pixels.Span);
        return new(Frame.Width, Frame.Height, 1, pixels, Frame.PixelWidthMm, Frame.PixelHeightMm);
    }

    private sealed class Creator(SliceFrame frame, IntensityWindow window) : IVolumeVisitor<SliceSampler>
    {
        public SliceSampler Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T> => new SliceSampler<T>(volume, frame, window);
    }
}

/// <summary>The sampler for one voxel type. Types of 8 and 16 bits go through a table.</summary>
internal sealed class SliceSampler<T> : SliceSampler where T : unmanaged, INumber<T>
{
    private readonly ReadOnlyMemory<T> _voxels;
    private readonly double _factor;
    private readonly double _offset;
    private readonly byte[]? _table;

    public SliceSampler(Volume<T> volume, SliceFrame frame, IntensityWindow window) : base(frame, window)
    {
        _voxels = volume.VoxelMemory;
        // pixel = 255·(slope·stored + intercept - low)/width + 0.5, as one multiplication and one addition
        _factor = 255 * volume.Scale.Slope / window.Width;
        _offset = 255 * (volume.Scale.Intercept - window.Low) / window.Width + 0.5;
        _table = VoxelBits.CreateTable<T>(ToPixel);
    }

    /// <inheritdoc/>
    public override void Sample(int slice, Span<byte> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slice);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slice, Frame.SliceCount);
        if (pixels.Length != PixelCount) throw new ArgumentException($"A slice has {PixelCount} pixels, not {pixels.Length}.", nameof(pixels));
        ReadOnlySpan<T> voxels = _voxels.Span;
        int step = checked((int)Frame.StrideX);
        for (int y = 0; y < Frame.Height; y++)
        {
            Span<byte> row = pixels.Slice(y * Frame.Width, Frame.Width);
            int at = checked((int)(Frame.OriginOffset + slice * Frame.SliceStride + y * Frame.StrideY));
            if (_table is { } table)
                for (int x = 0; x < row.Length; x++, at += step) row[x] = table[VoxelBits.ToIndex(voxels[at])];
            else
                for (int x = 0; x < row.Length; x++, at += step) row[x] = ToPixel(voxels[at]);
        }
    }

    private byte ToPixel(T stored)
    {
        double value = double.CreateTruncating(stored) * _factor + _offset;
        return value >= 255 ? (byte)255 : value >= 0 ? (byte)value : (byte)0; // NaN fails both and is black
    }
}
