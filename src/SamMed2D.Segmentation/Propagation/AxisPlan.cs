using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>
/// Everything to be done along one axis: the walks of its segments and the order of visits. Locked key slices start walks only towards
/// key slices that are new, so that nothing beyond the next locked slice is touched.
/// </summary>
internal sealed class AxisPlan
{
    private readonly List<PropagationEnd> _endedAtOnce = [];
    private readonly List<KeyTask> _starts = [];
    private readonly Dictionary<Segment, HashSet<int>> _touched = [];
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
            for (int n = 0; n < starts.Length; n++)
                (segment.KeySlices[n].Role == KeyRole.Prompted ? keys : _starts).Add(new(segment.Segment, segment.KeySlices[n], starts[n]));
            foreach (List<Walk> started in starts) walks.AddRange(started);
            _touched.Add(segment.Segment, FindTouched(segment, starts));
        }
        Schedule = new(keys, walks);
    }

    public SliceFrame Frame { get; }

    public VisitSchedule Schedule { get; }

    /// <summary>The key slices that the model is not asked about: given and locked ones.</summary>
    public IReadOnlyList<KeyTask> Starts => _starts;

    /// <summary>The slices of each segment whose labels are made anew; no other slice of it changes.</summary>
    public IReadOnlyDictionary<Segment, HashSet<int>> Touched => _touched;

    /// <summary>Directions without a single slice to go to.</summary>
    public IReadOnlyList<PropagationEnd> EndedAtOnce => _endedAtOnce;

    private void AddOuterWalks(ResolvedSegment segment, List<Walk>[] starts)
    {
        int lowest = segment.KeySlices[0].Slice, highest = segment.KeySlices[^1].Slice;
        int first = Math.Max(segment.Range.First, Reach(lowest, -1)), last = Math.Min(segment.Range.Last, Reach(highest, +1));
        if (segment.KeySlices[0].Role != KeyRole.Locked)
            Start(new(segment.Segment, lowest, StepKind.Down, first, first == 0 ? StopReason.VolumeEnd : StopReason.RangeEnd), starts[0]);
        if (segment.KeySlices[^1].Role != KeyRole.Locked)
            Start(new(segment.Segment, highest, StepKind.Up, last, last == Frame.SliceCount - 1 ? StopReason.VolumeEnd : StopReason.RangeEnd), starts[^1]);
    }

    private void AddGap(ResolvedSegment segment, int number, List<Walk>[] starts)
    {
        int lower = segment.KeySlices[number].Slice, upper = segment.KeySlices[number + 1].Slice;
        if (segment.KeySlices[number].Role == KeyRole.Locked && segment.KeySlices[number + 1].Role == KeyRole.Locked) return;
        int last = Math.Min(Math.Min(upper - 1, segment.Range.Last), Reach(lower, +1)), first = Math.Max(Math.Max(lower + 1, segment.Range.First), Reach(upper, -1));
        if (upper - lower < 2) return; // neighbours
        Gap gap = new(lower, upper);
        // Only locked key slices may lie outside the range, and then nothing starts from them.
        if (segment.Range.Contains(lower)) Start(new(segment.Segment, lower, StepKind.Up, last, last == upper - 1 ? StopReason.MetKeySlice : StopReason.RangeEnd, gap), starts[number]);
        if (segment.Range.Contains(upper)) Start(new(segment.Segment, upper, StepKind.Down, first, first == lower + 1 ? StopReason.MetKeySlice : StopReason.RangeEnd, gap), starts[number + 1]);
    }

    private void Start(Walk walk, List<Walk> starts)
    {
        if ((walk.LastSlice - walk.KeySlice) * walk.Step > 0)
        {
            starts.Add(walk);
            walk.Gap?.Open();
        }
        else _endedAtOnce.Add(new(walk.Segment, walk.KeySlice, walk.Kind, walk.KeySlice, walk.EndReason));
    }

    private static HashSet<int> FindTouched(ResolvedSegment segment, List<Walk>[] starts)
    {
        HashSet<int> touched = [.. segment.KeySlices.Where(k => k.Role != KeyRole.Locked).Select(k => k.Slice)];
        foreach (List<Walk> walks in starts)
            foreach (Walk walk in walks)
                for (int slice = walk.KeySlice + walk.Step; (walk.LastSlice - slice) * walk.Step >= 0; slice += walk.Step) touched.Add(slice);
        return touched;
    }

    private int Reach(int slice, int step) => (int)Math.Clamp(slice + (long)step * _maxSlices, 0, Frame.SliceCount - 1);
}
