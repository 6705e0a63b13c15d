using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Png;

/// <summary>A slice to be drawn: its picture and, over it, labels.</summary>
/// <param name="Image">The picture, grey.</param>
/// <param name="Labels">One label a pixel, row by row, 0 for none; empty where there is nothing to lay over.</param>
/// <param name="Segments">Colours of the labels; others get their colour by number.</param>
/// <param name="Caption">What stands in its corner in a montage.</param>
public sealed record LabeledSlice(SliceImage Image, ReadOnlyMemory<ushort> Labels, IReadOnlyList<Segment> Segments, string Caption = "")
{
    /// <summary>The colour that a label is drawn in.</summary>
    internal RgbColor ColorOf(ushort label)
    {
        foreach (Segment segment in Segments)
            if (segment.Label == label) return segment.Color;
        return RgbColor.ForLabel(label);
    }
}
