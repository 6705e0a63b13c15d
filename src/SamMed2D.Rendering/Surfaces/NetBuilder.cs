using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.Surfaces;

/// <summary>
/// Finds the boundaries of a label map. The grid is thought of as surrounded by background, so cells run from index −1 to the size.
/// Two passes over layers of cells, in parallel: the first finds the cells, the second links them.
/// </summary>
internal sealed class NetBuilder
{
    private readonly LabelMap _labels;
    private readonly int _cellsI, _cellsJ, _cellsK;
    private readonly bool[]? _isWanted;
    private readonly List<int>[] _cellsOfLayer;
    private readonly int[][] _rowStartsOfLayer;
    private readonly int[] _firstVertexOfLayer;

    private NetBuilder(LabelMap labels, IReadOnlySet<ushort>? wanted)
    {
        _labels = labels;
        (_cellsI, _cellsJ, _cellsK) = (labels.Geometry.SizeI + 1, labels.Geometry.SizeJ + 1, labels.Geometry.SizeK + 1);
        if (wanted is not null)
        {
            _isWanted = new bool[ushort.MaxValue + 1];
            foreach (ushort label in wanted) _isWanted[label] = true;
        }
        _cellsOfLayer = new List<int>[_cellsK];
        _rowStartsOfLayer = new int[_cellsK][];
        _firstVertexOfLayer = new int[_cellsK + 1];
    }

    /// <summary>Builds the net of a label map.</summary>
    /// <param name="labels">The labels.</param>
    /// <param name="wanted">The labels that count; null for all.</param>
    /// <param name="cancellation">Stops between layers.</param>
    public static LabelNet Build(LabelMap labels, IReadOnlySet<ushort>? wanted, CancellationToken cancellation)
    {
        NetBuilder builder = new(labels, wanted);
        builder.ForSlabs(builder.FindCells, cancellation);
        for (int layer = 0; layer < builder._cellsK; layer++)
            builder._firstVertexOfLayer[layer + 1] = checked(builder._firstVertexOfLayer[layer] + builder._cellsOfLayer[layer].Count);
        return builder.Link(cancellation);
    }

    // Layers are handed out in slabs, each at least a few layers thick, since a slab copies two slices to begin with.
    private void ForSlabs(Action<int, int, CancellationToken> work, CancellationToken cancellation)
    {
        int slabs = Math.Clamp(_cellsK / 4, 1, 4 * Environment.ProcessorCount);
        Parallel.For(0, slabs, new ParallelOptions { CancellationToken = cancellation }, slab =>
            work((int)((long)_cellsK * slab / slabs), (int)((long)_cellsK * (slab + 1) / slabs), cancellation));
    }

    private void FindCells(int from, int to, CancellationToken cancellation)
    {
        SlicePair slices = new(this, from);
        for (int layer = from; layer < to; layer++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (layer > from) slices.Advance();
            List<int> cells = [];
            int[] rowStarts = new int[_cellsJ + 1];
            for (int j = 0; j < _cellsJ; j++)
            {
                slices.FindCellsInRow(j, cells);
                rowStarts[j + 1] = cells.Count;
            }
            (_cellsOfLayer[layer], _rowStartsOfLayer[layer]) = (cells, rowStarts);
        }
    }

    private LabelNet Link(CancellationToken cancellation)
    {
        int count = _firstVertexOfLayer[_cellsK];
        Vector3[] centers = new Vector3[count];
        int[] links = new int[checked(count * 6)];
        Array.Fill(links, LabelNet.NoLink);
        List<NetQuad>[] quadsOfSlab = new List<NetQuad>[_cellsK];
        Dictionary<int, CellLabels> complex = [];
        ForSlabs((from, to, stop) =>
        {
            LayerLinker linker = new(this, from, centers, links);
            for (int layer = from; layer < to; layer++)
            {
                stop.ThrowIfCancellationRequested();
                linker.LinkLayer(layer);
            }
            quadsOfSlab[from] = linker.Quads;
            lock (complex)
                foreach ((int vertex, CellLabels cell) in linker.ComplexCells) complex.Add(vertex, cell);
        }, cancellation);

        NetQuad[] quads = new NetQuad[quadsOfSlab.Sum(slab => slab?.Count ?? 0)];
        int next = 0;
        foreach (List<NetQuad>? slab in quadsOfSlab)
        {
            slab?.CopyTo(quads, next);
            next += slab?.Count ?? 0;
        }
        return new() { Centers = centers, Links = links, Quads = quads, ComplexCells = complex, Geometry = _labels.Geometry };
    }

    /// <summary>Two neighbouring slices with a border of background, so that no cell is a special case.</summary>
    private sealed class SlicePair
    {
        private readonly NetBuilder _net;
        private readonly int _width;
        private ushort[] _lower, _upper;
        private int _layer;

        /// <summary>The slices below and above a layer of cells.</summary>
        public SlicePair(NetBuilder net, int layer)
        {
            (_net, _width, _layer) = (net, net._cellsI + 1, layer);
            (_lower, _upper) = (new ushort[_width * (net._cellsJ + 1)], new ushort[_width * (net._cellsJ + 1)]);
            Fill(_lower, layer - 1);
            Fill(_upper, layer);
        }

        /// <summary>Moves one layer up.</summary>
        public void Advance()
        {
            (_lower, _upper) = (_upper, _lower);
            Fill(_upper, ++_layer);
        }

        /// <summary>The eight labels of a cell.</summary>
        public CellLabels LabelsOf(int i, int j)
        {
            int at = j * _width + i;
            CellLabels labels = default;
            (labels[0], labels[1], labels[2], labels[3]) = (_lower[at], _lower[at + 1], _lower[at + _width], _lower[at + _width + 1]);
            (labels[4], labels[5], labels[6], labels[7]) = (_upper[at], _upper[at + 1], _upper[at + _width], _upper[at + _width + 1]);
            return labels;
        }

        /// <summary>Adds the index along i of every cell of a row whose labels are not all alike.</summary>
        public void FindCellsInRow(int j, List<int> cells)
        {
            ReadOnlySpan<ushort> a = _lower.AsSpan(j * _width, _width), b = _lower.AsSpan((j + 1) * _width, _width);
            ReadOnlySpan<ushort> c = _upper.AsSpan(j * _width, _width), d = _upper.AsSpan((j + 1) * _width, _width);
            int i = 0;
            for (; i + Vector256<ushort>.Count < _width; i += Vector256<ushort>.Count)
            {
                Vector256<ushort> first = Vector256.Create(a[i..]);
                Vector256<ushort> alike = Vector256.Equals(first, Vector256.Create(b[i..])) & Vector256.Equals(first, Vector256.Create(c[i..]))
                    & Vector256.Equals(first, Vector256.Create(d[i..])) & Vector256.Equals(first, Vector256.Create(a[(i + 1)..]))
                    & Vector256.Equals(first, Vector256.Create(b[(i + 1)..])) & Vector256.Equals(first, Vector256.Create(c[(i + 1)..]))
                    & Vector256.Equals(first, Vector256.Create(d[(i + 1)..]));
                uint differs = ~alike.ExtractMostSignificantBits() & 0xFFFF;
                for (; differs != 0; differs &= differs - 1) cells.Add(i + BitOperations.TrailingZeroCount(differs));
            }
            for (; i < _width - 1; i++)
            {
                ushort first = a[i];
                if (b[i] != first || c[i] != first || d[i] != first || a[i + 1] != first || b[i + 1] != first || c[i + 1] != first || d[i + 1] != first)
                    cells.Add(i);
            }
        }

        private void Fill(ushort[] padded, int k)
        {
            (int sizeI, int sizeJ, int sizeK) = (_net._cellsI - 1, _net._cellsJ - 1, _net._cellsK - 1);
            if (k < 0 || k >= sizeK)
            {
                Array.Clear(padded);
                return;
            }
            ReadOnlySpan<ushort> slice = _net._labels.Labels.Slice(checked(k * sizeI * sizeJ), sizeI * sizeJ);
            for (int j = 0; j < sizeJ; j++)
            {
                Span<ushort> row = padded.AsSpan((j + 1) * _width + 1, sizeI);
                slice.Slice(j * sizeI, sizeI).CopyTo(row);
                if (_net._isWanted is { } isWanted)
                    foreach (ref ushort label in row)
                        if (!isWanted[label]) label = 0;
            }
        }
    }

    /// <summary>Links the cells of successive layers to each other and collects the quads between them.</summary>
    private sealed class LayerLinker(NetBuilder net, int firstLayer, Vector3[] centers, int[] links)
    {
        private readonly SlicePair _slices = new(net, firstLayer);
        private int[] _vertexBelow = new int[net._cellsI * net._cellsJ];
        private int[] _vertexHere = new int[net._cellsI * net._cellsJ];

        public List<NetQuad> Quads { get; } = [];

        public List<(int Vertex, CellLabels Labels)> ComplexCells { get; } = [];

        public void LinkLayer(int layer)
        {
            if (layer > firstLayer) _slices.Advance();
            else if (layer > 0) Number(layer - 1, _vertexHere);
            (_vertexBelow, _vertexHere) = (_vertexHere, _vertexBelow);
            Number(layer, _vertexHere);
            List<int> cells = net._cellsOfLayer[layer];
            int[] rowStarts = net._rowStartsOfLayer[layer];
            int vertex = net._firstVertexOfLayer[layer];
            for (int j = 0; j < net._cellsJ; j++)
                for (int n = rowStarts[j]; n < rowStarts[j + 1]; n++) LinkCell(vertex++, cells[n], j, layer);
        }

        // Stale numbers of earlier layers are never read: whoever looks up a cell knows that the boundary passes it.
        private void Number(int layer, int[] vertexAt)
        {
            List<int> cells = net._cellsOfLayer[layer];
            int[] rowStarts = net._rowStartsOfLayer[layer];
            int vertex = net._firstVertexOfLayer[layer];
            for (int j = 0; j < net._cellsJ; j++)
                for (int n = rowStarts[j]; n < rowStarts[j + 1]; n++) vertexAt[j * net._cellsI + cells[n]] = vertex++;
        }

        private void LinkCell(int vertex, int i, int j, int k)
        {
            centers[vertex] = new(i - 0.5f, j - 0.5f, k - 0.5f);
            CellLabels c = _slices.LabelsOf(i, j);
            if (!IsSimple(c)) ComplexCells.Add((vertex, c));

            int at = j * net._cellsI + i, up = net._cellsI;
            int[] here = _vertexHere, below = _vertexBelow;
            if (FaceLink(c[0], c[2], c[4], c[6]) is >= 0 and int x) Connect(vertex, here[at - 1], 0, x);
            if (FaceLink(c[0], c[1], c[4], c[5]) is >= 0 and int y) Connect(vertex, here[at - up], 2, y);
            if (FaceLink(c[0], c[1], c[2], c[3]) is >= 0 and int z) Connect(vertex, below[at], 4, z);

            if (c[0] != c[1]) Quads.Add(new(below[at - up], below[at], vertex, here[at - up], c[0], c[1], 0));
            if (c[0] != c[2]) Quads.Add(new(below[at - 1], here[at - 1], vertex, below[at], c[0], c[2], 1));
            if (c[0] != c[4]) Quads.Add(new(here[at - up - 1], here[at - up], vertex, here[at - 1], c[0], c[4], 2));
        }

        private void Connect(int vertex, int lower, int direction, int junction)
        {
            links[vertex * 6 + direction] = lower | junction;
            links[lower * 6 + direction + 1] = vertex | junction;
        }

        /// <summary>How the boundary passes a face: −1 not at all, 0 plainly, the junction bit where three labels or more meet.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static int FaceLink(ushort a, ushort b, ushort c, ushort d)
        {
            if (a == b && a == c && a == d) return -1;
            ushort other = b != a ? b : c != a ? c : d;
            return (b == a || b == other) && (c == a || c == other) && (d == a || d == other) ? 0 : LabelNet.JunctionBit;
        }

        private static bool IsSimple(in CellLabels labels)
        {
            for (int corner = 0; corner < 8; corner++)
            {
                ushort label = labels[corner];
                bool isFirst = true;
                for (int before = 0; before < corner; before++) isFirst &= labels[before] != label;
                if (label != 0 && isFirst && !CellCases.IsSimple(labels.MaskOf(label))) return false;
            }
            return true;
        }
    }
}
