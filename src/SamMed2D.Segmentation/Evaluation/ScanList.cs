using System.Globalization;
using System.Text.Json;
using SamMed2D.Core.Errors;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>A labelled scan by its files.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Subject">Whose scan it is.</param>
/// <param name="Image">The scan's file.</param>
/// <param name="Label">The reference's file.</param>
/// <param name="Structures">Names of label values, from a <c>labels.json</c> beside the reference; empty where there is none.</param>
public sealed record ListedScan(string Name, string Subject, string Image, string Label, IReadOnlyDictionary<ushort, string> Structures);

/// <summary>
/// Lists of labelled scans: a CSV file with the columns <c>image,label,subject</c> (paths from its own folder), or a folder of scans, each a sub-folder
/// with <c>image.*</c>, one or more <c>label*.*</c> and perhaps <c>labels.json</c> (value to name).
/// </summary>
public static class ScanList
{
    private const string Columns = "image,label,subject";

    /// <summary>Reads a list.</summary>
    /// <param name="path">The CSV file or the folder.</param>
    /// <returns>At least one scan.</returns>
    /// <exception cref="InvalidFileException">There is no such list, it is malformed, or it names no scan.</exception>
    public static IReadOnlyList<ListedScan> Read(string path)
    {
        if (Directory.Exists(path)) return ReadFolder(path);
        if (!File.Exists(path)) throw new InvalidFileException(path, $"does not exist; expected a CSV file with the columns {Columns}, or a folder of labelled scans");
        return ReadCsv(path, File.ReadAllLines(path));
    }

    private static List<ListedScan> ReadCsv(string path, string[] lines)
    {
        if (lines.Length == 0 || !lines[0].Trim().Equals(Columns, StringComparison.OrdinalIgnoreCase))
            throw new InvalidFileException(path, $"line 1: expected the columns {Columns}");
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        List<ListedScan> scans = [];
        for (int n = 1; n < lines.Length; n++)
        {
            if (string.IsNullOrWhiteSpace(lines[n])) continue;
            string[] parts = [.. lines[n].Split(',').Select(part => part.Trim().Trim('"'))];
            if (parts.Length != 3 || parts.Any(part => part.Length == 0))
                throw new InvalidFileException(path, $"line {n + 1}: found {parts.Length} of the columns {Columns}, or an empty one; fill all three");
            scans.Add(Describe(Path.GetFullPath(parts[0], folder), Path.GetFullPath(parts[1], folder), parts[2]));
        }
        return scans.Count > 0 ? scans : throw new InvalidFileException(path, "names no scan");
    }

    private static List<ListedScan> ReadFolder(string path)
    {
        List<ListedScan> scans = [];
        foreach (string folder in Directory.GetDirectories(path).Append(path).Order(StringComparer.Ordinal))
        {
            string? image = Directory.GetFiles(folder, "image.*").Order(StringComparer.Ordinal).FirstOrDefault();
            if (image is null) continue;
            IEnumerable<string> labels = Directory.GetFiles(folder, "label*.*").Where(file => !file.EndsWith(".json", StringComparison.Ordinal) && !file.EndsWith(".txt", StringComparison.Ordinal));
            foreach (string label in labels.Order(StringComparer.Ordinal)) scans.Add(Describe(image, label, Path.GetFileName(Path.GetFullPath(folder))));
        }
        return scans.Count > 0 ? scans : throw new InvalidFileException(path, "holds no labelled scan; expected sub-folders with image.* and label*.*");
    }

    // Named after the folder; a second label file of the same folder adds what its name says beyond "label".
    private static ListedScan Describe(string image, string label, string subject)
    {
        string stem = StemOf(label), folder = Path.GetFileName(Path.GetDirectoryName(image)!);
        return new(stem == "label" ? folder : $"{folder}/{stem}", subject, image, label, ReadNames(label, stem));
    }

    private static string StemOf(string path) => Path.GetFileName(path).Split('.')[0];

    private static Dictionary<ushort, string> ReadNames(string label, string stem)
    {
        Dictionary<ushort, string> names = [];
        string path = Path.Combine(Path.GetDirectoryName(label)!, "labels.json");
        if (!File.Exists(path)) return names;
        try
        {
            foreach ((string key, string name) in JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(path)) ?? [])
            {
                if (ushort.TryParse(key, CultureInfo.InvariantCulture, out ushort value)) names[value] = name;
                // A folder with several label files says "label-gm": "1 grey matter".
                else if (key == stem && name.Split(' ', 2) is [string first, string rest] && ushort.TryParse(first, CultureInfo.InvariantCulture, out value)) names[value] = rest;
            }
        }
        catch (JsonException failure)
        {
            throw new InvalidFileException(path, "is not a JSON object from label values to names; correct or remove it", failure);
        }
        return names;
    }
}
