using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Tests.Reference;

public class ReferenceSliceRendererTests
{
    [Fact]
    public void Render_OneVoxelAPixel_IsTheWindowedSlice()
    {
        VolumeGeometry geometry = new(6, 5, 4, TestVolumes.Oblique(2, 2, 2));
        Volume volume = TestVolumes.Create(geometry, v => v.I * 30 + v.J * 7 + v.K);
        SliceFrame frame = new(geometry, SliceAxis.K);
        ImageSize size = new(frame.Width, frame.Height);
        SliceScene scene = new(SliceView.AlongGrid(frame, 3, size), size) { Volume = new(volume, new(10, 180)) };

        SliceImage image = ReferenceSliceRenderer.Render(scene);

        for (int y = 0; y < size.Height; y++)
            for (int x = 0; x < size.Width; x++)
            {
                double grey = Math.Clamp((volume.GetIntensity(frame.PixelToVoxel(x, y, 3)) - 10) / 170, 0, 1) * 255;
                Assert.InRange(image.Pixels.Span[(y * size.Width + x) * 3], grey - 0.51, grey + 0.51);
            }
    }

    [Fact]
    public void Render_LinearFieldOnAnObliquePlane_IsExactAnywhereInside()
    {
        // A field that is linear in patient space is reproduced exactly by trilinear interpolation on any grid.
        VolumeGeometry geometry = new(40, 40, 20, TestVolumes.ObliqueLeftHanded);
        double Field(RasPoint p) => 500 + 11 * p.R - 7 * p.A + 5 * p.S;
        Volume volume = TestVolumes.Create(geometry, v => Field(geometry.IndexToRas.IndexToRas(v.ToContinuous())));
        RasPoint center = geometry.IndexToRas.IndexToRas(new(20, 20, 10));
        SliceView view = SliceView.Anatomical(SlicePlane.Coronal, center, 0.5).Rotate(new(0, 0, 1), 0.7).Rotate(new(1, 0, 0), 0.4);
        ImageSize size = new(41, 41);

        SliceImage image = ReferenceSliceRenderer.Render(new(view, size) { Volume = new(volume, new(0, 1000)) });

        for (int y = 0; y < size.Height; y++)
            for (int x = 0; x < size.Width; x++)
            {
                double grey = Math.Clamp(Field(view.PixelToRas(x, y, size)) * 0.255, 0, 255);
                Assert.InRange(image.Pixels.Span[(y * size.Width + x) * 3], grey - 0.8, grey + 0.8);
            }
    }

    [Fact]
    public void Render_OutsideTheVolume_IsBlack()
    {
        Volume volume = TestVolumes.Create(TestVolumes.Centered(4, 4, 4), _ => 100);
        SliceImage image = ReferenceSliceRenderer.Render(new(SliceView.Anatomical(SlicePlane.Axial, default, 1), new(10, 10)) { Volume = new(volume, new(0, 100)) });
        int white = 0;
        for (int n = 0; n < 100; n++) white += image.Pixels.Span[n * 3] == 255 ? 1 : 0;
        Assert.Equal(16, white);
        Assert.Equal(0, image.Pixels.Span[0]);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(0.05)]
    public void Render_LabelOverlay_FillsInsideAndKeepsTheOutlineWidthAtAnyZoom(double mmPerPixel)
    {
        VolumeGeometry geometry = TestVolumes.Centered(11, 11, 11);
        LabelMap labels = TestVolumes.CreateLabels(geometry, v => v.I is >= 4 and <= 6 ? 1 : 0, new Segment(1, "bar", new(200, 100, 0)));
        ImageSize size = new(101, 21);
        SliceView view = SliceView.Anatomical(SlicePlane.Axial, default, mmPerPixel);

        SliceImage image = ReferenceSliceRenderer.Render(new(view, size) { Labels = new(labels) { FillOpacity = 0.5, OutlineWidthPixels = 3 } });

        int outline = 0, fill = 0;
        for (int x = 0; x < size.Width; x++)
        {
            byte red = image.Pixels.Span[(10 * size.Width + x) * 3];
            if (red == 200) outline++;
            if (red == 100) fill++;
        }
        int bar = (int)Math.Round(3 / mmPerPixel);
        Assert.Equal((6, bar - 6), (outline, fill));
    }

    [Fact]
    public void Render_HiddenSegment_LeavesTheGreyValues()
    {
        VolumeGeometry geometry = TestVolumes.Centered(8, 8, 8);
        LabelMap labels = TestVolumes.CreateLabels(geometry, _ => 3, new Segment(3, "all", new(255, 0, 0)));
        LabelLayer layer = new(labels) { Looks = new Dictionary<ushort, SegmentLook> { [3] = new(new(255, 0, 0), Opacity: 0) } };
        Volume volume = TestVolumes.Create(geometry, _ => 50);
        SliceScene scene = new(SliceView.Anatomical(SlicePlane.Axial, default, 1), new(8, 8)) { Volume = new(volume, new(0, 100)), Labels = layer };
        foreach (byte part in ReferenceSliceRenderer.Render(scene).Pixels.Span) Assert.Equal(128, part);
    }

    [Fact]
    public void Render_Annotated_DrawsLettersAndBarAndNothingElse()
    {
        SliceView view = SliceView.Anatomical(SlicePlane.Axial, default, 1);
        SliceScene scene = new(view, new(200, 160)) { IsAnnotated = true };
        ReadOnlySpan<byte> pixels = ReferenceSliceRenderer.Render(scene).Pixels.Span;
        int white = 0;
        foreach (byte part in pixels) white += part > 200 ? 1 : 0;
        Assert.InRange(white, 3 * 60, 3 * 1000);
        Assert.Equal(0, pixels[(80 * 200 + 100) * 3]);
    }
}
