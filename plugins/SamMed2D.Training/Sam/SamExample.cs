using SamMed2D.Core.Errors;
using SamMed2D.Core.Slices;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Sam;
using SamMed2D.Segmentation.Datasets;
using SamMed2D.Segmentation.Slicing;

namespace SamMed2D.Training.Sam;

/// <summary>A picture as the model takes it, with the masks that are not empty there.</summary>
/// <param name="Pixels">Three normalised planes of Side² numbers.</param>
/// <param name="Side">Pixels along the square.</param>
/// <param name="Masks">Masks of Side² zeros and ones.</param>
internal sealed record SamExample(float[] Pixels, int Side, IReadOnlyList<SamMask> Masks)
{
    private static readonly ImagePreprocessing s_preprocessing = ImagePreprocessing.SegmentAnything(ResizePolicy.PadSmall);

    /// <summary>Fits a picture as SAM-Med2D's training does: small ones padded, others resized by nearest neighbour.</summary>
    /// <exception cref="UnsupportedInputException">Every mask is empty.</exception>
    public static SamExample From(DatasetPicture source, PictureCase picture, int side)
    {
        SamFit fit = new(picture.Image.Width, picture.Image.Height, side, ResizePolicy.PadSmall);
        List<SamMask> masks = [];
        foreach (NamedMask mask in picture.Masks)
        {
            byte[] fitted = Fit(mask.Mask, fit);
            if (fitted.AsSpan().Contains((byte)1)) masks.Add(new(mask.Tags.Structure, fitted));
        }
        if (masks.Count == 0) throw new UnsupportedInputException(source.Path, $"its {picture.Masks.Count} masks are empty on {side}×{side} pixels; leave it out of the data set");
        float[] pixels = new float[3 * side * side];
        SamImage.Fill(picture.Image, fit, s_preprocessing, pixels);
        return new(pixels, side, masks);
    }

    private static byte[] Fit(MaskPlane mask, SamFit fit)
    {
        byte[] fitted = new byte[fit.ImageSize * fit.ImageSize];
        for (int y = 0; y < fit.ContentHeight; y++)
        {
            int row = (int)((long)y * fit.Height / fit.ContentHeight) * fit.Width, to = (fit.Top + y) * fit.ImageSize + fit.Left;
            for (int x = 0; x < fit.ContentWidth; x++) fitted[to + x] = mask.Pixels[row + (int)((long)x * fit.Width / fit.ContentWidth)];
        }
        return fitted;
    }
}

/// <summary>A mask on the model's square.</summary>
/// <param name="Structure">What it shows.</param>
/// <param name="Pixels">Zeros and ones.</param>
internal sealed record SamMask(string Structure, byte[] Pixels)
{
    /// <summary>The rectangle round its largest 8-connected piece; the first of equals.</summary>
    /// <param name="side">Pixels along the square.</param>
    public PixelRectangle FindBoundsOfLargestPiece(int side) => SlicePieces.Find<byte>(Pixels, side).MaxBy(piece => piece.Area)!.BoundsIn(side);

    /// <summary>Pixels that it has in common with another.</summary>
    public int CountCommon(SamMask other)
    {
        int count = 0;
        for (int n = 0; n < Pixels.Length; n++) count += Pixels[n] & other.Pixels[n];
        return count;
    }
}
