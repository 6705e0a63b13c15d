using System.Globalization;
using SamMed2D.Application.Series;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Imaging.Dicom;
using SamMed2D.Rendering.Scene;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Viewer.Adapters;

/// <summary>The DICOM series of a folder, as the workspace sees them.</summary>
internal sealed class SeriesCatalog : ISeriesCatalog
{
    private (string Path, DicomSeriesCatalog Catalog)? _last;

    /// <inheritdoc/>
    public bool Covers(string path) => Directory.Exists(path) || Path.GetFileName(path).Equals("DICOMDIR", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public IReadOnlyList<SeriesEntry> List(string path, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        DicomSeriesCatalog catalog = DicomSeriesCatalog.Scan(path, progress, cancellation);
        _last = (path, catalog);
        return [.. catalog.Series.Select(series => Describe(series, catalog.ChoiceOf(series)))];
    }

    /// <inheritdoc/>
    public SliceImage? ReadThumbnail(string path, SeriesEntry series, int longestSide = 128, CancellationToken cancellation = default)
    {
        if (_last is not { } last || last.Path != path || series.Problem is not null) return null;
        try
        {
            DicomSeries found = last.Catalog.Choose(series.Selector);
            Volume volume = DicomVolumeReader.Read(last.Catalog, found, 0, null, cancellation);
            return Shrink(MiddleSlice(volume), longestSide);
        }
        catch (SamMed2DException)
        {
            // The list says what it is; without a picture it can still be chosen, and opening it says what is wrong.
            return null;
        }
    }

    private static SeriesEntry Describe(DicomSeries series, string selector)
    {
        List<KeyValuePair<string, string>> tags =
        [
            new("Description", series.Description), new("Modality", series.Modality), new("Size", FormattableString.Invariant($"{series.Columns} × {series.Rows}")),
            new("Slices", FormattableString.Invariant($"{series.SliceCount}")), new("Scanner's number", series.SeriesNumber?.ToString(CultureInfo.InvariantCulture) ?? ""),
            new("UID", series.Uid),
        ];
        if (series.PhaseCount > 1) tags.Add(new("Phases", FormattableString.Invariant($"{series.PhaseCount}, by {series.PhaseRule}")));
        return new(selector, series.Description, series.Modality, series.SliceCount)
        {
            Columns = series.Columns,
            Rows = series.Rows,
            PhaseCount = series.PhaseCount,
            Problem = series.Problem,
            Tags = [.. tags.Where(tag => tag.Value.Length > 0)],
        };
    }

    private static SliceImage MiddleSlice(Volume volume)
    {
        SliceFrame frame = SliceFrame.ForPlane(volume.Geometry, SlicePlane.Axial);
        SliceSampler sampler = SliceSampler.Create(volume, frame, VolumeLayer.SuggestWindow(volume));
        return sampler.Sample(frame.SliceCount / 2, new byte[sampler.PixelCount].AsMemory());
    }

    // The mean of the pixels that a small one covers.
    private static SliceImage Shrink(SliceImage image, int longestSide)
    {
        int step = Math.Max((Math.Max(image.Width, image.Height) + longestSide - 1) / longestSide, 1), width = Math.Max(image.Width / step, 1), height = Math.Max(image.Height / step, 1);
        ReadOnlySpan<byte> from = image.Pixels.Span;
        byte[] pixels = new byte[width * height];
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
            {
                int sum = 0;
                for (int n = 0; n < step * step; n++) sum += from[((y * step + n / step) * image.Width + x * step + n % step) * image.Channels];
                pixels[y * width + x] = (byte)(sum / (step * step));
            }
        return new(width, height, 1, pixels);
    }
}
