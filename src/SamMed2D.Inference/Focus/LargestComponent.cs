using SamMed2D.Core.Slices;

namespace SamMed2D.Inference.Focus;

/// <summary>Finds the largest 8-connected piece of a network's answer.</summary>
internal static class LargestComponent
{
    /// <summary>The box of the largest piece of logits over 0, or null where there is none.</summary>
    /// <param name="logits">Square, row by row.</param>
    /// <param name="size">Length of a side.</param>
    public static PixelRectangle? FindBounds(ReadOnlySpan<float> logits, int size)
    {
        bool[] open = new bool[size * size];
        for (int n = 0; n < open.Length; n++) open[n] = logits[n] > 0;
        Stack<int> stack = new();
        (int Area, PixelRectangle Bounds) best = default;
        for (int seed = 0; seed < open.Length; seed++)
        {
            if (!open[seed]) continue;
            (int Area, PixelRectangle Bounds) piece = Flood(open, size, seed, stack);
            if (piece.Area > best.Area) best = piece;
        }
        return best.Area == 0 ? null : best.Bounds;
    }

    private static (int Area, PixelRectangle Bounds) Flood(bool[] open, int size, int seed, Stack<int> stack)
    {
        int area = 0, x0 = size, y0 = size, x1 = 0, y1 = 0;
        open[seed] = false;
        stack.Push(seed);
        while (stack.TryPop(out int pixel))
        {
            (int y, int x) = Math.DivRem(pixel, size);
            area++;
            (x0, y0, x1, y1) = (Math.Min(x0, x), Math.Min(y0, y), Math.Max(x1, x + 1), Math.Max(y1, y + 1));
            for (int ny = Math.Max(y - 1, 0); ny <= Math.Min(y + 1, size - 1); ny++)
                for (int nx = Math.Max(x - 1, 0); nx <= Math.Min(x + 1, size - 1); nx++)
                {
                    int neighbour = ny * size + nx;
                    if (!open[neighbour]) continue;
                    open[neighbour] = false;
                    stack.Push(neighbour);
                }
        }
        return (area, new(x0, y0, x1, y1));
    }
}
