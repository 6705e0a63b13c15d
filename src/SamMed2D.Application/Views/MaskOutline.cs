using SamMed2D.Core.Slices;

namespace SamMed2D.Application.Views;

/// <summary>The borders of a mask's pixels as closed lines, the inside on the right-hand side, corners alone.</summary>
internal static class MaskOutline
{
    // Directions of travel: right, down, left, up.
    private static ReadOnlySpan<int> StepX => [1, 0, -1, 0];

    private static ReadOnlySpan<int> StepY => [0, 1, 0, -1];

    /// <summary>All outlines, holes too, in slice pixels (borders lie at halves).</summary>
    public static IEnumerable<IReadOnlyList<ViewPoint>> Trace(MaskPlane mask)
    {
        if (mask.GetBounds() is not { } bounds) yield break;
        HashSet<(int X, int Y)> walked = [];
        for (int y = bounds.Y0; y < bounds.Y1; y++)
            for (int x = bounds.X0; x < bounds.X1; x++)
                // A set pixel below an unset one has an upper border, which is walked to the right.
                if (IsSet(mask, x, y) && !IsSet(mask, x, y - 1) && walked.Add((x, y))) yield return Follow(mask, x, y, walked);
    }

    private static List<ViewPoint> Follow(MaskPlane mask, int startX, int startY, HashSet<(int X, int Y)> walked)
    {
        List<ViewPoint> corners = [];
        int x = startX, y = startY, direction = 0;
        do
        {
            x += StepX[direction];
            y += StepY[direction];
            int next = Turn(mask, x, y, direction);
            if (next != direction) corners.Add(new(x - 0.5, y - 0.5));
            direction = next;
            if (direction == 0) walked.Add((x, y));
        }
        while (x != startX || y != startY || direction != 0);
        return corners;
    }

    // At a corner of pixels: keep the inside on the right. Pixels that touch by a corner alone stay apart.
    private static int Turn(MaskPlane mask, int x, int y, int direction)
    {
        (bool ahead, bool aheadLeft) = direction switch
        {
            0 => (IsSet(mask, x, y), IsSet(mask, x, y - 1)),
            1 => (IsSet(mask, x - 1, y), IsSet(mask, x, y)),
            2 => (IsSet(mask, x - 1, y - 1), IsSet(mask, x - 1, y)),
            _ => (IsSet(mask, x, y - 1), IsSet(mask, x - 1, y - 1)),
        };
        if (!ahead) return (direction + 1) % 4;
        return aheadLeft ? (direction + 3) % 4 : direction;
    }

    private static bool IsSet(MaskPlane mask, int x, int y) => x >= 0 && y >= 0 && x < mask.Width && y < mask.Height && mask[x, y];
}
