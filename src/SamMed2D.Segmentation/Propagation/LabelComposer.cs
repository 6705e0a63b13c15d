using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>
/// Writes segments' slices into one label map. Where segments meet, the higher probability wins (to 8 bits), whatever the order of writing;
/// a tie goes to the segment listed first. One byte a voxel is kept for that, and none for a single segment.
/// </summary>
internal sealed class LabelComposer
{
    private readonly byte[]? _winning;
    private readonly int[] _orderOfLabel = new int[ushort.MaxValue + 1];

    public LabelComposer(VolumeGeometry geometry, IReadOnlyList<Segment> segments)
    {
        Labels = new LabelMap(geometry, segments);
        if (segments.Count > 1) _winning = new byte[geometry.VoxelCount];
        for (int n = 0; n < segments.Count; n++) _orderOfLabel[segments[n].Label] = n;
    }

    public LabelMap Labels { get; }

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
                if (probability >= ProbabilityPatch.ObjectFrom && Wins(probability, order, (int)at, labels)) labels[(int)at] = segment.Label;
                at += frame.StrideX;
            }
        }
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
