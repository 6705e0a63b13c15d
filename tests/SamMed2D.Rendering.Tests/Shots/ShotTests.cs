using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Shots;
using SamMed2D.Rendering.Tests.OpenGL;

namespace SamMed2D.Rendering.Tests.Shots;

public class ShotTests(GraphicsFixture graphics)
{
    private static readonly VolumeGeometry s_geometry = TestVolumes.Centered(20, 24, 30);
    private static readonly Volume s_ct = TestVolumes.Create(s_geometry, v => v.K * 10 - 1000, "CT");

    [Theory]
    [InlineData("axial:42", ShotKind.Slice, SlicePlane.Axial, 42)]
    [InlineData("Coronal:0", ShotKind.Slice, SlicePlane.Coronal, 0)]
    [InlineData("sagittal", ShotKind.Slice, SlicePlane.Sagittal, null)]
    [InlineData("3D", ShotKind.Space, SlicePlane.Axial, null)]
    [InlineData("four-up", ShotKind.FourUp, SlicePlane.Axial, null)]
    public void TryParse_KnownViews_AreRead(string text, ShotKind kind, SlicePlane plane, int? slice)
    {
        Assert.True(ShotView.TryParse(text, out ShotView view));
        Assert.Equal(new(kind, plane, slice), view);
    }

    [Theory]
    [InlineData("coronal:60@30,-15.5", SlicePlane.Coronal, 60, 30, -15.5)]
    [InlineData("Axial@0,90", SlicePlane.Axial, null, 0, 90)]
    public void TryParse_TurnedSlices_AreRead(string text, SlicePlane plane, int? slice, double right, double down)
    {
        Assert.True(ShotView.TryParse(text, out ShotView view));
        Assert.Equal(new(ShotKind.Oblique, plane, slice) { Turn = (right, down) }, view);
        Assert.Equal(text.ToLowerInvariant(), view.ToString());
    }

    [Fact]
    public void TryParse_PlaneByItsNormal_IsRead()
    {
        Assert.True(ShotView.TryParse("oblique:0,-0.5,8e-1", out ShotView view));
        Assert.Equal(new(ShotKind.Oblique) { Normal = new(0, -0.5, 0.8) }, view);
        Assert.Equal("oblique:0,-0.5,0.8", view.ToString());
    }

    [Theory]
    [InlineData("oblique:0,0,0")]
    [InlineData("oblique:1,2")]
    [InlineData("oblique:1,2,x")]
    [InlineData("oblique:1,2,inf")]
    [InlineData("axial@30")]
    [InlineData("axial@30,nan")]
    [InlineData("axial@1,2@3,4")]
    [InlineData("3d@1,2")]
    [InlineData("")]
    [InlineData("axial:")]
    [InlineData("axial:-1")]
    [InlineData("axial:1:2")]
    [InlineData("3d:4")]
    [InlineData("oblique")]
    [InlineData("axial:99999999999")]
    public void TryParse_AnythingElse_IsRefused(string text) => Assert.False(ShotView.TryParse(text, out _));

    [Fact]
    public void Slice_NumberOrMiddle_PassesThroughThatSlice()
    {
        ShotStudio studio = new(s_ct) { Window = new(-1000, -700) };
        SliceScene scene = studio.Slice(SlicePlane.Axial, 12, new(40, 40)) with { IsAnnotated = false };
        Assert.Equal(120 / 300.0 * 255, ReferenceSliceRenderer.Render(scene).Pixels.Span[(20 * 40 + 20) * 3], 1.0);
        Assert.Equal(15 - 14.5, studio.Slice(SlicePlane.Axial, null, new(40, 40)).View.Center.S, 1e-9);
        Assert.Throws<ArgumentOutOfRangeException>(() => studio.Slice(SlicePlane.Axial, 30, new(40, 40)));
        Assert.Equal(24, studio.SliceCount(SlicePlane.Coronal));
    }

    [Theory]
    [InlineData("coronal@35,-20")]
    [InlineData("sagittal:9@-12,50")]
    [InlineData("oblique:0.4,0.7,0.5")]
    public void Oblique_ObliqueAnisotropicScan_ShowsTheIntensitiesOfThatPlane(string text)
    {
        // Intensity grows along one direction in space, so every pixel's grey can be told from where it lies.
        VolumeGeometry grid = new(40, 36, 15, TestVolumes.ObliqueLeftHanded);
        RasVector growing = new(3, -5, 4);
        RasPoint middle = grid.IndexToRas.IndexToRas(new(19.5, 17.5, 7)), through = grid.IndexToRas.IndexToRas(new(17, 20, 8.3));
        Volume volume = TestVolumes.Create(grid, v => 10 * grid.IndexToRas.IndexToRas(v.ToContinuous()).Minus(middle).Dot(growing));
        ImageSize size = new(70, 50);
        Assert.True(ShotView.TryParse(text, out ShotView view));
        ShotStudio studio = new(volume) { Window = new(-1500, 1500) };
        SliceScene scene = studio.Oblique(view, through, size)! with { IsAnnotated = false };
        Assert.Equal(0, scene.View.RasToPixel(through, size).DepthMm, 1e-9);
        SliceImage reference = ReferenceSliceRenderer.Render(scene);
        int inside = 0;
        for (int y = 0; y < size.Height; y++)
            for (int x = 0; x < size.Width; x++)
            {
                RasPoint place = scene.View.PixelToRas(x, y, size);
                ContinuousIndex at = grid.IndexToRas.RasToIndex(place);
                if (at.I < 0 || at.J < 0 || at.K < 0 || at.I > 39 || at.J > 35 || at.K > 14) continue;
                inside++;
                double expected = Math.Clamp((10 * place.Minus(middle).Dot(growing) + 1500) / 3000, 0, 1) * 255;
                Assert.Equal(expected, reference.Pixels.Span[(y * size.Width + x) * 3], 1.0);
            }
        Assert.True(inside > 600, $"{inside}");
        foreach (OffscreenRenderer renderer in graphics.BothWaysOfDrawing)
        {
            ImageDifference difference = ImageDifference.Between(reference, renderer.Render(scene));
            Assert.True(difference.PsnrDb > 40 && difference.DifferingPart < 0.01, $"{difference}");
        }
    }

    [Fact]
    public void Oblique_NotTurned_IsTheSliceItself()
    {
        ShotStudio studio = new(s_ct);
        ImageSize size = new(50, 40);
        Assert.True(ShotView.TryParse("sagittal:7@0,0", out ShotView view));
        SliceView expected = studio.Slice(SlicePlane.Sagittal, 7, size).View, found = studio.Oblique(view, null, size)!.View;
        Assert.Equal(expected.MmPerPixel, found.MmPerPixel, 1e-9);
        Assert.Equal(0, expected.Center.DistanceMm(found.Center), 1e-9);
        Assert.Equal(expected.OrientationLetters(), found.OrientationLetters());
    }

    [Fact]
    public void Oblique_PlaneBesideTheScan_IsNull() => Assert.Null(new ShotStudio(s_ct).Oblique(new(ShotKind.Oblique) { Normal = new(0, 0.1, 1) }, new(0, 0, 400), new(20, 20)));

    [Fact]
    public void Space_TurnedHalfway_LooksFromTheOtherSide()
    {
        ShotStudio studio = new(s_ct, TestVolumes.CreateLabels(s_geometry, v => v.I is > 5 and < 12 ? 4 : 0));
        SpatialScene front = studio.Space(new(50, 40)), back = studio.Space(new(50, 40), Math.PI);
        Assert.True(front.Camera.Position.A > 0);
        Assert.True(back.Camera.Position.A < 0);
        Assert.Equal("Label 4", Assert.Single(front.Surfaces).Mesh.Name);
        Assert.Equal("ct-bone", front.Volume!.Transfer.Name);
    }

    [Fact]
    public void FourUp_FourPictures_LieAsInSlicer()
    {
        SliceImage Plain(byte grey) => new(3, 2, 3, Enumerable.Repeat(grey, 18).ToArray());
        SliceImage image = ShotStudio.FourUp(Plain(1), Plain(2), Plain(3), Plain(4));
        Assert.Equal((8, 6), (image.Width, image.Height));
        byte At(int x, int y) => image.Pixels.Span[(y * 8 + x) * 3];
        Assert.Equal((1, 2, 3, 4, 60), (At(0, 0), At(7, 1), At(2, 5), At(5, 4), At(3, 3)));
    }
}
