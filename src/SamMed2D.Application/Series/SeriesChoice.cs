using SamMed2D.Core.Slices;

namespace SamMed2D.Application.Series;

/// <summary>The question which series of a folder to open.</summary>
public sealed class SeriesChoice
{
    private readonly Dictionary<SeriesEntry, SliceImage?> _thumbnails = [];

    internal SeriesChoice(string path, IReadOnlyList<SeriesEntry> series) => (Path, Series) = (path, series);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>What it holds.</summary>
    public IReadOnlyList<SeriesEntry> Series { get; }

    /// <summary>The small picture of a series; null while it is not there.</summary>
    public SliceImage? Thumbnail(SeriesEntry series) => _thumbnails.GetValueOrDefault(series);

    internal void SetThumbnail(SeriesEntry series, SliceImage picture) => _thumbnails[series] = picture;
}
