using SamMed2D.Core.Geometry;
using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Phantoms.Abdomen;
using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Png;
using SamMed2D.Rendering.Scene;
using SamMed2D.Rendering.Shots;
using SamMed2D.Rendering.Surfaces;
using SamMed2D.Testing;

namespace SamMed2D.Rendering.Tests.OpenGL;

/// <summary>
/// Pictures of the abdominal phantom against those that were looked at and committed, with some tolerance for other drivers. After a wanted
/// change: <c>SAMMED2D_WRITE_GOLDEN=1 tests/SamMed2D.Rendering.Tests/bin/Release/net10.0/SamMed2D.Rendering.Tests -class "*GoldenTests"</c>
/// writes them anew (and fails, so that it is never left on); then look at them.
/// </summary>
public class GoldenTests(GraphicsFixture graphics)
{
    private const double MinPsnrDb = 34, MaxDifferingPart = 0.02;
    private const int Tolerance = 12;
    private static readonly ImageSize s_size = new(96, 80);
    private static readonly Phantom s_phantom = AbdomenPhantom.Create(size: PhantomSize.Small);
    private static readonly Lazy<IReadOnlyList<Core.Meshes.SurfaceMesh>> s_meshes = new(() => SurfaceNets.Extract(s_phantom.Labels));

    private static VolumeGeometry Grid => s_phantom.Image.Geometry;

    private static RasPoint Center => Grid.IndexToRas.IndexToRas(new(Grid.SizeI / 2, Grid.SizeJ / 2, Grid.SizeK / 2));

    private static SpatialScene Space => new(Camera.Framing(Grid, ViewDirection.Anterior, s_size.AspectRatio).Orbit(0.5, 0.3), s_size);

    private static VolumeRendering Volume(string preset) => new(s_phantom.Image, TransferPresets.FindFor(preset, s_phantom.Image)!);

    private static SliceScene Slice(SliceView view) => new(view, s_size) { Volume = VolumeLayer.For(s_phantom.Image), Labels = new(s_phantom.Labels), IsAnnotated = true };

    [Fact]
    public void AxialSlice_WithLabelsAndLetters_LooksAsCommitted() =>
        Check("axial", graphics.Renderer.Render(Slice(SliceView.AlongGrid(SliceFrame.ForPlane(Grid, SlicePlane.Axial), Grid.SizeK / 2, s_size))));

    [Fact]
    public void ObliqueSlice_WithLabelsAndLetters_LooksAsCommitted()
    {
        SliceView coronal = SliceView.AlongGrid(SliceFrame.ForPlane(Grid, SlicePlane.Coronal), Grid.SizeJ / 2, s_size);
        Check("oblique", graphics.Renderer.Render(Slice(coronal.Rotate(coronal.Right, 0.5).Rotate(coronal.Down, 0.4))));
    }

    [Fact]
    public void ObliqueShot_ThroughAPlace_LooksAsCommitted()
    {
        Assert.True(ShotView.TryParse("coronal@30,-20", out ShotView view));
        Check("oblique-shot", graphics.Renderer.Render(new ShotStudio(s_phantom.Image, s_phantom.Labels).Oblique(view, Center, s_size)!));
    }

    [Theory]
    [InlineData("ct-bone")]
    [InlineData("ct-soft-tissue")]
    [InlineData("mip")]
    public void Volume_OfAPreset_LooksAsCommitted(string preset) => Check(preset, graphics.Renderer.Render(Space with { Volume = Volume(preset) }));

    [Fact]
    public void Volume_InsideTheLiverCutByABox_LooksAsCommitted()
    {
        LabelLayer liver = new(s_phantom.Labels)
        {
            Looks = s_phantom.Labels.Segments.Where(s => s.Label != AbdomenLiver).ToDictionary(s => s.Label, s => new SegmentLook(s.Color, 0)),
        };
        Check("masked", graphics.Renderer.Render(Space with { Volume = Volume("ct-soft-tissue") with { Mask = liver }, Clips = [new(Center, new(0, 0, 1))] }));
    }

    [Fact]
    public void Surfaces_TransparentWithSilhouettesAndASlice_LookAsCommitted() => Check("surfaces", graphics.Renderer.Render(Space with
    {
        Surfaces = [.. s_meshes.Value.Select((mesh, n) => new SurfaceLayer(mesh) { Opacity = n % 2 == 0 ? 1 : 0.5, Silhouette = 0.4 })],
        Slices = [new(Center, new(0, 0, 1), VolumeLayer.For(s_phantom.Image))],
        Clips = [new(Center, new RasVector(0.8, 0, 0.6))],
    }));

    private const ushort AbdomenLiver = 1;

    private static void Check(string name, SliceImage picture)
    {
        string path = Path.Combine(Repository.Root, "tests", "SamMed2D.Rendering.Tests", "OpenGL", "Golden", $"{name}.png");
        if (Environment.GetEnvironmentVariable("SAMMED2D_WRITE_GOLDEN") == "1")
        {
            PngFile.Write(path, picture);
            Assert.Fail($"{path} is written; look at it, then run the tests without SAMMED2D_WRITE_GOLDEN.");
        }
        SliceImage golden = PngFile.Read(path);
        ImageDifference difference = ImageDifference.Between(golden, picture, Tolerance);
        string found = Path.Combine(Path.GetTempPath(), $"sammed2d-golden-{name}.png");
        bool isAlike = difference.PsnrDb >= MinPsnrDb && difference.DifferingPart <= MaxDifferingPart;
        if (!isAlike) PngFile.Write(found, picture);
        Assert.True(isAlike, $"{name}: {difference}; the picture found is {found}");
    }
}
