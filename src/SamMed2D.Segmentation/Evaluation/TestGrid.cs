using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// The 256×256 pixels on which SAM-Med2D's tests draw prompts: a smaller picture keeps its pixels (it is padded), any other is resized to the square
/// by nearest neighbour, without keeping its proportions. The same for every model, so that all get the same prompts.
/// </summary>
internal readonly record struct TestGrid
{
    private const int Side = 256;
    private readonly int _pictureWidth;
    private readonly int _pictureHeight;

    /// <summary>The grid of a picture.</summary>
    public TestGrid(int width, int height)
    {
        (_pictureWidth, _pictureHeight) = (width, height);
        (Width, Height) = width < Side && height < Side ? (width, height) : (Side, Side);
    }

    /// <summary>Columns that hold the picture.</summary>
    public int Width { get; }

    /// <summary>Rows that hold the picture.</summary>
    public int Height { get; }

    /// <summary>A mask of the picture on the grid.</summary>
    public MaskPlane Reduce(MaskPlane mask)
    {
        MaskPlane reduced = new(Width, Height);
        for (int y = 0; y < Height; y++)
            for (int x = 0; x < Width; x++)
                reduced.Pixels[y * Width + x] = mask.Pixels[y * _pictureHeight / Height * _pictureWidth + x * _pictureWidth / Width];
        return reduced;
    }

    /// <summary>A box of the grid in the picture's pixels.</summary>
    public PromptBox ToPicture(PixelRectangle box) => new(ToX(box.X0), ToY(box.Y0), ToX(box.X1), ToY(box.Y1));

    /// <summary>A pixel of the grid as a point in the picture; never off it.</summary>
    public PromptPoint ToPicture(int x, int y, bool isForeground) =>
        new(Math.Min(ToX(x), _pictureWidth - 0.5), Math.Min(ToY(y), _pictureHeight - 0.5), isForeground);

    private double ToX(int x) => (double)x * _pictureWidth / Width;

    private double ToY(int y) => (double)y * _pictureHeight / Height;
}
