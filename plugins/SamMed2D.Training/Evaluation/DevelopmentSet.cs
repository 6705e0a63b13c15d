using SamMed2D.Core.Errors;
using SamMed2D.Imaging;
using SamMed2D.Imaging.Png;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Training.Evaluation;

/// <summary>
/// What compact models are compared on while they are made. By source, none of which is ever trained on: slices-2d, and of labelled:
/// ct-totalseg-example(-sm), ct-sts002, mr-sts002, mr-pyrad-brain1 and all mr-sct. Measured by the same code as <c>sammed2d evaluate-2d --goals</c>;
/// the scans are those of the bundled model's <c>evaluation.csv</c>.
/// </summary>
internal static class DevelopmentSet
{
    private const string Pictures = "slices-2d", Scans = "labelled";

    private static readonly (string Scan, string Labels, string Subject)[] s_scans =
    [
        ("ct-totalseg-example-sm/image.nii.gz", "label.nii.gz", "totalseg-example"),
        ("ct-totalseg-example/image.nii.gz", "label-vertebrae.nii.gz", "totalseg-example"),
        ("ct-sts002/image.nii.gz", "label.nii.gz", "sts002"),
        ("mr-sts002/image.nii.gz", "label.nii.gz", "sts002"),
        ("mr-pyrad-brain1/image.nrrd", "label.nrrd", "pyrad-brain1"),
        ("mr-sct-t1/image.nii.gz", "label.nii.gz", "sct"),
        ("mr-sct-t2/image.nii.gz", "label.nii.gz", "sct"),
        ("mr-sct-t2s/image.nii.gz", "label.nii.gz", "sct"),
        ("mr-sct-t2s/image.nii.gz", "label-gm.nii.gz", "sct"),
        ("mr-sct-mt1/image.nii.gz", "label.nii.gz", "sct"),
        ("mr-sct-mt1/image.nii.gz", "label-gm.nii.gz", "sct"),
        ("mr-sct-t2-lesion/image.nii.gz", "label.nii.gz", "sct"),
        ("mr-sct-t2-lesion/image.nii.gz", "label-lesion.nii.gz", "sct"),
        ("mr-sct-t2s-axial/image.nii.gz", "label.nii.gz", "sct"),
    ];

    /// <summary>The sources, for the split's check against a recipe.</summary>
    public static IReadOnlyList<string> Sources { get; } = [Pictures, .. s_scans.Select(scan => $"{Scans}/{scan.Scan.Split('/')[0]}").Distinct()];

    /// <summary>Finds all pictures and scans.</summary>
    /// <param name="data">The folder that holds <c>slices-2d</c> and <c>labelled</c>.</param>
    /// <exception cref="InvalidFileException">The folder is another one.</exception>
    public static IReadOnlyList<PictureSource> Find(string data)
    {
        string pictures = Path.Combine(data, Pictures);
        if (!PictureDataset.IsOne(pictures)) throw new InvalidFileException(data, $"expected the data folder that holds {Pictures} and {Scans}");
        VolumeFiles volumes = new();
        IReadOnlyList<ListedScan> scans = [.. s_scans.Select(scan => Describe(Path.Combine(data, Scans, scan.Scan), scan.Labels, scan.Subject))];
        return [.. PictureSource.Find(pictures, DatasetSplit.All, volumes, new PngFiles()), .. PictureSource.Find(scans, volumes)];
    }

    private static ListedScan Describe(string image, string labels, string subject) => ScanList.Describe(image, Path.Combine(Path.GetDirectoryName(image)!, labels), subject);
}
