using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;

namespace SamMed2D.Imaging.Dicom;

/// <summary>The DICOM series below a folder, in a file or named by a DICOMDIR. Made from the headers alone; no pixel is read.</summary>
public sealed class DicomSeriesCatalog
{
    /// <summary>Bounds the work for a file that claims another orientation for each of its frames.</summary>
    private const int MostGridsCompared = 64;

    private DicomSeriesCatalog(string source, IReadOnlyList<DicomSeries> series, IReadOnlyList<string> others, IReadOnlyList<InvalidFileException> damaged) =>
        (Source, Series, Others, Damaged) = (source, series, others, damaged);

    /// <summary>The folder or file, as the user named it.</summary>
    public string Source { get; }

    /// <summary>The series, numbered from 1 in the order of series number, UID and size.</summary>
    public IReadOnlyList<DicomSeries> Series { get; }

    /// <summary>What else was found and is not an image, counted by kind, such as <c>2 RTSTRUCT</c>.</summary>
    public IReadOnlyList<string> Others { get; }

    /// <summary>DICOM files whose header cannot be read.</summary>
    internal IReadOnlyList<InvalidFileException> Damaged { get; }

    /// <summary>Reads the headers behind a path; files that are not DICOM are ignored.</summary>
    /// <param name="path">A folder (with all below it), a file or a DICOMDIR.</param>
    /// <param name="progress">Files done and in all.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="InvalidFileException">The path does not exist, or nothing behind it is a sound DICOM file.</exception>
    public static DicomSeriesCatalog Scan(string path, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        IReadOnlyList<DicomFileName> files = DicomFiles.Find(path);
        List<DicomInstance> instances = [];
        List<InvalidFileException> damaged = [];
        for (int n = 0; n < files.Count; n++)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (DicomInstance.TryRead(files[n].Path, files[n].Name) is DicomInstance instance) instances.Add(instance);
            }
            catch (InvalidFileException failure)
            {
                damaged.Add(failure);
            }
            progress?.Invoke(n + 1, files.Count);
        }
        if (instances.Count == 0)
            throw damaged.Count > 0 ? damaged[0] : new InvalidFileException(path,
                Directory.Exists(path) ? "holds no DICOM file; give the folder of the series, or the file itself where the scan is NIfTI, NRRD or MetaImage" : "is not a DICOM file");
        return new DicomSeriesCatalog(path, ListSeries(instances), CountOthers(instances), damaged);
    }

    /// <summary>The series to read.</summary>
    /// <param name="choice">Its number in the listing, its UID, or the start or end of it; null takes the only one that can be a volume.</param>
    /// <exception cref="AmbiguousInputException">There are several; the message lists them.</exception>
    /// <exception cref="UnsupportedInputException">There is none that can be a volume, or the chosen one cannot.</exception>
    public DicomSeries Choose(string? choice)
    {
        DicomSeries chosen = choice is null ? ChooseOnly() : ChooseNamed(choice.Trim());
        if (chosen.Problem is string problem) throw new UnsupportedInputException(Source, $"series {chosen} cannot be a volume: {problem}");
        return chosen;
    }

    /// <summary>A choice that names a series for good: its UID, which stays what it is when files are added to the folder; its number where the UID names several.</summary>
    /// <param name="series">One of <see cref="Series"/>.</param>
    public string ChoiceOf(DicomSeries series) =>
        series.Uid.Length > 0 && series.Problem is null && Series.Count(other => other.Uid == series.Uid && other.Problem is null) == 1
            ? series.Uid : series.Number.ToString(CultureInfo.InvariantCulture);

    private DicomSeries ChooseOnly()
    {
        List<DicomSeries> volumes = [.. Series.Where(series => series.Problem is null)];
        if (volumes.Count > 1 && volumes.Count(series => !series.IsLocaliser) == 1) volumes.RemoveAll(series => series.IsLocaliser);
        if (volumes.Count == 1) return volumes[0];
        if (volumes.Count > 1)
            throw new AmbiguousInputException(Source, $"holds {volumes.Count} series; choose one with --series NUMBER or UID: {Listing(volumes)}");
        if (Series.Count == 1) return Series[0];
        string found = Series.Count == 0
            ? $"holds no images, only {string.Join(", ", Others)}; give the folder of the scan"
            : $"holds no series that can be a volume: {Listing(Series)}. Of the first: {Series[0].Problem}";
        throw new UnsupportedInputException(Source, found);
    }

    private DicomSeries ChooseNamed(string choice)
    {
        if (int.TryParse(choice, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && Series.FirstOrDefault(series => series.Number == number) is DicomSeries byNumber)
            return byNumber;
        List<DicomSeries> found = [.. Series.Where(series => series.Uid == choice)];
        if (found.Count == 0 && choice.Length > 0) found = [.. Series.Where(series => series.Uid.StartsWith(choice, StringComparison.Ordinal))];
        if (found.Count == 0 && choice.Length > 0) found = [.. Series.Where(series => series.Uid.EndsWith(choice, StringComparison.Ordinal))];
        if (found.Count > 1) found = [.. found.Where(series => series.Problem is null)];
        return found.Count switch
        {
            1 => found[0],
            0 => throw new AmbiguousInputException(Source, $"holds no series '{choice}'; there {(Series.Count == 1 ? "is" : "are")}: {Listing(Series)}"),
            _ => throw new AmbiguousInputException(Source, $"holds {found.Count} series that '{choice}' fits; choose by number: {Listing(found)}"),
        };
    }

    private static string Listing(IReadOnlyCollection<DicomSeries> series)
    {
        const int most = 20;
        string more = series.Count > most ? $"; and {series.Count - most} more" : "";
        return string.Join("; ", series.Take(most)) + more;
    }

    /// <summary>Frames of one series that can share a grid: same size, orientation, spacing and stack.</summary>
    private static List<DicomSeries> ListSeries(List<DicomInstance> instances)
    {
        List<List<DicomFrame>> groups = [];
        foreach (IGrouping<string, DicomInstance> series in instances.Where(instance => instance.IsPicture).GroupBy(instance => instance.SeriesUid)
            .OrderBy(series => series.First().SeriesNumber ?? int.MaxValue).ThenBy(series => series.Key, StringComparer.Ordinal))
        {
            List<List<DicomFrame>> ofSeries = [];
            foreach (DicomInstance instance in series)
                foreach (DicomFrame frame in instance.Frames)
                {
                    int first = Math.Max(0, ofSeries.Count - MostGridsCompared);
                    int at = ofSeries.FindLastIndex(ofSeries.Count - 1, ofSeries.Count - first, group => ShareGrid(group[0], frame));
                    List<DicomFrame>? home = at < 0 ? null : ofSeries[at];
                    if (home is null) ofSeries.Add([frame]);
                    else home.Add(frame);
                }
            groups.AddRange(ofSeries.OrderByDescending(group => group.Count));
        }
        return [.. groups.Select((group, n) => new DicomSeries(n + 1, group))];
    }

    private static bool ShareGrid(DicomFrame a, DicomFrame b)
    {
        if (a.Columns != b.Columns || a.Rows != b.Rows || a.StackId != b.StackId) return false;
        if (a.Instance.Format.SamplesPerPixel != b.Instance.Format.SamplesPerPixel) return false;
        if (a.Plane is not { } p || b.Plane is not { } q) return a.Plane is null && b.Plane is null;
        const double directionTolerance = 2e-3, spacingTolerance = 1e-3;
        return (p.Right - q.Right).Length < directionTolerance && (p.Down - q.Down).Length < directionTolerance
            && Math.Abs(p.ColumnSpacingMm - q.ColumnSpacingMm) < spacingTolerance * p.ColumnSpacingMm
            && Math.Abs(p.RowSpacingMm - q.RowSpacingMm) < spacingTolerance * p.RowSpacingMm;
    }

    private static List<string> CountOthers(List<DicomInstance> instances) =>
        [.. instances.Where(instance => !instance.IsPicture && instance.SopClassUid != DicomFiles.DirectorySopClass).GroupBy(instance => instance.Modality.Length > 0 ? instance.Modality : "other DICOM")
            .OrderBy(kind => kind.Key, StringComparer.Ordinal).Select(kind => $"{kind.Count()} {kind.Key}")];
}
