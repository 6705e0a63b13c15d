using System.Numerics;

namespace SamMed2D.Rendering.Surfaces;

/// <summary>
/// Smooths a net without shrinking it: Taubin's pairs of a step towards the neighbours' mean and a slightly longer one back
/// (G. Taubin, A signal processing approach to fair surface design, 1995), each vertex held within a box around its cell's centre
/// (S. Frisken, SurfaceNets for multi-label segmentations with preservation of sharp boundaries, 2022). Everything happens in voxel
/// indices: the mean of neighbours does not depend on the axes, so this is right for any spacing.
/// </summary>
internal static class NetSmoother
{
    private const float Towards = 0.5f, Back = -0.53f;

    /// <summary>The smoothed places of the vertices, in voxel indices.</summary>
    /// <param name="net">The net.</param>
    /// <param name="rounds">Pairs of steps.</param>
    /// <param name="maxShift">Half the box's side, in voxels.</param>
    /// <param name="cancellation">Stops between steps.</param>
    public static Vector3[] Smooth(LabelNet net, int rounds, double maxShift, CancellationToken cancellation)
    {
        Vector3[] from = [.. net.Centers], to = new Vector3[from.Length];
        for (int step = 0; step < rounds * 2; step++)
        {
            cancellation.ThrowIfCancellationRequested();
            Step(net, from, to, step % 2 == 0 ? Towards : Back, new Vector3((float)maxShift));
            (from, to) = (to, from);
        }
        return from;
    }

    private static void Step(LabelNet net, Vector3[] from, Vector3[] to, float factor, Vector3 maxShift)
    {
        const int block = 16384;
        Parallel.For(0, (from.Length + block - 1) / block, n =>
        {
            int end = Math.Min(from.Length, (n + 1) * block);
            for (int vertex = n * block; vertex < end; vertex++)
            {
                Vector3 moved = from[vertex] + (MeanOfNeighbours(net.Links.AsSpan(vertex * 6, 6), from, vertex) - from[vertex]) * factor;
                Vector3 center = net.Centers[vertex];
                to[vertex] = Vector3.Clamp(moved, center - maxShift, center + maxShift);
            }
        });
    }

    // Where three labels meet, only the line along which they meet is smoothed; it would else be drawn into one of the surfaces.
    private static Vector3 MeanOfNeighbours(ReadOnlySpan<int> links, Vector3[] places, int vertex)
    {
        Vector3 sum = Vector3.Zero, junctionSum = Vector3.Zero;
        int count = 0, junctions = 0;
        foreach (int link in links)
        {
            if (link == LabelNet.NoLink) continue;
            Vector3 place = places[link & ~LabelNet.JunctionBit];
            sum += place;
            count++;
            if ((link & LabelNet.JunctionBit) == 0) continue;
            junctionSum += place;
            junctions++;
        }
        return junctions switch
        {
            0 => sum / count,
            1 => places[vertex],
            _ => junctionSum / junctions,
        };
    }
}
