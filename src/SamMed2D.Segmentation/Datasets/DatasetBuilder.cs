using System.Runtime.ExceptionServices;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>
/// Makes a data set in SA-Med2D-20M's layout out of scans and label maps. A scan counts as done when its record lies in <c>scans/</c>, which is
/// written last; so a run that was interrupted goes on after the last scan that it finished, and a scan whose files, list or options changed
/// is made anew. The index files, the manifest and the halves cover all records in the folder, those of earlier runs too.
/// </summary>
/// <param name="folder">The data set's folder; made where it is missing.</param>
/// <param name="options">How.</param>
/// <param name="volumes">Reads scans and label maps.</param>
/// <param name="pictures">Writes pictures.</param>
public sealed class DatasetBuilder(string folder, DatasetOptions options, IVolumeReader volumes, IPictureFiles pictures)
{
    private const int ScanShare = 1000; // a scan's part of the progress, shared by its slices
    private readonly string _records = Path.Combine(folder, "scans");
    private readonly DatasetWriter _writer = new(folder, pictures);
    private readonly Lock _lock = new();

    /// <summary>Makes or continues the data set.</summary>
    /// <param name="listed">The scans.</param>
    /// <param name="progress">Told in thousandths of a scan, from any thread but never from two at once.</param>
    /// <param name="cancellation">Stops within a slice; what is done stays done.</param>
    /// <exception cref="UnsupportedInputException">Two scans have one name.</exception>
    /// <exception cref="OutputException">The folder cannot be written, is full, or another run is at work in it.</exception>
    public DatasetReport Build(IReadOnlyList<ListedScan> listed, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        IReadOnlyList<DatasetScan> scans = DatasetScan.Gather(listed);
        _writer.CreateFolders();
        Directory.CreateDirectory(_records);
        using FileStream claim = Claim();
        RemoveTemporaries();
        (DatasetScan Scan, string Record)[] open = [.. scans.Select(s => (s, RecordOf(s))).Where(s => !File.Exists(s.Item2))];
        IReadOnlyList<string> problems = MakeAll(open, scans.Count, progress, cancellation);
        IReadOnlyList<DatasetEntry> entries = WithHalves(ReadRecords(), listed);
        RemoveStale(scans, entries);
        if (entries.Count > 0) _writer.WriteIndex(entries);
        return new(entries, open.Length - problems.Count, scans.Count - open.Length, problems);
    }

    // Returns why scans were skipped, in the order of the list.
    private IReadOnlyList<string> MakeAll((DatasetScan Scan, string Record)[] open, int count, ProgressCallback? progress, CancellationToken cancellation)
    {
        SortedDictionary<int, string> problems = [];
        long done = (count - open.Length) * (long)ScanShare;
        try
        {
            Parallel.For(0, open.Length, new() { MaxDegreeOfParallelism = Math.Max(1, options.Workers), CancellationToken = cancellation }, MakeOne);
        }
        catch (AggregateException failures)
        {
            ExceptionDispatchInfo.Throw(failures.InnerExceptions[0]);
        }
        return [.. problems.Values];

        void MakeOne(int n)
        {
            long share = 0;
            try
            {
                Make(open[n].Scan, open[n].Record, (slices, total) => Report(ScanShare * slices / total), cancellation);
            }
            catch (Exception problem) when (problem is InvalidFileException or UnsupportedInputException or AmbiguousInputException or InsufficientMemoryForWorkException)
            {
                lock (_lock) problems.Add(n, problem.Message);
            }
            Report(ScanShare);

            void Report(long part)
            {
                lock (_lock)
                {
                    (done, share) = (done + part - share, part);
                    progress?.Invoke(done, count * (long)ScanShare);
                }
            }
        }
    }

    private void Make(DatasetScan scan, string record, ProgressCallback progress, CancellationToken cancellation)
    {
        // What was made of another state of the scan no longer counts, whether or not this one can be read.
        foreach (string earlier in Directory.EnumerateFiles(_records, $"{scan.Case}.????????.csv")) File.Delete(earlier);
        IReadOnlyList<DatasetEntry> entries = new ScanCutter(options, volumes, _writer).Cut(scan, progress, cancellation);
        AtomicFile.WriteText(record, DatasetManifest.ToCsv(entries));
    }

    private string RecordOf(DatasetScan scan) => Path.Combine(_records, $"{scan.Case}.{scan.Fingerprint(options)}.csv");

    private List<DatasetEntry> ReadRecords()
    {
        List<DatasetEntry> entries = [];
        foreach (string record in Directory.EnumerateFiles(_records, "*.csv").Order(StringComparer.Ordinal)) entries.AddRange(DatasetManifest.Parse(File.ReadAllText(record), record));
        return entries;
    }

    private List<DatasetEntry> WithHalves(List<DatasetEntry> entries, IReadOnlyList<ListedScan> listed)
    {
        Dictionary<string, DatasetSplit?> said = [];
        foreach (DatasetEntry entry in entries) said[entry.Tags.Subject] = null;
        foreach (ListedScan scan in listed)
            if (said.ContainsKey(scan.Subject) && scan.Split is { } half) said[scan.Subject] = half;
        IReadOnlyDictionary<string, DatasetSplit> halves = SubjectSplit.Assign(said.Select(s => (s.Key, s.Value)), ReadHalves(), options.TestShare, options.Seed);
        return [.. entries.Select(entry => entry with { Split = halves[entry.Tags.Subject] })];
    }

    private Dictionary<string, DatasetSplit> ReadHalves()
    {
        string path = Path.Combine(folder, DatasetManifest.FileName);
        Dictionary<string, DatasetSplit> halves = [];
        if (!File.Exists(path)) return halves;
        foreach (DatasetEntry entry in DatasetManifest.Parse(File.ReadAllText(path), path)) halves[entry.Tags.Subject] = entry.Split;
        return halves;
    }

    // Pictures of these scans that no record names: of a run that was killed, or of an earlier state of the scan.
    private void RemoveStale(IReadOnlyList<DatasetScan> scans, IReadOnlyList<DatasetEntry> entries)
    {
        HashSet<string> cases = [.. scans.Select(s => s.Case)], kept = [.. entries.Select(e => e.Mask), .. entries.Select(e => e.Picture)];
        foreach (string sub in (string[])["images", "masks"])
            foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, sub), "*--*--*--*.png"))
                if (!kept.Contains($"{sub}/{Path.GetFileName(file)}") && cases.Contains(Path.GetFileName(file).Split("--")[2])) File.Delete(file);
    }

    private void RemoveTemporaries()
    {
        foreach (string sub in (string[])["images", "masks", "scans"])
            foreach (string file in Directory.EnumerateFiles(Path.Combine(folder, sub), ".*.tmp")) File.Delete(file);
    }

    // Two runs in one folder would take each other's files for left-overs.
    private FileStream Claim()
    {
        try
        {
            return new(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (IOException failure)
        {
            throw new OutputException(folder, "another run is at work in this folder, or it cannot be written; wait for it, or choose another place", failure);
        }
    }
}
