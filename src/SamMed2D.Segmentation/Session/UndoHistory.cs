namespace SamMed2D.Segmentation.Session;

/// <summary>The steps that can be undone and redone, within a bound of bytes: the oldest go first, and those to be redone count too.</summary>
internal sealed class UndoHistory(long limitBytes)
{
    private readonly LinkedList<SessionChange> _done = new();
    private readonly Stack<SessionChange> _undone = new();

    public long SizeBytes { get; private set; }

    public long LimitBytes => limitBytes;

    public int Count => _done.Count;

    public SessionChange? LastDone => _done.Last?.Value;

    public SessionChange? LastUndone => _undone.TryPeek(out SessionChange? change) ? change : null;

    public void Push(SessionChange change)
    {
        foreach (SessionChange undone in _undone) SizeBytes -= undone.SizeBytes;
        _undone.Clear();
        _done.AddLast(change);
        SizeBytes += change.SizeBytes;
        while (SizeBytes > limitBytes && _done.First is { } oldest)
        {
            SizeBytes -= oldest.Value.SizeBytes;
            _done.RemoveFirst();
        }
    }

    /// <summary>Forgets all steps.</summary>
    public void Clear()
    {
        _done.Clear();
        _undone.Clear();
        SizeBytes = 0;
    }

    public SessionChange Undo()
    {
        SessionChange change = _done.Last!.Value;
        _done.RemoveLast();
        _undone.Push(change);
        return change;
    }

    public SessionChange Redo()
    {
        SessionChange change = _undone.Pop();
        _done.AddLast(change);
        return change;
    }
}
