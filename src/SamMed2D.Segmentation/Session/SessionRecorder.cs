namespace SamMed2D.Segmentation.Session;

/// <summary>
/// Turns the changes of a session into the records that follow a journal's beginning. It knows which steps the journal holds: taking one of them back or
/// doing it again is a few bytes, and a step from before the journal is written out as what it did, after which a replay starts a new history.
/// </summary>
/// <param name="session">The session, as the journal's beginning holds it.</param>
public sealed class SessionRecorder(SegmentationSession session)
{
    private int _undoable, _redoable;

    /// <summary>One record, to be appended and flushed when <see cref="SegmentationSession.Recorded"/> tells of the change.</summary>
    /// <param name="change">The next change, none left out.</param>
    public byte[] ToBytes(SessionChange change)
    {
        List<byte> bytes = [];
        if (change.Kind == ChangeKind.Done) (_undoable, _redoable) = (_undoable + 1, 0);
        else if (change.Kind == ChangeKind.Undone && _undoable > 0) (_undoable, _redoable) = (_undoable - 1, _redoable + 1);
        else if (change.Kind == ChangeKind.Redone && _redoable > 0) (_undoable, _redoable) = (_undoable + 1, _redoable - 1);
        else
        {
            (_undoable, _redoable) = (0, 0);
            SessionChange forward = change.Forward();
            SessionJournal.Frame(bytes, SessionJson.Change(forward, session.Geometry, endsHistory: true), forward.Deltas);
            return [.. bytes];
        }
        SessionJournal.Frame(bytes, SessionJson.Change(change, session.Geometry), change.Kind == ChangeKind.Done ? change.Deltas : []);
        return [.. bytes];
    }
}
