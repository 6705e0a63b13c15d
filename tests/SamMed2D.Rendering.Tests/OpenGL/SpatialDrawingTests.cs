using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Surfaces;

namespace SamMed2D.Rendering.Tests.OpenGL;

/// <summary>OpenGL's 3D pictures against the CPU's with fine steps: at least 35 dB.</summary>
public class SpatialDrawingTests(GraphicsFixture graphics)
{
    private const double MinPsnrDb = 35;
    private static readonly ImageSize s_size = new(48, 40);
    private static readonly VolumeGeometry s_geometry = new(36, 30, 16, TestVolumes.Oblique(1, -1.1, 2.2));

    // A soft body with a hard core off its middle, in air.
    private static readonly Volume s_body = TestVolumes.Create(s_geometry, v =>
    {
        double r = TestVolumes.DistanceToCenter(s_geometry, v), core = Math.Sqrt((v.I - 21) * (v.I - 21) + (v.J - 13) * (v.J - 13) + (v.K - 8) * (v.K - 8) * 4);
        return Math.Clamp(60 - 160 * (r - 13), -1000, 60) + Math.Clamp(700 - 200 * (core - 4), 0, 700);
    });

    private static readonly LabelMap s_labels = TestVolumes.CreateLabels(s_geometry,
        v => TestVolumes.DistanceToCenter(s_geometry, v) is var r && r < 5 ? 2 : r < 9 && v.I > 17 ? 1 : 0, new Segment(1, "shell", new(80, 200, 90)), new Segment(2, "core", new(220, 60, 60)));

    private static readonly IReadOnlyList<SurfaceMesh> s_meshes = SurfaceNets.Extract(s_labels);

    private static SpatialScene Scene(bool isParallel = false) =>
        new(Camera.Framing(s_geometry, ViewDirection.Anterior, s_size.AspectRatio).Orbit(0.6, 0.4).Zoom(1.3) with { IsParallel = isParallel }, s_size);

    private static RasPoint Center => s_geometry.IndexToRas.IndexToRas(new(17.5, 14.5, 7.5));

    private void AssertAlike(SpatialScene scene, double minPsnrDb = MinPsnrDb)
    {
        SpatialScene fine = scene.Volume is { } volume ? scene with { Volume = volume with { StepVoxels = 0.125 } } : scene;
        SliceImage expected = ReferenceSpatialRenderer.Render(fine);
        foreach (OffscreenRenderer renderer in graphics.BothWaysOfDrawing)
        {
            ImageDifference difference = ImageDifference.Between(expected, renderer.Render(scene));
            Assert.True(difference.PsnrDb >= minPsnrDb, $"{difference}");
        }
        SpatialScene empty = scene with { Volume = null, Surfaces = [], Slices = [] };
        Assert.True(ImageDifference.Between(expected, ReferenceSpatialRenderer.Render(empty)).PsnrDb < 25, "the scene shows hardly anything");
    }

    [Theory]
    [InlineData("ct-bone", false)]
    [InlineData("ct-soft-tissue", false)]
    [InlineData("ct-soft-tissue", true)]
    [InlineData("ct-vessels", true)]
    [InlineData("mip", false)]
    public void Render_Volume_EqualsTheReference(string preset, bool isParallel) =>
        AssertAlike(Scene(isParallel) with { Volume = new(s_body, TransferPresets.Find(preset, new(-100, 700))!) });

    [Fact]
    public void Render_EveryVoxelType_LooksAlike()
    {
        // 0 to 200 in every type, with a scale that makes soft tissue of them.
        double[] values = [.. TestVolumes.VoxelsOf(s_geometry).Select(v => Math.Clamp(100 - 12 * (TestVolumes.DistanceToCenter(s_geometry, v) - 11), 0, 100))];
        Check<byte>();
        Check<sbyte>();
        Check<ushort>();
        Check<short>();
        Check<int>();
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, System.Numerics.INumber<T>
        {
            Volume volume = new Volume<T>(s_geometry, Array.ConvertAll(values, T.CreateTruncating), new(4, -250), new());
            AssertAlike(Scene() with { Volume = new(volume, TransferPresets.Find("ct-soft-tissue", default)!) { StepVoxels = 0.3 } });
        }
    }

    [Theory]
    [InlineData(2, 2, 1)]
    [InlineData(5, 1, 4)]
    [InlineData(1, 6, 5)]
    [InlineData(9, 8, 1)]
    [InlineData(1, 1, 1)]
    public void Render_GridsOfFewVoxels_EqualsTheReference(int i, int j, int k)
    {
        VolumeGeometry geometry = TestVolumes.Centered(i, j, k);
        Volume volume = new Volume<byte>(geometry, [.. Enumerable.Range(0, (int)geometry.VoxelCount).Select(n => (byte)(40 + 13 * n % 90))], new(2, 0), new());
        TransferFunction flat = new("flat", new(0, 0.05, 1, 0.6, 0.1), new(260, 0.9, 0.9, 0.9, 1));
        AssertAlike(new(Camera.Framing(geometry, ViewDirection.Anterior, s_size.AspectRatio).Orbit(0.5, 0.7), s_size) { Volume = new(volume, flat) { StepVoxels = 0.1 } });
    }

    [Fact]
    public void Render_VoxelsThatAreNoNumbers_CountAsZeroAndHideNothing()
    {
        // The first voxel of every brick of 8³ and one in three elsewhere; around them soft tissue of more than 0.
        float[] voxels = [.. TestVolumes.VoxelsOf(s_geometry).Select((v, n) => (v.I % 8, v.J % 8, v.K % 8) is (<= 1 or 7, <= 1 or 7, <= 1 or 7) || n % 3 == 0
            ? (n % 2 == 0 ? float.NaN : float.NegativeInfinity) : 60 + 2 * v.I)];
        Volume volume = new Volume<float>(s_geometry, voxels, IntensityScale.Identity, new());
        TransferFunction tissue = new("tissue", new(40, 0, 0.9, 0.3, 0.2), new(140, 0.4, 1, 0.9, 0.8));
        AssertAlike(Scene() with { Volume = new(volume, tissue) { StepVoxels = 0.2 } }, 30);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Render_Jittered_DiffersByAFineGrainOnly(bool isParallel)
    {
        SpatialScene scene = Scene(isParallel) with { Volume = new(s_body, TransferPresets.Find("ct-soft-tissue", default)!) { StepVoxels = 0.4, IsJittered = true } };
        AssertAlike(scene, 32);
    }

    [Fact]
    public void Render_VolumeClippedByBoxAndPlane_EqualsTheReference() =>
        AssertAlike(Scene() with
        {
            Volume = new(s_body, TransferPresets.Find("ct-soft-tissue", default)!),
            Clips = [.. ClipPlane.Box(new(Center.R - 8, Center.A - 30, Center.S - 30), new(Center.R + 30, Center.A + 4, Center.S + 30)), new(Center, new RasVector(0, 0.6, -0.8))],
        });

    [Fact]
    public void Render_VolumeInsideLabels_EqualsTheReference() =>
        AssertAlike(Scene() with { Volume = new(s_body, TransferPresets.Find("ct-soft-tissue", default)!) { Mask = new(s_labels), StepVoxels = 0.25 } }, 32);

    [Fact]
    public void Render_OpaqueSurfaces_EqualsTheReference() =>
        AssertAlike(Scene() with { Surfaces = [.. s_meshes.Select(mesh => new SurfaceLayer(mesh) { Silhouette = 0.7 })] }, 32);

    [Fact]
    public void Render_TransparentSurfaces_AreBlendedInOrderOfDepth() =>
        AssertAlike(Scene() with { Surfaces = [new(s_meshes[0]) { Opacity = 0.4 }, new(s_meshes[1]) { Opacity = 0.6 }] }, 32);

    [Fact]
    public void Render_VolumeSurfacesAndSlice_HaveCorrectDepthAmongEachOther() =>
        AssertAlike(Scene() with
        {
            Volume = new(s_body, TransferPresets.Find("ct-soft-tissue", default)!),
            Surfaces = [new(s_meshes[0]) { Opacity = 0.5 }, new(s_meshes[1])],
            Slices = [new(Center, new(0, 1, 0), new(s_body, new(-200, 300))) { Labels = new(s_labels) }],
        }, 32);

    [Fact]
    public void Render_TransparentSurfacesInAVolumeCutInParallel_EqualsTheReference() =>
        AssertAlike(Scene(isParallel: true) with
        {
            Volume = new(s_body, TransferPresets.Find("ct-soft-tissue", default)!),
            Surfaces = [new(s_meshes[0]) { Opacity = 0.3, Silhouette = 0.6 }, new(s_meshes[1]) { Opacity = 0.7, Color = new(20, 90, 220) }],
            Clips = [new(Center, new RasVector(0.6, -0.8, 0))],
        }, 31);

    [Theory]
    [InlineData(1)]
    [InlineData(0.6)]
    public void Render_EyeAmongTheTriangles_EqualsTheReference(double opacity)
    {
        // What lies behind the eye, and what reaches from behind it to its front, must not appear.
        SpatialScene scene = Scene() with { Surfaces = [.. s_meshes.Select(mesh => new SurfaceLayer(mesh) { Opacity = opacity })] };
        RasPoint eye = new(Center.R + 3, Center.A - 5.5, Center.S + 1), target = new(Center.R - 1, Center.A - 4, Center.S + 1.5);
        AssertAlike(scene with { Camera = new(eye, target, new(0, 0, 1)) { ViewAngleRadians = 2.2 } }, 28);
    }

    [Fact]
    public void Render_MaximumWithSurface_ShowsTheSurface() =>
        AssertAlike(Scene() with { Volume = new(s_body, TransferPresets.Find("mip", new(-100, 700))!), Surfaces = [new(s_meshes[1])] }, 30);

    [Fact]
    public void Render_SurfaceAndSliceCut_EqualsTheReference() =>
        AssertAlike(Scene() with
        {
            Surfaces = [new(s_meshes[1]), new(s_meshes[0])],
            Slices = [new(Center, new RasVector(0.6, 0, 0.8), new(s_body, new(-200, 300))) { Opacity = 0.7 }],
            Clips = [new(Center, new(0, 0, -1))],
        }, 30);

    [Fact]
    public void Render_Draft_LooksLikeTheFullPicture()
    {
        SpatialScene scene = Scene() with { Volume = new(s_body, TransferPresets.Find("ct-soft-tissue", default)!) };
        ImageDifference difference = ImageDifference.Between(graphics.Renderer.Render(scene), graphics.Renderer.Render(scene, isDraft: true));
        Assert.True(difference.PsnrDb > 25, $"{difference}");
    }

    [Fact]
    public void Render_VolumeOverTheLimit_IsReducedWithANote()
    {
        using OffscreenRenderer small = CreateSmall(4000);
        SpatialScene scene = Scene() with { Volume = new(s_body.With(s_body.Info with { Source = "body.nii" }), TransferPresets.Find("ct-soft-tissue", default)!) };
        ImageDifference difference = ImageDifference.Between(graphics.Renderer.Render(scene), small.Render(scene));
        Assert.True(difference.PsnrDb > 20, $"{difference}");
        string note = Assert.Single(small.TakeNotes());
        Assert.StartsWith("body.nii: 36×30×16 voxels", note);
        Assert.Empty(small.TakeNotes());
    }

    [Fact]
    public void Render_MaskOfAVolumeOverTheLimit_MasksTheSamePlaces()
    {
        foreach (bool castsOnProcessor in (bool[])[false, true])
        {
            _ = graphics.Renderer;
            using OffscreenRenderer small = OffscreenRenderer.Create(4000, castsOnProcessor);
            VolumeRendering whole = new(s_body, TransferPresets.Find("ct-soft-tissue", default)!), masked = whole with { Mask = new(s_labels) };
            SliceImage expected = graphics.Renderer.Render(Scene() with { Volume = masked });
            ImageDifference same = ImageDifference.Between(expected, small.Render(Scene() with { Volume = masked }));
            Assert.True(same.PsnrDb > 24, $"{same}");
            Assert.NotEmpty(small.TakeNotes());
        }
    }

    [Fact]
    public void Render_ManyVolumes_GivesTheirMemoryBack()
    {
        TransferFunction bone = TransferPresets.Find("ct-bone", default)!;
        foreach (bool castsOnProcessor in (bool[])[false, true])
        {
            using OffscreenRenderer renderer = CreateOwn(castsOnProcessor);
            long after100 = 0;
            for (int n = 0; n < 300; n++)
            {
                Volume volume = TestVolumes.Create(TestVolumes.Centered(16, 16, 16), v => v.I * 100);
                renderer.Render(Scene() with { Volume = new(volume, bone) });
                if (n == 100) after100 = renderer.Invoke(scenes => scenes.AllocatedBytes);
            }
            Assert.Equal(after100, renderer.Invoke(scenes => scenes.AllocatedBytes));
        }
    }

    [Fact]
    public void Release_OpenedAndClosedScans_LeaveNothingBehind()
    {
        foreach (bool castsOnProcessor in (bool[])[false, true])
        {
            using OffscreenRenderer renderer = CreateOwn(castsOnProcessor);
            Volume kept = TestVolumes.Create(TestVolumes.Centered(20, 16, 16), v => v.J * 90);
            // With a slice, so that the buffers that pictures are made in are all there before.
            SpatialScene scene = Scene() with { Volume = new(kept, TransferPresets.Find("ct-vessels", default)!), Slices = [new(default, new(0, 0, 1), new(kept, new(0, 1000)))] };
            renderer.Render(scene);
            long before = renderer.Invoke(scenes => scenes.AllocatedBytes);
            for (int n = 0; n < 50; n++)
            {
                Volume volume = TestVolumes.Create(TestVolumes.Centered(16, 16, 16), v => v.I * 100);
                LabelMap labels = TestVolumes.CreateLabels(volume.Geometry, v => v.I < 8 ? 1 : 0);
                SurfaceMesh mesh = SurfaceNets.Extract(labels)[0];
                renderer.Render(Scene() with
                {
                    Volume = new(volume, TransferPresets.Find("ct-bone", default)!) { Mask = new(labels) },
                    Surfaces = [new(mesh)],
                    Slices = [new(default, new(0, 0, 1), new(volume, new(0, 1000))) { Labels = new(labels) }],
                });
                Assert.True(n > 0 || renderer.Invoke(scenes => scenes.AllocatedBytes) > before);
                renderer.Invoke(scenes =>
                {
                    scenes.Release(volume);
                    scenes.Release(labels);
                    scenes.Release(mesh);
                    return true;
                });
            }
            renderer.Render(scene);
            Assert.Equal(before, renderer.Invoke(scenes => scenes.AllocatedBytes));
        }
    }

    // Of its own, since others draw on the shared ones at the same time.
    private OffscreenRenderer CreateOwn(bool castsOnProcessor)
    {
        _ = graphics.Renderer;
        return OffscreenRenderer.Create(castsOnProcessor: castsOnProcessor);
    }

    private OffscreenRenderer CreateSmall(long maxVoxels)
    {
        _ = graphics.Renderer;
        return OffscreenRenderer.Create(maxVoxels);
    }
}
