using SamMed2D.Core.Prompts;
using SamMed2D.Core.Slices;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>
/// Finds points deep inside a mask: the maxima of its distance transform (exact and Euclidean in pixels, by lower envelopes of parabolas:
/// Felzenszwalb and Huttenlocher, Theory of Computing 8, 2012).
/// </summary>
internal static class InteriorPoints
{
    private const double Far = 1e20;

    /// <summary>Up to <paramref name="count"/> points, deepest first; each further one lies outside the discs that fit round the earlier ones.</summary>
    public static List<PromptPoint> Find(MaskPlane mask, int count)
    {
        List<PromptPoint> points = [];
        if (mask.GetBounds() is not { } box) return points;
        // One pixel of surroundings, so that the picture's edge is an edge of the mask too.
        int width = box.Width + 2, height = box.Height + 2;
        double[] squared = SquaredDistances(mask, box, width, height);
        while (points.Count < count)
        {
            int deepest = 0;
            for (int n = 1; n < squared.Length; n++)
                if (squared[n] > squared[deepest]) deepest = n;
            double radiusSquared = squared[deepest];
            if (radiusSquared <= 0) break;
            (int cx, int cy) = (deepest % width, deepest / width);
            points.Add(new(box.X0 + cx - 1, box.Y0 + cy - 1, IsForeground: true));
            for (int y = 0; y < height; y++)
                for (int x = 0; x < width; x++)
                    if ((x - cx) * (x - cx) + (y - cy) * (y - cy) < 4 * radiusSquared) squared[y * width + x] = 0;
        }
        return points;
    }

    /// <summary>Squared distance of each pixel of the surrounded box to the nearest pixel off the mask.</summary>
    internal static double[] SquaredDistances(MaskPlane mask, PixelRectangle box, int width, int height)
    {
        double[] field = new double[width * height];
        for (int y = 1; y < height - 1; y++)
            for (int x = 1; x < width - 1; x++)
                if (mask[box.X0 + x - 1, box.Y0 + y - 1]) field[y * width + x] = Far;
        int longest = Math.Max(width, height);
        double[] line = new double[longest], result = new double[longest], edges = new double[longest + 1];
        int[] apexes = new int[longest];
        for (int x = 0; x < width; x++)
        {
            for (int y = 0; y < height; y++) line[y] = field[y * width + x];
            Envelope(line.AsSpan(0, height), result, apexes, edges);
            for (int y = 0; y < height; y++) field[y * width + x] = result[y];
        }
        for (int y = 0; y < height; y++)
        {
            field.AsSpan(y * width, width).CopyTo(line);
            Envelope(line.AsSpan(0, width), result, apexes, edges);
            result.AsSpan(0, width).CopyTo(field.AsSpan(y * width, width));
        }
        return field;
    }

    private static void Envelope(ReadOnlySpan<double> line, Span<double> result, Span<int> apexes, Span<double> edges)
    {
        int last = 0;
        (apexes[0], edges[0], edges[1]) = (0, double.NegativeInfinity, double.PositiveInfinity);
        for (int q = 1; q < line.Length; q++)
        {
            double crossing = Crossing(line, q, apexes[last]);
            while (crossing <= edges[last]) crossing = Crossing(line, q, apexes[--last]);
            last++;
            (apexes[last], edges[last], edges[last + 1]) = (q, crossing, double.PositiveInfinity);
        }
        for (int q = 0, k = 0; q < line.Length; q++)
        {
            while (edges[k + 1] < q) k++;
            int apex = apexes[k];
            result[q] = (q - apex) * (q - apex) + line[apex];
        }
    }

    private static double Crossing(ReadOnlySpan<double> line, int q, int p) => (line[q] + (double)q * q - line[p] - (double)p * p) / (2.0 * (q - p));
}
