using System.Numerics;
using SamMed2D.Core.Geometry;
using SamMed2D.Rendering.Scene;

namespace SamMed2D.Rendering.Reference;

/// <summary>Samples a volume along rays at equal steps, without any short cut.</summary>
internal sealed class VolumeMarcher(VolumeRendering rendering)
{
    private readonly IntensityField _field = new(rendering.Volume);
    private readonly LabelField? _mask = rendering.Mask is { } mask ? new(mask) : null;

    /// <summary>The part of a ray inside the volume and not cut away, or null.</summary>
    public Path? Enter(Ray ray, IReadOnlyList<ClipPlane> clips)
    {
        double near = 0, far = double.PositiveInfinity;
        VolumeGeometry geometry = _field.Geometry;
        ContinuousIndex start = geometry.IndexToRas.RasToIndex(ray.Origin), next = geometry.IndexToRas.RasToIndex(ray.At(1));
        ClipAxis(start.I, next.I - start.I, geometry.SizeI, ref near, ref far);
        ClipAxis(start.J, next.J - start.J, geometry.SizeJ, ref near, ref far);
        ClipAxis(start.K, next.K - start.K, geometry.SizeK, ref near, ref far);
        foreach (ClipPlane clip in clips) ClipHalf(clip.DistanceMm(ray.Origin), ray.Direction.Dot(clip.Normal), ref near, ref far);
        return near < far ? new(this, ray, near, far) : null;
    }

    // −0.5 ≤ start + slope·t ≤ size − 0.5
    private static void ClipAxis(double start, double slope, int size, ref double near, ref double far)
    {
        ClipHalf(start + 0.5, slope, ref near, ref far);
        ClipHalf(size - 0.5 - start, -slope, ref near, ref far);
    }

    // start + slope·t ≥ 0
    private static void ClipHalf(double start, double slope, ref double near, ref double far)
    {
        if (slope > 0) near = Math.Max(near, -start / slope);
        else if (slope < 0) far = Math.Min(far, -start / slope);
        else if (start < 0) far = double.NegativeInfinity;
    }

    private Vector4 Sample(RasPoint point, RasVector sight)
    {
        if (_mask is not null && _mask.ColorOf(_mask.At(point)).W <= 0) return Vector4.Zero;
        ContinuousIndex index = _field.Geometry.IndexToRas.RasToIndex(point);
        Vector4 color = rendering.Transfer.Evaluate(_field.SampleLinear(index));
        if (rendering.Transfer.Material is not { } material || color.W <= 0) return color;
        RasVector gradient = _field.Gradient(index);
        RasVector normal = gradient.Length > 1e-6 ? gradient.ToUnit() : sight;
        return new(ReferenceSpatialRenderer.Shade(color.AsVector3(), normal, sight, material), color.W);
    }

    /// <summary>One ray's way through the volume.</summary>
    internal sealed class Path(VolumeMarcher marcher, Ray ray, double near, double far)
    {
        private double _maximum = double.NegativeInfinity;

        /// <summary>Blends what lies between two distances. Later calls go on where the last one ended.</summary>
        public void March(double from, double to, ref Blend blend)
        {
            if (marcher.Transfer.Blending == VolumeBlending.MaximumIntensity) MarchMaximum(from, to, ref blend);
            else MarchComposite(Math.Max(from, near), Math.Min(to, far), ref blend);
        }

        private void MarchComposite(double from, double to, ref Blend blend)
        {
            double step = marcher.StepMm;
            for (double t = from; t < to; t += step)
            {
                double length = Math.Min(step, to - t);
                Vector4 color = marcher.Sample(ray.At(t + length / 2), ray.Direction);
                blend.Add(color.AsVector3(), (float)(1 - Math.Pow(1 - color.W, length)));
            }
        }

        // The maximum is shown once, behind all the surfaces in front of which it was found; it has no depth of its own.
        private void MarchMaximum(double from, double to, ref Blend blend)
        {
            double start = Math.Max(from, near), end = Math.Min(to, far), step = marcher.StepMm;
            // The shortest way through the box is worth one sample.
            for (double t = start + Math.Min(step, end - start) / 2; t < end; t += step)
            {
                RasPoint point = ray.At(t);
                if (marcher._mask is { } mask && mask.ColorOf(mask.At(point)).W <= 0) continue;
                _maximum = Math.Max(_maximum, marcher._field.SampleLinear(marcher._field.Geometry.IndexToRas.RasToIndex(point)));
            }
            if (!double.IsPositiveInfinity(to) || double.IsNegativeInfinity(_maximum)) return;
            Vector4 color = marcher.Transfer.Evaluate(_maximum);
            blend.Add(color.AsVector3(), color.W);
        }
    }

    private TransferFunction Transfer => rendering.Transfer;

    private double StepMm => rendering.StepMm;
}
