using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.ItkSharp;
using SamMed2D.Imaging.Labels;

namespace SamMed2D.Imaging.Nrrd;

/// <summary>
/// Reads 3D Slicer's segmentations into one label map. Where they have several layers, segments may overlap: the one named later wins.
/// Where two segments have the same value in different layers, all are numbered anew in their order.
/// </summary>
internal static class SegNrrdReader
{
    /// <summary>Reads a segmentation, or gives null where the NRRD has no segments.</summary>
    public static LabelMap? Read(string path, CancellationToken cancellation)
    {
        List<(Segment Segment, int Layer)> segments = SegNrrdFields.Parse(NrrdHeader.Read(path, cancellation).Pairs);
        if (segments.Count == 0) return null;
        Volume first = ItkVolumeReader.ReadNrrd(path, 0, null, cancellation);
        if (segments.Find(s => s.Layer < 0 || s.Layer >= first.Info.FrameCount) is { Segment: { } stray, Layer: int layer })
            throw new InvalidFileException(path, $"puts the segment '{stray.Name}' into layer {layer}, and there are {first.Info.FrameCount}; save the segmentation again");
        ushort[] firstLayer = first.Accept(new LabelsOfVolume(path));
        bool isUnique = segments.Select(s => s.Segment.Label).Distinct().Count() == segments.Count;
        if (first.Info.FrameCount == 1)
            return isUnique ? new LabelMap(first.Geometry, firstLayer, [.. segments.Select(s => s.Segment)])
                : throw new InvalidFileException(path, "gives two segments the same label; save the segmentation again");

        LabelMap merged = new(first.Geometry, [.. segments.Select((s, n) => isUnique ? s.Segment : s.Segment with { Label = (ushort)(n + 1) })]);
        for (int frame = 0; frame < first.Info.FrameCount; frame++)
        {
            ushort[] voxels = frame == 0 ? firstLayer : ItkVolumeReader.ReadNrrd(path, frame, null, cancellation).Accept(new LabelsOfVolume(path));
            for (int n = 0; n < segments.Count; n++)
                if (segments[n].Layer == frame) Merge(voxels, segments[n].Segment.Label, merged.MutableLabels, merged.Segments[n].Label);
        }
        return merged;
    }

    private static void Merge(ushort[] layer, ushort value, Span<ushort> merged, ushort label)
    {
        for (int n = 0; n < layer.Length; n++)
            if (layer[n] == value) merged[n] = label;
    }
}
