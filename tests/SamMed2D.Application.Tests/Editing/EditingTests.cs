using System.Text.Json.Nodes;
using SamMed2D.Application.Commands;
using SamMed2D.Application.Tools;
using SamMed2D.Application.Views;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Tests.Editing;

public sealed class EditingTests : IDisposable
{
    private readonly TestWorkspace _test = TestWorkspace.WithAbdomen();

    public EditingTests()
    {
        foreach (SliceViewModel view in Workspace.SliceViews) view.Resize(new(480, 360));
        _test.Run("segment.add", new() { ["name"] = "spleen" });
    }

    private Workspace Workspace => _test.Workspace;

    private SliceViewModel Axial => Workspace.SliceView(ViewId.Axial);

    private SegmentationSession Session => Workspace.Segments.Session!;

    private long Count => Session.GetVoxelCount(1);

    public void Dispose() => _test.Dispose();

    [Fact]
    public void PaintStroke_IsOneStep_SeenWhileDrawn()
    {
        _test.Run("tool.paint");
        _test.Run("tool.option", new() { ["option"] = "radius", ["value"] = "10" });
        int steps = Session.UndoCount;
        long whileDrawn = 0;
        Axial.Drag([(30, 30), (40, 30), (50, 35)], beforeRelease: () => whileDrawn = Count);
        Assert.True(whileDrawn > 0);
        Assert.Equal(whileDrawn, Count);
        Assert.Equal(steps + 1, Session.UndoCount);
        Assert.Equal("Paint spleen", Session.UndoDescription);
        Axial.Drag([(30, 30), (50, 35)], KeyModifiers.Control);
        Assert.True(Count < whileDrawn);
        _test.Run("edit.undo");
        _test.Run("edit.undo");
        Assert.Equal(0, Count);
    }

    [Fact]
    public void Escape_DuringAStroke_DropsIt()
    {
        _test.Run("tool.paint");
        Axial.Mouse.Down(new(Axial.FromSlicePixel(30, 30), PointerButton.Left));
        Assert.True(Count > 0);
        Workspace.Commands.Press(KeyChord.Parse("Escape"));
        Assert.Equal(0, Count);
        Axial.Mouse.Up(new(Axial.FromSlicePixel(30, 30), PointerButton.Left));
        Assert.Equal(0, Count);
    }

    [Theory]
    [InlineData("tool.option", """{ "option": "radius", "value": "7.2" }""")]
    [InlineData("edit.brush-larger", null)]
    public void BrushRadius_HoweverItWasSet_IsThereAtTheNextStart(string command, string? arguments)
    {
        _test.Run("tool.paint");
        _test.Run(command, arguments is null ? null : JsonNode.Parse(arguments)!.AsObject());
        Workspace.Dispose();
        using TestWorkspace next = new(_test);
        Assert.Equal(7.2, next.Workspace.Tools.Settings.BrushRadiusMm, 1e-9);
    }

    [Fact]
    public void PaintStroke_ViewScrolledBeforeTheEnd_StaysOnItsSlice()
    {
        _test.Run("tool.paint");
        int slice = Axial.Slice;
        Axial.Drag([(30, 30), (40, 30)], beforeRelease: () => Axial.Mouse.Wheel(1, new(Axial.FromSlicePixel(40, 30))));
        Assert.Equal(slice + 1, Axial.Slice);
        Assert.Equal((slice, slice + 1), (Session.GetBounds(1).K0, Session.GetBounds(1).K1));
    }

    [Theory]
    [InlineData("project.save")]
    [InlineData("edit.undo")]
    [InlineData("scan.close")]
    public void PaintStroke_CommandOnTheLabelsBeforeItsEnd_HasToWait(string command)
    {
        _test.Run("tool.paint");
        string why = "";
        Axial.Drag([(30, 30), (40, 30)], beforeRelease: () => why = Assert.Throws<InvalidCommandException>(() => _test.Run(command)).Message);
        Assert.Contains("end what is being drawn first", why);
        Assert.True(Count > 0);
    }

    [Fact]
    public void AnotherGridBehind_NothingIsDrawnOnItsSlices_AndTheUserIsTold()
    {
        string other = _test.Files.Add("mr.nii.gz", new Volume<short>(
            new VolumeGeometry(40, 50, 60, Affine.FromColumns(new(0, 0, -3), new(0, 2, 0), new(4, 0, 0), new(-70, -50, 90))), new short[40 * 50 * 60], IntensityScale.Identity, new()));
        _test.Run("scan.open", new() { ["path"] = other });
        _test.Settle();
        _test.Run("scan.next-background");
        foreach (Tool tool in Workspace.Tools.All)
        {
            _test.Run($"tool.{tool.Id}");
            foreach (SliceViewModel view in Workspace.SliceViews)
            {
                view.Drag([(10, 10), (30, 20), (15, 25)], beforeRelease: () => view.CreateOverlay());
                view.CreateOverlay();
            }
            if (tool.Id is "paint" or "box" or "scissors") Assert.Equal($"{tool.Title}: the views follow the slices of mr.nii.gz, and the labels belong to abdomen.nii.gz; show that one behind ([ or ]) first", Workspace.Status);
        }
        _test.Settle();
        Assert.Equal(0, Count);
        Assert.Empty(Session.Find(1)!.Slices);
        Assert.DoesNotContain(Workspace.Notices.Open, n => n.Text.StartsWith("Internal error", StringComparison.Ordinal));

        _test.Run("scan.next-background");
        _test.Run("tool.paint");
        Axial.Drag([(30, 30), (40, 30)]);
        Assert.True(Count > 0);
    }

    [Fact]
    public void LockedSegment_EditsSayWhy()
    {
        _test.Run("segment.toggle-lock");
        Assert.Contains("locked", Assert.Throws<InvalidCommandException>(() => Paint(20, 20)).Message);
        _test.Run("tool.paint");
        Axial.Click(20, 20);
        Assert.Contains("locked", Workspace.Status);
        Assert.Empty(Workspace.Notices.Open);
    }

    [Fact]
    public void Islands_LargestSmallAndClicked_AreSorted()
    {
        Paint(20, 20, 20);
        long small = Count;
        Paint(60, 40, 30);
        long large = Count - small;
        _test.Run("edit.island", new() { ["at"] = Voxel(20, 20), ["keep"] = false });
        _test.Settle();
        Assert.Equal(large, Count);
        Paint(20, 20, 20);
        _test.Run("edit.keep-largest-island");
        _test.Settle();
        Assert.Equal(large, Count);
        _test.Run("edit.remove-small-islands", new() { ["voxels"] = (int)large + 1 });
        _test.Settle();
        Assert.Equal(0, Count);
    }

    [Fact]
    public void MarginAndSmooth_RunAsJobs_NothingElseEditsMeanwhile()
    {
        Paint(40, 40, 20);
        long before = Count;
        _test.Run("edit.margin", new() { ["mm"] = 8 });
        Assert.NotNull(Workspace.Segments.Busy);
        Assert.Contains("wait until", Assert.Throws<InvalidCommandException>(() => Paint(1, 1)).Message);
        _test.Settle();
        Assert.True(Count > before);
        _test.Run("edit.margin", new() { ["mm"] = -8 });
        _test.Settle();
        Assert.InRange(Count, before * 0.9, before * 1.1);
        _test.Run("edit.smooth", new() { ["method"] = "joint", ["mm"] = 4 });
        _test.Settle();
        Assert.True(Count > 0);
        Assert.Null(Workspace.Segments.Busy);
    }

    [Fact]
    public void Job_AnotherSegmentTakenInHandMeanwhile_EditsTheOneItBeganWith()
    {
        Paint(40, 40);
        long spleen = Count;
        _test.Run("segment.add", new() { ["name"] = "bone" });
        _test.Run("edit.threshold", new() { ["low"] = 200, ["high"] = 3000 });
        _test.Run("segment.next");
        _test.Settle();
        Assert.Equal(spleen, Count);
        Assert.True(Session.GetVoxelCount(2) > 0);
    }

    [Fact]
    public void Job_SegmentRemovedMeanwhile_HasToWait()
    {
        Paint(40, 40);
        _test.Run("edit.smooth");
        Assert.Contains("wait until", Assert.Throws<InvalidCommandException>(() => _test.Run("segment.remove")).Message);
        _test.Settle();
        Assert.Empty(Workspace.Notices.Open);
    }

    [Fact]
    public void ThresholdAndRange_FollowIntensities()
    {
        _test.Run("edit.threshold", new() { ["low"] = 100, ["high"] = 3000 });
        _test.Settle();
        long expected = 0;
        foreach (short voxel in TestWorkspace.Abdomen.Image.Voxels) expected += voxel is >= 100 and <= 3000 ? 1 : 0;
        Assert.Equal(expected, Count);
        _test.Run("edit.undo");
        _test.Run("edit.limit-to-threshold", new() { ["low"] = 100, ["high"] = 3000 });
        Paint(48, 35, 100);
        Assert.InRange(Count, 1, expected);
    }

    [Fact]
    public void ScissorsOnSlices_CutThroughAll()
    {
        Paint(40, 40, 20);
        int other = Axial.Slice + 2;
        _test.Run("edit.paint", new() { ["view"] = "axial", ["slice"] = other, ["path"] = new JsonArray(new JsonArray(40, 40)), ["radius"] = 20 });
        long before = Count;
        _test.Run("edit.scissors", new()
        {
            ["view"] = "axial",
            ["path"] = new JsonArray(new JsonArray(39.5, 0), new JsonArray(90, 0), new JsonArray(90, 69), new JsonArray(39.5, 69)),
            ["mode"] = "erase-inside",
            ["depth"] = "all",
        });
        Assert.InRange(Count, before * 0.4, before * 0.6);
    }

    [Fact]
    public void ScissorsInSpace_WholeView_LeaveNothing()
    {
        Paint(40, 40, 20);
        Workspace.Spatial.Resize(new(200, 200));
        _test.Run("tool.scissors");
        SpatialPointer pointer = Workspace.SpatialPointer;
        pointer.Down(new(new(0, 0), PointerButton.Left));
        foreach ((double x, double y) in (ReadOnlySpan<(double, double)>)[(199, 0), (199, 199), (0, 199)]) pointer.Move(new(new(x, y), PointerButton.Left));
        pointer.Up(new(new(0, 199), PointerButton.Left));
        _test.Settle();
        Assert.Equal(0, Count);
    }

    [Fact]
    public void GrowFromSeeds_NeedsTwo_ThenGrowsBoth()
    {
        Paint(30, 30, 8);
        Assert.Contains("two segments", Assert.Throws<InvalidCommandException>(() => _test.Run("edit.grow")).Message);
        _test.Run("segment.add", new() { ["name"] = "other" });
        Paint(60, 30, 8);
        long seeds = Count + Session.GetVoxelCount(2);
        _test.Run("edit.grow");
        _test.Settle();
        Assert.True(Count + Session.GetVoxelCount(2) > seeds);
    }

    [Fact]
    public void Surfaces_FollowEdits_InTheBackground()
    {
        Paint(40, 40, 20);
        _test.Settle(() => Workspace.Segments.Surfaces!.Meshes.ContainsKey(1));
        Assert.Single(Workspace.Spatial.CreateScene()!.Surfaces);
        _test.Run("segment.toggle-visible");
        Assert.Empty(Workspace.Spatial.CreateScene()!.Surfaces);
        _test.Run("edit.clear");
        _test.Settle(() => !Workspace.Segments.Surfaces!.Meshes.ContainsKey(1));
    }

    [Fact]
    public void CreateScene_NothingHasChanged_EqualsTheLast()
    {
        Paint(40, 40, 20);
        _test.Settle(() => Workspace.Segments.Surfaces!.Meshes.ContainsKey(1));
        _test.Run("3d.toggle-slice");
        _test.Run("3d.cut-by-slices");
        SpatialScene scene = Workspace.Spatial.CreateScene()!;
        Assert.True(scene is { Volume: not null, Surfaces.Count: 1, Slices.Count: 1, Clips.Count: 1 });
        // A viewer draws finely, and then not at all, once the scene stays what it was.
        Assert.Equal(scene, Workspace.Spatial.CreateScene());
        Assert.NotEqual(scene, scene with { Surfaces = [] });
        Assert.NotEqual(scene, scene with { Surfaces = [scene.Surfaces[0] with { Opacity = 0.5 }] });
        Assert.NotEqual(scene, scene with { Slices = [scene.Slices[0] with { Normal = new(0, 1, 0) }] });
        Assert.NotEqual(scene, scene with { Clips = [] });
    }

    private void Paint(double x, double y, double radius = 10) =>
        _test.Run("edit.paint", new() { ["view"] = "axial", ["path"] = new JsonArray(new JsonArray(x, y)), ["radius"] = radius });

    private JsonArray Voxel(int x, int y)
    {
        VoxelIndex voxel = Axial.Frame!.PixelToVoxel(x, y, Axial.Slice);
        return [voxel.I, voxel.J, voxel.K];
    }
}
