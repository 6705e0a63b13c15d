using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Shots;

namespace SamMed2D.Rendering.Tests.Shots;

public class ShotTests
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
