using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Rendering.Annotations;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Tests.Scene;

public class SliceViewTests
{
    [Fact]
    public void AlongGrid_ViewOfTheFramesSize_ShowsOneVoxelAPixel()
    {
        VolumeGeometry geometry = new(7, 9, 5, TestVolumes.Oblique(1.5, 1.5, -1.5));
        foreach (SliceAxis axis in Enum.GetValues<SliceAxis>())
        {
            SliceFrame frame = new(geometry, axis);
            ImageSize size = new(frame.Width, frame.Height);
            SliceView view = SliceView.AlongGrid(frame, 2, size);
            for (int y = 0; y < size.Height; y++)
                for (int x = 0; x < size.Width; x++)
                {
                    RasPoint expected = geometry.IndexToRas.IndexToRas(frame.PixelToVoxel(x, y, 2).ToContinuous());
                    Assert.Equal(0, view.PixelToRas(x, y, size).DistanceMm(expected), 1e-4);
                }
        }
    }

    [Theory]
    [InlineData(SlicePlane.Axial, "R", "L", "A", "P")]
    [InlineData(SlicePlane.Coronal, "R", "L", "S", "I")]
    [InlineData(SlicePlane.Sagittal, "A", "P", "S", "I")]
    public void OrientationLetters_AnatomicalPlanes_AreRadiological(SlicePlane plane, string left, string right, string top, string bottom) =>
        Assert.Equal((left, right, top, bottom), SliceView.Anatomical(plane, default, 1).OrientationLetters());

    [Fact]
    public void OrientationLetters_ObliquePlane_NamesBothDirectionsStrongestFirst()
    {
        SliceView view = SliceView.Anatomical(SlicePlane.Axial, default, 1);
        SliceView oblique = view.Rotate(view.Right, 0.6);
        (string left, _, string top, _) = oblique.OrientationLetters();
        Assert.Equal("R", left);
        Assert.Equal(2, top.Length);
        Assert.Equal('A', top[0]);
        Assert.Equal(1, oblique.Normal.Length, 1e-12);
    }

    [Fact]
    public void RasToPixel_AnyPixel_InvertsPixelToRas() =>
        Gen.Select(Gen.Double[-50, 50], Gen.Double[-50, 50], Gen.Double[-3, 3], Gen.Double[0.1, 4]).Sample((x, y, angle, zoom) =>
        {
            SliceView view = SliceView.Anatomical(SlicePlane.Coronal, new(3, -8, 40), zoom).Rotate(new(0.6, 0, 0.8), angle);
            ImageSize size = new(33, 20);
            (double backX, double backY, double depth) = view.Advance(-7).RasToPixel(view.PixelToRas(x, y, size), size);
            Assert.Equal(x, backX, 1e-6);
            Assert.Equal(y, backY, 1e-6);
            Assert.Equal(7, depth, 1e-6);
        });

    [Theory]
    [InlineData(0.5, 400, 50, "5 cm")]
    [InlineData(1, 512, 100, "10 cm")]
    [InlineData(0.05, 300, 2, "2 mm")]
    public void ScaleBar_AnyMagnification_IsARoundLength(double mmPerPixel, int width, double expected, string text)
    {
        double length = SliceAnnotations.ScaleBarMm(SliceView.Anatomical(SlicePlane.Axial, default, mmPerPixel), new(width, 100));
        Assert.Equal(expected, length, 1e-9);
        Assert.Equal(text, SliceAnnotations.ScaleBarText(length));
    }
}
