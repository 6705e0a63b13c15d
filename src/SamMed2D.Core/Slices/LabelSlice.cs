using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Slices;

/// <summary>Cuts slices out of label maps, on the pixels of a <see cref="SliceFrame"/>.</summary>
public static class LabelSlice
{
    /// <summary>Fills a buffer with the labels of a slice.</summary>
    /// <param name="labels">The label map.</param>
    /// <param name="frame">A frame of its grid.</param>
    /// <param name="slice">The slice index along the frame's axis.</param>
    /// <param name="pixels">Width × height labels, row by row.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slice lies outside the grid.</exception>
    public static void Sample(LabelMap labels, SliceFrame frame, int slice, Span<ushort> pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slice);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slice, frame.SliceCount);
        ReadOnlySpan<ushort> voxels = labels.Labels;
        int step = checked((int)frame.StrideX);
        for (int y = 0, n = 0; y < frame.Height; y++)
        {
            int at = checked((int)(frame.OriginOffset + slice * frame.SliceStride + y * frame.StrideY));
            for (int x = 0; x < frame.Width; x++, n++, at += step) pixels[n] = voxels[at];
        }
    }
}
