using SamMed2D.Inference.Models;

namespace SamMed2D.Inference.Sam;

/// <summary>How a slice of one size lies in a SAM model's square input: image, prompts and masks all go by it.</summary>
public readonly record struct SamFit
{
    /// <summary>Fits a slice.</summary>
    /// <param name="width">Columns of the slice.</param>
    /// <param name="height">Rows of the slice.</param>
    /// <param name="imageSize">Side of the square.</param>
    /// <param name="policy">The rule.</param>
    public SamFit(int width, int height, int imageSize, ResizePolicy policy)
    {
        (Width, Height, ImageSize) = (width, height, imageSize);
        (ContentWidth, ContentHeight) = (imageSize, imageSize);
        if (policy == ResizePolicy.PadSmall && width < imageSize && height < imageSize)
        {
            (ContentWidth, ContentHeight) = (width, height);
            (Left, Top) = ((imageSize - width) / 2, (imageSize - height) / 2);
        }
        else if (policy == ResizePolicy.LongestSide)
        {
            double scale = (double)imageSize / Math.Max(width, height);
            (ContentWidth, ContentHeight) = (Math.Max((int)(width * scale + 0.5), 1), Math.Max((int)(height * scale + 0.5), 1));
            IsSmooth = true;
        }
    }

    /// <summary>Columns of the slice.</summary>
    public int Width { get; }

    /// <summary>Rows of the slice.</summary>
    public int Height { get; }

    /// <summary>Side of the square.</summary>
    public int ImageSize { get; }

    /// <summary>Columns of the square that the slice fills.</summary>
    public int ContentWidth { get; }

    /// <summary>Rows of the square that the slice fills.</summary>
    public int ContentHeight { get; }

    /// <summary>The first of these columns.</summary>
    public int Left { get; }

    /// <summary>The first of these rows.</summary>
    public int Top { get; }

    /// <summary>True where the image is resized bilinearly, false where by nearest neighbour.</summary>
    public bool IsSmooth { get; }

    /// <summary>A slice's column in the square.</summary>
    public double ToInputX(double x) => x * ContentWidth / Width + Left;

    /// <summary>A slice's row in the square.</summary>
    public double ToInputY(double y) => y * ContentHeight / Height + Top;
}
