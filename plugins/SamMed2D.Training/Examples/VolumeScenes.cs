using SamMed2D.Core.Geometry;
using SamMed2D.Training.Scenes;

namespace SamMed2D.Training.Examples;

/// <summary>
/// Slices of real scans (or pictures invented from real label maps) with a second slice one to five slices away, both under the same random
/// affine and elastic warp.
/// </summary>
internal sealed class VolumeScenes : ISceneSource
{
    private readonly IReadOnlyList<TrainingVolume> _volumes;
    private readonly float _supervoxels;
    private readonly float _totalWeight;
    private readonly Appearance _appearance = new();
    private readonly float[] _bendX = new float[Scene.Area];
    private readonly float[] _bendY = new float[Scene.Area];

    /// <param name="volumes">The scans or label maps; shared.</param>
    /// <param name="supervoxels">How often a labelled scan is divided by supervoxels instead of its labels, 0 to 1.</param>
    public VolumeScenes(IReadOnlyList<TrainingVolume> volumes, float supervoxels)
    {
        (_volumes, _supervoxels) = (volumes, supervoxels);
        foreach (TrainingVolume volume in volumes) _totalWeight += volume.Weight;
    }

    /// <inheritdoc/>
    public void Fill(Scene scene, RandomSource random)
    {
        TrainingVolume volume = Draw(random);
        scene.ClickTells = volume.ClickTells;
        bool reference = volume.IsLabelled && (volume.Intensities.Length == 0 || random.Chance(1 - _supervoxels));
        ushort[] partition = volume.Partitions[reference ? 0 : random.Between(volume.IsLabelled ? 1 : 0, volume.Partitions.Count - 1)];
        // A slice without a labelled structure teaches nothing; after some tries even that one is taken.
        SliceCut cut = DrawCut(volume.Geometry, random);
        for (int tries = 0; tries < 8 && !HasLabels(partition, cut); tries++) cut = DrawCut(volume.Geometry, random);

        DrawWarp(cut, random, out Warp warp);
        SampleLabels(partition, cut, cut.Slice, warp, scene.Labels);
        SampleLabels(partition, cut, cut.Other, warp, scene.PreviousLabels);
        if (volume.Intensities.Length == 0)
        {
            _appearance.Render(scene, volume.MaximumLabel, random);
            return;
        }
        SampleIntensities(volume.Intensities, cut, cut.Slice, warp, scene.Image);
        SampleIntensities(volume.Intensities, cut, cut.Other, warp, scene.PreviousImage);
        Window(scene, volume.IsCt, random);
        if (random.Chance(0.5f)) _appearance.Degrade(scene, random);
    }

    private TrainingVolume Draw(RandomSource random)
    {
        float left = random.Unit() * _totalWeight;
        foreach (TrainingVolume volume in _volumes)
        {
            left -= volume.Weight;
            if (left <= 0) return volume;
        }
        return _volumes[^1];
    }

    private static SliceCut DrawCut(VolumeGeometry geometry, RandomSource random)
    {
        Span<SliceAxis> axes = stackalloc SliceAxis[3];
        int count = 0;
        foreach (SliceAxis axis in (ReadOnlySpan<SliceAxis>)[SliceAxis.I, SliceAxis.J, SliceAxis.K])
        {
            SliceCut candidate = new(geometry, axis, 0, 0);
            double ratio = candidate.SpacingU / candidate.SpacingV;
            bool usable = ratio is < 3.5 and > 1 / 3.5 && candidate.CountU >= 24 && candidate.CountV >= 24;
            if (usable || axis == geometry.NaturalSliceAxis) axes[count++] = axis;
        }
        SliceAxis chosen = random.Chance(0.5f) ? geometry.NaturalSliceAxis : axes[random.Below(count)];
        int slices = geometry.Size(chosen);
        int slice = random.Below(slices);
        // One to five slices, but not more than about 15 mm: beyond that a slice of many organs has nothing in common with the next.
        int furthest = Math.Clamp((int)(15 / geometry.SpacingMm(chosen)), 1, 5);
        int other = slice + random.Between(1, furthest) * (random.Chance(0.5f) ? 1 : -1);
        if (other < 0 || other >= slices) other = Math.Clamp(2 * slice - other, 0, slices - 1);
        return new(geometry, chosen, slice, other);
    }

    private static bool HasLabels(ushort[] partition, SliceCut cut)
    {
        int found = 0;
        for (int v = 0; v < cut.CountV; v += 2)
            for (int u = 0; u < cut.CountU; u += 2)
                if (partition[cut.Offset(cut.Slice) + u * cut.StrideU + v * cut.StrideV] != 0 && ++found > 12) return true;
        return false;
    }

    private void DrawWarp(SliceCut cut, RandomSource random, out Warp warp)
    {
        double longer = Math.Max(cut.CountU * cut.SpacingU, cut.CountV * cut.SpacingV);
        double scale = longer / Scene.Size * random.Uniform(0.7f, 1.15f); // mm a canvas pixel
        double angle = random.Chance(0.5f) ? random.Uniform(-0.35f, 0.35f) : random.Below(4) * Math.PI / 2 + random.Uniform(-0.2f, 0.2f);
        double mirror = random.Chance(0.5f) ? -1 : 1, stretch = random.Uniform(0.88f, 1.14f);
        (double sin, double cos) = Math.SinCos(angle);
        warp = new(
            (float)(cos * scale * mirror / cut.SpacingU), (float)(-sin * scale * stretch / cut.SpacingU), cut.CountU / 2f + random.Uniform(-0.08f, 0.08f) * cut.CountU,
            (float)(sin * scale * mirror / cut.SpacingV), (float)(cos * scale * stretch / cut.SpacingV), cut.CountV / 2f + random.Uniform(-0.08f, 0.08f) * cut.CountV,
            random.Chance(0.6f) ? random.Uniform(1, 6) : 0);
        if (warp.Bend == 0) return;
        float cell = random.Uniform(35, 90);
        Plane.FillSmoothNoise(random, cell, _bendX);
        Plane.FillSmoothNoise(random, cell, _bendY);
    }

    private void SampleLabels(ushort[] partition, SliceCut cut, int slice, Warp warp, ushort[] target)
    {
        long offset = cut.Offset(slice);
        for (int n = 0; n < Scene.Area; n++)
        {
            (float u, float v) = Map(n, warp);
            int iu = (int)MathF.Floor(u + 0.5f), iv = (int)MathF.Floor(v + 0.5f);
            target[n] = (uint)iu < (uint)cut.CountU && (uint)iv < (uint)cut.CountV ? partition[offset + iu * cut.StrideU + iv * cut.StrideV] : (ushort)0;
        }
    }

    private void SampleIntensities(float[] voxels, SliceCut cut, int slice, Warp warp, float[] target)
    {
        long offset = cut.Offset(slice);
        for (int n = 0; n < Scene.Area; n++)
        {
            (float u, float v) = Map(n, warp);
            int iu = (int)MathF.Floor(u), iv = (int)MathF.Floor(v);
            if (iu < -1 || iv < -1 || iu >= cut.CountU || iv >= cut.CountV)
            {
                target[n] = float.NaN; // outside the scan; black after windowing
                continue;
            }
            float fu = u - iu, fv = v - iv;
            int u0 = Math.Max(iu, 0), u1 = Math.Min(iu + 1, cut.CountU - 1), v0 = Math.Max(iv, 0), v1 = Math.Min(iv + 1, cut.CountV - 1);
            long row0 = offset + v0 * cut.StrideV, row1 = offset + v1 * cut.StrideV;
            float a = voxels[row0 + u0 * cut.StrideU] * (1 - fu) + voxels[row0 + u1 * cut.StrideU] * fu;
            float b = voxels[row1 + u0 * cut.StrideU] * (1 - fu) + voxels[row1 + u1 * cut.StrideU] * fu;
            target[n] = a * (1 - fv) + b * fv;
        }
    }

    private (float U, float V) Map(int n, Warp warp)
    {
        float x = n % Scene.Size - 127.5f, y = n / Scene.Size - 127.5f;
        if (warp.Bend > 0)
        {
            x += warp.Bend * _bendX[n];
            y += warp.Bend * _bendY[n];
        }
        return (warp.Ux * x + warp.Uy * y + warp.U0, warp.Vx * x + warp.Vy * y + warp.V0);
    }

    private static void Window(Scene scene, bool isCt, RandomSource random)
    {
        (float low, float high) = isCt ? DrawCtWindow(random) : DrawPercentiles(scene.Image, random);
        float scale = 1 / MathF.Max(high - low, 1e-6f), gamma = random.Chance(0.4f) ? random.LogUniform(0.7f, 1.4f) : 1;
        bool inverted = random.Chance(0.05f);
        foreach (float[] image in (ReadOnlySpan<float[]>)[scene.Image, scene.PreviousImage])
            for (int n = 0; n < image.Length; n++)
            {
                float value = float.IsNaN(image[n]) ? 0 : Math.Clamp((image[n] - low) * scale, 0, 1);
                if (gamma != 1) value = MathF.Pow(value, gamma);
                image[n] = inverted ? 1 - value : value;
            }
    }

    private static (float Low, float High) DrawCtWindow(RandomSource random)
    {
        (float width, float level) = random.Unit() switch
        {
            < 0.55f => (random.LogUniform(200, 600), random.Uniform(0, 90)),
            < 0.7f => (random.LogUniform(900, 2000), random.Uniform(-700, -300)),
            < 0.85f => (random.LogUniform(1000, 2500), random.Uniform(200, 600)),
            _ => (random.LogUniform(600, 1500), random.Uniform(0, 200)),
        };
        return (level - width / 2, level + width / 2);
    }

    private static (float Low, float High) DrawPercentiles(float[] image, RandomSource random)
    {
        float[] sample = new float[4096];
        int count = 0;
        for (int n = 0; n < image.Length; n += 16)
            if (!float.IsNaN(image[n])) sample[count++] = image[n];
        if (count < 2) return (0, 1);
        Array.Sort(sample, 0, count);
        float low = sample[(int)(random.Uniform(0, 0.03f) * (count - 1))], high = sample[(int)(random.Uniform(0.95f, 1) * (count - 1))];
        return (low, MathF.Max(high, low + 1e-6f));
    }

    private readonly record struct Warp(float Ux, float Uy, float U0, float Vx, float Vy, float V0, float Bend);

    /// <summary>Two parallel slices of a grid: their axis and numbers, and how their pixels lie in the voxel array.</summary>
    private readonly record struct SliceCut(VolumeGeometry Geometry, SliceAxis Axis, int Slice, int Other)
    {
        private SliceAxis AxisU => Axis == SliceAxis.I ? SliceAxis.J : SliceAxis.I;

        private SliceAxis AxisV => Axis == SliceAxis.K ? SliceAxis.J : SliceAxis.K;

        public int CountU => Geometry.Size(AxisU);

        public int CountV => Geometry.Size(AxisV);

        public double SpacingU => Geometry.SpacingMm(AxisU);

        public double SpacingV => Geometry.SpacingMm(AxisV);

        public long StrideU => Stride(AxisU);

        public long StrideV => Stride(AxisV);

        public long Offset(int slice) => slice * Stride(Axis);

        private long Stride(SliceAxis axis) => axis switch { SliceAxis.I => 1, SliceAxis.J => Geometry.SizeI, _ => (long)Geometry.SizeI * Geometry.SizeJ };
    }
}
