using System.Globalization;
using System.Text;

namespace SamMed2D.Benchmarks.Harness;

/// <summary>Collects what a part measured, as Markdown, and shows it as it comes.</summary>
internal sealed class Report
{
    private readonly StringBuilder _text = new();

    /// <summary>Where files that belong to the results go, such as plots: the folder of RESULTS.md.</summary>
    public required string Folder { get; init; }

    public string Markdown => _text.ToString();

    /// <summary>A paragraph.</summary>
    public void Text(string paragraph) => Write($"{paragraph}\n");

    /// <summary>A table; numbers are right-aligned.</summary>
    public void Table(IReadOnlyList<string> header, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        StringBuilder table = new();
        table.Append("| ").AppendJoin(" | ", header).Append(" |\n|---|").Append(string.Concat(Enumerable.Repeat("---:|", header.Count - 1))).Append('\n');
        foreach (IReadOnlyList<string> row in rows) table.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        Write(table.ToString());
    }

    /// <summary>A table of timings; how many times as fast each is as the first.</summary>
    public void Timings(IReadOnlyList<Timing> timings) => Table(
        ["", "min ms", "median ms", "median CPU ms", "speed by min", "by median", "by CPU"],
        [.. timings.Select(timing => (string[])[timing.Name, Number(timing.Min), Number(timing.Median), Number(timing.MedianCpu),
            Ratio(timings[0].Min / timing.Min), Ratio(timings[0].Median / timing.Median), Ratio(timings[0].MedianCpu / timing.MedianCpu)])]);

    /// <summary>A goal and what was measured, one line.</summary>
    public void Goal(string what, string goal, string measured, bool isMet) => Text($"**{what}: {measured}** (goal {goal}: {(isMet ? "met" : "missed")})");

    /// <summary>A number to three significant digits or so.</summary>
    public static string Number(double value) => value.ToString(value >= 100 ? "0" : value >= 10 ? "0.0" : value >= 1 ? "0.00" : "0.000", CultureInfo.InvariantCulture);

    /// <summary>A ratio, such as 1.25×.</summary>
    public static string Ratio(double value) => value.ToString("0.00", CultureInfo.InvariantCulture) + "×";

    private void Write(string block)
    {
        _text.Append('\n').Append(block);
        Console.WriteLine();
        Console.Write(block);
    }
}
