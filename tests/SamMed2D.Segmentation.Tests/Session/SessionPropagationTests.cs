using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Editing;
using SamMed2D.Segmentation.Prompts;
using SamMed2D.Segmentation.Runs;
using SamMed2D.Segmentation.Session;
using SamMed2D.Segmentation.Tests.Runs;
using SamMed2D.Testing;

namespace SamMed2D.Segmentation.Tests.Session;

/// <summary>Propagation in a session, on two rods along k; see <see cref="ContinuedScan"/>.</summary>
public class SessionPropagationTests
{
    private readonly ContinuedScan _scan = new();
    private readonly ushort _left, _right;

    public SessionPropagationTests()
    {
        Session = new(_scan.Scan.Volume);
        _left = Session.AddSegment("left");
        _right = Session.AddSegment("right");
        Session.SetBox(_left, 5, Box(2, 6, 10, 18));
        Session.SetBox(_left, 17, Box(2, 6, 10, 18));
        Session.SetBox(_right, 11, Box(12, 6, 20, 18));
    }

    private SegmentationSession Session { get; }

    private SliceFrame Frame => new(Session.Geometry, SliceAxis.K);

    // Voxel corners, both inside, as prompt files have them, in the frame's pixels.
    private PromptBox Box(int i0, int j0, int i1, int j1)
    {
        (double ax, double ay, _) = Frame.IndexToPixel(new(i0, j0, 0));
        (double bx, double by, _) = Frame.IndexToPixel(new(i1, j1, 0));
        return new(Math.Min(ax, bx), Math.Min(ay, by), Math.Max(ax, bx) + 1, Math.Max(ay, by) + 1);
    }

    private SessionPropagationRequest Request(params ushort[] segments) => new() { Segments = segments, Window = new(0, 255), WindowName = "255,127.5", Options = _scan.Options };

    private bool Run(params ushort[] segments) => Session.Finish(Session.Propagate(new ThresholdSegmenter(), Request(segments)));

    [Fact]
    public void Propagate_FirstRun_IsTheCommandLinesAndOneUndo()
    {
        string before = RandomSession.State(Session);
        int steps = Session.UndoCount;
        Assert.True(Run(_left, _right));
        SegmentationResult expected = _scan.First();
        Assert.True(expected.Labels.Labels.SequenceEqual(Session.Labels.Labels));
        Assert.Equal(expected.Segments[0].Slices.Select(s => (s.Slice, s.Kind, s.AreaPixels)), Session.Find(_left)!.Records.Select(s => (s.Slice, s.Kind, s.AreaPixels)));
        Assert.Equal([5, 17], Session.Find(_left)!.LockedSlices);
        Assert.Equal(steps + 1, Session.UndoCount);
        Assert.Equal("Propagate left, right", Session.UndoDescription);
        string after = RandomSession.State(Session);
        Session.Undo();
        Assert.Equal(before, RandomSession.State(Session));
        Session.Redo();
        Assert.Equal(after, RandomSession.State(Session));
    }

    [Fact]
    public void Propagate_Cancelled_LeavesEverythingBitForBit()
    {
        string before = RandomSession.State(Session);
        SessionPropagation? run = null;
        using ManualResetEventSlim started = new();
        ThresholdSegmenter model = new()
        {
            OnPredict = (n, _, cancellation) =>
            {
                if (n < 6) return;
                started.Set();
                cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(20)); // as if inside the model
            },
        };
        run = Session.Propagate(model, Request(_left, _right));
        started.Wait(TestContext.Current.CancellationToken);
        Assert.Throws<InvalidEditException>(() => Session.Undo());
        Assert.Throws<InvalidEditException>(() => Session.SetBox(_left, 3, Box(2, 6, 10, 18)));
        Assert.Throws<InvalidEditException>(() => Session.Propagate(model, Request(_left)));
        Assert.False(Session.CanUndo);
        run.Cancel();
        Assert.False(Session.Finish(run));
        Assert.Equal(before, RandomSession.State(Session));
        Assert.Equal(0, model.LiveEmbeddings);
        Assert.True(Session.CanUndo);
        Assert.True(Run(_left, _right)); // and it can be done again
    }

    [Fact]
    public void Propagate_ModelFails_TellsAndLeavesEverything()
    {
        string before = RandomSession.State(Session);
        ThresholdSegmenter model = new() { OnPredict = (n, _, _) => { if (n == 4) throw new ModelException("m", "failed"); } };
        SessionPropagation run = Session.Propagate(model, Request(_left));
        Assert.Throws<ModelException>(() => Session.Finish(run));
        Assert.Equal(before, RandomSession.State(Session));
        Assert.False(Session.IsRunning);
    }

    [Fact]
    public void Propagate_AppearanceChangedMeanwhile_KeepsBoth()
    {
        SessionPropagation run = Session.Propagate(new ThresholdSegmenter(), Request(_left));
        Session.SetColor(_left, new(1, 2, 3));
        Session.SetVisible(_right, false);
        Assert.True(Session.Finish(run));
        Assert.Equal((new RgbColor(1, 2, 3), false), (Session.Find(_left)!.Segment.Color, Session.Find(_right)!.IsVisible));
        Assert.NotEqual(0, Session.GetVoxelCount(_left));
    }

    [Fact]
    public void Propagate_Steps_ShowTheMasksOfTheResult()
    {
        SessionPropagation run = Session.Propagate(new ThresholdSegmenter(), Request(_right));
        Assert.True(Session.Finish(run));
        List<PropagatedSlice> slices = [];
        while (run.TryTake(out PropagatedSlice slice)) slices.Add(slice);
        Assert.Equal(Session.Find(_right)!.Records.Length, slices.Count);
        Assert.Equal(run.SlicesPlanned, run.SlicesDone);
        foreach (PropagatedSlice slice in slices)
            for (int n = 0; n < 576; n++)
                Assert.Equal(ContinuedScan.SliceOf(Session.Labels, slice.Step.Slice)[n] == _right, slice.Mask[new(n % 24, n / 24, slice.Step.Slice)]);
    }

    [Fact]
    public void Propagate_DrawnSlice_IsTakenAsDrawnAndOnlyItsSpanChanges()
    {
        Run(_left, _right);
        ushort[] before = Session.Labels.Labels.ToArray();
        VoxelMask stripe = new(Session.Geometry, VoxelBox.OfSlice(Session.Geometry, SliceAxis.K, 12));
        for (int n = 0; n < 576; n++) stripe.Voxels[n] = n % 24 + n / 24 is > 14 and < 20 && n % 24 < 12 ? (byte)1 : (byte)0;
        Session.Apply(_left, stripe, MaskMode.Replace);
        Assert.True(Run(_left));
        for (int k = 0; k < 24; k++)
        {
            ReadOnlySpan<ushort> old = before.AsSpan(k * 576, 576), now = ContinuedScan.SliceOf(Session.Labels, k);
            if (k == 12)
                for (int n = 0; n < 576; n++) Assert.Equal(stripe.Voxels[n] == 1, now[n] == _left);
            else if (k is <= 5 or >= 17) Assert.True(old.SequenceEqual(now), $"slice {k} changed");
        }
        Assert.Equal((true, SliceNews.None), (Session.Find(_left)!.OnSlice(12).IsAccepted, Session.Find(_left)!.OnSlice(12).News));
        Assert.Equal(3, Session.Runs.Length); // the first, the edit by hand, the second
        Assert.Contains("nothing to propagate", Assert.Throws<InvalidEditException>(() => Run(_left)).Message);
    }

    [Fact]
    public void Propagate_ErasedSlice_EndsTheObjectThere()
    {
        Run(_left, _right);
        Session.SetPrompts(_left, 17, new()); // no longer a key slice
        Session.Apply(_left, VoxelMask.Of(Session.Labels, _left, VoxelBox.OfSlice(Session.Geometry, SliceAxis.K, 14)), MaskMode.Remove);
        Assert.True(Run(_left));
        for (int k = 6; k < 24; k++) Assert.Equal(k < 14, ContinuedScan.SliceOf(Session.Labels, k).Contains(_left));
    }

    [Fact]
    public void Propagate_OtherSegments_AreNeverOverwritten()
    {
        Run(_right);
        Session.SetLocked(_right, true);
        ushort[] before = Session.Labels.Labels.ToArray();
        Session.SetBox(_left, 12, Box(2, 6, 22, 18)); // over both rods
        Assert.True(Run(_left));
        for (int n = 0; n < before.Length; n++) Assert.Equal(before[n] == _right, Session.Labels.Labels[n] == _right);
        Assert.Contains("is locked", Assert.Throws<InvalidEditException>(() => Run(_right)).Message);
    }

    [Fact]
    public void Propagate_Range_LeavesTheRestAndItsPromptsForLater()
    {
        Assert.True(Session.Finish(Session.Propagate(new ThresholdSegmenter(), Request(_left) with { Range = new(3, 10) })));
        for (int k = 0; k < 24; k++) Assert.Equal(k is >= 7 and <= 10 or >= 3 and < 7, ContinuedScan.SliceOf(Session.Labels, k).Contains(_left));
        Assert.Equal((SliceNews.None, SliceNews.Prompts), (Session.Find(_left)!.OnSlice(5).News, Session.Find(_left)!.OnSlice(17).News));
    }

    [Fact]
    public void ToResult_RecordAndLabels_AreContinuedByTheCommandLineAndByASession()
    {
        Run(_left, _right);
        Session.SetAccepted(_left, 9, true);
        Session.SetStatus(_right, SegmentStatus.Flagged);
        Session.Apply(_left, VoxelMask.Of(Session.Labels, _left, new(0, 0, 20, 24, 24, 24)), MaskMode.Remove);
        SegmentationResult result = Session.ToResult(new(0, 255), "255,127.5");
        string json = ContinuedScan.Text(result);
        SegmentationRecord record = SegmentationRecordReader.Parse(json, "x.json");
        record.RequireModel(new ThresholdSegmenter().Description);
        record.RequireScan(Session.Volume);
        LabelMap Copy() => new(Session.Geometry, Session.Labels.Labels.ToArray(), Session.Labels.Segments);
        SegmentationResult continued = _scan.Run(ContinuedScan.File(ContinuedScan.Segment("left", """{"box":[[2,6,12],[10,18,12]]}""")), record.ToState(Copy(), "x"));
        Assert.Equal([5, 12, 17], continued.Segments[0].Plan.KeySlices.Select(k => k.Slice));
        Assert.Equal([9], continued.Segments[0].Accepted);
        Assert.True(ContinuedScan.SliceOf(Session.Labels, 7).SequenceEqual(ContinuedScan.SliceOf(continued.Labels, 7)));

        SegmentationState state = record.ToState(Copy(), "x");
        SegmentationSession again = new(Session.Volume, state.Labels);
        again.TakeRecord(state, record.Model);
        SessionSegment left = again.Find(_left)!;
        Assert.Equal([5, 9, 17], left.LockedSlices);
        Assert.Equal(Session.Find(_left)!.OnSlice(5).Prompts.Box, left.OnSlice(5).Prompts.Box);
        Assert.Equal((SegmentStatus.Flagged, Session.Find(_right)!.Records.Length), (again.Find(_right)!.Status, again.Find(_right)!.Records.Length));
        Assert.Contains("edit by hand", Assert.Throws<UnsupportedInputException>(() => _scan.Replay(record)).Message);
        again.Undo();
        Assert.Empty(again.Find(_left)!.Slices); // the labels stay, as they were before
    }

    [Fact]
    public void ToResult_HandMadeLabels_AreContinuedByAnyModel()
    {
        SegmentationSession session = new(_scan.Scan.Volume);
        ushort label = session.AddSegment("drawn");
        session.Apply(label, Brush.Ball(session.Geometry, new(6, 12, 8), new(6, 12, 14), 2), MaskMode.Add);
        SegmentationRecord record = SegmentationRecordReader.Parse(ContinuedScan.Text(session.ToResult(new(0, 255), "255,127.5")), "x.json");
        record.RequireModel(new ThresholdSegmenter().Description);
        SegmentationResult continued = _scan.Run(ContinuedScan.File(ContinuedScan.Segment("drawn", """{"present":[11]}""", "\"axis\":\"k\"")), record.ToState(session.Labels, "x"));
        Assert.True(continued.Segments[0].VoxelCount > session.GetVoxelCount(label));
        Assert.True(ContinuedScan.SliceOf(session.Labels, 11).SequenceEqual(ContinuedScan.SliceOf(continued.Labels, 11)));
    }

    [Fact]
    public void Replay_SessionOfRunsAlone_IsTheSame()
    {
        Run(_left, _right);
        Session.SetBox(_left, 12, Box(2, 6, 7, 18));
        Session.AddPoint(_right, 18, new(8, 12, true));
        Run(_left, _right);
        SegmentationRecord record = SegmentationRecordReader.Parse(ContinuedScan.Text(Session.ToResult(new(0, 255), "255,127.5")), "x.json");
        Assert.Null(_scan.Replay(record).FirstDifferentRun);
    }

    [Fact]
    public void Journal_OfAPropagation_GivesItAgain()
    {
        SegmentationSession session = Session;
        List<byte> journal = [.. SessionJournal.Begin(session)];
        SessionRecorder recorder = new(session);
        session.Recorded += (_, change) => journal.AddRange(recorder.ToBytes(change));
        Run(_left, _right);
        session.SetAccepted(_left, 9, true);
        session.Undo();
        SegmentationSession again = SessionJournal.Replay(journal.ToArray(), session.Volume, "j").Session;
        Assert.Equal(RandomSession.State(session), RandomSession.State(again));
        Assert.Equal((session.Model!.Id, session.Runs.Length), (again.Model!.Id, again.Runs.Length));
        Assert.Equal(ContinuedScan.Text(session.ToResult(new(0, 255), "w")), ContinuedScan.Text(again.ToResult(new(0, 255), "w")));
    }

    [Theory]
    [InlineData("nothing is present", "new", """{"present":[11]}""", "")]
    [InlineData("slice 24 lies outside the scan", "left", """{"present":[24]}""", "")]
    [InlineData("has prompts too", "left", """{"present":[12]},{"box":[[2,6,12],[7,18,12]]}""", "")]
    [InlineData("outside its range", "left", """{"present":[12]}""", "\"range\":[3,9]")]
    public void Run_PresentThatCannotBe_SaysWhy(string expected, string name, string prompts, string more) => Assert.Contains(expected,
        Assert.Throws<InvalidPromptException>(() => _scan.Run(ContinuedScan.File(ContinuedScan.Segment(name, prompts, more)), _scan.First().ToState())).Message);
}
