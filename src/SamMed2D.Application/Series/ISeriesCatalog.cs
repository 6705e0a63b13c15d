using SamMed2D.Core.Progress;
using SamMed2D.Core.Slices;

namespace SamMed2D.Application.Series;

/// <summary>One of the volumes that a folder of DICOM files holds.</summary>
/// <param name="Selector">What <see cref="Core.Volumes.VolumeReadOptions.Series"/> takes to read it.</param>
/// <param name="Title">Its description; may be empty.</param>
/// <param name="Modality">DICOM modality code.</param>
/// <param name="SliceCount">Slices of one phase.</param>
public sealed record SeriesEntry(string Selector, string Title, string Modality, int SliceCount)
{
    /// <summary>Pixels in a row.</summary>
    public int Columns { get; init; }

    /// <summary>Rows of a slice.</summary>
    public int Rows { get; init; }

    /// <summary>How many phases or time points it has.</summary>
    public int PhaseCount { get; init; } = 1;

    /// <summary>What its header says of it: name to value, in the order to show; nothing that identifies a patient.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; } = [];

    /// <summary>Why it cannot be read as a volume, as a sentence; null where it can.</summary>
    public string? Problem { get; init; }
}

/// <summary>Lists what a folder of DICOM files holds.</summary>
public interface ISeriesCatalog
{
    /// <summary>True where a path is a folder, or a file that stands for one (DICOMDIR), whose series may have to be chosen from.</summary>
    bool Covers(string path);

    /// <summary>Lists the series of a folder by rising number.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="progress">Told the files read; called on this thread.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="Core.Errors.InvalidFileException">There is no DICOM file.</exception>
    IReadOnlyList<SeriesEntry> List(string path, ProgressCallback? progress = null, CancellationToken cancellation = default);

    /// <summary>The middle slice as a small grey picture; null where it cannot be read.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="series">One from <see cref="List"/>.</param>
    /// <param name="longestSide">The most pixels along a side.</param>
    /// <param name="cancellation">Stops the reading.</param>
    SliceImage? ReadThumbnail(string path, SeriesEntry series, int longestSide = 128, CancellationToken cancellation = default);
}
