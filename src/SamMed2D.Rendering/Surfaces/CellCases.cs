namespace SamMed2D.Rendering.Surfaces;

/// <summary>
/// What a cell of 2×2×2 voxels can look like for one label. A case is an 8-bit mask: bit x + 2y + 4z tells whether that corner has the
/// label. An edge is numbered axis·4 + b1 + 2·b2, where b1 and b2 are its place along the next two axes (x→y→z→x). Where the label's voxels
/// touch only along an edge they count as apart, so that the surface of a label is always a manifold; the parts of the
/// surface in one cell, its fans, then need a vertex each.
/// </summary>
internal static class CellCases
{
    private const byte NoFan = 0xFF;
    private static readonly byte[] s_fanOfEdge = new byte[256 * 12];
    private static readonly bool[] s_isSimple = new bool[256];

    static CellCases()
    {
        for (int mask = 0; mask < 256; mask++) Analyse(mask);
    }

    /// <summary>Whether the surface passes the cell as one sheet that crosses no face twice: the case of nearly all cells.</summary>
    public static bool IsSimple(int mask) => s_isSimple[mask];

    /// <summary>Which fan, from 0, the quad across an edge belongs to. The edge must join the label to something else.</summary>
    public static int FanOfEdge(int mask, int edge) => s_fanOfEdge[mask * 12 + edge];

    /// <summary>The corners at the ends of an edge, the lower one first.</summary>
    public static (int Low, int High) CornersOf(int edge)
    {
        int axis = edge / 4, next = (axis + 1) % 3, last = (axis + 2) % 3;
        int low = (edge & 1) << next | (edge >> 1 & 1) << last;
        return (low, low | 1 << axis);
    }

    /// <summary>The edge between two corners that differ along one axis.</summary>
    public static int EdgeBetween(int a, int b)
    {
        int axis = (a ^ b) switch { 1 => 0, 2 => 1, _ => 2 };
        return axis * 4 + (a >> (axis + 1) % 3 & 1) + 2 * (a >> (axis + 2) % 3 & 1);
    }

    /// <summary>Whether on a face the label has just two diagonal corners.</summary>
    /// <param name="mask">The case.</param>
    /// <param name="axis">The axis at right angles to the face.</param>
    /// <param name="side">0 for the lower face, 1 for the upper.</param>
    public static bool IsCheckered(int mask, int axis, int side)
    {
        (int c0, int c1, int c2, int c3) = FaceCorners(axis, side);
        bool a = Has(mask, c0), b = Has(mask, c1);
        return a != b && Has(mask, c2) == a && Has(mask, c3) == b;
    }

    private static (int, int, int, int) FaceCorners(int axis, int side)
    {
        int u = 1 << (axis + 1) % 3, v = 1 << (axis + 2) % 3, fixedBit = side << axis;
        return (fixedBit, fixedBit | u, fixedBit | u | v, fixedBit | v);
    }

    private static bool Has(int mask, int corner) => (mask >> corner & 1) != 0;

    private static void Analyse(int mask)
    {
        Span<int> group = stackalloc int[12];
        for (int edge = 0; edge < 12; edge++) group[edge] = edge;
        bool anyCheckered = false;
        for (int axis = 0; axis < 3; axis++)
            for (int side = 0; side < 2; side++)
            {
                (int c0, int c1, int c2, int c3) = FaceCorners(axis, side);
                anyCheckered |= IsCheckered(mask, axis, side);
                JoinFaceCrossings(mask, [c0, c1, c2, c3], group, IsCheckered(mask, axis, side));
            }

        int fans = 0;
        Span<int> fanOfGroup = stackalloc int[12];
        fanOfGroup.Fill(-1);
        for (int edge = 0; edge < 12; edge++)
        {
            (int low, int high) = CornersOf(edge);
            s_fanOfEdge[mask * 12 + edge] = NoFan;
            if (Has(mask, low) == Has(mask, high)) continue;
            ref int fan = ref fanOfGroup[group[edge]];
            if (fan < 0) fan = fans++;
            s_fanOfEdge[mask * 12 + edge] = (byte)fan;
        }
        s_isSimple[mask] = fans <= 1 && !anyCheckered;
    }

    // The surface runs through a face from one crossed edge to the next: on a checkered face around each corner that has the label.
    private static void JoinFaceCrossings(int mask, ReadOnlySpan<int> corners, Span<int> group, bool isCheckered)
    {
        int previous = -1;
        for (int n = 0; n < 4; n++)
        {
            int before = corners[(n + 3) % 4], here = corners[n], after = corners[(n + 1) % 4];
            if (isCheckered)
            {
                if (Has(mask, here)) Join(group, EdgeBetween(before, here), EdgeBetween(here, after));
            }
            else if (Has(mask, here) != Has(mask, after))
            {
                int edge = EdgeBetween(here, after);
                if (previous >= 0) Join(group, previous, edge);
                previous = edge;
            }
        }
    }

    private static void Join(Span<int> group, int a, int b)
    {
        int from = group[b], to = group[a];
        for (int n = 0; n < group.Length; n++)
            if (group[n] == from) group[n] = to;
    }
}
