using System.Collections.Immutable;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;
using SamMed2D.Segmentation.Runs;

namespace SamMed2D.Segmentation.Session;

// To and from the label file and its record, which the command line continues too.
public sealed partial class SegmentationSession
{
    /// <summary>
    /// Takes over what is known of labels that the session holds already: prompts, locked slices, status and scores of their segments, and the runs that made
    /// them, be they of the command line or of a session. Segments that the state does not tell of stay as they are. A step of its own, or a part of the open one.
    /// </summary>
    /// <param name="state">What is known, <see cref="SegmentationRecord.ToState"/>.</param>
    /// <param name="model">The model that made it; null where it is not known.</param>
    /// <exception cref="Core.Errors.InvalidEditException">Segments are propagated.</exception>
    public void TakeRecord(SegmentationState state, SegmenterDescription? model = null)
    {
        RequireIdle("take a record");
        SessionDocument after = _document with { Runs = [.. state.Runs], Model = model };
        foreach (SegmentOutcome outcome in state.Segments)
            after = after.With(SegmentOf(outcome, after.Find(outcome.Plan.Segment.Label)?.Segment ?? outcome.Plan.Segment, Geometry));
        Do("Take record", after, null);
    }

    /// <summary>What a run needs to continue the session. It shares the live labels: use it before the next edit.</summary>
    public SegmentationState ToState() => new(_labels, [.. _document.Segments.Select(OutcomeOf)], _document.Runs);

    /// <summary>
    /// What <see cref="SegmentationRecordWriter"/> writes beside the labels, so that the command line, or a later session, continues them.
    /// Edits by hand since the last run are noted as a run of their own. It shares the live labels: write it before the next edit.
    /// </summary>
    /// <param name="window">The window that the record tells where no run has told one.</param>
    /// <param name="windowName">How it was chosen.</param>
    public SegmentationResult ToResult(IntensityWindow window, string windowName)
    {
        SegmentationState state = ToState();
        IReadOnlyList<RunRecord> runs = HandEdits.Note(state, window, windowName, always: true);
        return new()
        {
            Request = new() { Volume = Volume, Window = runs[^1].Window, WindowName = runs[^1].WindowName, Segments = [], Options = runs[^1].Options },
            Model = _document.Model ?? HandEdits.NoModel,
            Labels = _labels,
            Segments = state.Segments,
            Runs = runs,
            Elapsed = TimeSpan.Zero,
            SlicesVisited = 0,
            SlicesEncoded = 0,
        };
    }

    private SegmentOutcome OutcomeOf(SessionSegment segment) => new()
    {
        Plan = new(segment.Segment, segment.Axis, segment.Range ?? new(0, Geometry.Size(segment.Axis) - 1),
            [.. segment.Slices.Where(s => s.Value is { IsLocked: true, IsAccepted: false, News: SliceNews.None }).Select(s => new KeySlice(s.Key, new()) { Role = KeyRole.Locked })]),
        Accepted = [.. segment.Slices.Where(s => s.Value.IsLocked && (s.Value.IsAccepted || s.Value.News == SliceNews.Labels)).Select(s => s.Key)],
        Status = segment.Status,
        Slices = segment.Records,
        Ends = [.. segment.Ends.Select(e => e with { Segment = segment.Segment })],
        VoxelCount = GetVoxelCount(segment.Label),
        VolumeMl = GetVoxelCount(segment.Label) * Geometry.VoxelVolumeMm3 / 1000,
    };

    private static SessionSegment SegmentOf(SegmentOutcome outcome, Segment segment, VolumeGeometry geometry)
    {
        ResolvedSegment plan = outcome.Plan;
        ImmutableSortedDictionary<int, SessionSlice>.Builder slices = SessionSlices.Empty.ToBuilder();
        foreach (KeySlice key in plan.KeySlices)
        {
            // A record keeps a key slice's prompts with what was done there; a slice without any was drawn.
            PromptSet prompts = outcome.Slices.LastOrDefault(s => s.Slice == key.Slice && s.Kind == StepKind.Key) is { } asked ? new() { Box = asked.Box, Points = asked.Points } : new();
            slices[key.Slice] = new() { Prompts = prompts, IsAccepted = prompts.IsEmpty };
        }
        foreach (int slice in outcome.Accepted) slices[slice] = (slices.GetValueOrDefault(slice) ?? SessionSlice.None) with { IsAccepted = true };
        SliceRange all = new(0, geometry.Size(plan.Axis) - 1);
        return new(segment, plan.Axis)
        {
            Range = plan.Range == all ? null : plan.Range,
            Status = outcome.Status,
            Slices = slices.ToImmutable(),
            Records = [.. outcome.Slices],
            Ends = [.. outcome.Ends],
        };
    }
}
