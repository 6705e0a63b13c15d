using SamMed2D.Core.Geometry;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Tests.Slicing;

public class IntensityWindowChoiceTests
{
    private static readonly VolumeGeometry s_grid = new(50, 40, 30, Affine.Identity);

    [Fact]
    public void Auto_CtWithAir_IsThePercentilesOfTheBody()
    {
        // Two thirds air; the body is uniform from -150 to 249.
        short[] voxels = new short[s_grid.VoxelCount];
        for (int n = 0; n < voxels.Length; n++) voxels[n] = n % 3 != 0 ? (short)-1000 : (short)(n / 3 % 400 - 150);
        IntensityWindow window = IntensityWindowChoice.Auto.Resolve(new Volume<short>(s_grid, voxels, IntensityScale.Identity, new()));
        Assert.Equal(-148, window.Low, 1.0);
        Assert.Equal(247, window.High, 1.0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Auto_MrWithDarkBackground_IsThePercentilesOfTheBodyWhateverTheType(bool asFloat)
    {
        // Half background noise of 0..19; the body is uniform from 200 to 1199.
        float[] voxels = new float[s_grid.VoxelCount];
        for (int n = 0; n < voxels.Length; n++) voxels[n] = n % 2 == 0 ? n / 2 % 20 : n / 2 % 1000 + 200;
        Volume volume = asFloat
            ? new Volume<float>(s_grid, voxels, IntensityScale.Identity, new())
            : new Volume<ushort>(s_grid, [.. voxels.Select(v => (ushort)v)], IntensityScale.Identity, new());
        IntensityWindow window = IntensityWindowChoice.Auto.Resolve(volume);
        Assert.Equal(205, window.Low, asFloat ? 2.0 : 1.0);
        Assert.Equal(1195, window.High, asFloat ? 9.0 : 1.0);
    }

    [Fact]
    public void Auto_RescaledVoxels_IsInIntensities()
    {
        ushort[] voxels = new ushort[s_grid.VoxelCount];
        for (int n = 0; n < voxels.Length; n++) voxels[n] = (ushort)(n % 1000 + 1000);
        IntensityWindow window = IntensityWindowChoice.Auto.Resolve(new Volume<ushort>(s_grid, voxels, new(-2, 100), new()));
        Assert.Equal(-2 * 1994 + 100, window.Low, 150.0); // the darkest twentieth is background
        Assert.Equal(-2 * 1005 + 100, window.High, 20.0);
    }

    [Fact]
    public void Choices_NotNumbersAndInfinities_AreLeftOut()
    {
        float[] voxels = new float[s_grid.VoxelCount];
        for (int n = 0; n < voxels.Length; n++)
            voxels[n] = (n % 10) switch { 0 => float.NaN, 1 => float.PositiveInfinity, 2 => float.NegativeInfinity, _ => n % 997 };
        Volume<float> volume = new(s_grid, voxels, IntensityScale.Identity, new());
        Assert.Equal(new(0, 996), IntensityWindowChoice.MinMax.Resolve(volume));
        IntensityWindow auto = IntensityWindowChoice.Auto.Resolve(volume);
        Assert.InRange(auto.Low, 40, 65);
        Assert.InRange(auto.High, 980, 996);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(-1000f)]
    [InlineData(7f)]
    public void Choices_ConstantVolume_IsNeverEmpty(float value)
    {
        float[] voxels = new float[s_grid.VoxelCount];
        Array.Fill(voxels, value);
        Volume<float> volume = new(s_grid, voxels, IntensityScale.Identity, new());
        foreach (IntensityWindowChoice choice in (IntensityWindowChoice[])[IntensityWindowChoice.Auto, IntensityWindowChoice.MinMax])
        {
            IntensityWindow window = choice.Resolve(volume);
            Assert.True(window.Width > 0 && double.IsFinite(window.Width), $"{choice.Name}: {window}");
            Assert.InRange(value, window.Low - 8, window.High + 8); // to the width of a histogram bin
        }
    }

    [Fact]
    public void Choices_NoFiniteVoxel_IsNeverEmpty()
    {
        float[] voxels = new float[s_grid.VoxelCount];
        Array.Fill(voxels, float.NaN);
        Volume<float> volume = new(s_grid, voxels, IntensityScale.Identity, new());
        Assert.Equal(new(0, 1), IntensityWindowChoice.Auto.Resolve(volume));
        Assert.Equal(new(0, 1), IntensityWindowChoice.MinMax.Resolve(volume));
    }

    [Theory]
    [InlineData("auto", "auto")]
    [InlineData("MINMAX", "minmax")]
    [InlineData("400,40", "400,40")]
    [InlineData("CT-Liver", "ct-liver")]
    public void TryParse_KnownForms_AreChoices(string text, string name)
    {
        Assert.True(IntensityWindowChoice.TryParse(text, out IntensityWindowChoice choice, out _));
        Assert.Equal(name, choice.Name);
    }

    [Fact]
    public void TryParse_WidthAndLevel_IsThatWindow()
    {
        Assert.True(IntensityWindowChoice.TryParse("400,40", out IntensityWindowChoice choice, out _));
        Assert.Equal(new(-160, 240), choice.Resolve(null!));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0,40")]
    [InlineData("-5,40")]
    [InlineData("NaN,40")]
    [InlineData("ct-foot")]
    public void TryParse_AnythingElse_NamesTheForms(string text)
    {
        Assert.False(IntensityWindowChoice.TryParse(text, out _, out string problem));
        Assert.Contains("WIDTH,LEVEL", problem);
        Assert.Contains("ct-abdomen", problem);
    }
}
