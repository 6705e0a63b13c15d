using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>
/// Writes segments' slices into one label map. Where segments meet, the higher probability wins (to 8 bits), whatever the order of writing;
/// a tie goes to the segment listed first. One byte a voxel is kept for that, and none for a single segment.
/// Voxels that are not free (locked, another segment's, outside the editable intensities) are never written; one more byte a voxel where there can be such.
/// </summary>
internal sealed class LabelComposer
{
    private readonly byte[]? _winning;
    private readonly int[] _orderOfLabel = new int[ushort.MaxValue + 1];

    private readonly bool[]? _fixed;

    /// <param name="geometry">The grid.</param>
    /// <param name="segments">The segments to be written.</param>
    /// <param name="previous">What is there already, copied; the caller clears what is to be made anew.</param>
    /// <param name="hasFixed">Whether some voxels are not free.</param>
    public LabelComposer(VolumeGeometry geometry, IReadOnlyList<Segment> segments, LabelMap? previous = null, bool hasFixed = false)
    {
        Labels = previous is null ? new LabelMap(geometry, segments) : new LabelMap(geometry, previous.Labels.ToArray(), Join(previous.Segments, segments));
        if (hasFixed) _fixed = new bool[geometry.VoxelCount];
        if (segments.Count > 1) _winning = new byte[geometry.VoxelCount];
        for (int n = 0; n < segments.Count; n++) _orderOfLabel[segments[n].Label] = n;
    }

    public LabelMap Labels { get; }

    /// <summary>Which voxels may not be written; empty where all may.</summary>
    public Memory<bool> Fixed => _fixed;

    /// <summary>Takes a segment off a slice.</summary>
    public void Clear(Segment segment, SliceFrame frame, int slice)
    {
        Span<ushort> labels = Labels.MutableLabels;
        for (int y = 0; y < frame.Height; y++)
        {
            long at = frame.OriginOffset + slice * frame.SliceStride + y * frame.StrideY;
            for (int x = 0; x < frame.Width; x++, at += frame.StrideX)
                if (labels[(int)at] == segment.Label) labels[(int)at] = 0;
        }
    }

    /// <summary>Fixes every voxel that has a label by now.</summary>
    public void FixLabelled()
    {
        ReadOnlySpan<ushort> labels = Labels.Labels;
        for (int n = 0; n < labels.Length; n++)
            if (labels[n] != 0) _fixed![n] = true;
    }

    public void Write(Segment segment, SliceFrame frame, int slice, ProbabilityPatch patch)
    {
        Span<ushort> labels = Labels.MutableLabels;
        int order = _orderOfLabel[segment.Label];
        PixelRectangle bounds = patch.Bounds;
        for (int y = bounds.Y0; y < bounds.Y1; y++)
        {
            long at = frame.OriginOffset + slice * frame.SliceStride + y * frame.StrideY + bounds.X0 * frame.StrideX;
            foreach (byte probability in patch.Row(y))
            {
                if (probability >= ProbabilityPatch.ObjectFrom && (_fixed is null || !_fixed[at]) && Wins(probability, order, (int)at, labels)) labels[(int)at] = segment.Label;
                at += frame.StrideX;
            }
        }
    }

    private static List<Segment> Join(IReadOnlyList<Segment> present, IReadOnlyList<Segment> written)
    {
        List<Segment> all = [.. present];
        foreach (Segment segment in written)
        {
            int known = all.FindIndex(s => s.Label == segment.Label);
            if (known < 0) all.Add(segment);
            else all[known] = segment with { Tags = all[known].Tags };
        }
        return all;
    }

    private bool Wins(byte probability, int order, int at, ReadOnlySpan<ushort> labels)
    {
        if (_winning is null) return true;
        byte other = _winning[at];
        if (probability < other || (probability == other && order > _orderOfLabel[labels[at]])) return false;
        _winning[at] = probability;
        return true;
    }
}
