using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Segmentation.Tests.Session;

public class SegmentationSessionTests
{
    [Fact]
    public void UndoRedo_AnyCommands_GoBackAndForthBitForBit() => Gen.Select(Gen.Int[0, 100_000], Gen.Int[1, 25]).Sample((seed, count) =>
    {
        RandomSession random = new(seed);
        SegmentationSession session = random.Session;
        List<string> states = [RandomSession.State(session)];
        session.Recorded += (_, change) =>
        {
            if (change.Kind == ChangeKind.Done) states.Add("");
        };
        for (int n = 0; n < count; n++)
        {
            int before = states.Count;
            random.DoSomething();
            if (states.Count > before) states[^1] = RandomSession.State(session);
            Assert.Equal(states[^1], RandomSession.State(session)); // what is not recorded did nothing
        }
        for (int n = states.Count - 1; n > 0; n--)
        {
            Assert.True(session.Undo());
            Assert.Equal(states[n - 1], RandomSession.State(session));
        }
        Assert.False(session.Undo());
        for (int n = 1; n < states.Count; n++)
        {
            Assert.True(session.Redo());
            Assert.Equal(states[n], RandomSession.State(session));
        }
        Assert.False(session.Redo());
        CheckCounts(session);
    }, iter: 60);

    [Fact]
    public void Apply_AnyRules_WritesWhereANaiveReadingAllows() => Gen.Select(Gen.Int[0, 100_000], Gen.Enum<MaskMode>()).Sample((seed, mode) =>
    {
        RandomSession random = new(seed);
        SegmentationSession session = random.Session;
        for (int n = 0; n < 5; n++) random.DoSomething();
        random.AnyRules();
        if (session.Find(random.AnyLabel()) is not { IsProtected: false } segment) return;
        VoxelMask mask = random.AnyMask();
        ushort[] before = session.Labels.Labels.ToArray();
        VoxelBox? told = null;
        session.Changed += (_, e) => told = e.Box;
        VoxelBox box = session.Apply(segment.Label, mask, mode);
        VoxelBox changed = default;
        for (int k = 0; k < 6; k++)
            for (int j = 0; j < 7; j++)
                for (int i = 0; i < 9; i++)
                {
                    VoxelIndex at = new(i, j, k);
                    ushort old = before[session.Geometry.OffsetOf(at)], now = session.Labels.Labels[(int)session.Geometry.OffsetOf(at)];
                    Assert.Equal(Expected(session, segment.Label, mask, mode, at, old), now);
                    if (old != now) changed = changed.Union(new(i, j, k, i + 1, j + 1, k + 1));
                }
        Assert.Equal(changed, box);
        Assert.Equal(changed.IsEmpty ? null : changed, told);
    }, iter: 60);

    private static ushort Expected(SegmentationSession session, ushort label, VoxelMask mask, MaskMode mode, VoxelIndex at, ushort old)
    {
        if (!mask.Box.Contains(at)) return old;
        if (session.Rules.Editable is { } range && (session.Volume.GetIntensity(at) < range.Low || session.Volume.GetIntensity(at) > range.High)) return old;
        bool isMarked = mask[at];
        if (mode == MaskMode.Remove) return isMarked && old == label ? (ushort)0 : old;
        if (!isMarked) return mode == MaskMode.Replace && old == label ? (ushort)0 : old;
        if (old == label) return old;
        SessionSegment? under = session.Find(old);
        if (under is { IsLocked: true } or { Status: SegmentStatus.Completed }) return old;
        bool may = session.Rules.Over switch
        {
            DrawOver.Unlocked => true,
            DrawOver.Visible => old == 0 || under!.IsVisible,
            DrawOver.Empty => old == 0,
            _ => old == session.Rules.OverSegment,
        };
        return may ? label : old;
    }

    [Fact]
    public void AnyCommands_ProtectedSegments_KeepTheirVoxels() => Gen.Int[0, 100_000].Sample(seed =>
    {
        RandomSession random = new(seed);
        SegmentationSession session = random.Session;
        session.SetLocked(2, true);
        bool[] before = Where(session, 2);
        for (int n = 0; n < 20 && session.Find(2)?.IsLocked == true; n++)
        {
            Assert.Equal(before, Where(session, 2));
            random.AnyRules();
            random.DoSomething();
        }
    }, iter: 40);

    private static bool[] Where(SegmentationSession session, ushort label) => [.. session.Labels.Labels.ToArray().Select(l => l == label)];

    [Fact]
    public void History_OverItsBound_DropsTheOldestAndStillGoesBackExactly()
    {
        RandomSession random = new(5, historyBytes: 6000);
        SegmentationSession session = random.Session;
        List<string> states = [RandomSession.State(session)];
        for (int n = 0; n < 60; n++)
        {
            session.Apply(1, random.AnyMask(), n % 2 == 0 ? MaskMode.Add : MaskMode.Remove);
            if (states[^1] != RandomSession.State(session)) states.Add(RandomSession.State(session));
            Assert.InRange(session.HistoryBytes, 0, 6000);
        }
        int kept = session.UndoCount;
        Assert.InRange(kept, 3, 40);
        for (int n = 1; n <= kept; n++)
        {
            Assert.True(session.Undo());
            Assert.Equal(states[^(n + 1)], RandomSession.State(session));
        }
        Assert.False(session.CanUndo);
    }

    [Fact]
    public void History_EveryStepLargerThanTheBound_IsNotKept()
    {
        RandomSession random = new(5, historyBytes: 10);
        random.Session.Apply(1, random.AnyMask(), MaskMode.Add);
        Assert.Equal((false, 0L), (random.Session.CanUndo, random.Session.HistoryBytes));
    }

    [Fact]
    public void Step_SeveralEdits_AreOneUndoAndTellEach()
    {
        RandomSession random = new(1);
        SegmentationSession session = random.Session;
        string before = RandomSession.State(session);
        List<ChangedParts> told = [];
        session.Changed += (_, e) => told.Add(e.Parts);
        using (SessionStep step = session.BeginStep("Paint"))
        {
            session.SetPrompts(1, 2, new() { Box = new(0, 0, 3, 3) });
            session.Apply(1, Filled(new(0, 0, 2, 4, 4, 3)), MaskMode.Add);
            session.Apply(1, Filled(new(2, 2, 2, 6, 6, 3)), MaskMode.Add);
            Assert.Throws<InvalidEditException>(() => session.Undo());
            Assert.Throws<InvalidEditException>(() => session.BeginStep("another"));
            step.Commit();
        }
        Assert.Equal([ChangedParts.Prompts, ChangedParts.Labels | ChangedParts.Prompts, ChangedParts.Labels, ChangedParts.History], told);
        Assert.Equal((1, "Paint"), (session.UndoCount, session.UndoDescription));
        session.Undo();
        Assert.Equal(before, RandomSession.State(session));
        Assert.Equal("Paint", session.RedoDescription);
    }

    [Fact]
    public void Step_NotCommitted_LeavesNothing()
    {
        RandomSession random = new(1);
        string before = RandomSession.State(random.Session);
        using (random.Session.BeginStep("Paint")) random.Session.Apply(1, Filled(new(0, 0, 2, 4, 4, 3)), MaskMode.Add);
        Assert.Equal(before, RandomSession.State(random.Session));
        Assert.False(random.Session.CanUndo);
        CheckCounts(random.Session);
    }

    [Fact]
    public void Slices_PromptsEditsAndAccepts_SayWhatIsNew()
    {
        SegmentationSession session = new RandomSession(1).Session;
        session.SetPrompts(1, 2, new() { Points = [new(1, 1, true)] });
        Assert.Equal((SliceNews.Prompts, false), (session.Find(1)!.OnSlice(2).News, session.Find(1)!.OnSlice(2).IsLocked));
        session.Apply(1, Filled(new(0, 0, 2, 9, 7, 3)), MaskMode.Add); // one slice: a correction
        Assert.Equal((SliceNews.Labels, true), (session.Find(1)!.OnSlice(2).News, session.Find(1)!.OnSlice(2).IsLocked));
        session.Apply(1, Filled(new(0, 0, 3, 9, 7, 6)), MaskMode.Add); // several: none
        Assert.Equal([2], session.Find(1)!.LockedSlices);
        session.SetAccepted(1, 4, true);
        Assert.Equal((SliceNews.None, true), (session.Find(1)!.OnSlice(4).News, session.Find(1)!.OnSlice(4).IsLocked));
        session.SetAccepted(1, 4, false);
        Assert.False(session.Find(1)!.Slices.ContainsKey(4));
        session.SetPrompts(1, 2, new());
        Assert.Equal(SliceNews.Labels, session.Find(1)!.OnSlice(2).News);
    }

    [Fact]
    public void Revisions_AfterAnEdit_TellWhatIsStale()
    {
        SegmentationSession session = new RandomSession(1).Session;
        session.SetColor(1, new(9, 9, 9));
        Assert.Equal((1L, 0L, 0L), (session.Revision, session.LabelsRevision, session.GetRevision(1)));
        Assert.Equal(new RgbColor(9, 9, 9), session.Labels.FindSegment(1)!.Color);
        session.Apply(1, Filled(VoxelBox.Of(session.Geometry)), MaskMode.Replace);
        Assert.Equal((2L, 2L, 2L, 2L), (session.LabelsRevision, session.GetRevision(1), session.GetRevision(2), session.GetRevision(3)));
        Assert.Equal(VoxelBox.Of(session.Geometry), session.GetBounds(1));
        Assert.True(session.GetBounds(2).IsEmpty);
        session.Undo();
        Assert.Equal((3L, 3L), (session.LabelsRevision, session.GetRevision(2)));
        Assert.False(session.GetBounds(2).IsEmpty);
    }

    [Theory]
    [InlineData("is locked; unlock it")]
    [InlineData("is completed; set it in progress")]
    public void Edit_ProtectedSegment_SaysWhatToDo(string expected)
    {
        SegmentationSession session = new RandomSession(1).Session;
        if (expected.Contains("locked")) session.SetLocked(1, true);
        else session.SetStatus(1, SegmentStatus.Completed);
        Assert.Contains(expected, Assert.Throws<InvalidEditException>(() => session.Apply(1, Filled(new(0, 0, 0, 1, 1, 1)), MaskMode.Add)).Message);
        Assert.Throws<InvalidEditException>(() => session.RemoveSegment(1));
        Assert.Throws<InvalidEditException>(() => session.SetPrompts(1, 0, new() { Box = new(0, 0, 2, 2) }));
    }

    [Fact]
    public void SetPrompts_ContradictionOrOutside_SaysSo()
    {
        SegmentationSession session = new RandomSession(1).Session;
        session.AddPoint(1, 2, new(3, 3, true));
        Assert.Contains("both on the object and off it", Assert.Throws<InvalidPromptException>(() => session.AddPoint(1, 2, new(3.2, 3, false))).Message);
        Assert.Contains("outside the slice", Assert.Throws<InvalidPromptException>(() => session.AddPoint(1, 2, new(9, 3, false))).Message);
        Assert.Contains("covers no pixel", Assert.Throws<InvalidPromptException>(() => session.SetBox(1, 2, new(3, 3, 3.2, 5))).Message);
        Assert.Contains("outside the scan", Assert.Throws<InvalidEditException>(() => session.AddPoint(1, 6, new(3, 3, true))).Message);
        Assert.Single(session.Find(1)!.OnSlice(2).Prompts.Points);
    }

    private static VoxelMask Filled(VoxelBox box)
    {
        VoxelMask mask = new(RandomSession.Geometry, box);
        mask.Voxels.Fill(1);
        return mask;
    }

    private static void CheckCounts(SegmentationSession session)
    {
        ushort[] labels = session.Labels.Labels.ToArray();
        foreach (SessionSegment segment in session.Segments)
        {
            Assert.Equal(labels.LongCount(l => l == segment.Label), session.GetVoxelCount(segment.Label));
            Assert.Equal(session.GetVoxelCount(segment.Label) == 0, session.GetBounds(segment.Label).IsEmpty);
        }
    }
}
