using System.Text.Json.Nodes;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Segments;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Tests.Propagation;

public sealed class PropagationTests : IDisposable
{
    private readonly TestWorkspace _test = TestWorkspace.WithAbdomen();

    private Workspace Workspace => _test.Workspace;

    private SegmentationSession Session => Workspace.Segments.Session!;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Propagate_FromABox_FillsTheLiver_UndoTakesItBackBitForBit()
    {
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        ushort[] start = Session.Labels.Labels.ToArray();
        Prompt(slice, liver);
        Assert.True(Workspace.Commands.Press(KeyChord.Parse("P")));
        Assert.True(Workspace.Propagation.IsRunning, Workspace.Status);
        Assert.Contains("wait until", Assert.Throws<InvalidCommandException>(() => _test.Run("edit.undo")).Message);
        WaitForEnd();
        ushort[] done = Session.Labels.Labels.ToArray();
        int slices = ConfidenceStrip.Of(Session.Find(1)!).Cells.Count;
        Assert.True(slices > 3, $"{slices} slices");
        Assert.NotEmpty(ConfidenceStrip.For(Workspace, Workspace.SliceView(ViewId.Axial)));
        Assert.Empty(ConfidenceStrip.For(Workspace, Workspace.SliceView(ViewId.Coronal)));

        while (Session.CanUndo) _test.Run("edit.undo");
        Assert.True(start.AsSpan().SequenceEqual(Session.Labels.Labels));
        while (Session.CanRedo) _test.Run("edit.redo");
        Assert.True(done.AsSpan().SequenceEqual(Session.Labels.Labels));
    }

    [Fact]
    public void Propagate_WithARange_TouchesNoOtherSlice()
    {
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        Prompt(slice, liver);
        _test.Run("propagate.range", new() { ["first"] = slice - 1, ["last"] = slice + 1 });
        _test.Run("propagate.run");
        WaitForEnd();
        Core.Geometry.VoxelBox box = Session.GetBounds(1);
        Assert.InRange(box.K0, slice - 1, slice);
        Assert.InRange(box.K1, slice + 1, slice + 2);
        Assert.Contains("does not lie within", Assert.Throws<InvalidCommandException>(() => _test.Run("propagate.run", new() { ["first"] = -1 })).Message);
    }

    [Fact]
    public void Propagate_Cancelled_LeavesNothing()
    {
        using ManualResetEventSlim reached = new(), go = new();
        using TestWorkspace test = new(segmenter: new()
        {
            OnPredict = (number, _, cancellation) =>
            {
                if (number < 3) return;
                reached.Set();
                go.Wait(cancellation);
            },
        });
        test.OpenAbdomen();
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        test.Run("segment.add", new() { ["name"] = "liver" });
        test.Run("prompt.box", new() { ["view"] = "axial", ["slice"] = slice, ["box"] = new JsonArray(liver.X0, liver.Y0, liver.X1, liver.Y1) });
        test.Run("propagate.run");
        for (int n = 0; n < 5000 && !reached.IsSet; n++)
        {
            test.Workspace.Tick();
            Thread.Sleep(1);
        }
        Assert.True(reached.IsSet);
        test.Workspace.Tick();
        test.Workspace.SliceView(ViewId.Axial).ShowSlice(slice);
        Assert.Contains(test.Workspace.SliceView(ViewId.Axial).CreateOverlay(), shape => shape is OverlayMask);
        test.Workspace.Commands.Press(KeyChord.Parse("Escape"));
        test.Settle(() => !test.Workspace.Propagation.IsRunning);
        Assert.Equal(0, test.Workspace.Segments.Session!.GetVoxelCount(1));
        Assert.Null(test.Workspace.Segments.Busy);
        go.Set();
    }

    [Fact]
    public void Propagate_NothingNew_SaysWhatToDo()
    {
        _test.Run("segment.add", new() { ["name"] = "liver" });
        _test.Run("propagate.run");
        _test.Settle(() => !Workspace.Propagation.IsRunning);
        Assert.Contains("draw a box or point", Workspace.Notices.Open[^1].Text);
        Assert.Null(Workspace.Segments.Busy);
    }

    private void Prompt(int slice, PixelRectangle frame)
    {
        _test.Run("segment.add", new() { ["name"] = "liver" });
        _test.Run("prompt.box", new() { ["view"] = "axial", ["slice"] = slice, ["box"] = new JsonArray(frame.X0, frame.Y0, frame.X1, frame.Y1) });
    }

    private void WaitForEnd() => _test.Settle(() => !Workspace.Propagation.IsRunning);
}
