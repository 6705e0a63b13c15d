using System.Numerics;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Rendering.Surfaces;

/// <summary>A piece of boundary: the square between two neighbouring voxels with different labels, its corners in the four cells around.</summary>
/// <param name="V0">First vertex; the four run counter-clockwise as seen against the growing axis, from the high voxel towards the low one.</param>
/// <param name="V1">Second vertex.</param>
/// <param name="V2">Third vertex.</param>
/// <param name="V3">Fourth vertex.</param>
/// <param name="Low">Label of the voxel with the lower index.</param>
/// <param name="High">Label of the voxel with the higher index.</param>
/// <param name="Axis">The axis along which the two voxels lie.</param>
internal readonly record struct NetQuad(int V0, int V1, int V2, int V3, ushort Low, ushort High, byte Axis)
{
    /// <summary>One of the four vertices.</summary>
    public int Vertex(int n) => n switch { 0 => V0, 1 => V1, 2 => V2, _ => V3 };
}

/// <summary>The labels of a cell's eight corners, at bit x + 2y + 4z.</summary>
[System.Runtime.CompilerServices.InlineArray(8)]
internal struct CellLabels
{
    private ushort _first;

    /// <summary>The corners that have a label, as a bit mask.</summary>
    public readonly int MaskOf(ushort label)
    {
        int mask = 0;
        for (int corner = 0; corner < 8; corner++)
            if (this[corner] == label) mask |= 1 << corner;
        return mask;
    }
}

/// <summary>
/// The boundaries between all labels of a grid as one net: a vertex in every cell of 2×2×2 voxels that are not all alike, linked to
/// those of the cells beside it that the boundary passes to. Neighbouring segments share vertices, so between them there is no gap.
/// </summary>
internal sealed class LabelNet
{
    /// <summary>Marks a link along a line where three labels or more meet.</summary>
    public const int JunctionBit = 1 << 30;

    /// <summary>No link in this direction.</summary>
    public const int NoLink = -1;

    /// <summary>Centres of the cells, in voxel indices.</summary>
    public required Vector3[] Centers { get; init; }

    /// <summary>Six links a vertex: −x, +x, −y, +y, −z, +z; a vertex number, perhaps with <see cref="JunctionBit"/>, or <see cref="NoLink"/>.</summary>
    public required int[] Links { get; init; }

    /// <summary>All pieces of boundary.</summary>
    public required NetQuad[] Quads { get; init; }

    /// <summary>The corners of the cells that some label passes in more than one sheet.</summary>
    public required IReadOnlyDictionary<int, CellLabels> ComplexCells { get; init; }

    /// <summary>The grid.</summary>
    public required VolumeGeometry Geometry { get; init; }
}
