using System.Text.Json.Nodes;
using SamMed2D.Application.Views;
using SamMed2D.Segmentation.Session;

namespace SamMed2D.Application.Tests.Measurements;

public sealed class MeasureTests : IDisposable
{
    private readonly TestWorkspace _test = TestWorkspace.WithAbdomen();

    public void Dispose() => _test.Dispose();

    private IReadOnlyList<Measurement> Measurements => _test.Workspace.Segments.Session!.Measurements;

    [Fact]
    public void Ruler_DragOfTenPixels_IsFortyMillimetres()
    {
        SliceViewModel axial = _test.Workspace.SliceView(ViewId.Axial);
        _test.Run("tool.ruler");
        axial.Drag([(20, 20), (25, 20), (30, 20)]);
        Assert.Equal(40, Assert.Single(Measurements).Value, 2);
        Assert.Contains(axial.CreateOverlay().OfType<OverlayText>(), text => text.Text == "40.0 mm");
        axial.Scroll(3);
        Assert.DoesNotContain(axial.CreateOverlay().OfType<OverlayText>(), text => text.Text == "40.0 mm");
    }

    [Fact]
    public void Angle_ThreeClicks_IsTheAngleAtTheMiddle()
    {
        SliceViewModel axial = _test.Workspace.SliceView(ViewId.Axial);
        _test.Run("tool.angle");
        axial.Click(30, 20);
        axial.Click(20, 20);
        Assert.Empty(Measurements);
        axial.Click(30, 30);
        Assert.Equal("45.0°", Assert.Single(Measurements).Text);
        _test.Run("measure.clear");
        Assert.Empty(Measurements);
    }

    [Fact]
    public void Undo_MeasurementsAmongEdits_AreTakenBackInTheirOrder()
    {
        _test.Run("segment.add", new() { ["name"] = "liver" });
        _test.Run("measure.ruler", new() { ["at"] = new JsonArray(new JsonArray(0, 0, 0), new JsonArray(3, 4, 0)) });
        _test.Run("segment.rename", new() { ["name"] = "lung" });
        _test.Run("measure.clear");
        string Seen() => $"{_test.Workspace.Segments.Active?.Name} {string.Join(' ', Measurements.Select(m => m.Text))}";
        string[] expected = ["lung ", "lung 5.0 mm", "liver 5.0 mm", "liver ", " "];
        List<string> seen = [Seen()];
        while (_test.Workspace.Segments.Session!.CanUndo)
        {
            _test.Run("edit.undo");
            seen.Add(Seen());
        }
        Assert.Equal(expected, seen);
        for (int n = 0; n < 4; n++) _test.Run("edit.redo");
        Assert.Equal(expected[0], Seen());
    }

    [Fact]
    public void Value_Angles_AreThoseOfGeometry()
    {
        Assert.Equal(90, new Measurement([new(1, 0, 0), default, new(0, 0, 5)]).Value, 9);
        Assert.Equal(5, new Measurement([new(3, 0, 0), new(0, 4, 0)]).Value, 9);
    }
}
