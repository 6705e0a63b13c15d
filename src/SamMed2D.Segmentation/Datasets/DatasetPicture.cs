using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>A picture of a data set by its files.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Path">The picture's file.</param>
/// <param name="Masks">Its masks; at least one.</param>
public sealed record DatasetPicture(string Name, string Path, IReadOnlyList<DatasetMask> Masks)
{
    /// <summary>Reads the picture and all its masks.</summary>
    /// <exception cref="InvalidFileException">A file is damaged.</exception>
    /// <exception cref="UnsupportedInputException">A mask is a colour picture or of another size than its picture.</exception>
    public PictureCase Read(IPictureFiles files)
    {
        SliceImage image = files.Read(Path);
        return new(Name, image, [.. Masks.Select(mask => new NamedMask(mask.Name, mask.Read(files, image)) { Tags = mask.Tags })]);
    }
}

/// <summary>A mask of a data set by its file.</summary>
/// <param name="Name">The file's name without its ending.</param>
/// <param name="Path">The file.</param>
/// <param name="Tags">What it shows.</param>
public sealed record DatasetMask(string Name, string Path, MaskTags Tags)
{
    private const byte WhiteFrom = 128;

    /// <summary>Reads the mask: white on black, or 1 on 0.</summary>
    /// <param name="files">Reads pictures.</param>
    /// <param name="picture">The picture that it belongs to.</param>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    /// <exception cref="UnsupportedInputException">It is a colour picture or of another size than its picture.</exception>
    public MaskPlane Read(IPictureFiles files, SliceImage picture)
    {
        SliceImage drawn = files.Read(Path);
        if (drawn.Channels != 1) throw new UnsupportedInputException(Path, "is a colour picture, expected a grey one with the object in white");
        if (drawn.Width != picture.Width || drawn.Height != picture.Height)
            throw new UnsupportedInputException(Path, $"has {drawn.Width}×{drawn.Height} pixels, its image {picture.Width}×{picture.Height}; give masks of their images' size");
        MaskPlane mask = new(drawn.Width, drawn.Height);
        ReadOnlySpan<byte> pixels = drawn.Pixels.Span;
        byte from = pixels.ContainsAnyExceptInRange((byte)0, (byte)1) ? WhiteFrom : (byte)1;
        for (int n = 0; n < pixels.Length; n++) mask.Pixels[n] = pixels[n] >= from ? (byte)1 : (byte)0;
        return mask;
    }
}
