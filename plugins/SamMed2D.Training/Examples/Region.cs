using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Examples;

/// <summary>A set of pixels of a scene with its bounds. Belongs to one worker, which refills it.</summary>
internal sealed class Region
{
    private readonly int[] _stack = new int[Scene.Area];

    /// <summary>0 or 1 a pixel.</summary>
    public byte[] Mask { get; } = new byte[Scene.Area];

    /// <summary>Number of pixels.</summary>
    public int Area { get; private set; }

    /// <summary>First column.</summary>
    public int X0 { get; private set; }

    /// <summary>First row.</summary>
    public int Y0 { get; private set; }

    /// <summary>One past the last column.</summary>
    public int X1 { get; private set; }

    /// <summary>One past the last row.</summary>
    public int Y1 { get; private set; }

    public void Clear()
    {
        Array.Clear(Mask);
        (Area, X0, Y0, X1, Y1) = (0, Scene.Size, Scene.Size, 0, 0);
    }

    /// <summary>Takes the 8-connected pixels of one label around a seed.</summary>
    public void Flood(ushort[] labels, int seed)
    {
        Clear();
        ushort label = labels[seed];
        int top = 0;
        _stack[top++] = seed;
        Take(seed);
        while (top > 0)
        {
            int at = _stack[--top], x = at % Scene.Size, y = at / Scene.Size;
            for (int ny = Math.Max(y - 1, 0); ny <= Math.Min(y + 1, Scene.Size - 1); ny++)
                for (int nx = Math.Max(x - 1, 0); nx <= Math.Min(x + 1, Scene.Size - 1); nx++)
                {
                    int next = ny * Scene.Size + nx;
                    if (labels[next] != label || Mask[next] != 0) continue;
                    Take(next);
                    _stack[top++] = next;
                }
        }
    }

    /// <summary>Takes the component that shares the most pixels with another region, or failing that one that comes within a few pixels of it.</summary>
    /// <returns>False if there is none; the region is empty then.</returns>
    public bool FloodNear(ushort[] labels, ushort label, Region other)
    {
        // The first common pixel met along a coarse scan belongs, as a rule, to the component with the largest share.
        int best = -1;
        float nearest = 12 * 12;
        float cx = (other.X0 + other.X1) / 2f, cy = (other.Y0 + other.Y1) / 2f;
        float centreDistance = float.MaxValue;
        int x0 = Math.Max(0, other.X0 - 12), x1 = Math.Min(Scene.Size, other.X1 + 12), y0 = Math.Max(0, other.Y0 - 12), y1 = Math.Min(Scene.Size, other.Y1 + 12);
        bool overlaps = false;
        for (int y = y0; y < y1; y++)
            for (int x = x0; x < x1; x++)
            {
                int at = y * Scene.Size + x;
                if (labels[at] != label) continue;
                float d = (x - cx) * (x - cx) + (y - cy) * (y - cy);
                bool common = other.Mask[at] != 0;
                if (common && (!overlaps || d < centreDistance)) (best, centreDistance, overlaps) = (at, d, true);
                else if (!overlaps && d < centreDistance) (best, centreDistance) = (at, d);
            }
        if (best < 0 || !overlaps && centreDistance > nearest + other.Area)
        {
            Clear();
            return false;
        }
        Flood(labels, best);
        return true;
    }

    /// <summary>Adds everything that the region encloses.</summary>
    public void FillHoles()
    {
        if (Area == 0) return;
        // Flood the outside within the bounds grown by one pixel; what stays unreached is inside.
        int left = X0 - 1, top = Y0 - 1, width = X1 - X0 + 2, height = Y1 - Y0 + 2;
        Span<byte> outside = new byte[width * height];
        int depth = 0;
        _stack[depth++] = 0;
        outside[0] = 1;
        while (depth > 0)
        {
            int at = _stack[--depth], x = at % width, y = at / width;
            if (x > 0) Visit(at - 1, outside, ref depth, left, top, width);
            if (x < width - 1) Visit(at + 1, outside, ref depth, left, top, width);
            if (y > 0) Visit(at - width, outside, ref depth, left, top, width);
            if (y < height - 1) Visit(at + width, outside, ref depth, left, top, width);
        }
        for (int y = 1; y < height - 1; y++)
            for (int x = 1; x < width - 1; x++)
            {
                int pixel = (y + top) * Scene.Size + x + left;
                if (outside[y * width + x] != 0 || Mask[pixel] != 0) continue;
                Mask[pixel] = 1;
                Area++;
            }
    }

    private void Visit(int at, Span<byte> outside, ref int depth, int left, int top, int width)
    {
        if (outside[at] != 0) return;
        int x = at % width + left, y = at / width + top;
        bool inScene = (uint)x < Scene.Size && (uint)y < Scene.Size;
        if (inScene && Mask[y * Scene.Size + x] != 0) return;
        outside[at] = 1;
        _stack[depth++] = at;
    }

    private void Take(int at)
    {
        Mask[at] = 1;
        Area++;
        int x = at % Scene.Size, y = at / Scene.Size;
        X0 = Math.Min(X0, x);
        X1 = Math.Max(X1, x + 1);
        Y0 = Math.Min(Y0, y);
        Y1 = Math.Max(Y1, y + 1);
    }
}
