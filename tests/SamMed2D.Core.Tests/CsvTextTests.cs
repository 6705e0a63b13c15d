using SamMed2D.Core.Files;

namespace SamMed2D.Core.Tests;

public sealed class CsvTextTests
{
    [Fact]
    public void Parse_QuotesBreaksAndEmptyFields_AreAsRfc4180Says()
    {
        (int, string[])[] lines = [.. CsvText.Parse("a, b ,c\r\n\n\"x,\"\"y\"\"\nz\",,\nlast")];
        Assert.Equal([1, 3, 5], lines.Select(l => l.Item1));
        Assert.Equal(["a", "b", "c"], lines[0].Item2);
        Assert.Equal(["x,\"y\"\nz", "", ""], lines[1].Item2);
        Assert.Equal(["last"], lines[2].Item2);
    }

    [Fact]
    public void ToLine_AnyFields_ParseBack() =>
        Gen.String[Gen.Char["ab ,\"\n\r;é"], 0, 6].Array[2, 5].Sample(fields =>
            Assert.Equal(fields, Assert.Single(CsvText.Parse(CsvText.ToLine(fields))).Fields));
}
