using System.Numerics;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Slicing;

/// <summary>One 8-connected piece of one label on a slice.</summary>
/// <typeparam name="T">The labels' number type.</typeparam>
/// <param name="Label">The label; not 0.</param>
/// <param name="Pixels">Positions of its pixels on the slice, row by row from 0.</param>
public sealed record SlicePiece<T>(T Label, int[] Pixels) where T : unmanaged, INumber<T>
{
    /// <summary>Number of pixels.</summary>
    public int Area => Pixels.Length;

    /// <summary>The rectangle round it.</summary>
    /// <param name="width">Pixels in a row of the slice.</param>
    public PixelRectangle BoundsIn(int width)
    {
        int x0 = int.MaxValue, y0 = int.MaxValue, x1 = 0, y1 = 0;
        foreach (int pixel in Pixels)
        {
            (int y, int x) = Math.DivRem(pixel, width);
            (x0, y0, x1, y1) = (Math.Min(x0, x), Math.Min(y0, y), Math.Max(x1, x + 1), Math.Max(y1, y + 1));
        }
        return new(x0, y0, x1, y1);
    }

    /// <summary>The piece as a mask of the slice.</summary>
    public MaskPlane ToMask(int width, int height)
    {
        MaskPlane mask = new(width, height);
        foreach (int pixel in Pixels) mask.Pixels[pixel] = 1;
        return mask;
    }
}

/// <summary>Divides slices of labels into 8-connected pieces.</summary>
public static class SlicePieces
{
    /// <summary>The pieces of all labels but 0, in the order of their first pixels.</summary>
    /// <param name="labels">The slice, row by row.</param>
    /// <param name="width">Pixels in a row.</param>
    public static List<SlicePiece<T>> Find<T>(ReadOnlySpan<T> labels, int width) where T : unmanaged, INumber<T>
    {
        T[] open = labels.ToArray();
        List<SlicePiece<T>> pieces = [];
        List<int> piece = [];
        for (int seed = 0; seed < open.Length; seed++)
            if (open[seed] != T.Zero) pieces.Add(new(labels[seed], Take(open, width, seed, piece)));
        return pieces;
    }

    /// <summary>The largest piece of a mask (the first of equals), or null where the mask is empty.</summary>
    public static SlicePiece<byte>? FindLargest(MaskPlane mask) => Find<byte>(mask.Pixels, mask.Width).MaxBy(piece => piece.Area);

    // The list is the queue too: pixels before `next` have been looked round.
    private static int[] Take<T>(T[] open, int width, int seed, List<int> piece) where T : unmanaged, INumber<T>
    {
        T label = open[seed];
        int height = open.Length / width;
        open[seed] = T.Zero;
        piece.Clear();
        piece.Add(seed);
        for (int next = 0; next < piece.Count; next++)
        {
            (int y, int x) = Math.DivRem(piece[next], width);
            for (int ny = Math.Max(y - 1, 0); ny <= Math.Min(y + 1, height - 1); ny++)
                for (int nx = Math.Max(x - 1, 0); nx <= Math.Min(x + 1, width - 1); nx++)
                {
                    int neighbour = ny * width + nx;
                    if (open[neighbour] != label) continue;
                    open[neighbour] = T.Zero;
                    piece.Add(neighbour);
                }
        }
        return [.. piece];
    }
}
