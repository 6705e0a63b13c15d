using System.Numerics;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Tests.Scene;

public class TransferFunctionTests
{
    private static readonly TransferFunction s_ramp = new("ramp", new(100, 0, 1, 0, 0), new(200, 0.5, 0, 1, 0), new(400, 0.6, 0, 0, 1));

    [Theory]
    [InlineData(-1000, 1, 0, 0, 0)]
    [InlineData(150, 0.5, 0.5, 0, 0.25)]
    [InlineData(300, 0, 0.5, 0.5, 0.55)]
    [InlineData(5000, 0, 0, 1, 0.6)]
    public void Evaluate_AnyIntensity_IsPiecewiseLinearAndHeldOutside(double intensity, float r, float g, float b, float opacity) =>
        Assert.True(Vector4.Distance(new(r, g, b, opacity), s_ramp.Evaluate(intensity)) < 1e-6f);

    [Fact]
    public void Constructor_IntensitiesThatDoNotRise_Throws() =>
        Assert.Throws<ArgumentException>(() => new TransferFunction("bad", new(5, 0, 0, 0, 0), new(5, 1, 1, 1, 1)));

    [Fact]
    public void Stretch_NewRange_MovesTheSupports()
    {
        TransferFunction moved = s_ramp.Stretch(0, 3);
        Assert.Equal((0, 3), moved.Range);
        Assert.Equal(s_ramp.Evaluate(200), moved.Evaluate(1));
    }

    [Fact]
    public void Presets_EveryName_IsFoundAndPlausible()
    {
        foreach (string name in TransferPresets.Names)
        {
            TransferFunction preset = Assert.IsType<TransferFunction>(TransferPresets.Find(name.ToUpperInvariant(), new(0, 800)));
            Assert.Equal(name, preset.Name);
            foreach (TransferPoint point in preset.Points)
                foreach (double part in (double[])[point.Opacity, point.Red, point.Green, point.Blue])
                    Assert.InRange(part, 0, 1);
            if (preset.Blending == VolumeBlending.Composite) Assert.Equal(0, preset.Points[0].Opacity);
        }
        Assert.Null(TransferPresets.Find("no-such-preset", new(0, 1)));
    }

    [Fact]
    public void Presets_BoneAndAir_AreApart()
    {
        TransferFunction bone = TransferPresets.Find("ct-bone", default)!;
        Assert.Equal(0, bone.Evaluate(-1000).W);
        Assert.Equal(0, bone.Evaluate(60).W);
        Assert.True(bone.Evaluate(900).W > 0.7f);
        Assert.Equal((0, 800), TransferPresets.Find("mip", new IntensityWindow(0, 800))!.Range);
        Volume ct = TestVolumes.Create(TestVolumes.Centered(4, 4, 4), v => v.I * 500 - 1000, "CT");
        Assert.Equal((-100, 1100), TransferPresets.FindFor("mip", ct)!.Range);
        Assert.Equal(bone.Range, TransferPresets.FindFor("ct-bone", ct)!.Range);
    }

    [Fact]
    public void SuggestWindow_CtAndMr_FollowsTheNumbers()
    {
        Volume ct = TestVolumes.Create(TestVolumes.Centered(20, 20, 20), v => v.I < 10 ? -1000 : 40);
        Assert.Equal(IntensityWindow.Presets["ct-abdomen"], VolumeLayer.SuggestWindow(ct));
        Volume mr = TestVolumes.Create(TestVolumes.Centered(20, 20, 20), v => v.I * 10);
        IntensityWindow window = VolumeLayer.SuggestWindow(mr);
        Assert.InRange(window.Low, 0, 10);
        Assert.InRange(window.High, 180, 190);
        Volume flat = TestVolumes.Create(TestVolumes.Centered(4, 4, 4), _ => 7);
        Assert.True(VolumeLayer.SuggestWindow(flat).Width > 0);
    }
}
