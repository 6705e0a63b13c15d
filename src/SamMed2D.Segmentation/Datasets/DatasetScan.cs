using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using SamMed2D.Core.Errors;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>A scan with all its label maps, as a data set takes it up.</summary>
/// <param name="Case">Its name in file names; unique in its data set.</param>
/// <param name="Labels">The scan once for each label map; at least one.</param>
internal sealed record DatasetScan(string Case, IReadOnlyList<ListedScan> Labels)
{
    /// <summary>Whose scan it is.</summary>
    public string Subject => Labels[0].Subject;

    /// <summary>The scan's file or folder.</summary>
    public string Image => Labels[0].Image;

    /// <summary>Gathers the label maps of each scan.</summary>
    /// <exception cref="UnsupportedInputException">Two scans have one name.</exception>
    public static IReadOnlyList<DatasetScan> Gather(IReadOnlyList<ListedScan> listed)
    {
        List<DatasetScan> scans = [];
        foreach (IGrouping<string, ListedScan> scan in listed.GroupBy(l => l.Image))
        {
            ListedScan[] labels = [.. scan];
            string name = PictureNames.ToPart(labels.MinBy(l => l.Name.Length)!.Name);
            if (scans.Find(s => s.Case == name) is { } other)
                throw new UnsupportedInputException(scan.Key, $"has the same name as {other.Image}: {name}; give the list a column 'name' that tells them apart");
            scans.Add(new(name, labels));
        }
        return scans;
    }

    /// <summary>
    /// Changes when anything that the pictures depend on does: the files (by size and time), what the list says, the options. Eight letters.
    /// </summary>
    public string Fingerprint(DatasetOptions options)
    {
        StringBuilder text = new(FormattableString.Invariant($"1|{options.Name}|{options.Modality}|{options.Window.Name}|{StampOf(Image)}"));
        foreach (ListedScan l in Labels)
        {
            text.Append('|').AppendJoin('|', l.Name, l.Subject, l.Label, StampOf(l.Label), l.Modality, l.SubModality, l.Dataset, l.Organ, l.Region, l.Provenance, l.Licence);
            text.Append('|').AppendJoin('|', l.Structures.OrderBy(s => s.Key));
        }
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..8];
    }

    private static string StampOf(string path)
    {
        FileInfo[] files = Directory.Exists(path) ? new DirectoryInfo(path).GetFiles() : File.Exists(path) ? [new(path)] : [];
        return string.Create(CultureInfo.InvariantCulture, $"{Path.GetFullPath(path)} {files.Sum(f => f.Length)} {files.Select(f => f.LastWriteTimeUtc.Ticks).DefaultIfEmpty(0).Max()}");
    }
}
