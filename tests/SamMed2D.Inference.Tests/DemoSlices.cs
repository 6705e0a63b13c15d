using SamMed2D.Core.Slices;
using SamMed2D.Imaging.Png;
using SamMed2D.Testing;

namespace SamMed2D.Inference.Tests;

/// <summary>The demo slices with masks in <c>../shared/data/slices-2d</c>, the same that SAM-Med2D's authors show.</summary>
internal static class DemoSlices
{
    public static string? Missing => Repository.SharedMissing("data", "slices-2d");

    public static SliceImage ReadImage(string name) => PngFile.Read(Repository.SharedPath("data", "slices-2d", "images", name + ".png"));

    /// <summary>Every mask with its image.</summary>
    public static IReadOnlyList<(string Name, SliceImage Image, MaskPlane Mask)> ReadAll()
    {
        Dictionary<string, SliceImage> images = Directory.GetFiles(Repository.SharedPath("data", "slices-2d", "images"), "*.png")
            .ToDictionary(path => Path.GetFileNameWithoutExtension(path), PngFile.Read);
        return [.. Directory.GetFiles(Repository.SharedPath("data", "slices-2d", "masks"), "*.png").Order(StringComparer.Ordinal).Select(path =>
        {
            string name = Path.GetFileNameWithoutExtension(path);
            return (name, images.Single(image => name.StartsWith(image.Key, StringComparison.Ordinal)).Value, ReadMask(path));
        })];
    }

    public static double Dice(MaskPlane mask, Func<int, int, bool> isMarked)
    {
        int both = 0, marked = 0;
        for (int y = 0; y < mask.Height; y++)
            for (int x = 0; x < mask.Width; x++)
            {
                if (!isMarked(x, y)) continue;
                marked++;
                if (mask[x, y]) both++;
            }
        return 2.0 * both / Math.Max(marked + mask.GetArea(), 1);
    }

    /// <summary>The ellipse inscribed in a box: a floor that a box-prompted model must beat.</summary>
    public static double EllipseDice(MaskPlane mask)
    {
        PixelRectangle box = mask.GetBounds()!.Value;
        double centreX = (box.X0 + box.X1 - 1) / 2.0, centreY = (box.Y0 + box.Y1 - 1) / 2.0;
        return Dice(mask, (x, y) => Math.Pow((x - centreX) / (box.Width / 2.0), 2) + Math.Pow((y - centreY) / (box.Height / 2.0), 2) <= 1);
    }

    /// <summary>The box itself.</summary>
    public static double BoxDice(MaskPlane mask)
    {
        PixelRectangle box = mask.GetBounds()!.Value;
        return Dice(mask, (x, y) => x >= box.X0 && x < box.X1 && y >= box.Y0 && y < box.Y1);
    }

    private static MaskPlane ReadMask(string path)
    {
        SliceImage picture = PngFile.Read(path);
        MaskPlane mask = new(picture.Width, picture.Height);
        for (int n = 0; n < mask.Pixels.Length; n++) mask.Pixels[n] = picture.Pixels.Span[n * picture.Channels] > 127 ? (byte)1 : (byte)0;
        return mask;
    }
}
