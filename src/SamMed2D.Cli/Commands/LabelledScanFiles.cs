using System.CommandLine;
using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Cli.Commands;

/// <summary>Reads listed scans with their references.</summary>
internal static class LabelledScanFiles
{
    private const int Share = 1000; // a scan's part of a progress bar, shared by its structures

    /// <summary>How many of a scan's structures are measured; null for all.</summary>
    public static Option<int?> MostOption() => new("--most")
    {
        Description = "The most structures of a scan, largest first; all without it.",
        HelpName = "COUNT",
        Validators = { result => { if (result.Errors.Count() == 0 && result.GetValueOrDefault<int?>() < 1) result.AddError("--most must be at least 1"); } },
    };

    /// <summary>Does something with each scan that can be read.</summary>
    /// <param name="scans">The scans.</param>
    /// <param name="shell">Shows the progress.</param>
    /// <param name="measure">Takes a scan, and tells how many of its structures are done.</param>
    /// <returns>What was wrong with the scans that were passed over.</returns>
    public static List<string> ForEach(IReadOnlyList<ListedScan> scans, Shell shell, Action<ListedScan, LabelledScan, ProgressCallback> measure) =>
        shell.WithProgress("Measuring", "", progress =>
        {
            List<string> skipped = [];
            for (int n = 0; n < scans.Count; n++)
            {
                long before = n * Share;
                try
                {
                    measure(scans[n], Read(scans[n], shell.Cancellation), (done, total) => progress(before + Share * done / total, (long)scans.Count * Share));
                }
                catch (Exception problem) when (problem is InvalidFileException or UnsupportedInputException or AmbiguousInputException)
                {
                    skipped.Add(problem.Message);
                }
            }
            return skipped;
        });

    private static LabelledScan Read(ListedScan scan, CancellationToken cancellation)
    {
        VolumeFiles files = new();
        Volume volume = files.Read(scan.Image, cancellation: cancellation);
        LabelMap labels = SameGrid.Require(scan.Label, files.ReadLabelMap(scan.Label, cancellation), scan.Image, volume.Geometry);
        return new(scan.Name, scan.Subject, volume, scan.WithNames(labels));
    }
}
