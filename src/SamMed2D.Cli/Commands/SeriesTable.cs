using SamMed2D.Cli.Terminal;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Dicom;

namespace SamMed2D.Cli.Commands;

/// <summary>The listing of a DICOM source that holds more than one volume.</summary>
internal static class SeriesTable
{
    /// <summary>True where the options do not yet say which volume is meant.</summary>
    public static bool IsNeeded(IReadOnlyList<DicomSeries> listed, VolumeReadOptions options) =>
        options.Series is null && (listed.Count > 1 || (options.Frame is null && listed.Any(series => series.PhaseCount > 1)));

    /// <summary>Prints one line a series, or JSON.</summary>
    public static void Print(IReadOnlyList<DicomSeries> listed, bool json)
    {
        if (json)
        {
            Shell.PrintJson(new { Series = listed });
            return;
        }
        string[][] rows =
        [
            ["no", "modality", "description", "size", "slices", "phases", "scanner's no", "UID ends in", ""],
            .. listed.Select(series => (string[])
            [
                $"{series.Number}", series.Modality, series.Description, $"{series.Columns}×{series.Rows}", $"{series.SliceCount}", $"{series.PhaseCount}",
                $"{series.SeriesNumber}", series.UidTail, series.Problem is null ? "" : "no volume",
            ]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Max(row => row[column].Length))];
        foreach (string[] row in rows) Shell.Print(string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        Shell.Print("Choose one with --series NO; of several phases one with --frame, from 0.");
    }
}
