using System.Text.Json.Nodes;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Prompting;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Tests.Prompting;

public sealed class PromptingTests : IDisposable
{
    private readonly TestWorkspace _test = TestWorkspace.WithAbdomen();

    public PromptingTests()
    {
        foreach (SliceViewModel view in Workspace.SliceViews) view.Resize(new(480, 360));
        _test.Run("tool.box");
        _test.Settle(() => Workspace.Model.IsReady);
    }

    private Workspace Workspace => _test.Workspace;

    private SliceViewModel Axial => Workspace.SliceView(ViewId.Axial);

    private SegmentationSession Session => Workspace.Segments.Session!;

    public void Dispose() => _test.Dispose();

    [Fact]
    public void BoxOnTheLiver_MaskAppears_AcceptWritesIt_UndoTakesAllBack()
    {
        (int slice, PixelRectangle liver, MaskPlane truth) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        ushort[] before = Session.Labels.Labels.ToArray();
        _test.Run("segment.add", new() { ["name"] = "liver" });
        Axial.ShowSlice(slice);

        DrawBox(liver);
        MaskPreview preview = WaitForMask();
        Assert.True(Gestures.Dice(truth, preview.Mask) > 0.8, $"{Gestures.Dice(truth, preview.Mask)}");
        Assert.Contains(Axial.CreateOverlay(), shape => shape is OverlayMask { Mask: var shown } && shown == preview.Mask);
        Assert.Equal(0, Session.GetVoxelCount(1));

        Assert.True(Workspace.Commands.Press(KeyChord.Parse("A")));
        Assert.Equal(preview.Mask.GetArea(), Session.GetVoxelCount(1));
        Assert.Null(Workspace.Prompting.Preview);
        Assert.True(Session.Find(1)!.OnSlice(slice).IsAccepted);
        Assert.Equal(SliceNews.Labels, Session.Find(1)!.OnSlice(slice).News);
        Assert.Equal("liver", Axial.Read(Axial.FromSlicePixel((liver.X0 + liver.X1) / 2, (liver.Y0 + liver.Y1) / 2))!.Segment?.Name);

        while (Session.CanUndo) Assert.True(Workspace.Commands.Press(KeyChord.Parse("Z")));
        Assert.True(before.AsSpan().SequenceEqual(Session.Labels.Labels));
        Assert.Empty(Session.Segments);
    }

    [Fact]
    public void Drag_BeforeTheButtonGoesUp_MaskIsThereAlready()
    {
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        _test.Run("segment.add", new() { ["name"] = "liver" });
        Axial.ShowSlice(slice);
        DrawBox(liver, beforeRelease: () => Assert.True(WaitForMask().Mask.GetArea() > 0));
        Assert.Equal(2, Session.UndoCount);
    }

    [Fact]
    public void Undo_OfAPrompt_TakesItsMaskAway()
    {
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        Axial.ShowSlice(slice);
        DrawBox(liver);
        Assert.Equal("Segment 1", Session.Segments.Single().Name);
        WaitForMask();
        _test.Run("edit.undo");
        Workspace.Tick();
        Assert.Null(Workspace.Prompting.Preview);
        _test.Run("edit.redo");
        WaitForMask();
        // Another slice has no prompts; back again, the offer is there again.
        Axial.ShowSlice(slice + 3);
        Workspace.Tick();
        Assert.Null(Workspace.Prompting.Preview);
        Axial.ShowSlice(slice);
        WaitForMask();
        Assert.True(Workspace.Commands.Press(KeyChord.Parse("X")));
        Workspace.Tick();
        Assert.Null(Workspace.Prompting.Preview);
    }

    [Fact]
    public void NextCandidate_OneAnswer_ReadsItLooserAndTighter()
    {
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        Axial.ShowSlice(slice);
        DrawBox(liver);
        int own = WaitForMask().Mask.GetArea();
        _test.Run("prompt.next-candidate");
        int looser = Workspace.Prompting.Preview!.Mask.GetArea();
        _test.Run("prompt.next-candidate");
        int tighter = Workspace.Prompting.Preview!.Mask.GetArea();
        Assert.True(tighter < own && own < looser, $"{tighter} {own} {looser}");
        _test.Run("prompt.next-candidate");
        Assert.Equal(own, Workspace.Prompting.Preview!.Mask.GetArea());
    }

    [Fact]
    public void PointsScribbleLasso_EachGesture_BringsAMask()
    {
        (int slice, PixelRectangle liver, MaskPlane truth) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        Axial.ShowSlice(slice);
        (double x, double y) = Inside(truth);

        _test.Run("tool.point");
        Axial.Click(x, y);
        WaitForMask();
        Assert.True(Session.Find(1)!.OnSlice(slice).Prompts.Points.Single().IsForeground);
        Axial.Click(x - 2, y, KeyModifiers.Control);
        Assert.Equal(2, Session.Find(1)!.OnSlice(slice).Prompts.Points.Count);

        _test.Run("prompt.reject");
        _test.Run("tool.scribble");
        Axial.Drag([(x - 3, y), (x, y), (x + 3, y + 1)]);
        WaitForMask();
        Assert.NotEmpty(Session.Find(1)!.OnSlice(slice).Prompts.Points);

        _test.Run("prompt.reject");
        _test.Run("tool.lasso");
        Axial.Drag([(liver.X0, liver.Y0), (liver.X1, liver.Y0), (liver.X1, liver.Y1), (liver.X0, liver.Y1)]);
        WaitForMask();
        _test.Run("prompt.accept");
        Assert.True(Session.GetVoxelCount(1) > 0);
        Assert.NotNull(Session.Find(1)!.OnSlice(slice).Prompts.Box);
    }

    [Fact]
    public void Prompt_OnAnotherAxis_SaysWhereToDraw()
    {
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        Axial.ShowSlice(slice);
        DrawBox(liver);
        InvalidCommandException refused = Assert.Throws<InvalidCommandException>(() =>
            _test.Run("prompt.box", new() { ["view"] = "coronal", ["box"] = new JsonArray(3, 3, 20, 20) }));
        Assert.Contains("axial slices", refused.Message);
        // A segment without prompts takes the view's axis.
        _test.Run("segment.add", new() { ["name"] = "other" });
        _test.Run("prompt.box", new() { ["view"] = "coronal", ["box"] = new JsonArray(3, 3, 20, 20) });
        Assert.Equal(Workspace.SliceView(ViewId.Coronal).Frame!.Axis, Workspace.Segments.Active!.Axis);
    }

    [Fact]
    public void Scribble_BeyondTheEdgeOfTheSlice_KeepsWhatLiesOnIt()
    {
        _test.Run("tool.scribble");
        Axial.Drag([(20, 20), (5, 25), (-8, 30)]);
        Assert.Empty(Workspace.Notices.Open);
        Assert.NotEmpty(Workspace.Segments.Active!.OnSlice(Axial.Slice).Prompts.Points);
        _test.Run("tool.point");
        Axial.Click(-8, 30);
        Assert.Empty(Workspace.Notices.Open);
    }

    [Fact]
    public void AddModelFolder_NoModel_SaysSoAndForgetsIt()
    {
        string folder = Path.Combine(_test.Folder, "none");
        Assert.Contains("no such folder", Assert.Throws<InvalidCommandException>(() => _test.Run("model.add-folder", new() { ["folder"] = folder })).Message);
        Assert.Empty(_test.Workspace.Settings.Current.ModelFolders);
        Assert.Equal("bundled", _test.Workspace.Model.Entry!.Id);
    }

    [Fact]
    public void ModelThatFailsToLoad_SaysWhatToDo_WorkIsStillThere()
    {
        (int slice, PixelRectangle liver, _) = Gestures.Largest(TestWorkspace.Abdomen, "liver");
        Axial.ShowSlice(slice);
        DrawBox(liver);
        WaitForMask();
        _test.Run("prompt.accept");
        long voxels = Session.GetVoxelCount(1);
        string folder = Directory.CreateDirectory(Path.Combine(_test.Folder, "broken")).FullName;
        _test.Run("model.add-folder", new() { ["folder"] = folder });
        _test.Settle();
        Assert.False(Workspace.Model.IsReady);
        Assert.Contains("model.json is missing", Workspace.Notices.Open[^1].Text);
        Assert.Equal("model.choose", Workspace.Notices.Open[^1].Choices.Single().Command);
        Assert.Equal(voxels, Session.GetVoxelCount(1));
        Workspace.Commands.Invoke("model.choose", Workspace.Notices.Open[^1].Choices.Single().Arguments);
        _test.Settle(() => Workspace.Model.IsReady);
    }

    private void DrawBox(PixelRectangle frame, Action? beforeRelease = null) =>
        Axial.Drag([(frame.X0 - 1, frame.Y0 - 1), ((frame.X0 + frame.X1) / 2.0, (frame.Y0 + frame.Y1) / 2.0), (frame.X1, frame.Y1)], beforeRelease: beforeRelease);

    private MaskPreview WaitForMask()
    {
        Workspace.Tick();
        _test.Settle(() => Workspace.Prompting.Preview is not null && !Workspace.Prompting.IsWaiting && Workspace.Prompting.IsUpToDate);
        return Workspace.Prompting.Preview!;
    }

    private static (double X, double Y) Inside(MaskPlane mask)
    {
        PixelRectangle frame = mask.GetBounds()!.Value;
        for (int y = (frame.Y0 + frame.Y1) / 2; y < frame.Y1; y++)
            for (int x = frame.X0 + 3; x < frame.X1 - 4; x++)
                if (mask[x - 3, y] && mask[x + 4, y] && mask[x, y] && mask[x, y + 1]) return (x, y);
        throw new InvalidOperationException("The structure is too thin.");
    }
}
