using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Segmentation.Tests.Session;

public class SessionJournalTests
{
    [Fact]
    public void Replay_AnySession_GivesItsStateAndHistory() => Gen.Select(Gen.Int[0, 100_000], Gen.Int[0, 40]).Sample((seed, count) =>
    {
        (RandomSession random, List<byte[]> records, _) = Write(seed, count);
        JournalReplay replay = Replay(records.SelectMany(r => r), seed);
        Assert.Null(replay.Note);
        Assert.Equal(records.Count - 1, replay.Changes);
        SegmentationSession session = random.Session, again = replay.Session;
        Assert.Equal((session.HistoryBytes, session.UndoCount), (again.HistoryBytes, again.UndoCount));
        do Assert.Equal(RandomSession.State(session), RandomSession.State(again));
        while (session.Undo() & again.Undo());
        while (session.Redo() & again.Redo()) Assert.Equal(RandomSession.State(session), RandomSession.State(again));
        foreach (SessionSegment segment in session.Segments) Assert.Equal(session.GetVoxelCount(segment.Label), again.GetVoxelCount(segment.Label));
    }, iter: 60);

    [Fact]
    public void Replay_CutShortAnywhere_GivesAllButTheLastRecordAndSaysSo() => Gen.Select(Gen.Int[0, 100_000], Gen.Double[0, 1]).Sample((seed, where) =>
    {
        (_, List<byte[]> records, List<string> states) = Write(seed, 12);
        int start = records[0].Length, cut = start + (int)(where * records.Skip(1).Sum(r => r.Length));
        int whole = 0;
        for (int at = start; whole + 1 < records.Count && at + records[whole + 1].Length <= cut; whole++) at += records[whole + 1].Length;
        JournalReplay replay = Replay(records.SelectMany(r => r).Take(cut), seed);
        Assert.Equal(whole, replay.Changes);
        Assert.Equal(states[whole], RandomSession.State(replay.Session));
        bool isWhole = cut == start + records.Skip(1).Take(whole).Sum(r => r.Length);
        Assert.Equal(isWhole, replay.Note is null);
        if (!isWhole) Assert.Contains("cut short", replay.Note);
    }, iter: 40);

    [Fact]
    public void Replay_StepsFromBeforeTheJournalUndoneAndRedone_GivesTheState() => Gen.Select(Gen.Int[0, 100_000], Gen.Int[1, 12], Gen.Int[0, 40]).Sample((seed, before, count) =>
    {
        RandomSession random = new(seed);
        SegmentationSession session = random.Session;
        for (int n = 0; n < before; n++) random.DoSomething();
        List<byte> journal = [.. SessionJournal.Begin(session)];
        SessionRecorder recorder = new(session);
        session.Recorded += (_, change) => journal.AddRange(recorder.ToBytes(change));
        Random choice = new(seed);
        for (int n = 0; n < count; n++)
        {
            int action = choice.Next(10);
            if (action < 4) session.Undo();
            else if (action < 7) session.Redo();
            else random.DoSomething();
            SegmentationSession again = Replay(journal, seed).Session;
            Assert.Equal(RandomSession.State(session), RandomSession.State(again));
            Assert.True(again.UndoCount <= session.UndoCount + count);
            // What the replayed session can undo leads where the session's own undo leads, as long as both have steps of the journal.
            if (session.CanUndo && again.CanUndo && session.UndoDescription == again.UndoDescription)
            {
                session.Undo();
                again.Undo();
                Assert.Equal(RandomSession.State(session), RandomSession.State(again));
            }
        }
    }, iter: 40);

    [Fact]
    public void Replay_DamagedRecord_StopsBeforeItAndSaysSo()
    {
        (_, List<byte[]> records, List<string> states) = Write(3, 12);
        records[4][^12] ^= 0x10;
        JournalReplay replay = Replay(records.SelectMany(r => r), 3);
        Assert.Equal(3, replay.Changes);
        Assert.Equal(states[3], RandomSession.State(replay.Session));
        Assert.Contains("is damaged", replay.Note);
    }

    [Fact]
    public void Replay_OtherScanOrNoJournal_SaysSo()
    {
        (_, List<byte[]> records, _) = Write(3, 2);
        byte[] journal = [.. records.SelectMany(r => r)];
        Assert.Contains("another scan", Assert.Throws<UnsupportedInputException>(() => SessionJournal.Replay(journal, RandomSession.Scan(4), "j")).Message);
        Assert.Contains("no journal", Assert.Throws<InvalidFileException>(() => SessionJournal.Replay("something else"u8, RandomSession.Scan(3), "j")).Message);
        Assert.Contains("beginning is damaged", Assert.Throws<InvalidFileException>(() => SessionJournal.Replay(journal.AsSpan(0, 250), RandomSession.Scan(3), "j")).Message);
    }

    [Fact]
    public void ToBytes_UndoOfALargeEdit_IsSmall()
    {
        RandomSession random = new(1);
        List<byte[]> records = [];
        SessionRecorder recorder = new(random.Session);
        random.Session.Recorded += (_, change) => records.Add(recorder.ToBytes(change));
        random.Session.Apply(1, Segmentation.Editing.VoxelMask.Of(new LabelMap(RandomSession.Geometry, []), 0), Segmentation.Editing.MaskMode.Add);
        random.Session.Undo();
        Assert.True(records[0].Length > 300 && records[1].Length < 64, $"{records[0].Length} {records[1].Length}");
    }

    /// <summary>A session's journal, its beginning as one piece, and the states after each record.</summary>
    private static (RandomSession Session, List<byte[]> Records, List<string> States) Write(int seed, int count)
    {
        RandomSession random = new(seed, historyBytes: 8000);
        for (int n = 0; n < 3; n++) random.DoSomething();
        SegmentationSession session = random.Session;
        // What was done before the journal cannot be undone from it, so the session that is compared with starts there too.
        JournalReplay start = SessionJournal.Replay(SessionJournal.Begin(session), session.Volume, "j");
        random = new(seed + 1, start.Session);
        session = random.Session;
        List<byte[]> records = [SessionJournal.Begin(session)];
        List<string> states = [RandomSession.State(session)];
        bool wasRecorded = false;
        SessionRecorder recorder = new(session);
        session.Recorded += (_, change) =>
        {
            records.Add(recorder.ToBytes(change));
            wasRecorded = true;
        };
        Random choice = new(seed);
        for (int n = 0; n < count; n++)
        {
            int action = choice.Next(10);
            if (action < 2) session.Undo();
            else if (action < 4) session.Redo();
            else random.DoSomething();
            if (wasRecorded) states.Add(RandomSession.State(session));
            wasRecorded = false;
        }
        return (random, records, states);
    }

    private static JournalReplay Replay(IEnumerable<byte> journal, int seed) => SessionJournal.Replay(journal.ToArray(), RandomSession.Scan(seed), "a.journal");
}
