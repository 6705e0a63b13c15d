using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>Writes a data set in SA-Med2D-20M's layout. Safe for concurrent calls about different pictures.</summary>
/// <param name="folder">The data set's folder; made where it is missing.</param>
/// <param name="files">Writes pictures.</param>
public sealed class DatasetWriter(string folder, IPictureFiles files)
{
    private const byte White = 255;

    /// <summary>Makes the folders.</summary>
    /// <exception cref="OutputException">They cannot be made.</exception>
    public void CreateFolders()
    {
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "images"));
            Directory.CreateDirectory(Path.Combine(folder, "masks"));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new OutputException(folder, "the folder cannot be made; choose a place that you may write to", failure);
        }
    }

    /// <summary>The place of a picture in the data set, from its folder.</summary>
    public static string PictureFile(string name) => $"images/{name}.png";

    /// <summary>The place of a mask in the data set, from its folder.</summary>
    public static string MaskFile(string name) => $"masks/{name}.png";

    /// <summary>Writes a picture.</summary>
    /// <param name="name">Its name without ending.</param>
    /// <param name="picture">The picture.</param>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public void WritePicture(string name, SliceImage picture) => files.Write(Path.Combine(folder, PictureFile(name)), picture);

    /// <summary>Writes a mask, white on black.</summary>
    /// <param name="name">Its name without ending.</param>
    /// <param name="mask">The mask.</param>
    /// <exception cref="OutputException">It cannot be written.</exception>
    public void WriteMask(string name, MaskPlane mask)
    {
        byte[] pixels = mask.Pixels.ToArray();
        for (int n = 0; n < pixels.Length; n++) pixels[n] *= White;
        files.Write(Path.Combine(folder, MaskFile(name)), new(mask.Width, mask.Height, 1, pixels));
    }

    /// <summary>Writes the index files and the manifest, together.</summary>
    /// <param name="entries">All masks of the data set.</param>
    /// <exception cref="OutputException">They cannot be written.</exception>
    public void WriteIndex(IReadOnlyList<DatasetEntry> entries)
    {
        IEnumerable<(string, string)> MasksOf(DatasetSplit split) => entries.Where(e => e.Split == split).Select(e => (e.Picture, e.Mask));
        string[] texts = [PictureIndex.ToTrainJson(MasksOf(DatasetSplit.Train)), PictureIndex.ToTestJson(MasksOf(DatasetSplit.Test)), DatasetManifest.ToCsv(entries)];
        string[] paths = [.. new[] { PictureIndex.TrainName, PictureIndex.TestName, DatasetManifest.FileName }.Select(name => Path.Combine(folder, name))];
        AtomicFile.WriteGroup(paths, streams =>
        {
            for (int n = 0; n < texts.Length; n++) streams[n].Write(System.Text.Encoding.UTF8.GetBytes(texts[n]));
        });
    }
}
