using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Segments;

/// <summary>What is known of the segments' voxels, worked out when asked for.</summary>
public sealed class StatisticsTable
{
    private readonly Workspace _workspace;
    private readonly Dictionary<ushort, (long Revision, SegmentStatistics Statistics)> _rows = [];

    internal StatisticsTable(Workspace workspace) => _workspace = workspace;

    /// <summary>The statistics of a segment as last worked out; null where they never were, or the segment has changed since.</summary>
    public SegmentStatistics? Of(ushort label) =>
        _rows.TryGetValue(label, out (long Revision, SegmentStatistics Statistics) row) && _workspace.Segments.Session?.GetRevision(label) == row.Revision ? row.Statistics : null;

    internal void Compute()
    {
        SegmentationSession session = _workspace.Segments.Session!;
        (ushort Label, long Revision, Core.Geometry.VoxelBox Box)[] wanted =
            [.. session.Segments.Where(s => Of(s.Label) is null).Select(s => (s.Label, session.GetRevision(s.Label), session.GetBounds(s.Label)))];
        LabelJob.Start(_workspace, "Statistics", job =>
        {
            List<SegmentStatistics> rows = [];
            foreach ((ushort label, _, Core.Geometry.VoxelBox box) in wanted)
            {
                job.Cancellation.ThrowIfCancellationRequested();
                job.Report(rows.Count, wanted.Length);
                rows.Add(SegmentStatistics.Of(session.Volume, session.Labels, label, box));
            }
            return rows;
        },
        rows =>
        {
            for (int n = 0; n < rows.Count; n++) _rows[wanted[n].Label] = (wanted[n].Revision, rows[n]);
        });
    }

    internal void Clear() => _rows.Clear();
}
