using SamMed2D.Application.Measurements;
using SamMed2D.Application.Views;

namespace SamMed2D.Application.Tests.Measurements;

public sealed class MeasureTests : IDisposable
{
    private readonly TestWorkspace _test = TestWorkspace.WithAbdomen();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Ruler_DragOfTenPixels_IsFortyMillimetres()
    {
        SliceViewModel axial = _test.Workspace.SliceView(ViewId.Axial);
        _test.Run("tool.ruler");
        axial.Drag([(20, 20), (25, 20), (30, 20)]);
        Assert.Equal(40, Assert.Single(_test.Workspace.Measurements.All).Value, 2);
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
        Assert.Empty(_test.Workspace.Measurements.All);
        axial.Click(30, 30);
        Assert.Equal("45.0°", Assert.Single(_test.Workspace.Measurements.All).Text);
        _test.Run("measure.clear");
        Assert.Empty(_test.Workspace.Measurements.All);
    }

    [Fact]
    public void Value_Angles_AreThoseOfGeometry()
    {
        Assert.Equal(90, new Measurement([new(1, 0, 0), default, new(0, 0, 5)]).Value, 9);
        Assert.Equal(5, new Measurement([new(3, 0, 0), new(0, 4, 0)]).Value, 9);
    }
}
