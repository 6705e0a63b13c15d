namespace SamMed2D.Training.Scenes;

/// <summary>
/// A body part as a solid: a star-shaped outline (Fourier series of the angle) that swells and shrinks along z like an ellipsoid, drifts and
/// turns. Cutting the solid at two heights gives two slices that differ as neighbouring slices of a scan do.
/// </summary>
internal sealed class Shape
{
    private const int Angles = 128;
    private readonly float[] _amplitudes = new float[7];
    private readonly float[] _phases = new float[7];

    public ushort Label { get; init; }

    /// <summary>Centre in pixels at height 0.</summary>
    public float X { get; init; }

    /// <summary>Centre in pixels at height 0.</summary>
    public float Y { get; init; }

    /// <summary>Mean radius in pixels at height 0 along the longer axis.</summary>
    public float Radius { get; init; }

    /// <summary>Shorter over longer axis.</summary>
    public float Aspect { get; init; } = 1;

    public float RotationRadians { get; init; }

    /// <summary>Height of the solid's middle, in slices from the picture.</summary>
    public float MiddleZ { get; init; }

    /// <summary>Half the solid's height, in slices; infinite for a prism.</summary>
    public float HalfHeight { get; init; } = float.PositiveInfinity;

    /// <summary>Where the centre moves per slice, in pixels.</summary>
    public float DriftX { get; set; }

    /// <summary>Where the centre moves per slice, in pixels.</summary>
    public float DriftY { get; set; }

    /// <summary>Turn per slice.</summary>
    public float TwistRadians { get; init; }

    /// <summary>For shells: the part of the radius that stays free, 0 for a filled shape.</summary>
    public float Hollow { get; init; }

    /// <summary>Paints only on pixels that belong to something already.</summary>
    public bool InsideOnly { get; init; }

    /// <summary>Gives the outline its bumps.</summary>
    public Shape WithOutline(RandomSource random, float roughness)
    {
        for (int k = 1; k < _amplitudes.Length; k++)
        {
            _amplitudes[k] = roughness * random.Normal() / (k + 1);
            _phases[k] = random.Uniform(0, MathF.Tau);
        }
        return this;
    }

    /// <summary>The outline's mean radius at a height; 0 where the solid is not met.</summary>
    public float RadiusAt(float z)
    {
        if (float.IsPositiveInfinity(HalfHeight)) return Radius;
        float here = (z - MiddleZ) / HalfHeight, at0 = -MiddleZ / HalfHeight;
        if (here * here >= 1) return 0;
        // Radius is meant at height 0; a solid that is not met there gets it in its middle.
        float full = at0 * at0 < 0.97f ? Radius / MathF.Sqrt(1 - at0 * at0) : Radius;
        return full * MathF.Sqrt(1 - here * here);
    }

    /// <summary>Paints the cut at a height.</summary>
    /// <param name="labels">The slice's labels.</param>
    /// <param name="z">Height in slices.</param>
    public void Paint(Span<ushort> labels, float z) => Paint(labels, z, new SolidBrush(Label));

    /// <summary>Paints the cut at a height, each pixel as the brush says.</summary>
    public void Paint<TBrush>(Span<ushort> labels, float z, TBrush brush) where TBrush : struct, IBrush
    {
        float radius = RadiusAt(z);
        if (radius < 0.6f) return;
        Span<float> limit = stackalloc float[Angles + 1];
        float reach = 0;
        for (int n = 0; n <= Angles; n++)
        {
            float angle = n * MathF.Tau / Angles, r = 1;
            for (int k = 1; k < _amplitudes.Length; k++)
                r += _amplitudes[k] * MathF.Cos(k * angle + _phases[k] + 0.04f * k * z);
            limit[n] = radius * MathF.Max(0.25f, r);
            reach = MathF.Max(reach, limit[n]);
        }
        float cx = X + DriftX * z, cy = Y + DriftY * z;
        (float sin, float cos) = MathF.SinCos(RotationRadians + TwistRadians * z);
        const int size = Scene.Size;
        int x0 = Math.Max(0, (int)(cx - reach)), x1 = Math.Min(size - 1, (int)(cx + reach) + 1);
        int y0 = Math.Max(0, (int)(cy - reach)), y1 = Math.Min(size - 1, (int)(cy + reach) + 1);
        float squeeze = 1 / Aspect;
        for (int y = y0; y <= y1; y++)
            for (int x = x0; x <= x1; x++)
            {
                float dx = x - cx, dy = y - cy;
                float u = cos * dx + sin * dy, v = (cos * dy - sin * dx) * squeeze;
                float squared = u * u + v * v;
                if (squared > reach * reach) continue;
                float edge = limit[(int)(QuickAngle(u, v) * Angles)];
                if (squared > edge * edge || squared < Hollow * Hollow * edge * edge) continue;
                int at = y * size + x;
                if (InsideOnly && labels[at] == 0) continue;
                ushort label = brush.LabelAt(x, y);
                if (label != 0) labels[at] = label;
            }
    }

    /// <summary>The angle of a vector as a part of the full turn, 0..1, good to a hundredth of a turn: enough for bumps.</summary>
    private static float QuickAngle(float x, float y)
    {
        float ax = MathF.Abs(x), ay = MathF.Abs(y), sum = ax + ay;
        if (sum == 0) return 0;
        float quarter = 0.25f * ay / sum;
        float half = x < 0 ? 0.5f - quarter : quarter;
        return y < 0 ? (half == 0 ? 0 : 1 - half) : half;
    }
}

/// <summary>Says what a shape paints where. A struct, so that painting is compiled for each kind without calls.</summary>
internal interface IBrush
{
    /// <summary>The label of a pixel inside the shape, or 0 to leave it.</summary>
    ushort LabelAt(int x, int y);
}

/// <summary>One label everywhere.</summary>
internal readonly struct SolidBrush(ushort label) : IBrush
{
    public ushort LabelAt(int x, int y) => label;
}

/// <summary>Where a plane of noise lies above a threshold.</summary>
internal readonly struct NoiseBrush(ushort label, float[] noise, float threshold) : IBrush
{
    public ushort LabelAt(int x, int y) => noise[y * Scene.Size + x] > threshold ? label : (ushort)0;
}

/// <summary>Voronoi cells with bent, perhaps gaping borders: muscles, lobes, bowel loops.</summary>
/// <param name="First">Label of the first cell.</param>
/// <param name="Seeds">Cell centres, x and y by turns.</param>
/// <param name="Bend">How far borders are bent, in pixels.</param>
/// <param name="Wave">How fast the bending changes, per pixel.</param>
/// <param name="GapBetween">Width left free between cells.</param>
/// <param name="ShiftX">Where the cells have moved to.</param>
/// <param name="ShiftY">Where the cells have moved to.</param>
internal readonly record struct CellBrush(ushort First, float[] Seeds, float Bend, float Wave, float GapBetween, float ShiftX, float ShiftY) : IBrush
{
    public ushort LabelAt(int x, int y)
    {
        float wx = x + Bend * MathF.Sin(y * Wave) - ShiftX, wy = y + Bend * MathF.Sin(x * Wave + 1) - ShiftY;
        float best = float.MaxValue, second = float.MaxValue;
        int cell = 0;
        for (int n = 0; n < Seeds.Length / 2; n++)
        {
            float dx = wx - Seeds[2 * n], dy = wy - Seeds[2 * n + 1], d = dx * dx + dy * dy;
            if (d < best) (second, best, cell) = (best, d, n);
            else if (d < second) second = d;
        }
        return GapBetween > 0 && MathF.Sqrt(second) - MathF.Sqrt(best) < GapBetween ? (ushort)0 : (ushort)(First + cell);
    }
}

/// <summary>A vessel, bowel loop or rib: a bent line with a thickness, painted as discs, drifting along z.</summary>
/// <param name="Label">What it paints.</param>
/// <param name="From">Start in pixels.</param>
/// <param name="Over">Control point that bends the line.</param>
/// <param name="To">End in pixels.</param>
/// <param name="StartRadius">Radius at the start in pixels.</param>
/// <param name="EndRadius">Radius at the end in pixels.</param>
/// <param name="DriftX">Movement per slice.</param>
/// <param name="DriftY">Movement per slice.</param>
/// <param name="InsideOnly">Paints only on pixels that belong to something already.</param>
internal sealed record Tube(ushort Label, (float X, float Y) From, (float X, float Y) Over, (float X, float Y) To, float StartRadius, float EndRadius,
    float DriftX, float DriftY, bool InsideOnly)
{
    /// <summary>Paints the tube as it lies at a height.</summary>
    public void Paint(Span<ushort> labels, float z)
    {
        float length = MathF.Abs(From.X - Over.X) + MathF.Abs(From.Y - Over.Y) + MathF.Abs(Over.X - To.X) + MathF.Abs(Over.Y - To.Y);
        int steps = Math.Clamp((int)(length / MathF.Max(1, 0.5f * MathF.Min(StartRadius, EndRadius))), 4, 120);
        for (int n = 0; n <= steps; n++)
        {
            float t = (float)n / steps, s = 1 - t;
            float x = s * s * From.X + 2 * s * t * Over.X + t * t * To.X + DriftX * z, y = s * s * From.Y + 2 * s * t * Over.Y + t * t * To.Y + DriftY * z;
            PaintDisc(labels, x, y, StartRadius + (EndRadius - StartRadius) * t);
        }
    }

    private void PaintDisc(Span<ushort> labels, float cx, float cy, float radius)
    {
        const int size = Scene.Size;
        int y0 = Math.Max(0, (int)MathF.Ceiling(cy - radius)), y1 = Math.Min(size - 1, (int)(cy + radius));
        for (int y = y0; y <= y1; y++)
        {
            float half = MathF.Sqrt(MathF.Max(0, radius * radius - (y - cy) * (y - cy)));
            int x0 = Math.Max(0, (int)MathF.Ceiling(cx - half)), x1 = Math.Min(size - 1, (int)(cx + half));
            for (int x = x0; x <= x1; x++)
                if (!InsideOnly || labels[y * size + x] != 0) labels[y * size + x] = Label;
        }
    }
}
