using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.OpenGL;
using SamMed2D.Rendering.Scene;
using SizedInternalFormat = Silk.NET.OpenGL.SizedInternalFormat;

namespace SamMed2D.Rendering.Tests.OpenGL;

/// <summary>What is drawn when the card's memory runs out: the volume coarser, with a note; and the program goes on.</summary>
public class GraphicsMemoryTests(GraphicsFixture graphics)
{
    private static readonly ImageSize s_size = new(48, 40);
    private static readonly VolumeGeometry s_geometry = TestVolumes.Centered(80, 64, 60);
    private static readonly Volume s_ball = TestVolumes.Create(s_geometry, v => Math.Clamp(300 - 25 * (TestVolumes.DistanceToCenter(s_geometry, v) - 20), -1000, 300)).With(new() { Source = "ball.nii" });

    private static SpatialScene Space => new(Camera.Framing(s_geometry, ViewDirection.Anterior, s_size.AspectRatio).Orbit(0.6, 0.4), s_size)
    {
        Volume = new(s_ball, TransferPresets.Find("ct-soft-tissue", default)!),
    };

    private static SliceScene Slice => new(SliceView.AlongGrid(SliceFrame.ForPlane(s_geometry, SlicePlane.Axial), 30, s_size), s_size) { Volume = new(s_ball, new(-1000, 300)) };

    // The volume alone takes 600 kB, its normals 1.2 MB.
    private OffscreenRenderer CreateWithRoomFor(long bytes)
    {
        _ = graphics.Renderer;
        return OffscreenRenderer.Create(castsOnProcessor: false, maxGraphicsBytes: bytes);
    }

    [Theory]
    [InlineData(1_500_000)]
    [InlineData(700_000)]
    public void Draw_VolumeBeyondTheCardsMemory_IsReducedWithANote(long bytes)
    {
        using OffscreenRenderer small = CreateWithRoomFor(bytes);
        SliceImage expected = graphics.Renderer.Render(Space), found = small.Render(Space);
        ImageDifference difference = ImageDifference.Between(expected, found);
        Assert.True(difference.PsnrDb > 24, $"{difference}");
        Assert.StartsWith("ball.nii: 80×64×60 voxels", Assert.Single(small.TakeNotes()));
        Assert.InRange(small.Invoke(renderer => renderer.AllocatedBytes), 1, bytes);
        Assert.Equal(found.Pixels.ToArray(), small.Render(Space).Pixels.ToArray());
        Assert.Empty(small.TakeNotes());
    }

    [Fact]
    public void Draw_SliceBesideLabels_IsReducedOnlyWhereItMustBe()
    {
        LabelMap labels = TestVolumes.CreateLabels(s_geometry, v => TestVolumes.DistanceToCenter(s_geometry, v) < 10 ? 1 : 0, new Segment(1, "core", new(250, 30, 60)));
        using OffscreenRenderer small = CreateWithRoomFor(1_100_000);
        small.Render(Slice);
        Assert.Empty(small.TakeNotes());
        SliceScene both = Slice with { Labels = new(labels) };
        ImageDifference difference = ImageDifference.Between(graphics.Renderer.Render(both), small.Render(both));
        Assert.True(difference.PsnrDb > 24, $"{difference}");
        Assert.Single(small.TakeNotes());
    }

    [Fact]
    public void Draw_ManyVolumesInTurn_DropsThoseNotDrawnBeforeItReducesOne()
    {
        using OffscreenRenderer small = CreateWithRoomFor(1_500_000);
        for (int n = 0; n < 6; n++)
        {
            Volume volume = s_ball.With(s_ball.Info with { Source = $"{n}" });
            small.Render(Slice with { Volume = new(volume, new(-1000, 300)) });
        }
        Assert.Empty(small.TakeNotes());
    }

    [Fact]
    public void Draw_WhatHasNoRoomHoweverCoarse_SaysSoAndGoesOn()
    {
        LabelMap labels = TestVolumes.CreateLabels(s_geometry, v => v.I > 40 ? 1 : 0);
        using OffscreenRenderer small = CreateWithRoomFor(500_000);
        InsufficientMemoryForWorkException failure = Assert.Throws<InsufficientMemoryForWorkException>(() => small.Render(Slice with { Labels = new(labels) }));
        Assert.Contains("graphics memory is full", failure.Message);
        Assert.Throws<InsufficientMemoryForWorkException>(() => small.Invoke(renderer => renderer.CreateTarget(new(4000, 4000))));
        SliceScene little = new(SliceView.Anatomical(SlicePlane.Axial, default, 1), s_size) { Volume = new(TestVolumes.Create(TestVolumes.Centered(30, 30, 30), v => v.I * 30), new(0, 900)) };
        ImageDifference difference = ImageDifference.Between(graphics.Renderer.Render(little), small.Render(little));
        Assert.True(difference.PsnrDb > 35, $"{difference}");
    }

    [Fact]
    public void Release_OfAScan_LetsTheNextOneBeFineAgain()
    {
        using OffscreenRenderer small = CreateWithRoomFor(1_000_000);
        Volume large = TestVolumes.Create(TestVolumes.Centered(120, 100, 80), v => v.I * 5);
        small.Render(Slice with { Volume = new(large, new(0, 600)) });
        Assert.Single(small.TakeNotes());
        small.Invoke(renderer =>
        {
            renderer.Release(large);
            return true;
        });
        small.Render(Slice);
        Assert.Empty(small.TakeNotes());
    }

    [Fact]
    public void Create_TextureThatTheDriverRefuses_IsNoticedAtOnce()
    {
        _ = graphics.Renderer;
        using EglContext context = EglContext.Create();
        context.MakeCurrent();
        GraphicsDevice device = new(context);
        // 4 GB: software renderers refuse it before they touch any memory; cards may have it.
        Assert.SkipUnless(device.IsSoftware, "only known of software renderers");
        GraphicsMemoryException refused = Assert.Throws<GraphicsMemoryException>(() => Texture.Create2D(device, "huge", 16384, 16384, SizedInternalFormat.Rgba32f, 16));
        Assert.Equal(1L << 32, refused.SizeBytes);
        Assert.Equal(0, device.AllocatedBytes);
        // Nothing is left over that would spoil the frame.
        device.EndFrame();
    }
}
