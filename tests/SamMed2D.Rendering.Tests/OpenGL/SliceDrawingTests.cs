using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Tests.OpenGL;

/// <summary>OpenGL's slices against the CPU's: grey values within 2 of 255, and at most 1 % of pixels on the other side of a voxel's edge.</summary>
public class SliceDrawingTests(GraphicsFixture graphics)
{
    private static readonly VolumeGeometry s_geometry = new(31, 27, 13, TestVolumes.ObliqueLeftHanded);
    private static readonly ImageSize s_size = new(120, 90);
    private static readonly LabelMap s_labels = TestVolumes.CreateLabels(s_geometry, v => TestVolumes.DistanceToCenter(s_geometry, v) switch { < 5 => 7, < 9 => 300, _ => 0 }, new Segment(7, "core", new(250, 30, 60)));

    private static SliceView ObliqueView => SliceView.AlongGrid(new(s_geometry, SliceAxis.K), 6, s_size).Rotate(new(0.6, 0.8, 0), 0.5);

    private static Volume Texture(VolumeGeometry geometry) => TestVolumes.Create(geometry, v => 400 * Math.Sin(v.I * 0.4) * Math.Cos(v.J * 0.3) + 40 * v.K - 300);

    [Theory]
    [InlineData(Interpolation.Linear)]
    [InlineData(Interpolation.Nearest)]
    public void Render_ObliqueLeftHandedAnisotropic_EqualsTheReference(Interpolation interpolation)
    {
        SliceScene scene = new(ObliqueView, s_size) { Volume = new(Texture(s_geometry), new(-500, 700)) { Interpolation = interpolation } };
        AssertAlike(scene, ReferenceSliceRenderer.Render(scene), minPsnrDb: 40);
    }

    [Fact]
    public void Render_LabelsWithOutlines_EqualsTheReference()
    {
        SliceScene scene = new(ObliqueView with { MmPerPixel = 0.15 }, s_size)
        {
            Volume = new(Texture(s_geometry), new(-500, 700)),
            Labels = new(s_labels) { FillOpacity = 0.3, OutlineOpacity = 0.9, OutlineWidthPixels = 2 },
            IsAnnotated = true,
        };
        SliceImage expected = ReferenceSliceRenderer.Render(scene);
        AssertAlike(scene, expected);
        // The comparison would see it if labels were missing.
        Assert.True(ImageDifference.Between(expected, ReferenceSliceRenderer.Render(scene with { Labels = null })).DifferingPart > 0.1);
    }

    [Theory]
    [InlineData(Interpolation.Linear)]
    [InlineData(Interpolation.Nearest)]
    public void Render_ForegroundOfAnotherGrid_EqualsTheReference(Interpolation interpolation)
    {
        // Smaller than the view, so that part of the picture shows the background alone.
        Affine turned = TestVolumes.Oblique(0.9, 0.8, 1.4);
        RasPoint middle = s_geometry.IndexToRas.IndexToRas(new(15, 13, 6)), corner = turned.IndexToRas(new(4, 3.5, 3)), origin = turned.Origin;
        VolumeGeometry small = new(9, 8, 7, Affine.FromColumns(turned.StepI, turned.StepJ, turned.StepK,
            new(origin.R + middle.R - corner.R, origin.A + middle.A - corner.A, origin.S + middle.S - corner.S)));
        SliceScene scene = new(ObliqueView, s_size)
        {
            Volume = new(Texture(s_geometry), new(-500, 700)),
            Foreground = new(Texture(small), new(-300, 300)) { Interpolation = interpolation },
            ForegroundOpacity = 0.7,
        };
        SliceImage expected = ReferenceSliceRenderer.Render(scene);
        AssertAlike(scene, expected);
        double fused = ImageDifference.Between(expected, ReferenceSliceRenderer.Render(scene with { Foreground = null })).DifferingPart;
        Assert.InRange(fused, 0.02, 0.95);
    }

    [Fact]
    public void Render_EveryVoxelType_ShowsTheSameIntensities()
    {
        VolumeGeometry geometry = TestVolumes.Centered(12, 10, 4);
        ImageSize size = new(48, 40);
        SliceView view = SliceView.AlongGrid(new(geometry, SliceAxis.K), 2, size);
        Check<byte>(geometry, view, size, n => (byte)(n % 100));
        Check<sbyte>(geometry, view, size, n => (sbyte)(n % 100 - 50));
        Check<ushort>(geometry, view, size, n => (ushort)(n * 90));
        Check<short>(geometry, view, size, n => (short)(n * 50 - 9000));
        Check<uint>(geometry, view, size, n => (uint)n * 1000);
        Check<int>(geometry, view, size, n => n * 1000 - 90000);
        Check<float>(geometry, view, size, n => n * 0.5f - 100);
        Check<double>(geometry, view, size, n => n * 0.25);
    }

    [Fact]
    public void Render_VoxelsThatAreNoNumbers_CountAsZero()
    {
        VolumeGeometry geometry = TestVolumes.Centered(12, 10, 4);
        ImageSize size = new(48, 40);
        float[] voxels = [.. Enumerable.Range(0, (int)geometry.VoxelCount).Select(n => n % 7 == 0 ? float.NaN : n % 11 == 0 ? float.PositiveInfinity : 50 + n % 40)];
        SliceScene scene = new(SliceView.AlongGrid(new(geometry, SliceAxis.K), 2, size), size) { Volume = new(new Volume<float>(geometry, voxels, IntensityScale.Identity, new()), new(-20, 120)) };
        AssertAlike(scene, ReferenceSliceRenderer.Render(scene), 45);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    public void Render_LargestLabelInASingleVoxelOfFewSlices_EqualsTheReference(int slices)
    {
        VolumeGeometry geometry = new(9, 7, slices, TestVolumes.ObliqueLeftHanded);
        LabelMap labels = TestVolumes.CreateLabels(geometry, v => (v.I, v.J) is (8, 6) ? ushort.MaxValue : 0);
        SliceScene scene = new(SliceView.AlongGrid(new(geometry, SliceAxis.K), slices / 2, s_size), s_size) { Volume = new(Texture(geometry), new(-500, 700)), Labels = new(labels) };
        SliceImage expected = ReferenceSliceRenderer.Render(scene);
        AssertAlike(scene, expected, 40);
        Assert.NotEqual(ReferenceSliceRenderer.Render(scene with { Labels = null }).Pixels.ToArray(), expected.Pixels.ToArray());
    }

    [Fact]
    public void Render_EditedLabels_AreShownOnceTheirRevisionRises()
    {
        LabelMap labels = new(TestVolumes.Centered(8, 8, 8), [new(1, "x", new(255, 255, 255))]);
        SliceScene scene = new(SliceView.Anatomical(SlicePlane.Axial, default, 1), new(8, 8)) { Labels = new(labels) { FillOpacity = 1 } };
        OffscreenRenderer shaders = graphics.BothWaysOfDrawing.First();
        Assert.Equal(0, shaders.Render(scene).Pixels.Span[100]);
        labels.MutableLabels.Fill(1);
        Assert.Equal(255, shaders.Render(scene with { Labels = scene.Labels with { Revision = 1 } }).Pixels.Span[100]);
    }

    [Fact]
    public void Render_LabelsWithChanges_UploadsJustTheChangedBoxes()
    {
        LabelMap labels = new(TestVolumes.Centered(8, 8, 8), [new(1, "x", new(255, 255, 255))]);
        LabelChanges changes = new();
        SliceScene scene = new(SliceView.Anatomical(SlicePlane.Axial, new(0, 0, 0.5), 1), new(8, 8)) { Labels = new(labels) { FillOpacity = 1, Changes = changes } };
        Assert.Equal(0, CountWhite(scene));
        labels.MutableLabels.Fill(1);
        // Two boxes of 3 × 2 and 1 × 2 pixels cross the slice at index 4; what nobody recorded is not uploaded.
        changes.Record(new(new(1, 2, 3), new(3, 3, 5)));
        changes.Record(new(new(7, 6, -5), new(12, 7, 4)));
        Assert.Equal(3 * 2 + 1 * 2, CountWhite(scene with { Labels = scene.Labels with { Revision = changes.Revision } }));
        changes.Record(VoxelBox.Of(labels.Geometry));
        Assert.Equal(64, CountWhite(scene with { Labels = scene.Labels with { Revision = changes.Revision } }));

        int CountWhite(SliceScene shown) => graphics.BothWaysOfDrawing.First().Render(shown).Pixels.Span.Count((byte)255) / 3;
    }

    private void AssertAlike(SliceScene scene, SliceImage expected, double minPsnrDb = 0)
    {
        foreach (OffscreenRenderer renderer in graphics.BothWaysOfDrawing)
        {
            ImageDifference difference = ImageDifference.Between(expected, renderer.Render(scene));
            Assert.True(difference.DifferingPart < 0.01, $"{difference}");
            Assert.True(difference.PsnrDb > minPsnrDb, $"{difference}");
        }
    }

    private void Check<T>(VolumeGeometry geometry, SliceView view, ImageSize size, Func<int, T> value) where T : unmanaged, System.Numerics.INumber<T>
    {
        T[] voxels = new T[geometry.VoxelCount];
        for (int n = 0; n < voxels.Length; n++) voxels[n] = value(n);
        Volume volume = new Volume<T>(geometry, voxels, new(-0.5, 3), new());
        SliceScene scene = new(view, size) { Volume = VolumeLayer.For(volume) };
        foreach (OffscreenRenderer renderer in graphics.BothWaysOfDrawing) CheckOne(renderer, volume, scene);
    }

    private static void CheckOne(OffscreenRenderer renderer, Volume volume, SliceScene scene)
    {
        ImageDifference difference = ImageDifference.Between(ReferenceSliceRenderer.Render(scene), renderer.Render(scene));
        // Drivers interpolate 8-bit textures in 8 bits, which the window then stretches.
        Assert.True(difference.PsnrDb > (volume.VoxelType.SizeBytes() == 1 ? 42 : 50), $"{volume.VoxelType}: {difference}");
    }
}
