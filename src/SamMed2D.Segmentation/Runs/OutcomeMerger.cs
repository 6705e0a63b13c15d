using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Propagation;

namespace SamMed2D.Segmentation.Runs;

/// <summary>Joins what a run did with what is left of the runs before it, so that every slice tells which run made it.</summary>
internal static class OutcomeMerger
{
    public static IReadOnlyList<SegmentOutcome> Merge(SegmentationRequest request, Propagator propagator, IReadOnlyList<SliceRecord> slices)
    {
        long[] voxels = CountVoxels(propagator.Labels);
        Dictionary<ushort, ResolvedSegment> written = request.Segments.ToDictionary(s => s.Segment.Label);
        List<SegmentOutcome> merged = [];
        foreach (SegmentOutcome before in request.Previous?.Segments ?? [])
            merged.Add(written.Remove(before.Plan.Segment.Label, out ResolvedSegment? plan) ? Continue(before, plan) : before);
        foreach (ResolvedSegment plan in request.Segments)
            if (written.ContainsKey(plan.Segment.Label)) merged.Add(Outcome(plan));
        return [.. merged.Select(Count)];

        SegmentOutcome Outcome(ResolvedSegment plan) => new()
        {
            Plan = plan,
            Slices = [.. slices.Where(s => s.Label == plan.Segment.Label).OrderBy(s => s.Slice)],
            Ends = Order(propagator.Ends.Where(e => e.Segment.Label == plan.Segment.Label)),
            Accepted = [],
            Status = request.Statuses.GetValueOrDefault(plan.Segment.Name),
            VoxelCount = 0,
            VolumeMl = 0,
        };

        SegmentOutcome Continue(SegmentOutcome before, ResolvedSegment plan)
        {
            SegmentOutcome now = Outcome(plan);
            IReadOnlySet<int> touched = propagator.TouchedSlices(plan.Segment);
            HashSet<int> oldKeys = [.. before.Plan.KeySlices.Select(k => k.Slice)];
            HashSet<int> locked = [.. plan.KeySlices.Where(k => k.Role == KeyRole.Locked).Select(k => k.Slice)];
            return now with
            {
                Plan = plan with { KeySlices = [.. plan.KeySlices.Where(k => k.Role != KeyRole.Locked || oldKeys.Contains(k.Slice))] },
                Accepted = [.. plan.KeySlices.Where(k => k.IsAccepted).Select(k => k.Slice)],
                Status = request.Statuses.TryGetValue(plan.Segment.Name, out SegmentStatus status) ? status : before.Status,
                Slices = [.. before.Slices.Where(s => !touched.Contains(s.Slice)).Concat(now.Slices).OrderBy(s => s.Slice)],
                Ends = MergeEnds(before.Ends, now.Ends, touched, locked),
            };
        }

        SegmentOutcome Count(SegmentOutcome segment)
        {
            long count = voxels[segment.Plan.Segment.Label];
            return segment with { VoxelCount = count, VolumeMl = count * request.Volume.Geometry.VoxelVolumeMm3 / 1000 };
        }
    }

    /// <summary>
    /// An old way that crossed a span that was made anew now starts from the locked slice behind that span, if it came so far; the rest of it is gone.
    /// </summary>
    private static IReadOnlyList<PropagationEnd> MergeEnds(
        IReadOnlyList<PropagationEnd> before, IReadOnlyList<PropagationEnd> now, IReadOnlySet<int> touched, HashSet<int> locked)
    {
        List<PropagationEnd> merged = [.. now];
        foreach (PropagationEnd old in before)
        {
            int step = old.Kind == StepKind.Up ? 1 : -1;
            int start = old.KeySlice;
            bool isLeft = !touched.Contains(start);
            for (int slice = start; (old.LastSlice - slice) * step >= 0; slice += step)
                if (touched.Contains(slice)) isLeft = false;
                else if (!isLeft && locked.Contains(slice)) (start, isLeft) = (slice, true);
            if (isLeft && !merged.Any(e => e.KeySlice == start && e.Kind == old.Kind)) merged.Add(old with { KeySlice = start });
        }
        return Order(merged);
    }

    private static IReadOnlyList<PropagationEnd> Order(IEnumerable<PropagationEnd> ends) => [.. ends.OrderBy(e => e.KeySlice).ThenByDescending(e => e.Kind)];

    private static long[] CountVoxels(LabelMap labels)
    {
        long[] counts = new long[ushort.MaxValue + 1];
        foreach (ushort label in labels.Labels) counts[label]++;
        return counts;
    }
}
