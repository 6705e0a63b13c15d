using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>Finds the largest 8-connected piece of a mask.</summary>
internal static class LargestPiece
{
    /// <summary>The rectangle round it (the first found of equals), or null where the mask is empty.</summary>
    public static PixelRectangle? FindBounds(MaskPlane mask)
    {
        byte[] open = mask.Pixels.ToArray();
        Stack<int> stack = new();
        (int Area, PixelRectangle Bounds) best = default;
        for (int seed = 0; seed < open.Length; seed++)
        {
            if (open[seed] == 0) continue;
            (int Area, PixelRectangle Bounds) piece = Take(open, mask.Width, seed, stack);
            if (piece.Area > best.Area) best = piece;
        }
        return best.Area == 0 ? null : best.Bounds;
    }

    private static (int Area, PixelRectangle Bounds) Take(byte[] open, int width, int seed, Stack<int> stack)
    {
        int area = 0, height = open.Length / width, x0 = width, y0 = height, x1 = 0, y1 = 0;
        open[seed] = 0;
        stack.Push(seed);
        while (stack.TryPop(out int pixel))
        {
            (int y, int x) = Math.DivRem(pixel, width);
            area++;
            (x0, y0, x1, y1) = (Math.Min(x0, x), Math.Min(y0, y), Math.Max(x1, x + 1), Math.Max(y1, y + 1));
            for (int ny = Math.Max(y - 1, 0); ny <= Math.Min(y + 1, height - 1); ny++)
                for (int nx = Math.Max(x - 1, 0); nx <= Math.Min(x + 1, width - 1); nx++)
                {
                    int neighbour = ny * width + nx;
                    if (open[neighbour] == 0) continue;
                    open[neighbour] = 0;
                    stack.Push(neighbour);
                }
        }
        return (area, new(x0, y0, x1, y1));
    }
}
