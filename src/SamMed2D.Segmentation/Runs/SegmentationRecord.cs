using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Runs;

/// <summary>The content of a record file: enough to continue a segmentation and to run it again.</summary>
public sealed record SegmentationRecord
{
    /// <summary>The record's file, for messages.</summary>
    public required string File { get; init; }

    /// <summary>The scan's file or folder, without its place.</summary>
    public required string ScanSource { get; init; }

    /// <summary>Which frame of the scan's file it is, from 0.</summary>
    public required int ScanFrame { get; init; }

    /// <summary>The identity of the scan's voxels, <see cref="VoxelHash.Of(Volume)"/>.</summary>
    public required string ScanSha256 { get; init; }

    /// <summary>The scan's grid.</summary>
    public required VolumeGeometry Geometry { get; init; }

    /// <summary>The model, as far as records tell.</summary>
    public required SegmenterDescription Model { get; init; }

    /// <summary>The runs, the oldest first; the last one wrote the record.</summary>
    public required IReadOnlyList<RunRecord> Runs { get; init; }

    /// <summary>What became of each segment; key slices without their prompts.</summary>
    public required IReadOnlyList<SegmentOutcome> Segments { get; init; }

    /// <summary>Makes sure that the record was made from a scan.</summary>
    /// <exception cref="UnsupportedInputException">It was made from another.</exception>
    public void RequireScan(Volume volume)
    {
        string source = Path.GetFileName(volume.Info.Source.TrimEnd('/', '\\'));
        if (!Geometry.IsSameGrid(volume.Geometry))
            throw new UnsupportedInputException(File, $"was made from another scan: {ScanSource} on a grid of {Geometry}, but {source} has {volume.Geometry}, or lies elsewhere; give the scan that was segmented");
        if (VoxelHash.Of(volume) != ScanSha256)
            throw new UnsupportedInputException(File, $"was made from another scan: the voxels of {ScanSource} (frame {ScanFrame}) differ from those of {source} (frame {volume.Info.Frame}); give the scan that was segmented, in the same format");
    }

    /// <summary>Makes sure that the record was made with a model.</summary>
    /// <exception cref="UnsupportedInputException">It was made with another.</exception>
    public void RequireModel(SegmenterDescription model)
    {
        if (Model.Id.Length > 0 && model.Id != Model.Id) // made by hand alone, any model may go on
            throw new UnsupportedInputException(File, $"was made with another model: found {model.Name} ({model.Id}), expected {Model.Name} ({Model.Id}); choose that one with --model, or start from the labels with segment --refine");
    }

    /// <summary>Joins the record with the labels that it describes.</summary>
    /// <param name="labels">The label map; it belongs to the state from here on.</param>
    /// <param name="labelsFile">Its file, for messages.</param>
    /// <param name="mayBeEdited">
    /// Whether the labels may have been changed since, by hand or by another program; that is noted as a run of its own, <see cref="SegmentationReplay.HandEdit"/>.
    /// </param>
    /// <exception cref="UnsupportedInputException">The labels are others than those that the record describes.</exception>
    public SegmentationState ToState(LabelMap labels, string labelsFile, bool mayBeEdited = false)
    {
        if (!Geometry.IsSameGrid(labels.Geometry))
            throw new UnsupportedInputException(labelsFile, $"has a grid of {labels.Geometry}, but its record {Path.GetFileName(File)} describes {Geometry}; give the labels and the record of one run");
        if (!mayBeEdited && VoxelHash.Of(labels) != Runs[^1].LabelsSha256)
            throw new UnsupportedInputException(labelsFile,
                $"was changed after its record {Path.GetFileName(File)} was written; name the slices that were drawn, as {{\"present\": [40]}} among a segment's prompts in a prompt file, or continue the unchanged labels");
        Segment[] known = [.. Segments.Select(s => s.Plan.Segment with { Tags = labels.FindSegment(s.Plan.Segment.Label)?.Tags ?? s.Plan.Segment.Tags })];
        SegmentationState state = new(labels.With([.. known, .. labels.AllSegments().Where(s => !known.Any(k => k.Label == s.Label))]), Segments, Runs);
        return state with { Runs = HandEdits.Note(state, Runs[^1].Window, Runs[^1].WindowName) };
    }
}
