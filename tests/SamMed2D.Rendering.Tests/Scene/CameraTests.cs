using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Tests.Scene;

public class CameraTests
{
    private static readonly ImageSize s_size = new(64, 48);
    private static readonly Camera s_anterior = new(new(5, 300, 20), new(5, 0, 20), new(0, 0, 1));

    [Fact]
    public void PixelRay_Anterior_ShowsThePatientsRightOnTheLeft()
    {
        Ray left = s_anterior.PixelRay(0, 23.5, s_size), top = s_anterior.PixelRay(31.5, 0, s_size);
        Assert.True(left.Direction.R > 0.1);
        Assert.True(top.Direction.S > 0.1);
        RasVector middle = s_anterior.PixelRay(31.5, 23.5, s_size).Direction;
        Assert.Equal(0, middle.R, 1e-12);
        Assert.Equal(-1, middle.A, 1e-12);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Matrices_PointOnAPixelsRay_ProjectsToThatPixel(bool parallel) =>
        Gen.Select(Gen.Double[0, 63], Gen.Double[0, 47], Gen.Double[20, 500], Gen.Double[-3, 3], Gen.Double[-1, 1]).Sample((x, y, distance, azimuth, elevation) =>
        {
            Camera camera = s_anterior.Orbit(azimuth, elevation) with { IsParallel = parallel };
            RasPoint point = camera.PixelRay(x, y, s_size).At(distance);
            Vector4 clip = Vector4.Transform(new Vector4((float)point.R, (float)point.A, (float)point.S, 1), camera.ToViewMatrix() * camera.ToProjectionMatrix(s_size, 1, 1000));
            Assert.Equal(x, (clip.X / clip.W + 1) / 2 * s_size.Width - 0.5, 1e-2);
            Assert.Equal(y, (1 - clip.Y / clip.W) / 2 * s_size.Height - 0.5, 1e-2);
            Assert.InRange(clip.Z / clip.W, -1, 1);
        }, iter: 100);

    [Fact]
    public void Orbit_QuarterTurn_MovesTheEyeToItsRight()
    {
        // To the right of someone who faces the patient is the patient's left.
        Camera turned = s_anterior.Orbit(Math.PI / 2, 0);
        Assert.Equal(-295, turned.Position.R, 1e-9);
        Assert.Equal(0, turned.Position.A, 1e-9);
        Camera raised = s_anterior.Orbit(0, Math.PI / 6);
        Assert.Equal(20 + 150, raised.Position.S, 1e-9);
    }

    [Fact]
    public void Orbit_BeyondThePole_StopsBeforeIt()
    {
        Camera above = s_anterior.Orbit(0, 10);
        Assert.True(above.Position.S > 319);
        Assert.True(double.IsFinite(above.RightVector.R));
        Assert.Equal(300, above.DistanceMm, 1e-6);
    }

    [Fact]
    public void Framing_AnySide_FillsTheViewWithTheWholeGrid()
    {
        VolumeGeometry geometry = TestVolumes.Centered(100, 80, 60);
        ImageSize size = new(300, 200);
        foreach (ViewDirection direction in Enum.GetValues<ViewDirection>())
        {
            Camera camera = Camera.Framing(geometry, direction, size.AspectRatio);
            Matrix4x4 toClip = camera.ToViewMatrix() * camera.ToProjectionMatrix(size, 1, 1000);
            float furthest = 0;
            for (int n = 0; n < 8; n++)
            {
                Vector4 corner = Vector4.Transform(new Vector4((n & 1) == 0 ? -50 : 50, (n & 2) == 0 ? -40 : 40, (n & 4) == 0 ? -30 : 30, 1), toClip);
                furthest = Math.Max(furthest, Math.Max(Math.Abs(corner.X / corner.W), Math.Abs(corner.Y / corner.W)));
            }
            // All corners are inside the view, the outermost close to its edge.
            Assert.InRange(furthest, 0.9f, 1f);
        }
    }

    [Fact]
    public void Zoom_Doubling_HalvesWhatIsSeen() => Assert.Equal(s_anterior.HeightAtTargetMm / 2, s_anterior.Zoom(2).HeightAtTargetMm, 1e-9);
}
