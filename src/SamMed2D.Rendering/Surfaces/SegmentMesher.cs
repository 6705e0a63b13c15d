using System.Numerics;

namespace SamMed2D.Rendering.Surfaces;

/// <summary>
/// Cuts the closed surface of one label out of a net. In cells that the label passes in several sheets each sheet gets its own vertex, and
/// where two sheets run along the same line between two cells each gets its own point in the middle of it: so every edge belongs
/// to exactly two triangles, and every vertex has one ring of them.
/// </summary>
/// <param name="net">The net.</param>
/// <param name="places">Places of its vertices in RAS millimetres.</param>
internal sealed class SegmentMesher(LabelNet net, Vector3[] places)
{
    // Where an edge lies within the cells of a quad's four vertices, in the order of NetQuad: b1 + 2·b2 of CellCases.
    private static ReadOnlySpan<byte> EdgePlace => [3, 2, 0, 1];

    private readonly bool _isLeftHanded = net.Geometry.IndexToRas.Determinant < 0;
    private readonly int[] _vertexOf = CreateFilled(net.Centers.Length);
    private readonly List<int> _used = [];
    private readonly List<Vector3> _vertices = [];
    private readonly List<int> _indices = [];
    private readonly Dictionary<(int Cell, int Fan), int> _extraVertices = [];
    private readonly Dictionary<(int CellA, int CellB, int Corner), int> _middles = [];

    /// <summary>The surface of one label.</summary>
    /// <param name="label">The label.</param>
    /// <param name="quads">The numbers of the quads that have it on one side.</param>
    public (Vector3[] Vertices, int[] Indices) Cut(ushort label, ReadOnlySpan<int> quads)
    {
        Span<int> polygon = stackalloc int[8];
        foreach (int number in quads)
        {
            NetQuad quad = net.Quads[number];
            bool isFacingUp = quad.Low == label;
            if (IsPlain(quad)) AddPlain(quad, isFacingUp);
            else AddPolygon(polygon[..Collect(quad, label, polygon)], isFacingUp);
        }
        (Vector3[] Vertices, int[] Indices) result = ([.. _vertices], [.. _indices]);
        Reset();
        return result;
    }

    private bool IsPlain(in NetQuad quad) =>
        net.ComplexCells.Count == 0
        || !(net.ComplexCells.ContainsKey(quad.V0) || net.ComplexCells.ContainsKey(quad.V1) || net.ComplexCells.ContainsKey(quad.V2) || net.ComplexCells.ContainsKey(quad.V3));

    private void AddPlain(in NetQuad quad, bool isFacingUp)
    {
        int a = VertexOf(quad.V0), b = VertexOf(quad.V1), c = VertexOf(quad.V2), d = VertexOf(quad.V3);
        // The shorter diagonal; neighbours see the same one, so there is no gap between them.
        if (Vector3.DistanceSquared(places[quad.V0], places[quad.V2]) <= Vector3.DistanceSquared(places[quad.V1], places[quad.V3]))
        {
            AddTriangle(a, b, c, isFacingUp);
            AddTriangle(a, c, d, isFacingUp);
        }
        else
        {
            AddTriangle(b, c, d, isFacingUp);
            AddTriangle(b, d, a, isFacingUp);
        }
    }

    // The outline of a quad with the label's own vertices, and a point (its complement, to tell it apart) in the middle of each side that two sheets share.
    private int Collect(in NetQuad quad, ushort label, Span<int> polygon)
    {
        int count = 0;
        for (int n = 0; n < 4; n++)
        {
            int cell = quad.Vertex(n), nextCell = quad.Vertex((n + 1) % 4);
            int edge = quad.Axis * 4 + EdgePlace[n], nextEdge = quad.Axis * 4 + EdgePlace[(n + 1) % 4];
            polygon[count++] = VertexOf(cell, FanOf(cell, label, edge));
            if (FindMiddle(quad, label, cell, nextCell, edge, nextEdge) is >= 0 and int middle) polygon[count++] = ~middle;
        }
        return count;
    }

    private void AddPolygon(Span<int> polygon, bool isFacingUp)
    {
        if (polygon.Length == 4)
        {
            bool isFirst = Vector3.DistanceSquared(_vertices[polygon[0]], _vertices[polygon[2]]) <= Vector3.DistanceSquared(_vertices[polygon[1]], _vertices[polygon[3]]);
            AddFan(polygon, isFirst ? 0 : 1, isFacingUp);
            return;
        }
        // Around a point in the middle of a side: around a corner a triangle could be flat.
        int start = 0;
        for (int n = 0; n < polygon.Length; n++)
        {
            if (polygon[n] >= 0) continue;
            start = n;
            polygon[n] = ~polygon[n];
        }
        AddFan(polygon, start, isFacingUp);
    }

    private void AddFan(ReadOnlySpan<int> polygon, int start, bool isFacingUp)
    {
        for (int n = 1; n < polygon.Length - 1; n++)
            AddTriangle(polygon[start], polygon[(start + n) % polygon.Length], polygon[(start + n + 1) % polygon.Length], isFacingUp);
    }

    private int FanOf(int cell, ushort label, int edge) =>
        net.ComplexCells.TryGetValue(cell, out CellLabels labels) ? CellCases.FanOfEdge(labels.MaskOf(label), edge) : 0;

    // Two sheets share a side where the face between the cells is checkered and both cells join the two sheets elsewhere.
    private int FindMiddle(in NetQuad quad, ushort label, int cell, int nextCell, int edge, int nextEdge)
    {
        if (!net.ComplexCells.TryGetValue(cell, out CellLabels labels) || !net.ComplexCells.TryGetValue(nextCell, out CellLabels nextLabels)) return -1;
        int mask = labels.MaskOf(label), nextMask = nextLabels.MaskOf(label);
        int moved = edge ^ nextEdge; // 1 or 2: along which of the two other axes the cells differ
        int axis = (quad.Axis + moved) % 3;
        (int low, int high) = CellCases.CornersOf(edge);
        int side = low >> axis & 1;
        if (!CellCases.IsCheckered(mask, axis, side)) return -1;

        // The opposite edge of the face, which the other sheet crosses.
        int across = 3 - moved, acrossAxis = (quad.Axis + across) % 3;
        int otherEdge = CellCases.EdgeBetween(low ^ 1 << acrossAxis, high ^ 1 << acrossAxis);
        int nextOther = otherEdge ^ moved;
        if (CellCases.FanOfEdge(mask, edge) != CellCases.FanOfEdge(mask, otherEdge)) return -1;
        if (CellCases.FanOfEdge(nextMask, nextEdge) != CellCases.FanOfEdge(nextMask, nextOther)) return -1;

        int corner = quad.Low == label ? low : high;
        // One name for the label's voxel, whichever of the two cells is asked.
        int cornerOnFace = corner & ~(1 << axis);
        (int, int, int) key = (Math.Min(cell, nextCell), Math.Max(cell, nextCell), cornerOnFace);
        if (_middles.TryGetValue(key, out int middle)) return middle;
        _vertices.Add((places[cell] + places[nextCell]) / 2);
        return _middles[key] = _vertices.Count - 1;
    }

    private int VertexOf(int cell, int fan = 0)
    {
        if (fan == 0)
        {
            ref int vertex = ref _vertexOf[cell];
            if (vertex >= 0) return vertex;
            _used.Add(cell);
            _vertices.Add(places[cell]);
            return vertex = _vertices.Count - 1;
        }
        if (_extraVertices.TryGetValue((cell, fan), out int extra)) return extra;
        _vertices.Add(places[cell]);
        return _extraVertices[(cell, fan)] = _vertices.Count - 1;
    }

    private void AddTriangle(int a, int b, int c, bool isFacingUp)
    {
        _indices.Add(a);
        _indices.Add(isFacingUp != _isLeftHanded ? b : c);
        _indices.Add(isFacingUp != _isLeftHanded ? c : b);
    }

    private void Reset()
    {
        foreach (int cell in _used) _vertexOf[cell] = -1;
        _used.Clear();
        _vertices.Clear();
        _indices.Clear();
        _extraVertices.Clear();
        _middles.Clear();
    }

    private static int[] CreateFilled(int length)
    {
        int[] array = new int[length];
        Array.Fill(array, -1);
        return array;
    }
}
