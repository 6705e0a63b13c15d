using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Phantoms;
using SamMed2D.Core.Phantoms.Abdomen;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Core.Tests.Phantoms;

public class AbdomenPhantomTests
{
    private static readonly Phantom s_phantom = AbdomenPhantom.Create(1, PhantomSize.Small);

    [Fact]
    public void Create_SameSeed_GivesTheSameBytesOnEveryMachine()
    {
        Assert.Equal("4a7e955122a10e82", Hash(MemoryMarshal.AsBytes(s_phantom.Image.Voxels)));
        Assert.Equal("51736ab10bc71324", Hash(MemoryMarshal.AsBytes(s_phantom.Labels.Labels)));
    }

    [Fact]
    public void Create_OtherSeed_GivesAnotherPatient()
    {
        Phantom other = AbdomenPhantom.Create(2, PhantomSize.Small);
        Assert.False(other.Image.Voxels.SequenceEqual(s_phantom.Image.Voxels));
        Assert.False(other.Labels.Labels.SequenceEqual(s_phantom.Labels.Labels));
    }

    // Volumes of adults in millilitres (textbook ranges; the scan cuts lungs, colon and some others, which are left out).
    [Theory]
    [InlineData("liver", 900, 1900)]
    [InlineData("spleen", 90, 350)]
    [InlineData("right kidney", 100, 220)]
    [InlineData("left kidney", 100, 220)]
    [InlineData("gallbladder", 15, 60)]
    [InlineData("pancreas", 25, 120)]
    [InlineData("vertebra L2", 25, 70)]
    public void Create_Organ_HasTheVolumeOfAnAdults(string name, double low, double high)
    {
        ushort label = s_phantom.Labels.Segments.Single(s => s.Name == name).Label;
        double millilitres = Count(s_phantom.Labels, label) * s_phantom.Labels.Geometry.VoxelVolumeMm3 / 1000;
        Assert.InRange(millilitres, low, high);
    }

    // Portal venous phase; means over the organ on the coarse grid, so vessels, lesions and voxels shared with the surroundings are in.
    [Theory]
    [InlineData("liver", 95, 125)]
    [InlineData("spleen", 95, 135)]
    [InlineData("aorta", 115, 190)]
    [InlineData("right lung", -870, -600)]
    [InlineData("vertebra L2", 180, 420)]
    public void Create_Organ_HasItsHounsfieldUnits(string name, double low, double high)
    {
        ushort label = s_phantom.Labels.Segments.Single(s => s.Name == name).Label;
        double sum = 0;
        for (int n = 0; n < s_phantom.Labels.Labels.Length; n++)
            if (s_phantom.Labels.Labels[n] == label) sum += s_phantom.Image.Voxels[n];
        Assert.InRange(sum / Count(s_phantom.Labels, label), low, high);
    }

    [Fact]
    public void Create_Sides_LiverIsOnThePatientsRightAndSpleenOnTheLeft()
    {
        Assert.True(MeanRight(s_phantom.Labels, AbdomenLabel.Liver) > 20);
        Assert.True(MeanRight(s_phantom.Labels, AbdomenLabel.Spleen) < -60);
    }

    [Fact]
    public void ToJson_Phantom_BoxesHoldTheStructureOnTheirSlices()
    {
        using JsonDocument document = JsonDocument.Parse(PhantomPrompts.ToJson(s_phantom));
        JsonElement segments = document.RootElement.GetProperty("segments");
        Assert.Equal(s_phantom.PromptedSegments.Count, segments.GetArrayLength());
        foreach (JsonElement segment in segments.EnumerateArray())
        {
            Segment truth = s_phantom.Labels.Segments.Single(s => s.Name == segment.GetProperty("name").GetString());
            Assert.Equal(3, segment.GetProperty("prompts").GetArrayLength());
            foreach (JsonElement prompt in segment.GetProperty("prompts").EnumerateArray())
                AssertBoxHoldsLabel(prompt.GetProperty("box").Deserialize<int[][]>()!, truth.Label);
        }
    }

    private static void AssertBoxHoldsLabel(int[][] box, ushort label)
    {
        Assert.Equal(box[0][2], box[1][2]);
        int inside = 0, onSlice = 0;
        VolumeGeometry grid = s_phantom.Labels.Geometry;
        for (int j = 0; j < grid.SizeJ; j++)
            for (int i = 0; i < grid.SizeI; i++)
            {
                if (s_phantom.Labels.Labels[(int)grid.OffsetOf(new(i, j, box[0][2]))] != label) continue;
                onSlice++;
                if (i >= box[0][0] && i <= box[1][0] && j >= box[0][1] && j <= box[1][1]) inside++;
            }
        Assert.True(onSlice > 0);
        Assert.Equal(onSlice, inside);
    }

    private static long Count(LabelMap labels, ushort label)
    {
        long count = 0;
        foreach (ushort voxel in labels.Labels)
            if (voxel == label) count++;
        return count;
    }

    private static double MeanRight(LabelMap labels, ushort label)
    {
        double sum = 0;
        for (int n = 0; n < labels.Labels.Length; n++)
            if (labels.Labels[n] == label)
                sum += labels.Geometry.IndexToRas.IndexToRas(new(n % labels.Geometry.SizeI, n / labels.Geometry.SizeI % labels.Geometry.SizeJ, 0)).R;
        return sum / Count(labels, label);
    }

    private static string Hash(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes)[..8]);
}
