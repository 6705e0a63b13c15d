using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Plots;
using SamMed2D.Imaging.Png;

namespace SamMed2D.Imaging.Tests.Plots;

public sealed class PlotFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WriteBars_TwoGroups_HaveLengthsInProportion()
    {
        string path = _folder.File("bars.png");
        PlotFile.WriteBars(path, "Masks", "masks", [""], [new("liver", [100]), new("spleen", [50])]);
        int[] lengths = [.. LongestColouredRuns(PngFile.Read(path)).Where(run => run > 20)];
        Assert.True(lengths.Length > 10);
        Assert.InRange(lengths[0] / (double)lengths[^1], 1.98, 2.02); // the first group lies on top
    }

    [Fact]
    public void WriteLines_ValuesThatAreNoNumbers_BreakTheLineOnly()
    {
        string path = _folder.File("lines.png");
        PlotFile.WriteLines(path, "Dice", "slices", "Dice", [new("a", [0, 1, 2], [0.5, double.NaN, 0.7]), new("b", [0, 1, 2], [0.1, 0.2, 0.3], IsDashed: true)], ["0", "1", "2+"]);
        SliceImage picture = PngFile.Read(path);
        Assert.Equal((900, 520, 3), (picture.Width, picture.Height, picture.Channels));
    }

    [Fact]
    public void WriteLines_FolderThatIsMissing_IsOneError() =>
        Assert.Throws<OutputException>(() => PlotFile.WriteLines(_folder.File("none/lines.png"), "", "", "", [new("a", [0], [0])]));

    private static IEnumerable<int> LongestColouredRuns(SliceImage picture)
    {
        ReadOnlyMemory<byte> pixels = picture.Pixels;
        for (int y = 0; y < picture.Height; y++)
        {
            int longest = 0, run = 0;
            for (int x = 0; x < picture.Width; x++)
            {
                int at = 3 * (y * picture.Width + x);
                bool isGrey = Math.Abs(pixels.Span[at] - pixels.Span[at + 2]) < 60;
                run = isGrey ? 0 : run + 1;
                longest = Math.Max(longest, run);
            }
            yield return longest;
        }
    }
}
