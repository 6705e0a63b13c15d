namespace SamMed2D.Benchmarks.Harness;

/// <summary>RESULTS.md: one section a part, each of which a run replaces alone and leaves the others as they are.</summary>
internal sealed class ResultsFile(string path)
{
    /// <summary>Puts a part's section in place of its earlier one, or at the end.</summary>
    /// <param name="part">The part.</param>
    /// <param name="machine">What it was measured on.</param>
    /// <param name="markdown">What was found.</param>
    public void Replace(IBenchmark part, string machine, string markdown) => File.WriteAllText(path, Replace(File.Exists(path) ? File.ReadAllText(path) : "", part, machine, markdown));

    internal static string Replace(string text, IBenchmark part, string machine, string markdown)
    {
        string begin = $"<!-- begin {part.Name} -->\n", end = $"<!-- end {part.Name} -->\n";
        string section = $"{begin}## {part.Title}\n\n`dotnet run -c Release --project tests/SamMed2D.Benchmarks -- {part.Name}` on {machine}.\n{markdown}\n{end}";
        int from = text.IndexOf(begin, StringComparison.Ordinal), to = text.IndexOf(end, StringComparison.Ordinal);
        return from >= 0 && to > from ? text[..from] + section + text[(to + end.Length)..] : $"{text}{(text.Length == 0 ? "" : "\n")}{section}";
    }
}
