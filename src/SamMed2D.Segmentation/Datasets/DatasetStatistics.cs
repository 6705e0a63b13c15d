using System.Globalization;
using System.Text;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>How much a data set holds of something.</summary>
/// <param name="Name">Of what.</param>
/// <param name="Masks">Masks.</param>
/// <param name="Pictures">Pictures with such masks.</param>
/// <param name="Subjects">Subjects with such masks.</param>
/// <param name="TestMasks">Masks of the testing half.</param>
/// <param name="MedianAreaPercent">Median of the part of the picture that a mask covers, in per cent.</param>
public sealed record DatasetCount(string Name, int Masks, int Pictures, int Subjects, int TestMasks, double MedianAreaPercent);

/// <summary>Masks that cover a like part of their picture.</summary>
/// <param name="Name">The part, in words.</param>
/// <param name="Masks">How many.</param>
public sealed record DatasetAreas(string Name, int Masks);

/// <summary>What a data set holds, counted.</summary>
/// <param name="entries">All its masks; at least one.</param>
public sealed class DatasetStatistics(IReadOnlyList<DatasetEntry> entries)
{
    private static readonly double[] s_areaEdges = [0, 0.3, 0.5, 1, 2, 5, 10, 20, 50, double.PositiveInfinity];

    /// <summary>The whole.</summary>
    public DatasetCount Total { get; } = Count("all", entries);

    /// <summary>By modality, the most masks first.</summary>
    public IReadOnlyList<DatasetCount> Modalities { get; } = By(entries, e => e.Tags.Modality);

    /// <summary>By body region.</summary>
    public IReadOnlyList<DatasetCount> Regions { get; } = By(entries, e => e.Tags.Region);

    /// <summary>By organ.</summary>
    public IReadOnlyList<DatasetCount> Organs { get; } = By(entries, e => e.Tags.Organ);

    /// <summary>By structure.</summary>
    public IReadOnlyList<DatasetCount> Structures { get; } = By(entries, e => e.Tags.Structure);

    /// <summary>By data set.</summary>
    public IReadOnlyList<DatasetCount> Datasets { get; } = By(entries, e => e.Tags.Dataset);

    /// <summary>Masks by the part of their picture that they cover, from the smallest.</summary>
    public IReadOnlyList<DatasetAreas> Areas { get; } =
    [
        .. Enumerable.Range(0, s_areaEdges.Length - 1).Select(n => new DatasetAreas(NameOfBin(n), entries.Count(e => 100 * e.AreaShare >= s_areaEdges[n] && 100 * e.AreaShare < s_areaEdges[n + 1]))),
    ];

    /// <summary>All counts as Markdown tables.</summary>
    public string ToMarkdown()
    {
        StringBuilder text = new("# What the data set holds\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{Total.Masks} masks of {Total.Pictures} pictures of {Total.Subjects} subjects; {Total.TestMasks} masks are for testing.\n");
        foreach ((string title, IReadOnlyList<DatasetCount> rows) in new[] { ("data set", Datasets), ("modality", Modalities), ("region", Regions), ("organ", Organs), ("structure", Structures) })
        {
            text.Append(CultureInfo.InvariantCulture, $"\n| {title} | masks | of them for testing | pictures | subjects | median area % |\n|---|---|---|---|---|---|\n");
            foreach (DatasetCount row in rows)
                text.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.Masks} | {row.TestMasks} | {row.Pictures} | {row.Subjects} | {row.MedianAreaPercent:0.00} |\n");
        }
        text.Append("\n| part of the picture | masks |\n|---|---|\n");
        foreach ((string name, int masks) in Areas) text.Append(CultureInfo.InvariantCulture, $"| {name} | {masks} |\n");
        return text.ToString();
    }

    private static string NameOfBin(int n) =>
        n == 0 ? string.Create(CultureInfo.InvariantCulture, $"under {s_areaEdges[1]} %")
        : double.IsInfinity(s_areaEdges[n + 1]) ? string.Create(CultureInfo.InvariantCulture, $"{s_areaEdges[n]} % and more")
        : string.Create(CultureInfo.InvariantCulture, $"{s_areaEdges[n]} to {s_areaEdges[n + 1]} %");

    private static List<DatasetCount> By(IReadOnlyList<DatasetEntry> entries, Func<DatasetEntry, string> key) =>
        [.. entries.GroupBy(key).Select(group => Count(group.Key.Length > 0 ? group.Key : "unknown", [.. group])).OrderByDescending(c => c.Masks).ThenBy(c => c.Name, StringComparer.Ordinal)];

    private static DatasetCount Count(string name, IReadOnlyList<DatasetEntry> entries)
    {
        double[] areas = [.. entries.Select(e => 100 * e.AreaShare).Order()];
        return new(name, entries.Count, entries.Select(e => e.Picture).Distinct().Count(), entries.Select(e => e.Tags.Subject).Distinct().Count(),
            entries.Count(e => e.Split == DatasetSplit.Test), (areas[(areas.Length - 1) / 2] + areas[areas.Length / 2]) / 2);
    }
}
