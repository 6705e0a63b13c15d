using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>How a data set is made.</summary>
public sealed record DatasetOptions
{
    /// <summary>The data set's name in file names, for scans whose list names none.</summary>
    public string Name { get; init; } = "dataset";

    /// <summary>The modality of scans that neither their list nor their header tells; empty takes what the scan's name begins with, such as <c>ct-</c>.</summary>
    public string Modality { get; init; } = "";

    /// <summary>The intensities shown as black and white.</summary>
    public IntensityWindowChoice Window { get; init; } = IntensityWindowChoice.MinMax;

    /// <summary>The share of subjects that are kept for testing, 0 to 1.</summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>Which subjects those are; see <see cref="SubjectSplit"/>.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Scans worked on at the same time; each holds a scan in memory.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;
}

/// <summary>What the making of a data set gave.</summary>
/// <param name="Entries">All masks in the folder's data set, those of earlier runs too.</param>
/// <param name="Made">Scans cut into pictures by this run.</param>
/// <param name="Kept">Scans that an earlier run had finished.</param>
/// <param name="Skipped">Why scans were left out, a line each.</param>
public sealed record DatasetReport(IReadOnlyList<DatasetEntry> Entries, int Made, int Kept, IReadOnlyList<string> Skipped);
