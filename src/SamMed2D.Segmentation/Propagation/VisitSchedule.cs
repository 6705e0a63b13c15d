namespace SamMed2D.Segmentation.Propagation;

/// <summary>One moment at which a slice is needed: for the key prompts on it, or for the walks that come by in one direction.</summary>
internal sealed class Visit(int slice)
{
    public int Slice { get; } = slice;

    public List<KeyTask> Keys { get; } = [];

    public List<Walk> Walks { get; } = [];

    /// <summary>How many tasks still want this visit; 0 lets it be skipped.</summary>
    public int Live { get; set; }

    /// <summary>True once the decoder is or was here.</summary>
    public bool IsTaken { get; set; }
}

/// <summary>
/// The order in which slices of one axis are visited: all key slices first, then one sweep up and one down, taking turns.
/// All walks of a direction share its sweep, so each slice is needed at most three times, and it is known when: the cache drops by that.
/// </summary>
internal sealed class VisitSchedule
{
    private readonly List<Visit> _visits = [];
    private readonly Dictionary<int, List<int>> _visitsOfSlice = [];

    public VisitSchedule(IEnumerable<KeyTask> keys, IEnumerable<Walk> walks)
    {
        foreach (IGrouping<int, KeyTask> group in keys.GroupBy(k => k.Key.Slice).OrderBy(g => g.Key))
        {
            Visit visit = new(group.Key);
            visit.Keys.AddRange(group);
            Append(visit);
        }
        Queue<Visit> up = new(Sweep(walks, StepKind.Up).OrderBy(v => v.Slice)), down = new(Sweep(walks, StepKind.Down).OrderByDescending(v => v.Slice));
        while (up.Count + down.Count > 0)
        {
            if (up.TryDequeue(out Visit? above)) Append(above);
            if (down.TryDequeue(out Visit? below)) Append(below);
        }
    }

    public IReadOnlyList<Visit> Visits => _visits;

    /// <summary>The next visit, at or after a moment, that still wants a slice; <see cref="long.MaxValue"/> where none does.</summary>
    public long NextUse(int slice, int moment)
    {
        foreach (int visit in _visitsOfSlice[slice])
            if (visit >= moment && _visits[visit].Live > 0) return visit;
        return long.MaxValue;
    }

    private void Append(Visit visit)
    {
        visit.Live = visit.Keys.Count + visit.Walks.Count;
        foreach (Walk walk in visit.Walks) walk.Visits.Add(visit);
        if (!_visitsOfSlice.TryGetValue(visit.Slice, out List<int>? list)) _visitsOfSlice.Add(visit.Slice, list = []);
        list.Add(_visits.Count);
        _visits.Add(visit);
    }

    private static IEnumerable<Visit> Sweep(IEnumerable<Walk> walks, StepKind direction)
    {
        Dictionary<int, Visit> visits = [];
        foreach (Walk walk in walks)
        {
            if (walk.Kind != direction) continue;
            for (int slice = walk.KeySlice + walk.Step; (walk.LastSlice - slice) * walk.Step >= 0; slice += walk.Step)
            {
                if (!visits.TryGetValue(slice, out Visit? visit)) visits.Add(slice, visit = new(slice));
                visit.Walks.Add(walk);
            }
        }
        return visits.Values;
    }
}
