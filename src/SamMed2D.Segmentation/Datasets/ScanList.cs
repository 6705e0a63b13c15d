using System.Globalization;
using System.Text.Json;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>
/// Lists of labelled scans: a CSV file with the columns <c>image,label,subject</c> (paths from its own folder) and any of
/// <c>name,modality,sub,dataset,organ,region,split,provenance,licence</c>; or a folder of scans, each a sub-folder with <c>image.*</c> (or a DICOM
/// series in <c>image/</c>), one or more <c>label*.*</c> and perhaps <c>labels.json</c> (value to name).
/// </summary>
public static class ScanList
{
    private const string Columns = "image,label,subject";
    private static readonly string[] s_required = ["image", "label", "subject"];
    private static readonly string[] s_optional = ["name", "modality", "sub", "dataset", "organ", "region", "split", "provenance", "licence"];

    /// <summary>Reads a list.</summary>
    /// <param name="path">The CSV file or the folder.</param>
    /// <returns>At least one scan.</returns>
    /// <exception cref="InvalidFileException">There is no such list, it is malformed, or it names no scan.</exception>
    public static IReadOnlyList<ListedScan> Read(string path)
    {
        if (Directory.Exists(path)) return ReadFolder(path);
        if (!File.Exists(path)) throw new InvalidFileException(path, $"does not exist; expected a CSV file with the columns {Columns}, or a folder of labelled scans");
        return ReadCsv(path, File.ReadAllText(path));
    }

    private static List<ListedScan> ReadCsv(string path, string text)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        List<ListedScan> scans = [];
        string[]? columns = null;
        Dictionary<string, DatasetSplit> halves = [];
        foreach ((int line, string[] fields) in CsvText.Parse(text))
        {
            if (columns is null) columns = ReadColumns(path, line, fields);
            else
            {
                ListedScan scan = ReadLine(path, line, columns, fields, folder);
                if (scan.Split is { } half && halves.TryGetValue(scan.Subject, out DatasetSplit other) && other != half)
                    throw new InvalidFileException(path, $"line {line}: {scan.Subject} is in both halves; give all scans of a subject the same 'split'");
                if (scan.Split is { } said) halves[scan.Subject] = said;
                scans.Add(scan);
            }
        }
        if (columns is null) throw new InvalidFileException(path, $"line 1: expected the columns {Columns}");
        return scans.Count > 0 ? scans : throw new InvalidFileException(path, "names no scan");
    }

    private static string[] ReadColumns(string path, int line, string[] fields)
    {
        string[] columns = [.. fields.Select(field => field.ToLowerInvariant())];
        if (s_required.Except(columns).Any() || columns.Except([.. s_required, .. s_optional]).Any())
            throw new InvalidFileException(path, $"line {line}: expected the columns {Columns}, and if wanted {string.Join(",", s_optional)}; found {string.Join(",", columns)}");
        return columns;
    }

    private static ListedScan ReadLine(string path, int line, string[] columns, string[] fields, string folder)
    {
        if (fields.Length != columns.Length || s_required.Any(column => Field(column).Length == 0))
            throw new InvalidFileException(path, $"line {line}: found {fields.Length} of the columns {string.Join(",", columns)}, or one of {Columns} empty; fill these three");
        DatasetSplit? split = Field("split").ToLowerInvariant() switch
        {
            "" => null,
            "train" => DatasetSplit.Train,
            "test" => DatasetSplit.Test,
            _ => throw new InvalidFileException(path, $"line {line}: split '{Field("split")}' is neither train nor test"),
        };
        ListedScan scan = Describe(Path.GetFullPath(Field("image"), folder), Path.GetFullPath(Field("label"), folder), Field("subject"));
        return scan with
        {
            Name = Field("name") is { Length: > 0 } name ? name : scan.Name,
            Modality = Field("modality").ToLowerInvariant(),
            SubModality = Field("sub") is { Length: > 0 } sub ? sub : scan.SubModality,
            Dataset = Field("dataset"),
            Organ = Field("organ"),
            Region = Field("region"),
            Split = split,
            Provenance = Field("provenance"),
            Licence = Field("licence"),
        };

        string Field(string column) => Array.IndexOf(columns, column) is var at && at >= 0 ? fields[at] : "";
    }

    private static List<ListedScan> ReadFolder(string path)
    {
        List<ListedScan> scans = [];
        foreach (string folder in Directory.GetDirectories(path).Append(path).Order(StringComparer.Ordinal))
        {
            string series = Path.Combine(folder, "image");
            string? image = Directory.Exists(series) ? series : Directory.GetFiles(folder, "image.*").Order(StringComparer.Ordinal).FirstOrDefault();
            if (image is null) continue;
            IEnumerable<string> labels = Directory.GetFiles(folder, "label*.*").Where(file => !file.EndsWith(".json", StringComparison.Ordinal) && !file.EndsWith(".txt", StringComparison.Ordinal));
            foreach (string label in labels.Order(StringComparer.Ordinal)) scans.Add(Describe(image, label, Path.GetFileName(Path.GetFullPath(folder))));
        }
        return scans.Count > 0 ? scans : throw new InvalidFileException(path, "holds no labelled scan; expected sub-folders with image.* and label*.*");
    }

    /// <summary>Describes a scan by its files alone: named after its folder; a label file that is not called <c>label</c> adds its name.</summary>
    /// <param name="image">The scan.</param>
    /// <param name="label">The label map; a <c>labels.json</c> beside it names its values.</param>
    /// <param name="subject">Whose scan it is.</param>
    /// <exception cref="InvalidFileException">The names are damaged.</exception>
    public static ListedScan Describe(string image, string label, string subject)
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
