using System.Globalization;
using System.Numerics;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Core.Volumes;

/// <summary>A colour with 8 bits a channel.</summary>
/// <param name="R">Red.</param>
/// <param name="G">Green.</param>
/// <param name="B">Blue.</param>
public readonly record struct RgbColor(byte R, byte G, byte B)
{
    // 3D Slicer's generic anatomy look: warm and distinct, in an order that keeps neighbours apart.
    private static readonly RgbColor[] s_cycle =
    [
        new(128, 174, 128), new(241, 214, 145), new(177, 122, 101), new(111, 184, 210), new(216, 101, 79), new(221, 130, 101),
        new(144, 238, 144), new(192, 104, 88), new(220, 245, 20), new(78, 63, 0), new(255, 250, 220), new(230, 220, 70),
        new(200, 200, 235), new(250, 250, 210), new(244, 214, 49), new(0, 151, 206),
    ];

    /// <summary>The colour that a segment gets when nobody chose one.</summary>
    /// <param name="label">The segment's label value, from 1.</param>
    public static RgbColor ForLabel(int label) => s_cycle[(Math.Max(label, 1) - 1) % s_cycle.Length];

    /// <summary>Reads <c>#rrggbb</c>.</summary>
    /// <returns>False when the text is not such a colour.</returns>
    public static bool TryParse(string? text, out RgbColor color)
    {
        color = default;
        if (text is not { Length: 7 } || text[0] != '#') return false;
        if (!uint.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint rgb)) return false;
        color = new((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);
        return true;
    }

    /// <summary>The colour as <c>#rrggbb</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"#{R:x2}{G:x2}{B:x2}");
}

/// <summary>One structure of a label map.</summary>
/// <param name="Label">The value of its voxels, from 1.</param>
/// <param name="Name">Its name, as shown and exported.</param>
/// <param name="Color">Its colour, as shown and exported.</param>
public sealed record Segment(ushort Label, string Name, RgbColor Color)
{
    /// <summary>Free key/value tags carried through files that have them (3D Slicer's <c>SegmentN_Tags</c>).</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>
/// A segmentation: one label value per voxel, 0 for background, on a grid in patient space, with the names of the values.
/// In memory always 16 bits; writers store 8 where all labels fit.
/// </summary>
public sealed class LabelMap
{
    private readonly ushort[] _labels;

    /// <summary>Creates an empty label map.</summary>
    /// <param name="geometry">The grid.</param>
    /// <param name="segments">The named label values, each from 1 and once.</param>
    public LabelMap(VolumeGeometry geometry, IReadOnlyList<Segment> segments)
        : this(geometry, new ushort[geometry.VoxelCount], segments)
    {
    }

    /// <summary>Wraps labels; the array belongs to the label map from here on.</summary>
    /// <param name="geometry">The grid.</param>
    /// <param name="labels">One element per voxel, the first index fastest.</param>
    /// <param name="segments">The named label values, each from 1 and once.</param>
    /// <exception cref="ArgumentException">The array does not fill the grid, or a label value is 0 or named twice.</exception>
    public LabelMap(VolumeGeometry geometry, ushort[] labels, IReadOnlyList<Segment> segments)
    {
        if (labels.LongLength != geometry.VoxelCount)
            throw new ArgumentException($"{labels.LongLength} labels do not fill a grid of {geometry}.", nameof(labels));
        HashSet<ushort> seen = [];
        foreach (Segment segment in segments)
        {
            if (segment.Label == 0) throw new ArgumentException($"Segment '{segment.Name}' has label 0, which is the background.");
            if (!seen.Add(segment.Label)) throw new ArgumentException($"Label {segment.Label} is named twice.");
        }
        (Geometry, _labels, Segments) = (geometry, labels, segments);
    }

    /// <summary>Size and place of the grid.</summary>
    public VolumeGeometry Geometry { get; }

    /// <summary>The named label values. Values that occur without a name are allowed in files from elsewhere.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>The labels, the first index fastest.</summary>
    public ReadOnlySpan<ushort> Labels => _labels;

    /// <summary>The labels as memory, for work on other threads.</summary>
    public ReadOnlyMemory<ushort> LabelMemory => _labels;

    /// <summary>The labels for writing. Only the owner of the label map writes.</summary>
    public Span<ushort> MutableLabels => _labels;

    /// <summary>The largest label value that occurs or is named.</summary>
    public ushort MaxLabel()
    {
        ReadOnlySpan<ushort> labels = _labels;
        Vector<ushort> largest = Vector<ushort>.Zero;
        int done = 0;
        for (; done <= labels.Length - Vector<ushort>.Count; done += Vector<ushort>.Count)
            largest = Vector.Max(largest, new Vector<ushort>(labels[done..]));
        ushort max = 0;
        for (int n = 0; n < Vector<ushort>.Count; n++) max = Math.Max(max, largest[n]);
        foreach (ushort label in labels[done..]) max = Math.Max(max, label);
        foreach (Segment segment in Segments) max = Math.Max(max, segment.Label);
        return max;
    }

    /// <summary>The segment of a label value, or null where the value has no name.</summary>
    public Segment? FindSegment(ushort label)
    {
        foreach (Segment segment in Segments)
            if (segment.Label == label) return segment;
        return null;
    }

    /// <summary>The named label values in their order, then by rising value those that occur without a name, as "label 7".</summary>
    public IReadOnlyList<Segment> AllSegments()
    {
        bool[] occurs = new bool[ushort.MaxValue + 1];
        foreach (ushort label in _labels) occurs[label] = true;
        foreach (Segment segment in Segments) occurs[segment.Label] = false;
        return [.. Segments, .. Enumerable.Range(1, ushort.MaxValue).Where(n => occurs[n]).Select(n => new Segment((ushort)n, $"label {n}", RgbColor.ForLabel(n)))];
    }

    /// <summary>A copy of the voxels in a box, at the same place in the patient.</summary>
    /// <param name="box">The box; what of it lies outside the grid is left out.</param>
    /// <exception cref="ArgumentException">No voxel of the grid lies in the box.</exception>
    public LabelMap Crop(VoxelBox box)
    {
        VoxelBox part = box.Intersect(VoxelBox.Of(Geometry));
        if (part.IsEmpty) throw new ArgumentException($"No voxel of {Geometry} lies in {box}.", nameof(box));
        Affine a = Geometry.IndexToRas;
        VolumeGeometry geometry = new(part.SizeI, part.SizeJ, part.SizeK, Affine.FromColumns(a.StepI, a.StepJ, a.StepK, a.IndexToRas(part.First.ToContinuous())));
        ushort[] labels = new ushort[geometry.VoxelCount];
        for (int k = 0, to = 0; k < part.SizeK; k++)
            for (int j = 0; j < part.SizeJ; j++, to += part.SizeI)
                _labels.AsSpan(checked((int)Geometry.OffsetOf(new(part.First.I, part.First.J + j, part.First.K + k))), part.SizeI).CopyTo(labels.AsSpan(to));
        return new(geometry, labels, Segments);
    }

    /// <summary>The same labels (shared, not copied) with other names.</summary>
    public LabelMap With(IReadOnlyList<Segment> segments) => new(Geometry, _labels, segments);
}
