using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>Everything to be done along one axis: the walks of its segments and the order of visits.</summary>
internal sealed class AxisPlan
{
    private readonly List<PropagationEnd> _endedAtOnce = [];
    private readonly int _maxSlices;

    public AxisPlan(SliceFrame frame, IEnumerable<ResolvedSegment> segments, PropagationOptions options)
    {
        (Frame, _maxSlices) = (frame, Math.Max(options.MaxSlices, 0));
        List<Walk> walks = [];
        List<KeyTask> keys = [];
        foreach (ResolvedSegment segment in segments)
        {
            List<Walk>[] starts = [.. segment.KeySlices.Select(_ => new List<Walk>())];
            AddOuterWalks(segment, starts);
            for (int n = 0; n + 1 < segment.KeySlices.Count; n++) AddGap(segment, n, starts);
            for (int n = 0; n < starts.Length; n++) keys.Add(new(segment.Segment, segment.KeySlices[n], starts[n]));
            foreach (List<Walk> started in starts) walks.AddRange(started);
        }
        Schedule = new(keys, walks);
    }

    public SliceFrame Frame { get; }

    public VisitSchedule Schedule { get; }

    /// <summary>Directions without a single slice to go to.</summary>
    public IReadOnlyList<PropagationEnd> EndedAtOnce => _endedAtOnce;

    private void AddOuterWalks(ResolvedSegment segment, List<Walk>[] starts)
    {
        int lowest = segment.KeySlices[0].Slice, highest = segment.KeySlices[^1].Slice;
        int first = Math.Max(segment.Range.First, Reach(lowest, -1)), last = Math.Min(segment.Range.Last, Reach(highest, +1));
        Start(new(segment.Segment, lowest, StepKind.Down, first, first == 0 ? StopReason.VolumeEnd : StopReason.RangeEnd), starts[0]);
        Start(new(segment.Segment, highest, StepKind.Up, last, last == Frame.SliceCount - 1 ? StopReason.VolumeEnd : StopReason.RangeEnd), starts[^1]);
    }

    private void AddGap(ResolvedSegment segment, int number, List<Walk>[] starts)
    {
        int lower = segment.KeySlices[number].Slice, upper = segment.KeySlices[number + 1].Slice;
        int last = Math.Min(upper - 1, Reach(lower, +1)), first = Math.Max(lower + 1, Reach(upper, -1));
        if (upper - lower < 2 || last <= lower) return; // neighbours, or nowhere to go
        Gap gap = new(lower, upper);
        Start(new(segment.Segment, lower, StepKind.Up, last, last == upper - 1 ? StopReason.MetKeySlice : StopReason.RangeEnd, gap), starts[number]);
        Start(new(segment.Segment, upper, StepKind.Down, first, first == lower + 1 ? StopReason.MetKeySlice : StopReason.RangeEnd, gap), starts[number + 1]);
    }

    private void Start(Walk walk, List<Walk> starts)
    {
        if ((walk.LastSlice - walk.KeySlice) * walk.Step > 0) starts.Add(walk);
        else _endedAtOnce.Add(new(walk.Segment, walk.KeySlice, walk.Kind, walk.KeySlice, walk.EndReason));
    }

    private int Reach(int slice, int step) => (int)Math.Clamp(slice + (long)step * _maxSlices, 0, Frame.SliceCount - 1);
}
