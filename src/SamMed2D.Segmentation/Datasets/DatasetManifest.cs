using System.Globalization;
using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>One mask of a data set, as the manifest lists it.</summary>
public sealed record DatasetEntry
{
    /// <summary>The mask's file from the data set's folder, with forward slashes.</summary>
    public required string Mask { get; init; }

    /// <summary>Its picture's file, likewise.</summary>
    public required string Picture { get; init; }

    /// <summary>The half that it belongs to: <see cref="DatasetSplit.Train"/> or <see cref="DatasetSplit.Test"/>.</summary>
    public required DatasetSplit Split { get; init; }

    /// <summary>What it shows.</summary>
    public required MaskTags Tags { get; init; }

    /// <summary>The grid axis that the picture lies across: x, y or z.</summary>
    public required char Axis { get; init; }

    /// <summary>The slice's index along it, from 0.</summary>
    public required int Slice { get; init; }

    /// <summary>The structure's value in the label map.</summary>
    public required int Label { get; init; }

    /// <summary>Which of the structure's pieces on the slice, the largest first, from 0.</summary>
    public required int Instance { get; init; }

    /// <summary>Pixels in a row of the picture.</summary>
    public required int Width { get; init; }

    /// <summary>Rows of the picture.</summary>
    public required int Height { get; init; }

    /// <summary>Pixels of the mask.</summary>
    public required int Area { get; init; }

    /// <summary>The scan's file or folder.</summary>
    public required string Scan { get; init; }

    /// <summary>The label map's file.</summary>
    public required string LabelFile { get; init; }

    /// <summary>Who published the scan and its labels, as the list of scans says; may be empty.</summary>
    public string Provenance { get; init; } = "";

    /// <summary>The licence of both, likewise.</summary>
    public string Licence { get; init; } = "";

    /// <summary>The part of the picture that the mask covers, 0 to 1.</summary>
    public double AreaShare => (double)Area / ((long)Width * Height);
}

/// <summary>The manifest of a data set, <c>manifest.csv</c>: a line a mask.</summary>
public static class DatasetManifest
{
    /// <summary>The file's name in the data set's folder.</summary>
    public const string FileName = "manifest.csv";

    private static readonly string[] s_columns =
    [
        "mask", "image", "split", "subject", "modality", "dataset", "structure", "organ", "region", "axis", "slice", "label", "instance",
        "width", "height", "area_pixels", "area_percent", "scan", "labels", "provenance", "licence",
    ];

    /// <summary>The file's text.</summary>
    public static string ToCsv(IEnumerable<DatasetEntry> entries)
    {
        StringBuilder text = new(CsvText.ToLine(s_columns));
        foreach (DatasetEntry e in entries)
            text.Append(CsvText.ToLine(
                e.Mask, e.Picture, e.Split == DatasetSplit.Test ? "test" : "train", e.Tags.Subject, e.Tags.Modality, e.Tags.Dataset, e.Tags.Structure, e.Tags.Organ, e.Tags.Region,
                e.Axis.ToString(), Text(e.Slice), Text(e.Label), Text(e.Instance), Text(e.Width), Text(e.Height), Text(e.Area),
                (100 * e.AreaShare).ToString("0.####", CultureInfo.InvariantCulture), e.Scan, e.LabelFile, e.Provenance, e.Licence));
        return text.ToString();
    }

    /// <summary>Reads a file's text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="path">The file, for messages.</param>
    /// <exception cref="InvalidFileException">A column or a number is missing.</exception>
    public static IReadOnlyList<DatasetEntry> Parse(string text, string path)
    {
        List<DatasetEntry> entries = [];
        bool isHeader = true;
        foreach ((int line, string[] fields) in CsvText.Parse(text))
        {
            if (isHeader)
            {
                if (!fields.SequenceEqual(s_columns)) throw new InvalidFileException(path, $"line {line}: expected the columns {string.Join(",", s_columns)}");
                isHeader = false;
            }
            else entries.Add(Parse(fields, path, line));
        }
        return entries;
    }

    /// <summary>What the manifest of a folder says of its masks, by their names without ending; empty where there is no manifest.</summary>
    /// <exception cref="InvalidFileException">The manifest is damaged.</exception>
    internal static IReadOnlyDictionary<string, MaskTags> ReadTags(string folder)
    {
        string path = Path.Combine(folder, FileName);
        Dictionary<string, MaskTags> tags = [];
        if (!File.Exists(path)) return tags;
        foreach (DatasetEntry entry in Parse(File.ReadAllText(path), path)) tags[Path.GetFileNameWithoutExtension(entry.Mask)] = entry.Tags;
        return tags;
    }

    private static DatasetEntry Parse(string[] f, string path, int line)
    {
        if (f.Length != s_columns.Length) throw new InvalidFileException(path, $"line {line}: found {f.Length} columns, expected {s_columns.Length}; make the data set again");
        return new()
        {
            Mask = f[0],
            Picture = f[1],
            Split = f[2] == "test" ? DatasetSplit.Test : DatasetSplit.Train,
            Tags = new() { Subject = f[3], Modality = f[4], Dataset = f[5], Structure = f[6], Organ = f[7], Region = f[8] },
            Axis = f[9] is [char axis] ? axis : '?',
            Slice = Number(10),
            Label = Number(11),
            Instance = Number(12),
            Width = Number(13),
            Height = Number(14),
            Area = Number(15),
            Scan = f[17],
            LabelFile = f[18],
            Provenance = f[19],
            Licence = f[20],
        };

        int Number(int column) => int.TryParse(f[column], NumberStyles.Integer, CultureInfo.InvariantCulture, out int number)
            ? number
            : throw new InvalidFileException(path, $"line {line}: '{f[column]}' is no number for {s_columns[column]}; make the data set again");
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
