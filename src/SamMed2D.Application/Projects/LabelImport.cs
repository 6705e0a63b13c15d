using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Projects;

/// <summary>The labels of a file on their way into the session.</summary>
internal sealed class LabelImport
{
    private readonly LabelMap _labels;
    private readonly SegmentationState? _known;
    private readonly SegmenterDescription? _model;
    private readonly List<(Segment Segment, VoxelBox Box)> _found = [];

    // A label without a name gets one, and one whose name another has gets its number behind it.
    private LabelImport(LabelMap labels, SegmentationState? known, SegmenterDescription? model, CancellationToken cancellation)
    {
        (_labels, _known, _model) = (labels, known, model);
        VoxelBox[] boxes = FindBoxes(labels, cancellation);
        HashSet<string> names = [];
        for (int label = 1; label < boxes.Length; label++)
        {
            if (boxes[label].IsEmpty) continue;
            Segment segment = labels.FindSegment((ushort)label) ?? new((ushort)label, "", RgbColor.ForLabel(label));
            string name = string.IsNullOrWhiteSpace(segment.Name) ? $"label {label}" : segment.Name;
            _found.Add((segment with { Name = names.Add(name) ? name : $"{name} ({label})" }, boxes[label]));
        }
    }

    /// <summary>Why what is told of the labels in their record was left aside; null where it was not, or there is none.</summary>
    public string? Reservation { get; private init; }

    /// <summary>
    /// Looks at every voxel, so it belongs into the background. A session without segments takes over prompts, locked slices and scores too, from the record
    /// beside the labels: what the command line began goes on here.
    /// </summary>
    /// <param name="labels">The file's labels, on the session's grid.</param>
    /// <param name="path">The file.</param>
    /// <param name="session">The session; only read.</param>
    /// <param name="cancellation">Stops between slices.</param>
    public static LabelImport Prepare(LabelMap labels, string path, SegmentationSession session, CancellationToken cancellation)
    {
        string file = SegmentationRecordWriter.PathFor(path);
        if (session.Segments.Length > 0 || !File.Exists(file)) return new(labels, null, null, cancellation);
        try
        {
            SegmentationRecord record = SegmentationRecordReader.Read(file);
            record.RequireScan(session.Volume);
            SegmentationState known = record.ToState(labels, path, mayBeEdited: true);
            return new(known.Labels, known, record.Model, cancellation);
        }
        catch (SamMed2DException failure) // the labels themselves are sound
        {
            return new(labels, null, null, cancellation) { Reservation = $"The labels came without their prompts, locked slices and scores: {failure.Message}" };
        }
    }

    /// <summary>Writes them, as one step.</summary>
    /// <param name="session">The session.</param>
    /// <param name="name">The file's name, as the history shows it.</param>
    public void Apply(SegmentationSession session, string name)
    {
        using SessionStep step = session.BeginStep($"Import {name}");
        foreach ((Segment segment, VoxelBox box) in _found)
        {
            // A segment of the same name takes the voxels; others come as they are, under a free label.
            ushort label = session.Segments.FirstOrDefault(s => s.Name == segment.Name)?.Label
                ?? session.AddSegment(segment.Name, segment.Color, session.Find(segment.Label) is null ? segment.Label : null);
            if (!session.Find(label)!.IsProtected) session.Apply(label, VoxelMask.Of(_labels, segment.Label, box), MaskMode.Add);
        }
        if (_known is { } known) session.TakeRecord(known, _model);
        step.Commit();
    }

    private static VoxelBox[] FindBoxes(LabelMap labels, CancellationToken cancellation)
    {
        VolumeGeometry grid = labels.Geometry;
        VoxelBox[] boxes = new VoxelBox[ushort.MaxValue + 1];
        for (int k = 0; k < grid.SizeK; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            for (int j = 0; j < grid.SizeJ; j++)
            {
                ReadOnlySpan<ushort> row = labels.Labels.Slice(checked((int)grid.OffsetOf(new(0, j, k))), grid.SizeI);
                for (int i = 0; i < row.Length;)
                {
                    (ushort label, int first) = (row[i], i);
                    while (i < row.Length && row[i] == label) i++;
                    if (label > 0) boxes[label] = boxes[label].Union(new(first, j, k, i, j + 1, k + 1));
                }
            }
        }
        return boxes;
    }
}
