using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.Scene;

/// <summary>How one segment is drawn where it differs from its label map's entry.</summary>
/// <param name="Color">Its colour.</param>
/// <param name="Opacity">0 (hidden) to 1, on top of the layer's own opacities.</param>
public readonly record struct SegmentLook(RgbColor Color, double Opacity = 1);

/// <summary>A label map as slices show it: filled and outlined over the grey values.</summary>
/// <param name="Labels">
/// The labels; not owned. Its grid may differ from the volume's. Their owner may write them while they are drawn: such a picture may show part of
/// an edit, and the <see cref="Revision"/> that the edit ends with has it drawn again.
/// </param>
public sealed record LabelLayer(LabelMap Labels)
{
    /// <summary>Opacity of the inside of a segment, 0 to 1.</summary>
    public double FillOpacity { get; init; } = 0.4;

    /// <summary>Opacity of the outline, 0 to 1.</summary>
    public double OutlineOpacity { get; init; } = 1;

    /// <summary>Width of the outline in pixels of the view, whatever the zoom; 0 for none. It lies inside the segment.</summary>
    public int OutlineWidthPixels { get; init; } = 2;

    /// <summary>Looks that replace those of <see cref="LabelMap.Segments"/>, by label value.</summary>
    public IReadOnlyDictionary<ushort, SegmentLook> Looks { get; init; } = new Dictionary<ushort, SegmentLook>();

    /// <summary>Counted up by the owner of the labels whenever voxels change, so that a renderer knows to upload them anew.</summary>
    public long Revision { get; init; }

    /// <summary>Where given, tells which voxels changed between revisions, so that only they are uploaded; <see cref="Revision"/> counts its changes.</summary>
    public LabelChanges? Changes { get; init; }

    /// <summary>
    /// The colour and opacity of every label value: 65,536 entries, red in the lowest byte, opacity in the highest.
    /// Values without a name get the colour of <see cref="RgbColor.ForLabel"/>.
    /// </summary>
    public uint[] CreateColorTable()
    {
        uint[] table = new uint[ushort.MaxValue + 1];
        for (int label = 1; label < table.Length; label++) table[label] = Pack(new(RgbColor.ForLabel(label)));
        foreach (Segment segment in Labels.Segments) table[segment.Label] = Pack(new(segment.Color));
        foreach ((ushort label, SegmentLook look) in Looks) table[label] = Pack(look);
        table[0] = 0;
        return table;
    }

    private static uint Pack(SegmentLook look)
    {
        uint opacity = (uint)Math.Round(255 * Math.Clamp(look.Opacity, 0, 1));
        return look.Color.R | (uint)look.Color.G << 8 | (uint)look.Color.B << 16 | opacity << 24;
    }
}
