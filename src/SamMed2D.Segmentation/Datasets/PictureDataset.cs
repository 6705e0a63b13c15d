using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>The halves of a data set.</summary>
public enum DatasetSplit
{
    /// <summary>Both, and what no index file names.</summary>
    All,

    /// <summary>What models may be trained on: <c>image2label_train.json</c>.</summary>
    Train,

    /// <summary>What they are tested on: <c>label2image_test.json</c>.</summary>
    Test,
}

/// <summary>
/// A data set of pictures and masks in SA-Med2D-20M's layout: the folders <c>images</c> and <c>masks</c>, index files that name the halves, and
/// perhaps <c>manifest.csv</c>, which says of each mask what it shows. Without index files the names tell which masks go with which picture.
/// </summary>
public sealed class PictureDataset
{
    private const string Pattern = "*.png";

    private readonly string _folder;

    private PictureDataset(string folder, IReadOnlyList<DatasetPicture> pictures) => (_folder, Pictures) = (folder, pictures);

    /// <summary>The pictures with masks, by name; at least one.</summary>
    public IReadOnlyList<DatasetPicture> Pictures { get; }

    /// <summary>True where a folder has this layout.</summary>
    public static bool IsOne(string folder) => Directory.Exists(Path.Combine(folder, "images")) && Directory.Exists(Path.Combine(folder, "masks"));

    /// <summary>True where a folder names a half of its own.</summary>
    public static bool HasSplit(string folder, DatasetSplit split) => split switch
    {
        DatasetSplit.Train => File.Exists(Path.Combine(folder, PictureIndex.TrainName)),
        DatasetSplit.Test => File.Exists(Path.Combine(folder, PictureIndex.TestName)),
        _ => true,
    };

    /// <summary>Finds the pictures and masks of a data set; reads none of them.</summary>
    /// <param name="folder">The folder that holds <c>images</c> and <c>masks</c>.</param>
    /// <param name="split">Which half.</param>
    /// <exception cref="InvalidFileException">The folder is not of this layout, names no such half, or an index or manifest is damaged.</exception>
    public static PictureDataset Open(string folder, DatasetSplit split = DatasetSplit.All)
    {
        IReadOnlyDictionary<string, MaskTags> tags = DatasetManifest.ReadTags(folder);
        List<DatasetPicture> pictures = [];
        if (split == DatasetSplit.All) pictures.AddRange(FindByName(folder, tags));
        else
        {
            IReadOnlyDictionary<string, string[]> index = (split == DatasetSplit.Train ? PictureIndex.ReadTrain(folder) : PictureIndex.ReadTest(folder))
                ?? throw new InvalidFileException(folder, $"has no {(split == DatasetSplit.Train ? PictureIndex.TrainName : PictureIndex.TestName)}; make the data set with 'sammed2d dataset', or use all of it");
            string root = FindRoot(folder, index.Keys.FirstOrDefault());
            foreach ((string picture, string[] masks) in index.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                if (masks.Length > 0) pictures.Add(Describe(Path.Combine(root, picture), masks.Select(mask => Path.Combine(root, mask)), tags));
        }
        return pictures.Count > 0
            ? new(folder, pictures)
            : throw new InvalidFileException(folder, split == DatasetSplit.All
                ? "no mask goes with an image; expected images/NAME.png and masks/NAME_CLASS_INSTANCE.png"
                : $"its {split.ToString().ToLowerInvariant()} half is empty");
    }

    /// <summary>The manifest's entries; where there is no manifest, what the names and the masks themselves tell.</summary>
    /// <param name="files">Reads masks.</param>
    /// <param name="cancellation">Stops between pictures.</param>
    /// <exception cref="InvalidFileException">A file is damaged.</exception>
    /// <exception cref="UnsupportedInputException">A mask is a colour picture or of another size than its picture.</exception>
    public IReadOnlyList<DatasetEntry> ReadEntries(IPictureFiles files, CancellationToken cancellation = default)
    {
        string manifest = Path.Combine(_folder, DatasetManifest.FileName);
        if (File.Exists(manifest)) return DatasetManifest.Parse(File.ReadAllText(manifest), manifest);
        HashSet<string> tested = HasSplit(_folder, DatasetSplit.Test) ? [.. PictureIndex.ReadTest(_folder)!.Values.SelectMany(masks => masks).Select(NameOf)] : [];
        List<DatasetEntry> entries = [];
        foreach (DatasetPicture picture in Pictures)
        {
            cancellation.ThrowIfCancellationRequested();
            PictureCase read = picture.Read(files);
            entries.AddRange(read.Masks.Select(mask => new DatasetEntry
            {
                Mask = DatasetWriter.MaskFile(mask.Name),
                Picture = DatasetWriter.PictureFile(picture.Name),
                Split = tested.Contains(mask.Name) ? DatasetSplit.Test : DatasetSplit.Train,
                Tags = mask.Tags,
                Axis = '?',
                Slice = 0,
                Label = 0,
                Instance = 0,
                Width = mask.Mask.Width,
                Height = mask.Mask.Height,
                Area = mask.Mask.GetArea(),
                Scan = "",
                LabelFile = "",
            }));
        }
        return entries;
    }

    // Index files made elsewhere count from the folder above ("data_demo/images/..."), this product's from the folder itself.
    private static string FindRoot(string folder, string? first) =>
        first is not null && !File.Exists(Path.Combine(folder, first)) && Path.GetDirectoryName(Path.GetFullPath(folder)) is { } above && File.Exists(Path.Combine(above, first)) ? above : folder;

    private static IEnumerable<DatasetPicture> FindByName(string folder, IReadOnlyDictionary<string, MaskTags> tags)
    {
        string images = Path.Combine(folder, "images"), masks = Path.Combine(folder, "masks");
        if (!IsOne(folder)) throw new InvalidFileException(folder, "expected a folder with the sub-folders images and masks");
        SortedDictionary<string, (string Path, List<string> Masks)> pictures = new(StringComparer.Ordinal);
        foreach (string image in Directory.EnumerateFiles(images, Pattern)) pictures.Add(NameOf(image), (image, []));
        foreach (string mask in Directory.EnumerateFiles(masks, Pattern).Order(StringComparer.Ordinal))
            if (FindPicture(NameOf(mask), pictures) is { } picture) picture.Add(mask);
        return pictures.Values.Where(picture => picture.Masks.Count > 0).Select(picture => Describe(picture.Path, picture.Masks, tags));
    }

    // The longest name wins, where one picture's name begins another's.
    private static List<string>? FindPicture(string mask, SortedDictionary<string, (string Path, List<string> Masks)> pictures)
    {
        for (int end = mask.Length - 1; end > 0; end--)
            if ((mask[end] == '_' || mask[end] == '-' && mask[end - 1] == '-') && pictures.TryGetValue(mask[..end].TrimEnd('-'), out (string Path, List<string> Masks) picture))
                return picture.Masks;
        return null;
    }

    private static DatasetPicture Describe(string path, IEnumerable<string> masks, IReadOnlyDictionary<string, MaskTags> tags)
    {
        string picture = NameOf(path);
        return new(picture, path, [.. masks.Select(mask => new DatasetMask(NameOf(mask), mask, tags.GetValueOrDefault(NameOf(mask)) ?? PictureNames.Parse(picture, NameOf(mask))))]);
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);
}
