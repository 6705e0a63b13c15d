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

    [Theory]
    [InlineData(0, 0, 1, "R", "L", "A", "P")]
    [InlineData(0, 0, -3, "R", "L", "A", "P")]
    [InlineData(0, 0.6, 0.9, "R", "L", "AI", "PS")]
    [InlineData(0, 0.9, 0.6, "R", "L", "SP", "IA")]
    [InlineData(0.9, 0.6, 0, "AL", "PR", "S", "I")]
    [InlineData(-0.6, -0.9, 0, "RP", "LA", "S", "I")]
    public void Oblique_AnyNormal_KeepsTheNearestPlanesUpAndSide(double r, double a, double s, string left, string right, string top, string bottom)
    {
        RasVector normal = new RasVector(r, a, s).ToUnit();
        SliceView view = SliceView.Oblique(new(3, -8, 40), normal, 0.7);
        Assert.Equal(1, Math.Abs(view.Normal.Dot(normal)), 1e-12);
        Assert.Equal(0, view.Right.Dot(view.Down), 1e-12);
        Assert.Equal((left, right, top, bottom), view.OrientationLetters());
    }

    [Fact]
    public void FitTo_PlanesThroughAnObliqueGrid_ShowAllOfTheCut() =>
        Gen.Select(Gen.Double[-1, 1], Gen.Double[-1, 1], Gen.Double[-1, 1], Gen.Double[-0.4, 0.4]).Sample((r, a, s, off) =>
        {
            RasVector normal = new(r, a, s);
            if (normal.Length < 0.1) return;
            VolumeGeometry geometry = new(31, 27, 13, TestVolumes.ObliqueLeftHanded);
            ImageSize size = new(120, 90);
            RasPoint through = geometry.IndexToRas.IndexToRas(new(15 + off * 31, 13 - off * 27, 6 + off * 13));
            SliceView view = SliceView.Oblique(through, normal, 1).FitTo(geometry, size)!;
            Assert.Equal(0, view.RasToPixel(through, size).DepthMm, 1e-9);
            // Sampled densely, the plane's part of the grid reaches two opposite edges of the picture and none beyond.
            double low = double.PositiveInfinity, high = double.NegativeInfinity, lowY = low, highY = high;
            for (double y = -60; y < 150; y++)
                for (double x = -60; x < 180; x++)
                {
                    ContinuousIndex at = geometry.IndexToRas.RasToIndex(view.PixelToRas(x, y, size));
                    if (at.I < -0.5 || at.J < -0.5 || at.K < -0.5 || at.I > 30.5 || at.J > 26.5 || at.K > 12.5) continue;
                    (low, high, lowY, highY) = (Math.Min(low, x), Math.Max(high, x), Math.Min(lowY, y), Math.Max(highY, y));
                }
            Assert.True(low >= -0.5 && high <= 119.5 && lowY >= -0.5 && highY <= 89.5, $"{low}..{high}, {lowY}..{highY}");
            // A corner may be thinner than a pixel.
            Assert.True((low < 3 && high > 116) || (lowY < 3 && highY > 86), $"{low}..{high}, {lowY}..{highY}");
        }, iter: 40);

    [Fact]
    public void FitTo_PlaneBesideTheGrid_IsNull() => Assert.Null(SliceView.Oblique(new(0, 0, 500), new(0, 0.6, 0.8), 1).FitTo(TestVolumes.Centered(9, 9, 9), new(20, 20)));

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
