using SamMed2D.Core.Geometry;
using SamMed2D.Core.Phantoms.Shapes;

namespace SamMed2D.Core.Phantoms;

/// <summary>What a body is made of.</summary>
/// <param name="Value">Mean intensity.</param>
/// <param name="Texture">Amplitude of its grain, in intensity units.</param>
/// <param name="GrainMm">Size of its grain.</param>
internal readonly record struct Tissue(double Value, double Texture = 0, double GrainMm = 6);

/// <summary>One body of a phantom; later ones are painted over earlier ones.</summary>
/// <param name="Shape">Where it is.</param>
/// <param name="Tissue">What it is made of.</param>
/// <param name="Label">The label that its voxels get; null keeps the one of what lies below (vessels in an organ).</param>
/// <param name="SoftMm">Width of its edge beyond that of a voxel.</param>
/// <param name="Opacity">1 replaces what lies below, less lets it shine through.</param>
internal sealed record Part(Shape Shape, Tissue Tissue, ushort? Label = null, double SoftMm = 0, double Opacity = 1);

/// <summary>
/// Paints bodies into a grid. Every slice is painted at several depths and averaged, and edges are as soft as a voxel is wide, so that voxels
/// on a border hold a mixture (partial volume); a voxel's label is that of its centre.
/// </summary>
/// <param name="geometry">The grid.</param>
/// <param name="seed">Which unevenness.</param>
/// <param name="warpMm">How far everything is bent by a smooth random displacement.</param>
/// <param name="depths">Samples across a slice, odd.</param>
internal sealed class PhantomPainter(VolumeGeometry geometry, uint seed, double warpMm, int depths = 3)
{
    private readonly SmoothNoise _warpX = new(seed, 62), _warpY = new(seed + 1, 62), _warpZ = new(seed + 2, 62);
    private readonly double _pixelMm = (geometry.SpacingMm(SliceAxis.I) + geometry.SpacingMm(SliceAxis.J)) / 2;

    /// <summary>Paints all bodies over a background value.</summary>
    /// <param name="parts">The bodies, from the lowest up.</param>
    /// <param name="background">What is where nothing is.</param>
    /// <param name="every">1 paints all slices; more only every so manieth, the same as among all of them.</param>
    /// <param name="cancellation">Stops within a slice.</param>
    public (float[] Values, ushort[] Labels) Paint(IReadOnlyList<Part> parts, double background, int every, CancellationToken cancellation)
    {
        float[] values = new float[geometry.VoxelCount];
        ushort[] labels = new ushort[geometry.VoxelCount];
        int pixels = geometry.SizeI * geometry.SizeJ;
        SmoothNoise[] grains = [.. parts.Select((part, n) => new SmoothNoise(seed + 977 * (uint)(n + 3), part.Tissue.GrainMm))];
        Parallel.For(0, geometry.SizeK, new ParallelOptions { CancellationToken = cancellation }, k =>
        {
            if (k % every != 0) return;
            Layer layer = new(pixels);
            Span<float> slice = values.AsSpan(k * pixels, pixels);
            for (int depth = 0; depth < depths; depth++)
            {
                double position = k + (depth - (depths - 1) / 2) / (double)depths;
                cancellation.ThrowIfCancellationRequested();
                PlacePoints(layer, position);
                Array.Fill(layer.Values, (float)background);
                Array.Clear(layer.Labels);
                for (int n = 0; n < parts.Count; n++) PaintPart(layer, parts[n], grains[n], position);
                for (int pixel = 0; pixel < pixels; pixel++) slice[pixel] += layer.Values[pixel] / depths;
                if (depth == depths / 2) layer.Labels.CopyTo(labels, k * pixels);
            }
        });
        return (values, labels);
    }

    // Where each pixel of the layer lies after bending.
    private void PlacePoints(Layer layer, double position)
    {
        for (int j = 0, n = 0; j < geometry.SizeJ; j++)
            for (int i = 0; i < geometry.SizeI; i++, n++)
            {
                RasPoint p = geometry.IndexToRas.IndexToRas(new(i, j, position));
                layer.X[n] = p.R + warpMm * _warpX.At(p.R, p.A, p.S);
                layer.Y[n] = p.A + warpMm * _warpY.At(p.R, p.A, p.S);
                layer.Z[n] = p.S + warpMm * _warpZ.At(p.R, p.A, p.S);
            }
    }

    private void PaintPart(Layer layer, Part part, SmoothNoise grain, double position)
    {
        if (PixelRange(part.Shape.Bounds.Grown(warpMm + 2), position) is not var (i0, i1, j0, j1)) return;
        double width = _pixelMm * 1.1 + part.SoftMm;
        for (int j = j0; j <= j1; j++)
            for (int i = i0; i <= i1; i++)
            {
                int n = j * geometry.SizeI + i;
                double x = layer.X[n], y = layer.Y[n], z = layer.Z[n];
                double cover = 0.5 - part.Shape.Distance(x, y, z) / width;
                if (cover <= 0) continue;
                double value = part.Tissue.Value;
                if (part.Tissue.Texture != 0) value += part.Tissue.Texture * grain.At(x, y, z);
                layer.Values[n] += (float)(Math.Min(cover, 1) * part.Opacity * (value - layer.Values[n]));
                if (cover >= 0.5 && part.Label is ushort label) layer.Labels[n] = label;
            }
    }

    // The pixels of a slice that a box in patient space can touch; null where none.
    private (int I0, int I1, int J0, int J1)? PixelRange(Bounds box, double position)
    {
        double i0 = double.MaxValue, i1 = double.MinValue, j0 = i0, j1 = i1, k0 = i0, k1 = i1;
        for (int corner = 0; corner < 8; corner++)
        {
            ContinuousIndex at = geometry.IndexToRas.RasToIndex(new(
                (corner & 1) == 0 ? box.X0 : box.X1, (corner & 2) == 0 ? box.Y0 : box.Y1, (corner & 4) == 0 ? box.Z0 : box.Z1));
            (i0, i1) = (Math.Min(i0, at.I), Math.Max(i1, at.I));
            (j0, j1) = (Math.Min(j0, at.J), Math.Max(j1, at.J));
            (k0, k1) = (Math.Min(k0, at.K), Math.Max(k1, at.K));
        }
        if (box.X1 < box.X0 || box.Y1 < box.Y0 || box.Z1 < box.Z0 || position < k0 || position > k1) return null;
        (int, int, int, int) range = (
            Math.Max(0, (int)Math.Floor(i0)), Math.Min(geometry.SizeI - 1, (int)Math.Ceiling(i1)),
            Math.Max(0, (int)Math.Floor(j0)), Math.Min(geometry.SizeJ - 1, (int)Math.Ceiling(j1)));
        return range.Item1 > range.Item2 || range.Item3 > range.Item4 ? null : range;
    }

    private sealed class Layer(int pixels)
    {
        public readonly double[] X = new double[pixels], Y = new double[pixels], Z = new double[pixels];
        public readonly float[] Values = new float[pixels];
        public readonly ushort[] Labels = new ushort[pixels];
    }
}
