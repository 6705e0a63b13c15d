using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Reference;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Tests.Reference;

public class ReferenceSpatialRendererTests
{
    private static readonly VolumeGeometry s_cube = TestVolumes.Centered(20, 20, 20);
    private static readonly TransferFunction s_fog = new("fog", new(0, 0.05, 1, 0, 0), new(1, 0.05, 1, 0, 0));
    private static readonly Camera s_front = new(new(0, 300, 0), new(0, 0, 0), new(0, 0, 1)) { IsParallel = true, ViewAngleRadians = 0.15 };
    private static readonly ImageSize s_size = new(9, 9);

    private static SpatialScene BlackScene => new(s_front, s_size) { BackgroundTop = new(0, 0, 0), BackgroundBottom = new(0, 0, 0) };

    private static Vector3 Center(SliceImage image)
    {
        ReadOnlySpan<byte> pixel = image.Pixels.Span.Slice((image.Height / 2 * image.Width + image.Width / 2) * 3, 3);
        return new Vector3(pixel[0], pixel[1], pixel[2]) / 255;
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.25)]
    [InlineData(0.7)]
    public void Render_EvenFog_FollowsBeersLawWhateverTheStep(double step)
    {
        Volume volume = TestVolumes.Create(s_cube, _ => 0);
        SpatialScene scene = BlackScene with { Volume = new(volume, s_fog) { StepVoxels = step } };
        Assert.Equal(1 - Math.Pow(0.95, 20), Center(ReferenceSpatialRenderer.Render(scene)).X, 0.005);
    }

    [Fact]
    public void Render_ClippedFog_IsShorter()
    {
        Volume volume = TestVolumes.Create(s_cube, _ => 0);
        SpatialScene scene = BlackScene with { Volume = new(volume, s_fog), Clips = [new(new(0, 4, 0), new(0, -1, 0))] };
        Assert.Equal(1 - Math.Pow(0.95, 14), Center(ReferenceSpatialRenderer.Render(scene)).X, 0.005);
    }

    [Fact]
    public void Render_MaskedFog_OnlyCountsTheLabel()
    {
        Volume volume = TestVolumes.Create(s_cube, _ => 0);
        LabelMap labels = TestVolumes.CreateLabels(s_cube, v => v.J is >= 5 and < 12 ? 1 : 0);
        SpatialScene scene = BlackScene with { Volume = new(volume, s_fog) { Mask = new(labels), StepVoxels = 0.05 } };
        Assert.Equal(1 - Math.Pow(0.95, 7), Center(ReferenceSpatialRenderer.Render(scene)).X, 0.005);
    }

    [Fact]
    public void Render_MaximumIntensity_ShowsTheBrightestSample()
    {
        Volume volume = TestVolumes.Create(s_cube, v => v is { J: 7 or 8 } ? 60 : 20);
        SpatialScene scene = BlackScene with { Volume = new(volume, TransferPresets.Find("mip", new(0, 100))!) { StepVoxels = 0.25 } };
        Assert.Equal(0.6, Center(ReferenceSpatialRenderer.Render(scene)).X, 0.005);
    }

    [Fact]
    public void Render_HeadLightOnAWall_IsFullyLitFromTheFrontAndDimFromTheSide()
    {
        Volume volume = TestVolumes.Create(s_cube, v => v.J < 10 ? 100 : 0);
        TransferFunction solid = new("solid", new(40, 0, 1, 1, 1), new(41, 1, 1, 1, 1)) { Material = new(0.2, 0.8, 0, 1) };
        SpatialScene scene = BlackScene with { Volume = new(volume, solid) { StepVoxels = 0.125 } };
        Assert.Equal(1, Center(ReferenceSpatialRenderer.Render(scene)).X, 0.02);
        Camera oblique = s_front with { Position = new(0, 150, 150 * Math.Sqrt(3)), Up = new(0, 1, 0) };
        Assert.Equal(0.2 + 0.8 * 0.5, Center(ReferenceSpatialRenderer.Render(scene with { Camera = oblique })).X, 0.02);
    }

    [Fact]
    public void Render_SurfacesSliceAndVolume_BlendInOrderOfDepth()
    {
        Volume volume = TestVolumes.Create(s_cube, _ => 0);
        // A half transparent green sheet in the middle of the red fog, an opaque slice (white) behind the fog's last quarter.
        SpatialScene scene = BlackScene with
        {
            Volume = new(volume, s_fog),
            Surfaces = [new(Sheet(0, new(0, 255, 0))) { Opacity = 0.5, Material = Material.Flat }],
            Slices = [new(new(0, -5, 0), new(0, 1, 0), new(volume, new(-100, -50)))],
        };
        double front = 1 - Math.Pow(0.95, 10), back = 1 - Math.Pow(0.95, 5);
        double behindSheet = (1 - front) * 0.5, behindFog = behindSheet * (1 - back);
        Vector3 color = Center(ReferenceSpatialRenderer.Render(scene));
        Assert.Equal(front + behindSheet * back + behindFog, color.X, 0.006);
        Assert.Equal((1 - front) * 0.5 + behindFog, color.Y, 0.006);
        Assert.Equal(behindFog, color.Z, 0.006);
    }

    [Fact]
    public void Render_ClippedSurface_IsCutAway()
    {
        SpatialScene scene = BlackScene with { Surfaces = [new(Sheet(0, new(0, 255, 0))) { Material = Material.Flat }] };
        Assert.Equal(Vector3.UnitY, Center(ReferenceSpatialRenderer.Render(scene)));
        Assert.Equal(Vector3.Zero, Center(ReferenceSpatialRenderer.Render(scene with { Clips = ClipPlane.Box(new(1, -9, -9), new(9, 9, 9)) })));
    }

    private static SurfaceMesh Sheet(float a, RgbColor color) =>
        new("sheet", color, [new(-50, a, -50), new(60, a, -50), new(60, a, 50), new(-50, a, 50)], [0, 2, 1, 0, 3, 2]);
}
