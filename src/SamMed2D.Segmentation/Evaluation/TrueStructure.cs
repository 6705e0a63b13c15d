using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>A structure of a reference, slice by slice, with the prompts that an exact user would give.</summary>
internal sealed class TrueStructure
{
    private const double EndKeyShare = 0.15;
    private readonly SortedDictionary<int, MaskPlane> _planes = [];

    /// <summary>Cuts a structure out of a reference.</summary>
    /// <exception cref="ArgumentException">The reference does not hold the label.</exception>
    public TrueStructure(LabelMap reference, ushort label, SliceFrame frame)
    {
        (Label, Frame) = (label, frame);
        ushort[] labels = new ushort[frame.Width * frame.Height];
        int largest = 0;
        for (int slice = 0; slice < frame.SliceCount; slice++)
        {
            LabelSlice.Sample(reference, frame, slice, labels);
            if (!labels.AsSpan().Contains(label)) continue;
            MaskPlane plane = new(frame.Width, frame.Height);
            for (int n = 0; n < labels.Length; n++) plane.Pixels[n] = labels[n] == label ? (byte)1 : (byte)0;
            _planes.Add(slice, plane);
            int area = plane.GetArea();
            if (area > largest) (largest, KeySlice) = (area, slice);
        }
        if (_planes.Count == 0) throw new ArgumentException($"The reference holds no label {label}.", nameof(label));
        Slices = [.. _planes.Keys];
        int margin = (int)(EndKeyShare * Slices.Count);
        ThreeKeySlices = [.. new SortedSet<int> { Slices[margin], KeySlice, Slices[^(margin + 1)] }];
    }

    /// <summary>Its label in the reference.</summary>
    public ushort Label { get; }

    /// <summary>How the scan is sliced.</summary>
    public SliceFrame Frame { get; }

    /// <summary>The slices that show it, by rising index.</summary>
    public IReadOnlyList<int> Slices { get; }

    /// <summary>The lowest slice that shows it.</summary>
    public int First => Slices[0];

    /// <summary>The highest slice that shows it.</summary>
    public int Last => Slices[^1];

    /// <summary>The slice where it is largest; the lowest of equals.</summary>
    public int KeySlice { get; }

    /// <summary>The largest slice, and those 15 % of the slices in from either end; fewer where they coincide.</summary>
    public IReadOnlyList<int> ThreeKeySlices { get; }

    /// <summary>Its mask on a slice that shows it.</summary>
    public MaskPlane this[int slice] => _planes[slice];

    /// <summary>Its mask on a slice, or null where it does not show.</summary>
    public MaskPlane? Find(int slice) => _planes.GetValueOrDefault(slice);

    /// <summary>The tight box round it on a slice that shows it.</summary>
    public PromptBox BoxOn(int slice)
    {
        PixelRectangle bounds = _planes[slice].GetBounds()!.Value;
        return new(bounds.X0, bounds.Y0, bounds.X1, bounds.Y1);
    }
}
