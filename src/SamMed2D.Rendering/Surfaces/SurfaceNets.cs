using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Core.Meshes;
using SamMed2D.Core.Progress;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.Surfaces;

/// <summary>
/// Turns a label map into one closed surface a segment, with the same points on both sides where segments touch.
/// Every edge belongs to two triangles, and normals point outwards on any grid: oblique, anisotropic or left-handed.
/// </summary>
public static class SurfaceNets
{
    /// <summary>Extracts the surfaces of all labels that occur, by rising label value.</summary>
    /// <param name="labels">The labels. Segments that touch the edge of the grid are closed there.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Counts steps out of four.</param>
    /// <param name="cancellation">Stops within a step.</param>
    public static IReadOnlyList<SurfaceMesh> Extract(
        LabelMap labels, SurfaceOptions? options = null, ProgressCallback? progress = null, CancellationToken cancellation = default) =>
        [.. ExtractByLabel(labels, options ?? new(), progress, cancellation).Select(part => part.Mesh)];

    /// <summary>As <see cref="Extract"/>, with the labels.</summary>
    internal static IReadOnlyList<(ushort Label, SurfaceMesh Mesh)> ExtractByLabel(
        LabelMap labels, SurfaceOptions options, ProgressCallback? progress, CancellationToken cancellation)
    {
        progress?.Invoke(0, 4);
        LabelNet net = NetBuilder.Build(labels, options.KeepsNeighbours ? null : options.Labels, cancellation);
        progress?.Invoke(1, 4);
        Vector3[] places = NetSmoother.Smooth(net, options.SmoothingRounds, options.MaxShiftVoxels, cancellation);
        progress?.Invoke(2, 4);
        ToRas(places, labels.Geometry.IndexToRas);
        List<(ushort Label, int[] Quads)> parts = QuadsByLabel(net, options.Labels);
        progress?.Invoke(3, 4);
        (ushort, SurfaceMesh)[] meshes = CutAll(net, places, parts, labels, cancellation);
        progress?.Invoke(4, 4);
        return meshes;
    }

    private static void ToRas(Vector3[] places, Affine indexToRas)
    {
        for (int n = 0; n < places.Length; n++)
        {
            RasPoint point = indexToRas.IndexToRas(new(places[n].X, places[n].Y, places[n].Z));
            places[n] = new((float)point.R, (float)point.A, (float)point.S);
        }
    }

    private static List<(ushort Label, int[] Quads)> QuadsByLabel(LabelNet net, IReadOnlySet<ushort>? wanted)
    {
        ushort most = 0;
        foreach (ref readonly NetQuad quad in net.Quads.AsSpan()) most = Math.Max(most, Math.Max(quad.Low, quad.High));
        int[] counts = new int[most + 1];
        foreach (ref readonly NetQuad quad in net.Quads.AsSpan())
        {
            counts[quad.Low]++;
            counts[quad.High]++;
        }
        int[]?[] numbers = new int[]?[counts.Length];
        List<(ushort, int[])> parts = [];
        for (int label = 1; label < counts.Length; label++)
            if (counts[label] > 0 && wanted?.Contains((ushort)label) != false) parts.Add(((ushort)label, numbers[label] = new int[counts[label]]));
        Array.Clear(counts);
        for (int n = 0; n < net.Quads.Length; n++)
        {
            (ushort low, ushort high) = (net.Quads[n].Low, net.Quads[n].High);
            if (numbers[low] is { } ofLow) ofLow[counts[low]++] = n;
            if (numbers[high] is { } ofHigh) ofHigh[counts[high]++] = n;
        }
        return parts;
    }

    private static (ushort Label, SurfaceMesh Mesh)[] CutAll(LabelNet net, Vector3[] places, List<(ushort Label, int[] Quads)> parts, LabelMap labels, CancellationToken cancellation)
    {
        (ushort, SurfaceMesh)[] meshes = new (ushort, SurfaceMesh)[parts.Count];
        Parallel.For(0, parts.Count, new ParallelOptions { CancellationToken = cancellation }, () => new SegmentMesher(net, places), (n, _, mesher) =>
        {
            (ushort label, int[] quads) = parts[n];
            (Vector3[] vertices, int[] indices) = mesher.Cut(label, quads);
            Segment? segment = labels.FindSegment(label);
            meshes[n] = (label, new(segment?.Name ?? $"Label {label}", segment?.Color ?? RgbColor.ForLabel(label), vertices, indices));
            return mesher;
        }, _ => { });
        return meshes;
    }
}
