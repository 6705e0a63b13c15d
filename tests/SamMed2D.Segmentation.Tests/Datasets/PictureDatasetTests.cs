using System.Collections.Concurrent;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Segmentation.Datasets;

namespace SamMed2D.Segmentation.Tests.Datasets;

/// <summary>Pictures in memory, with an empty file for each, so that folders can be listed.</summary>
internal sealed class PicturesInMemory : IPictureFiles
{
    private readonly ConcurrentDictionary<string, SliceImage> _pictures = [];

    public int Written => _pictures.Count;

    public SliceImage Read(string path) => _pictures.TryGetValue(Path.GetFullPath(path), out SliceImage picture) ? picture : throw new InvalidFileException(path, "is not there");

    public void Write(string path, SliceImage picture)
    {
        _pictures[Path.GetFullPath(path)] = picture with { Pixels = picture.Pixels.ToArray() };
        File.WriteAllText(path, "");
    }
}

public sealed class PictureDatasetTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dataset-");
    private readonly PicturesInMemory _files = new();

    public void Dispose() => _folder.Delete(recursive: true);

    private DatasetWriter Writer(string? folder = null)
    {
        DatasetWriter writer = new(folder ?? _folder.FullName, _files);
        writer.CreateFolders();
        return writer;
    }

    private static DatasetEntry Entry(string picture, string mask, DatasetSplit split) => new()
    {
        Mask = DatasetWriter.MaskFile(mask),
        Picture = DatasetWriter.PictureFile(picture),
        Split = split,
        Tags = new() { Subject = "subject, \"one\"", Dataset = "set", Modality = "ct", Structure = "liver", Organ = "liver", Region = "abdomen" },
        Axis = 'z',
        Slice = 4,
        Label = 1,
        Instance = 0,
        Width = 4,
        Height = 2,
        Area = 3,
        Scan = "scan.nii.gz",
        LabelFile = "labels.nii.gz",
    };

    [Fact]
    public void Open_WhatWasWritten_GivesEachHalfWithItsPixelsAndTags()
    {
        DatasetWriter writer = Writer();
        string a = PictureNames.OfPicture("CT", "00", "set", "case 1", 'z', 4), b = PictureNames.OfPicture("CT", "00", "set", "case 2", 'z', 4);
        string maskA = PictureNames.OfMask(a, "liver", 0), maskB = PictureNames.OfMask(b, "left kidney", 1);
        Assert.Equal("ct_00--set--case-1--z_0004--liver_000", maskA);
        MaskPlane plane = new(4, 2);
        plane.Pixels[1] = plane.Pixels[6] = 1;
        foreach ((string picture, string mask) in new[] { (a, maskA), (b, maskB) })
        {
            writer.WritePicture(picture, new(4, 2, 1, new byte[] { 0, 10, 20, 30, 40, 50, 60, 70 }));
            writer.WriteMask(mask, plane);
        }
        writer.WriteIndex([Entry(a, maskA, DatasetSplit.Train), Entry(b, maskB, DatasetSplit.Test)]);

        DatasetPicture train = Assert.Single(PictureDataset.Open(_folder.FullName, DatasetSplit.Train).Pictures);
        PictureCase read = train.Read(_files);
        Assert.Equal(60, read.Image.Pixels.Span[6]);
        NamedMask named = Assert.Single(read.Masks);
        Assert.Equal((maskA, "subject, \"one\""), (named.Name, named.Tags.Subject));
        Assert.Equal(plane.Pixels.ToArray(), named.Mask.Pixels.ToArray());
        Assert.Equal(b, Assert.Single(PictureDataset.Open(_folder.FullName, DatasetSplit.Test).Pictures).Name);
        Assert.Equal([a, b], PictureDataset.Open(_folder.FullName).Pictures.Select(p => p.Name));
    }

    [Fact]
    public void Open_NamesAlone_TellMasksStructuresAndCases()
    {
        DatasetWriter writer = Writer();
        foreach (string picture in new[] { "ct_00--abdo--case--z_0001", "s0114_11", "s0114_11_b" }) writer.WritePicture(picture, new(1, 1, 1, new byte[1]));
        foreach (string mask in new[] { "ct_00--abdo--case--z_0001--0007_003", "s0114_11_aorta_000", "s0114_11_b_vertebrae_T9_001", "stranger_liver_000" }) writer.WriteMask(mask, new(1, 1));
        IReadOnlyList<DatasetPicture> pictures = PictureDataset.Open(_folder.FullName).Pictures;
        Assert.Equal(["ct_00--abdo--case--z_0001", "s0114_11", "s0114_11_b"], pictures.Select(p => p.Name));
        Assert.Equal(new() { Subject = "case", Dataset = "abdo", Modality = "ct", Structure = "0007", Organ = "other", Region = "other" }, pictures[0].Masks[0].Tags);
        Assert.Equal(new() { Subject = "s0114_11", Structure = "aorta", Organ = "aorta", Region = "abdomen" }, pictures[1].Masks[0].Tags);
        Assert.Equal(("vertebra", "thorax"), (pictures[2].Masks[0].Tags.Organ, pictures[2].Masks[0].Tags.Region));
    }

    [Fact]
    public void Open_IndexThatCountsFromTheFolderAbove_IsFound()
    {
        string folder = Path.Combine(_folder.FullName, "data_demo");
        DatasetWriter writer = Writer(folder);
        writer.WritePicture("a", new(1, 1, 1, new byte[1]));
        writer.WriteMask("a_liver_000", new(1, 1));
        File.WriteAllText(Path.Combine(folder, "image2label_train.json"), """{ "data_demo/images/a.png": ["data_demo/masks/a_liver_000.png"] }""");
        Assert.Single(Assert.Single(PictureDataset.Open(folder, DatasetSplit.Train).Pictures).Read(_files).Masks);
    }

    [Fact]
    public void Open_WhatIsNoDataSet_SaysWhatIsExpected()
    {
        Assert.Contains("images and masks", Assert.Throws<InvalidFileException>(() => PictureDataset.Open(_folder.FullName)).Message);
        Writer();
        Assert.Contains("no mask", Assert.Throws<InvalidFileException>(() => PictureDataset.Open(_folder.FullName)).Message);
        Assert.Contains("label2image_test.json", Assert.Throws<InvalidFileException>(() => PictureDataset.Open(_folder.FullName, DatasetSplit.Test)).Message);
        File.WriteAllText(Path.Combine(_folder.FullName, "label2image_test.json"), "[");
        Assert.Contains("damaged", Assert.Throws<InvalidFileException>(() => PictureDataset.Open(_folder.FullName, DatasetSplit.Test)).Message);
        File.WriteAllText(Path.Combine(_folder.FullName, "manifest.csv"), "mask,image\n");
        Assert.Contains("manifest.csv", Assert.Throws<InvalidFileException>(() => PictureDataset.Open(_folder.FullName)).Message);
    }

    [Fact]
    public void Read_MaskOfAnotherSize_NamesBothSizes()
    {
        DatasetWriter writer = Writer();
        writer.WritePicture("a", new(3, 2, 1, new byte[6]));
        writer.WriteMask("a_liver_000", new(2, 3));
        string message = Assert.Throws<UnsupportedInputException>(() => PictureDataset.Open(_folder.FullName).Pictures[0].Read(_files)).Message;
        Assert.Contains("2×3", message);
        Assert.Contains("3×2", message);
    }

    [Theory]
    [InlineData("vertebrae_L2", "vertebra", "abdomen")]
    [InlineData("rib_left_9", "rib", "thorax")]
    [InlineData("heart_ventricle_left", "heart", "thorax")]
    [InlineData("Left-Lateral-Ventricle", "brain", "head and neck")]
    [InlineData("adrenal_gland_right", "adrenal gland", "abdomen")]
    [InlineData("kidney_cyst_left", "lesion", "lesion")]
    [InlineData("GTV_Mass", "lesion", "lesion")]
    [InlineData("urinary_bladder", "bladder", "pelvis")]
    [InlineData("label 7", "label 7", "other")]
    public void Anatomy_Names_FallIntoOrganAndRegion(string structure, string organ, string region) => Assert.Equal((organ, region), Anatomy.Of(structure));
}
