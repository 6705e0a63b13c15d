using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;
using SamMed2D.Segmentation.Datasets;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Something that gives pictures with masks to measure models on: one picture of a data set, or one labelled scan.</summary>
/// <param name="Name">Its name, for messages.</param>
/// <param name="Read">Reads it.</param>
public sealed record PictureSource(string Name, Func<CancellationToken, IReadOnlyList<PictureCase>> Read)
{
    /// <summary>Finds the pictures that a path stands for; reads none of them.</summary>
    /// <param name="path">A data set in SA-Med2D-20M's layout, or a list of labelled scans (see <see cref="ScanList"/>), whose slices
    /// <see cref="LabelledSlices"/> chooses.</param>
    /// <param name="split">Which half of a data set; null takes the testing half where the set names one, else all.</param>
    /// <param name="volumes">Reads scans.</param>
    /// <param name="pictures">Reads pictures.</param>
    /// <exception cref="Core.Errors.InvalidFileException">The path is neither.</exception>
    public static IReadOnlyList<PictureSource> Find(string path, DatasetSplit? split, IVolumeReader volumes, IPictureFiles pictures)
    {
        if (!PictureDataset.IsOne(path)) return Find(ScanList.Read(path), volumes);
        DatasetSplit half = split ?? (PictureDataset.HasSplit(path, DatasetSplit.Test) ? DatasetSplit.Test : DatasetSplit.All);
        string dataset = System.IO.Path.GetFileName(System.IO.Path.GetFullPath(path).TrimEnd(System.IO.Path.DirectorySeparatorChar));
        return [.. PictureDataset.Open(path, half).Pictures.Select(picture => new PictureSource(picture.Name, _ => [InDataset(picture.Read(pictures), dataset)]))];
    }

    /// <summary>The pictures of labelled scans.</summary>
    /// <param name="scans">The scans.</param>
    /// <param name="volumes">Reads scans.</param>
    public static IReadOnlyList<PictureSource> Find(IReadOnlyList<ListedScan> scans, IVolumeReader volumes) =>
        [.. scans.Select(scan => new PictureSource(scan.Name, cancellation => ReadScan(scan, volumes, cancellation)))];

    private static IReadOnlyList<PictureCase> ReadScan(ListedScan scan, IVolumeReader volumes, CancellationToken cancellation)
    {
        Volume volume = volumes.Read(scan.Image, cancellation: cancellation);
        LabelMap labels = scan.WithNames(SameGrid.Require(scan.Label, volumes.ReadLabelMap(scan.Label, cancellation), scan.Image, volume.Geometry));
        return LabelledSlices.Of(volume, labels, scan.Dataset.Length > 0 ? scan : scan with { Dataset = scan.Name.Split('/')[0] });
    }

    // Masks that name no data set are of the folder's.
    private static PictureCase InDataset(PictureCase picture, string dataset) =>
        picture with { Masks = [.. picture.Masks.Select(mask => mask.Tags.Dataset.Length > 0 ? mask : mask with { Tags = mask.Tags with { Dataset = dataset } })] };
}
