using System.Text.Json;
using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Png;

namespace SamMed2D.Cli.Tests;

public sealed class PredictCommandTests : IDisposable
{
    private const int Width = 120, Height = 90;

    private readonly string _folder = Directory.CreateTempSubdirectory("predict-").FullName;
    private readonly string _picture;

    public PredictCommandTests()
    {
        _picture = Path.Combine(_folder, "disk.png");
        byte[] pixels = new byte[Width * Height];
        for (int n = 0; n < pixels.Length; n++)
            pixels[n] = (byte)((IsDisk(n % Width, n / Width) ? 190 : 60) + n * 7 % 13);
        PngFile.Write(_picture, new(Width, Height, 1, pixels));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_BoxRoundADisk_WritesItsMaskAndPrintsJson()
    {
        string mask = Path.Combine(_folder, "mask.png");

        CommandRun run = CommandRun.Of("predict", _picture, "--box", "40,25,81,66", "-o", mask, "--json", "--device", "cpu");

        Assert.True(run.ExitCode == 0, run.Error);
        using JsonDocument answer = JsonDocument.Parse(run.Output);
        JsonElement candidate = answer.RootElement.GetProperty("candidates")[answer.RootElement.GetProperty("chosen").GetInt32()];
        Assert.True(float.IsFinite(candidate.GetProperty("predictedIou").GetSingle()));
        Assert.InRange(candidate.GetProperty("stabilityScore").GetSingle(), 0, 1);
        Assert.True(answer.RootElement.GetProperty("milliseconds").GetProperty("predict").GetDouble() > 0);
        Assert.True(DiceOf(PngFile.Read(mask), answer.RootElement.GetProperty("areaPixels").GetInt32()) > 0.9);
    }

    [Fact]
    public void Run_ItsOwnMaskAsPrompt_IsTaken()
    {
        string mask = Path.Combine(_folder, "mask.png");
        Assert.Equal(0, CommandRun.Of("predict", _picture, "--point", "60,45,1", "--point", "5,5,0", "-o", mask).ExitCode);

        CommandRun run = CommandRun.Of("predict", _picture, "--mask", mask);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Contains("<- chosen", run.Output);
        Assert.Contains("stability", run.Output);
    }

    [Theory]
    [InlineData(2, "no prompt")]
    [InlineData(2, "expected x0,y0,x1,y1", "--box", "1,2,3")]
    [InlineData(2, "expected x,y,1", "--point", "1,2,7")]
    [InlineData(2, "expected x,y,1", "--point", "1,2,1", "--point", "a,2,1")]
    [InlineData(2, "not on the slice", "--point", "500,2,1")]
    [InlineData(2, "is not on the slice", "--box", "500,500,600,600")]
    [InlineData(2, "has no area", "--box", "50,50,20,20")]
    [InlineData(2, "has no area", "--box", "NaN,5,20,20")]
    [InlineData(5, "no-such-model", "--box", "1,1,9,9", "--model", "no-such-model")]
    [InlineData(3, "nothing.png", "--mask", "nothing.png")]
    [InlineData(7, "Microsoft.ML.OnnxRuntime.Gpu", "--box", "1,1,9,9", "--device", "cuda")]
    [InlineData(7, "-p:OnnxRuntime=Gpu", "--box", "1,1,9,9", "--device", "cuda")]
    public void Run_BadArgument_IsOneLineWithTheRightExitCode(int exitCode, string named, params string[] arguments) =>
        CommandRun.Of(["predict", _picture, .. arguments]).AssertFailsWith(exitCode, named);

    [Fact]
    public void Run_PictureThatIsNone_NamesIt()
    {
        string path = Path.Combine(_folder, "text.png");
        File.WriteAllText(path, "no picture");

        CommandRun.Of("predict", path, "--point", "1,1,1").AssertFailsWith(3, "text.png");
    }

    [Fact]
    public void Run_MaskOfAnotherSize_SaysBothSizes()
    {
        string mask = Path.Combine(_folder, "small.png");
        PngFile.WriteMask(mask, new(10, 10));

        CommandRun.Of("predict", _picture, "--mask", mask).AssertFailsWith(2, "10×10");
    }

    private static bool IsDisk(int x, int y) => (x - 60) * (x - 60) + (y - 45) * (y - 45) <= 400;

    private static double DiceOf(SliceImage mask, int area)
    {
        int both = 0, disk = 0, marked = 0;
        for (int n = 0; n < Width * Height; n++)
        {
            bool isMarked = mask.Pixels.Span[n] == 255, isDisk = IsDisk(n % Width, n / Width);
            (both, disk, marked) = (both + (isMarked && isDisk ? 1 : 0), disk + (isDisk ? 1 : 0), marked + (isMarked ? 1 : 0));
        }
        Assert.Equal(area, marked);
        return 2.0 * both / (disk + marked);
    }
}
