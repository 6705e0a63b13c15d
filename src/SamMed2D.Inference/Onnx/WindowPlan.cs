namespace SamMed2D.Inference.Onnx;

/// <summary>
/// Windows that hold equally many real tokens. The tokens of a square grid are cut into square windows from the top left; what a window at
/// the right or lower edge has beyond the grid is padding.
/// </summary>
/// <param name="Rows">Rows of real tokens in each of the windows.</param>
/// <param name="Columns">Columns of real tokens.</param>
/// <param name="Queries">The real tokens, window by window, row-major within each.</param>
/// <param name="Keys">All places of the windows, window by window; padding is the token one past the grid's last.</param>
internal sealed record WindowGroup(int Rows, int Columns, long[] Queries, long[] Keys);

/// <summary>How the tokens of a grid are cut into attention windows: at most four groups (inner, right edge, lower edge, corner).</summary>
internal sealed class WindowPlan
{
    /// <summary>Makes the plan.</summary>
    /// <param name="grid">Tokens along the grid.</param>
    /// <param name="window">Tokens along a window.</param>
    public WindowPlan(int grid, int window)
    {
        (Grid, Window) = (grid, window);
        int whole = grid / window, rest = grid % window;
        (int First, int Count, int Extent)[] bands = [(0, whole, window), (whole, rest > 0 ? 1 : 0, rest)];
        Groups = [.. from vertical in bands where vertical.Count > 0 from horizontal in bands where horizontal.Count > 0 select CreateGroup(vertical, horizontal)];
    }

    /// <summary>Tokens along the grid.</summary>
    public int Grid { get; }

    /// <summary>Tokens along a window.</summary>
    public int Window { get; }

    /// <summary>True where some windows reach beyond the grid.</summary>
    public bool HasPadding => Grid % Window != 0;

    /// <summary>True where one window is the whole grid.</summary>
    public bool IsWhole => Grid == Window;

    /// <summary>The groups of windows.</summary>
    public IReadOnlyList<WindowGroup> Groups { get; }

    /// <summary>For each token of the grid, its place in the groups' queries one after another.</summary>
    public long[] GetPlaces()
    {
        long[] places = new long[Grid * Grid];
        long place = 0;
        foreach (WindowGroup group in Groups)
            foreach (long token in group.Queries) places[token] = place++;
        return places;
    }

    private WindowGroup CreateGroup((int First, int Count, int Extent) vertical, (int First, int Count, int Extent) horizontal)
    {
        List<long> queries = [], keys = [];
        for (int down = 0; down < vertical.Count; down++)
        {
            for (int right = 0; right < horizontal.Count; right++)
            {
                int top = (vertical.First + down) * Window, left = (horizontal.First + right) * Window;
                for (int n = 0; n < Window * Window; n++)
                {
                    (int y, int x) = (top + n / Window, left + n % Window);
                    bool isReal = y < Grid && x < Grid;
                    long token = isReal ? y * Grid + x : Grid * Grid;
                    keys.Add(token);
                    if (isReal) queries.Add(token);
                }
            }
        }
        return new(vertical.Extent, horizontal.Extent, [.. queries], [.. keys]);
    }
}
