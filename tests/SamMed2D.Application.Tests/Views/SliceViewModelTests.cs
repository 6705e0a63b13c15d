using SamMed2D.Application.Commands;
using SamMed2D.Application.Tools;
using SamMed2D.Application.Views;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Shots;

namespace SamMed2D.Application.Tests.Views;

public sealed class SliceViewModelTests : IDisposable
{
    private readonly TestWorkspace _test = TestWorkspace.WithAbdomen();

    public SliceViewModelTests()
    {
        foreach (SliceViewModel view in Workspace.SliceViews) view.Resize(new(400, 300));
    }

    private Workspace Workspace => _test.Workspace;

    private SliceViewModel Axial => Workspace.SliceView(ViewId.Axial);

    public void Dispose() => _test.Dispose();

    [Fact]
    public void ToSlicePixel_ThereAndBack_IsTheSamePlaceInEveryView()
    {
        foreach (SliceViewModel view in Workspace.SliceViews)
        {
            view.Zoom(2.3, new(31, 77));
            view.Pan(12, -5);
            Assert.NotNull(view.View);
            ViewPoint pixel = view.ToSlicePixel(new(120.25, 80.75))!.Value, back = view.FromSlicePixel(pixel.X, pixel.Y);
            Assert.Equal(120.25, back.X, 6);
            Assert.Equal(80.75, back.Y, 6);
        }
    }

    [Fact]
    public void Turn_ByDegrees_ShowsThePlaneThatRenderShows()
    {
        RasPoint place = Workspace.Crosshair.Position;
        _test.Run("view.turn", new() { ["view"] = "coronal", ["right"] = 30, ["down"] = -15 });
        Assert.True(ShotView.TryParse("coronal@30,-15", out ShotView wanted));
        SliceView rendered = new ShotStudio(Workspace.Scans.Background!.Volume).Oblique(wanted, place, new(400, 300))!.View, shown = Workspace.SliceView(ViewId.Coronal).View!;
        Assert.Equal(1, rendered.Right.Dot(shown.Right), 1e-9);
        Assert.Equal(1, rendered.Down.Dot(shown.Down), 1e-9);
        Assert.Equal(0, shown.Center.Minus(rendered.Center).Dot(rendered.Normal), 1e-9);
    }

    [Fact]
    public void Zoom_AboutThePointer_KeepsThePlaceThere()
    {
        ViewPoint pointer = new(333, 41);
        RasPoint before = Axial.ToRas(pointer)!.Value;
        double scale = Axial.MmPerPixel;
        Axial.Mouse.Wheel(3, new(pointer, Modifiers: KeyModifiers.Control));
        Assert.True(before.DistanceMm(Axial.ToRas(pointer)!.Value) < 1e-9);
        Assert.Equal(scale / Math.Pow(1.15, 3), Axial.MmPerPixel, 9);
    }

    [Fact]
    public void Wheel_SmallTurns_AddUpToSlices()
    {
        int slice = Axial.Slice;
        for (int n = 0; n < 10; n++) Axial.Mouse.Wheel(0.25, new(new(5, 5)));
        Assert.Equal(slice + 2, Axial.Slice);
    }

    [Fact]
    public void MiddleDrag_MovesThePictureWithThePointer()
    {
        RasPoint grabbed = Axial.ToRas(new(100, 100))!.Value;
        Axial.Mouse.Down(new(new(100, 100), PointerButton.Middle));
        Axial.Mouse.Move(new(new(130, 90), PointerButton.Middle));
        Axial.Mouse.Up(new(new(130, 90), PointerButton.Middle));
        Assert.True(grabbed.DistanceMm(Axial.ToRas(new(130, 90))!.Value) < 1e-9);
    }

    [Fact]
    public void RightDrag_MovesWindowAndLevelAlike()
    {
        IntensityWindow before = Workspace.Scans.Background!.Window;
        Axial.Mouse.Down(new(new(100, 100), PointerButton.Right));
        Axial.Mouse.Move(new(new(300, 100), PointerButton.Right));
        Assert.Equal(before.Width * Math.Sqrt(8), Workspace.Scans.Background.Window.Width, 6);
        Assert.Equal(before.Level, Workspace.Scans.Background.Window.Level, 6);
        Axial.Mouse.Move(new(new(100, 70), PointerButton.Right));
        Assert.Equal(before.Width, Workspace.Scans.Background.Window.Width, 6);
        Assert.Equal(before.Level + 0.2 * before.Width, Workspace.Scans.Background.Window.Level, 6);
        Assert.Equal("", Workspace.Scans.Background.WindowName);
    }

    [Fact]
    public void LeftClick_WithNavigate_ShowsThePlaceInAllViews()
    {
        SliceViewModel coronal = Workspace.SliceView(ViewId.Coronal), sagittal = Workspace.SliceView(ViewId.Sagittal);
        Axial.Mouse.Down(new(new(250, 90), PointerButton.Left));
        Axial.Mouse.Up(new(new(250, 90), PointerButton.Left));
        RasPoint place = Workspace.Crosshair.Position;
        Assert.True(place.DistanceMm(Axial.ToRas(new(250, 90))!.Value) < 1e-9);
        // Half a voxel of 4 mm at most.
        Assert.InRange(Math.Abs(coronal.ToView(place).DepthMm), 0, 2.001);
        Assert.InRange(Math.Abs(sagittal.ToView(place).DepthMm), 0, 2.001);
    }

    [Fact]
    public void Scroll_TakesTheCrosshairAlong()
    {
        double s = Workspace.Crosshair.Position.S;
        _test.Run("view.scroll", new() { ["view"] = "axial", ["slices"] = 3 });
        Assert.Equal(s + 3 * 8, Workspace.Crosshair.Position.S, 6);
    }

    [Fact]
    public void DoubleClick_Maximises_AndBack()
    {
        Axial.Mouse.DoubleClick(new(new(5, 5), PointerButton.Left));
        Assert.Equal([new ViewCell(ViewId.Axial, 0, 0, 800, 600)], Workspace.Layout.Arrange(800, 600));
        Axial.Mouse.DoubleClick(new(new(5, 5), PointerButton.Left));
        Assert.Equal(4, Workspace.Layout.Arrange(800, 600).Count);
    }

    [Fact]
    public void Arrange_AnySize_CellsFillItWithoutOverlap()
    {
        foreach ((int width, int height) in (ReadOnlySpan<(int, int)>)[(1024, 700), (3840, 2160), (101, 77)])
        {
            IReadOnlyList<ViewCell> cells = Workspace.Layout.Arrange(width, height, 2);
            Assert.Equal((width - 2) * (height - 2), cells.Sum(c => c.Width * c.Height));
            Assert.All(cells, c => Assert.True(c.X >= 0 && c.Y >= 0 && c.X + c.Width <= width && c.Y + c.Height <= height));
        }
    }

    [Fact]
    public void Read_Pointer_TellsPlaceVoxelAndHounsfieldUnits()
    {
        // Voxel (10, 20, 15) by the phantom's own affine.
        VolumeGeometry grid = TestWorkspace.Abdomen.Image.Geometry;
        RasPoint place = grid.IndexToRas.IndexToRas(new(10, 20, 15));
        Axial.ShowSlice(15);
        Readout readout = Axial.Read(Axial.ToView(place).At)!;
        Assert.Equal(new VoxelIndex(10, 20, 15), readout.Voxel);
        Assert.Equal(TestWorkspace.Abdomen.Image.Voxels[(int)grid.OffsetOf(new(10, 20, 15))], readout.Intensity);
        Assert.Contains(" HU", readout.ToString());
        Assert.Contains("(10, 20, 15)", readout.ToString());
        Assert.Null(Axial.Read(new(-4000, 0)));
    }

    [Fact]
    public void Turn_ThereAndBack_ShowsTheSamePlane()
    {
        RasPoint place = Workspace.Crosshair.Position;
        SliceView before = Axial.View!;
        Axial.Turn(0.3, 0, 0, place);
        Assert.True(Axial.IsOblique);
        Assert.Equal(0, Axial.View!.RasToPixel(place, Axial.Size).DepthMm, 6);
        Assert.Null(Axial.ToSlicePixel(new(3, 3)));
        Axial.Turn(-0.3, 0, 0, place);
        Assert.True(before.Center.DistanceMm(Axial.View!.Center) < 1e-6);
        Axial.FollowGrid(place);
        Assert.False(Axial.IsOblique);
    }

    [Fact]
    public void AltDrag_TurnsThePlaneAboutTheCrosshair()
    {
        RasPoint place = Workspace.Crosshair.Position;
        Axial.Mouse.Down(new(new(200, 150), PointerButton.Left, KeyModifiers.Alt));
        Axial.Mouse.Move(new(new(200, 180), PointerButton.Left, KeyModifiers.Alt));
        Axial.Mouse.Up(new(new(200, 180), PointerButton.Left));
        Assert.True(Axial.IsOblique);
        // A tenth of the view's height of 300 pixels is a tenth of half a turn.
        Assert.Equal(Math.Cos(Math.PI / 10), Math.Abs(Axial.View!.Normal.S), 6);
        Assert.Equal(0, Axial.View.RasToPixel(place, Axial.Size).DepthMm, 6);
        Assert.Equal(place, Workspace.Crosshair.Position);
    }

    [Fact]
    public void CreateScene_TwoScans_OneLiesOnTop()
    {
        _test.OpenAbdomen("second.nii");
        SliceScene scene = Axial.CreateScene()!;
        Assert.Same(Workspace.Scans.Background!.Volume, scene.Volume!.Volume);
        Assert.Same(Workspace.Scans.All[1].Volume, scene.Foreground!.Volume);
        _test.Run("scan.opacity", new() { ["opacity"] = 0.25 });
        Assert.Equal(0.25, Axial.CreateScene()!.ForegroundOpacity);
        _test.Run("scan.toggle-foreground");
        Assert.Null(Axial.CreateScene()!.Foreground);
        _test.Run("scan.close", new() { ["scan"] = 1 });
        Assert.Equal(2, Workspace.Scans.Background.Id);
    }

    [Fact]
    public void CreateOverlay_CrosshairLines_HaveTheOtherViewsColours()
    {
        IEnumerable<OverlayLine> lines = Axial.CreateOverlay().OfType<OverlayLine>();
        Assert.Contains(lines, line => line.Style.Color == ViewNames.ColorOf(ViewId.Sagittal) && Math.Abs(line.Points[0].X - line.Points[1].X) < 1e-6);
        Assert.Contains(lines, line => line.Style.Color == ViewNames.ColorOf(ViewId.Coronal) && Math.Abs(line.Points[0].Y - line.Points[1].Y) < 1e-6);
        _test.Run("view.toggle-crosshair");
        Assert.DoesNotContain(Axial.CreateOverlay().OfType<OverlayLine>(), line => line.Style.Color == ViewNames.ColorOf(ViewId.Coronal));
    }
}
