using System.Runtime.InteropServices;
using System.Security.Cryptography;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Phantoms.Brain;

namespace SamMed2D.Core.Tests.Phantoms;

public class BrainPhantomTests
{
    private static readonly Phantom s_phantom = BrainPhantom.Create(1, PhantomSize.Small);

    [Fact]
    public void Create_SameSeed_GivesTheSameBytesOnEveryMachine()
    {
        Assert.Equal("0e992d3797bb816d", Hash(MemoryMarshal.AsBytes(s_phantom.Image.Voxels)));
        Assert.Equal("80508d24afdcdee1", Hash(MemoryMarshal.AsBytes(s_phantom.Labels.Labels)));
    }

    [Fact]
    public void Create_Grid_IsObliqueLeftHandedAndOrthogonal()
    {
        VolumeGeometry grid = s_phantom.Image.Geometry;
        Assert.Equal("LAS", grid.OrientationCode);
        Assert.True(grid.IndexToRas.Determinant < 0);
        Assert.False(grid.IsSheared);
        double tilt = Math.Acos(grid.IndexToRas.StepK.ToUnit().S) * 180 / Math.PI;
        Assert.Equal(17, tilt, 0.01);
        Assert.Equal(SliceAxis.K, grid.NaturalSliceAxis);
    }

    // Volumes of adults in millilitres, textbook ranges, wide enough for the coarse grid.
    [Theory]
    [InlineData("white matter", 350, 650)]
    [InlineData("grey matter", 400, 800)]
    [InlineData("cerebellum", 100, 190)]
    [InlineData("right lateral ventricle", 5, 25)]
    [InlineData("left thalamus", 3, 9)]
    [InlineData("right eye", 5, 9)]
    public void Create_Structure_HasTheVolumeOfAnAdults(string name, double low, double high) => Assert.InRange(Statistics(name).Millilitres, low, high);

    [Fact]
    public void Create_Tissues_AreOrderedAsInT1()
    {
        double white = Statistics("white matter").Mean, grey = Statistics("grey matter").Mean, fluid = Statistics("right lateral ventricle").Mean;
        Assert.True(white > 1.15 * grey, $"white {white}, grey {grey}");
        Assert.True(grey > 1.5 * fluid, $"grey {grey}, fluid {fluid}");
    }

    [Fact]
    public void ToJson_Phantom_AsksForEveryPromptedStructureAlongK()
    {
        string json = PhantomPrompts.ToJson(s_phantom);
        foreach (string name in s_phantom.PromptedSegments) Assert.Contains($"\"{name}\"", json);
        Assert.Contains("\"axis\": \"k\"", json);
    }

    private static (double Millilitres, double Mean) Statistics(string name)
    {
        ushort label = s_phantom.Labels.Segments.Single(s => s.Name == name).Label;
        long count = 0;
        double sum = 0;
        for (int n = 0; n < s_phantom.Labels.Labels.Length; n++)
        {
            if (s_phantom.Labels.Labels[n] != label) continue;
            count++;
            sum += s_phantom.Image.Voxels[n];
        }
        return (count * s_phantom.Image.Geometry.VoxelVolumeMm3 / 1000, sum / count);
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes)[..8]);
}
