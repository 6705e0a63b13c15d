using System.Buffers;

namespace SamMed2D.Rendering.Software;

/// <summary>Draws slices on the processor, on all cores.</summary>
internal static class SoftwareSlices
{
    private const int BandHeight = 16;

    /// <summary>Draws a slice.</summary>
    /// <param name="greys">The volumes, the lowest first, with what has their voxels.</param>
    /// <param name="labels">What goes over them; null for nothing.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="pixels">Gets the pixels, red in the lowest byte, the first row on top.</param>
    public static unsafe void Draw(IReadOnlyList<(SoftwareRayCaster Voxels, SliceGrey Slice)> greys, SliceLabels? labels, int width, uint[] pixels)
    {
        using MemoryHandle labelVoxels = labels?.Labels.Pin() ?? default;
        void* firstLabel = labelVoxels.Pointer;
        int height = pixels.Length / width;
        Parallel.For(0, (height + BandHeight - 1) / BandHeight, band =>
        {
            int first = band * BandHeight, count = Math.Min(BandHeight, height - first) * width;
            float[] rented = ArrayPool<float>.Shared.Rent(count);
            Span<float> rows = rented.AsSpan(0, count);
            rows.Clear();
            foreach ((SoftwareRayCaster voxels, SliceGrey slice) in greys) voxels.MixGreys(slice, first, width, rows);
            fixed (int* colors = labels?.Colors)
                for (int n = 0; n * width < count; n++)
                    SlicePacket.Color(labels, (ushort*)firstLabel, colors, first + n, rows.Slice(n * width, width), pixels.AsSpan((first + n) * width, width));
            ArrayPool<float>.Shared.Return(rented);
        });
    }
}
