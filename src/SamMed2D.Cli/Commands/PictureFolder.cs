using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Png;
using SamMed2D.Segmentation.Evaluation;

namespace SamMed2D.Cli.Commands;

/// <summary>A data set in SA-Med2D-20M's layout: <c>images/NAME.png</c>, <c>masks/NAME_CLASS_INSTANCE.png</c> (or <c>NAME--CLASS_INSTANCE.png</c>).</summary>
internal sealed class PictureFolder
{
    private const byte ObjectFrom = 128;
    private readonly List<(string Image, List<string> Masks)> _pictures = [];

    /// <summary>Finds the pictures and their masks.</summary>
    /// <exception cref="InvalidFileException">The folder is not of this layout.</exception>
    public PictureFolder(string folder)
    {
        string images = Path.Combine(folder, "images"), masks = Path.Combine(folder, "masks");
        if (!Directory.Exists(images) || !Directory.Exists(masks))
            throw new InvalidFileException(folder, "expected a folder with the sub-folders images and masks");
        foreach (string image in Directory.GetFiles(images, "*.png").Order(StringComparer.Ordinal)) _pictures.Add((image, []));
        foreach (string mask in Directory.GetFiles(masks, "*.png").Order(StringComparer.Ordinal)) MasksOf(mask)?.Add(mask);
        _pictures.RemoveAll(p => p.Masks.Count == 0);
        if (_pictures.Count == 0) throw new InvalidFileException(folder, "no mask goes with an image; expected images/NAME.png and masks/NAME_CLASS_INSTANCE.png");
    }

    /// <summary>Number of pictures with masks.</summary>
    public int Count => _pictures.Count;

    /// <summary>Reads the pictures one by one.</summary>
    /// <exception cref="InvalidFileException">A file is damaged.</exception>
    /// <exception cref="UnsupportedInputException">A mask is a colour picture or of another size than its image.</exception>
    public IEnumerable<PictureCase> Read()
    {
        foreach ((string path, List<string> masks) in _pictures)
        {
            SliceImage image = PngFile.Read(path);
            yield return new(NameOf(path), image, [.. masks.Select(mask => new NamedMask(NameOf(mask), ReadMask(mask, image)))]);
        }
    }

    // The longest name wins, where one image's name begins another's.
    private List<string>? MasksOf(string mask)
    {
        string name = NameOf(mask);
        return _pictures.Where(p => name.StartsWith(NameOf(p.Image) + "_", StringComparison.Ordinal) || name.StartsWith(NameOf(p.Image) + "--", StringComparison.Ordinal))
            .MaxBy(p => p.Image.Length).Masks;
    }

    private static MaskPlane ReadMask(string path, SliceImage image)
    {
        SliceImage picture = PngFile.Read(path);
        if (picture.Channels != 1) throw new UnsupportedInputException(path, "is a colour picture, expected a grey one with the object in white");
        if (picture.Width != image.Width || picture.Height != image.Height)
            throw new UnsupportedInputException(path, $"has {picture.Width}×{picture.Height} pixels, its image {image.Width}×{image.Height}; give masks of their images' size");
        MaskPlane mask = new(picture.Width, picture.Height);
        ReadOnlySpan<byte> pixels = picture.Pixels.Span;
        for (int n = 0; n < pixels.Length; n++) mask.Pixels[n] = pixels[n] >= ObjectFrom ? (byte)1 : (byte)0;
        return mask;
    }

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);
}
