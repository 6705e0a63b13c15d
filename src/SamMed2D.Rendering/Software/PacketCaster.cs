using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using SamMed2D.Rendering.OpenGL;

namespace SamMed2D.Rendering.Software;

/// <summary>
/// Casts eight neighbouring rays at a time, four wide and two high, as <c>volume.frag.glsl</c> casts one: equal steps, leaps over bricks in
/// which nothing shows, an early end where the picture is opaque. Normals come from central differences at the sample itself, as in the
/// reference, so that nothing is kept beside the voxels.
/// </summary>
internal readonly unsafe ref struct PacketCaster<TPairs> where TPairs : IVoxelPairs
{
    public const int PacketWidth = 4, PacketHeight = 2;

    private const float OpaqueEnough = 0.98f;
    private static readonly Vector256<float> s_columns = Vector256.Create(0f, 1, 2, 3, 0, 1, 2, 3), s_rows = Vector256.Create(0f, 0, 0, 0, 1, 1, 1, 1);

    private readonly CastSetup _setup;
    private readonly CastRows _rows;
    private readonly VoxelGrid _grid;
    private readonly ushort* _labels;
    private readonly int* _isShown;
    private readonly float* _opacities, _highlights, _brickEntries;
    private readonly int* _colors;
    private readonly byte* _emptiness;
    private readonly int _countI, _countJ, _countK;
    private readonly Vector2 _mixedToEntry;

    public PacketCaster(CastSetup setup, in CastRows rows, void* voxels, ushort* labels, int* isShown, float* opacities, int* colors, float* highlights, byte* emptiness, float* brickEntries)
    {
        _setup = setup;
        _rows = rows;
        _grid = new(voxels, setup.SizeI, setup.SizeJ, setup.SizeK);
        _labels = labels;
        _isShown = isShown;
        _opacities = opacities;
        _colors = colors;
        _highlights = highlights;
        _emptiness = emptiness;
        _brickEntries = brickEntries;
        BrickGrid bricks = setup.Transfer.Bricks;
        (_countI, _countJ, _countK) = (bricks.CountI, bricks.CountJ, bricks.CountK);
        // What voxel pairs mix to is on their own scale.
        _mixedToEntry = new(setup.StoredToEntry.X * TPairs.Unit, setup.StoredToEntry.X * TPairs.Bias + setup.StoredToEntry.Y);
    }

    /// <summary>Casts the rays of a packet.</summary>
    /// <param name="left">Column of its first pixel.</param>
    /// <param name="top">Row of its first pixel.</param>
    /// <param name="picture">Colour times opacity, and opacity, one a pixel of the rows.</param>
    public void Cast(int left, int top, Vector4* picture)
    {
        Rays rays = CreateRays(left, top);
        Gathered gathered = default;
        if (Lanes.Bits(Vector256.LessThan(rays.Begin, rays.End)) != 0) gathered = _setup.Transfer.IsMaximum ? CastMaximum(rays) : CastComposite(rays);
        Store(gathered, left, top, picture);
    }

    private Gathered CastComposite(in Rays rays)
    {
        Gathered gathered = default;
        Vector256<float> step = Vector256.Create(_setup.StepMm), t = rays.Begin + step * Phase(rays);
        Vector256<float> isActive = Vector256.LessThan(t, rays.End);
        while (Lanes.Bits(isActive) != 0)
        {
            Vector256<float> leave = FindBrick(rays, t, out Vector256<int> brick);
            Vector256<float> isVisible = isActive & Vector256.Equals(Lanes.GatherBytes(_emptiness, brick), Vector256<int>.Zero).AsSingle();
            t = Lanes.Select(Vector256.AndNot(isActive, isVisible), t + step * Lanes.Max(Lanes.Ceiling((leave - t) / step), Vector256<float>.One), t);
            Vector256<float> end = Lanes.Min(leave, rays.End), lanes = isVisible;
            // A lane that stands exactly on the border of its brick still takes its sample, so that every turn gets on.
            while (Lanes.Bits(lanes) != 0)
            {
                Sample(rays, t, lanes, ref gathered);
                t = Lanes.Select(lanes, t + step, t);
                lanes &= Vector256.LessThan(t, end) & Vector256.LessThan(gathered.Opacity, Vector256.Create(OpaqueEnough));
            }
            isActive &= Vector256.LessThan(t, rays.End) & Vector256.LessThan(gathered.Opacity, Vector256.Create(OpaqueEnough));
        }
        // What the early end left out is as good as opaque.
        Vector256<float> isOpaque = Vector256.GreaterThanOrEqual(gathered.Opacity, Vector256.Create(OpaqueEnough));
        gathered.Scale(Lanes.Select(isOpaque, Vector256<float>.One / gathered.Opacity, Vector256<float>.One));
        return gathered;
    }

    private Gathered CastMaximum(in Rays rays)
    {
        Vector256<float> step = Vector256.Create(_setup.StepMm), top = Vector256.Create(SoftwareTransfer.TableSize - 1f);
        // The shortest way through the box is worth one sample.
        Vector256<float> t = rays.Begin + Lanes.Min(step, rays.End - rays.Begin) * Phase(rays);
        Vector256<float> isActive = Vector256.LessThan(t, rays.End), none = Vector256.Create(-1e30f), maximum = none;
        while (Lanes.Bits(isActive) != 0)
        {
            Vector256<float> leave = FindBrick(rays, t, out Vector256<int> brick);
            Vector256<float> isVisible = isActive & Vector256.Equals(Lanes.GatherBytes(_emptiness, brick), Vector256<int>.Zero).AsSingle();
            // A brick that holds nothing higher cannot change the picture.
            isVisible &= Vector256.GreaterThan(Lanes.Gather(_brickEntries, brick), maximum);
            t = Lanes.Select(Vector256.AndNot(isActive, isVisible), t + step * Lanes.Max(Lanes.Ceiling((leave - t) / step), Vector256<float>.One), t);
            Vector256<float> end = Lanes.Min(leave, rays.End), lanes = isVisible;
            while (Lanes.Bits(lanes) != 0)
            {
                Vector256<float> x = rays.X + rays.DirectionX * t, y = rays.Y + rays.DirectionY * t, z = rays.Z + rays.DirectionZ * t;
                Vector256<float> counts = lanes;
                if (_isShown is not null) counts &= IsShown(x, y, z);
                Vector256<float> entry = Lanes.MultiplyAdd(new Cell<TPairs>(_grid, x, y, z).Mixed, Vector256.Create(_mixedToEntry.X), Vector256.Create(_mixedToEntry.Y));
                maximum = Lanes.Select(counts, Lanes.Max(entry, maximum), maximum);
                t = Lanes.Select(lanes, t + step, t);
                lanes &= Vector256.LessThan(t, end);
            }
            isActive &= Vector256.LessThan(t, rays.End) & Vector256.LessThan(maximum, top);
        }
        // Inside the box everything below the range looks like its lower end; with a mask, what no ray found stays empty.
        Vector256<float> isSeen = Vector256.LessThan(rays.Begin, rays.End);
        if (_isShown is not null) isSeen &= Vector256.GreaterThan(maximum, none);
        Vector256<int> index = ToIndex(maximum);
        Gathered gathered = default;
        gathered.Add(Lanes.Gather(_colors, index), Lanes.Gather(_opacities, index) & isSeen, Vector256<float>.One, Vector256<float>.Zero);
        return gathered;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Sample(in Rays rays, Vector256<float> t, Vector256<float> lanes, ref Gathered gathered)
    {
        Vector256<float> x = rays.X + rays.DirectionX * t, y = rays.Y + rays.DirectionY * t, z = rays.Z + rays.DirectionZ * t;
        if (_isShown is not null)
        {
            lanes &= IsShown(x, y, z);
            if (Lanes.Bits(lanes) == 0) return;
        }
        Cell<TPairs> cell = new(_grid, x, y, z);
        Vector256<int> index = ToIndex(Lanes.MultiplyAdd(cell.Mixed, Vector256.Create(_mixedToEntry.X), Vector256.Create(_mixedToEntry.Y)));
        Vector256<float> opacity = Lanes.Gather(_opacities, index) & lanes;
        if (Lanes.Bits(Vector256.GreaterThan(opacity, Vector256<float>.Zero)) == 0) return;
        Vector256<float> light = Vector256<float>.One, highlight = Vector256<float>.Zero;
        if (_setup.Transfer.Material is { } material)
        {
            Vector256<float> cosine = CosineToSight(cell, rays);
            light = Lanes.MultiplyAdd(cosine, Vector256.Create((float)material.Diffuse), Vector256.Create((float)material.Ambient));
            highlight = Lanes.Gather(_highlights, Lanes.Truncate(Lanes.MultiplyAdd(cosine, Vector256.Create(SoftwareTransfer.HighlightCount - 1f), Vector256.Create(0.5f))));
        }
        gathered.Add(Lanes.Gather(_colors, index), opacity, light, highlight);
    }

    // Between the normal and the line of sight, 0 to 1; where intensity is even, the sample faces the eye.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> CosineToSight(in Cell<TPairs> cell, in Rays rays)
    {
        cell.Gradient(_grid, out Vector256<float> i, out Vector256<float> j, out Vector256<float> k);
        // A direction in space and a gradient have the same scalar product in indices.
        Vector256<float> along = i * rays.DirectionX + j * rays.DirectionY + k * rays.DirectionZ;
        (Vector3 perI, Vector3 perJ, Vector3 perK) = _setup.GradientToRas;
        Vector256<float> r = i * perI.X + j * perJ.X + k * perK.X, a = i * perI.Y + j * perJ.Y + k * perK.Y, s = i * perI.Z + j * perJ.Z + k * perK.Z;
        Vector256<float> square = r * r + a * a + s * s;
        Vector256<float> cosine = Vector256.Abs(along) / Vector256.Sqrt(square);
        // Not a number where there is no gradient: the minimum then takes the other.
        return Lanes.Min(cosine, Vector256<float>.One);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> ToIndex(Vector256<float> entry) =>
        Lanes.Truncate(Lanes.Min(Lanes.Max(entry, Vector256<float>.Zero), Vector256.Create(SoftwareTransfer.TableSize - 1f)) + Vector256.Create(0.5f));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> IsShown(Vector256<float> x, Vector256<float> y, Vector256<float> z)
    {
        Vector256<float> half = Vector256.Create(0.5f);
        ((int sizeI, int sizeJ, int sizeK), Vector3 factors) = (_setup.LabelSize, _setup.LabelFactors);
        Vector256<int> i = Nearest((x + half) * factors.X, sizeI), j = Nearest((y + half) * factors.Y, sizeJ), k = Nearest((z + half) * factors.Z, sizeK);
        Vector256<int> offset = (k * sizeJ + j) * sizeI + i;
        return Lanes.Gather(_isShown, Lanes.GatherLabels(_labels, _setup.Labels.Length, offset)).AsSingle();

        static Vector256<int> Nearest(Vector256<float> place, int size) => Lanes.Truncate(Lanes.Min(Lanes.Max(place, Vector256<float>.Zero), Vector256.Create(size - 1f)));
    }

    // Where rays leave the bricks they are in, or all those around that are empty too.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector256<float> FindBrick(in Rays rays, Vector256<float> t, out Vector256<int> brick)
    {
        const float perVoxel = 1f / BrickGrid.BrickSize;
        Vector256<float> scale = Vector256.Create(perVoxel), shift = Vector256.Create(0.5f * perVoxel);
        Vector256<float> x = Lanes.MultiplyAdd(rays.X + rays.DirectionX * t, scale, shift), y = Lanes.MultiplyAdd(rays.Y + rays.DirectionY * t, scale, shift);
        Vector256<float> z = Lanes.MultiplyAdd(rays.Z + rays.DirectionZ * t, scale, shift);
        Vector256<int> i = Brick(x, _countI), j = Brick(y, _countJ), k = Brick(z, _countK);
        brick = (k * _countJ + j) * _countI + i;
        Vector256<float> reach = Lanes.Max(Lanes.ToFloat(Lanes.GatherBytes(_emptiness, brick)), Vector256<float>.One);
        Vector256<float> toBorder = Lanes.Min(Distance(x, i, rays.DirectionX, rays.PerX, reach), Lanes.Min(
            Distance(y, j, rays.DirectionY, rays.PerY, reach), Distance(z, k, rays.DirectionZ, rays.PerZ, reach)));
        return t + Lanes.Max(toBorder, Vector256<float>.Zero) * (float)BrickGrid.BrickSize;

        static Vector256<int> Brick(Vector256<float> place, int count) => Lanes.Truncate(Lanes.Min(Lanes.Max(place, Vector256<float>.Zero), Vector256.Create(count - 1f)));

        static Vector256<float> Distance(Vector256<float> place, Vector256<int> brick, Vector256<float> direction, Vector256<float> per, Vector256<float> reach)
        {
            // Forwards to the far side of the last empty brick, backwards to the near side.
            Vector256<float> border = Lanes.ToFloat(brick) + Lanes.Select(direction, Vector256<float>.One - reach, reach);
            return (border - place) * per;
        }
    }

    private Vector256<float> Phase(in Rays rays)
    {
        if (!_setup.IsJittered) return Vector256.Create(0.5f);
        // The same noise as in the shader: J. Jimenez, Next generation post processing in Call of Duty, 2014.
        Vector256<float> noise = Fraction(rays.Column * 0.06711056f + rays.Row * 0.00583715f);
        return Fraction(noise * 52.9829189f);

        static Vector256<float> Fraction(Vector256<float> value) => value - Vector256.Floor(value);
    }

    private Rays CreateRays(int left, int top)
    {
        CastSetup s = _setup;
        Rays rays = default;
        Vector256<float> half = Vector256.Create(0.5f);
        (rays.Column, rays.Row) = (s_columns + Vector256.Create(left + 0.5f), s_rows + Vector256.Create(top + 0.5f));
        Vector256<float> right = (rays.Column * (2f / s.Width) - Vector256<float>.One) * s.HalfExtent.X, down = (rays.Row * (2f / s.Height) - Vector256<float>.One) * s.HalfExtent.Y;
        Vector256<float> perDistance = Vector256<float>.One, zero = Vector256<float>.Zero;
        if (s.IsParallel)
        {
            rays.X = Vector256.Create(s.Eye.X) + right * s.Right.X + down * s.Down.X;
            rays.Y = Vector256.Create(s.Eye.Y) + right * s.Right.Y + down * s.Down.Y;
            rays.Z = Vector256.Create(s.Eye.Z) + right * s.Right.Z + down * s.Down.Z;
            (rays.DirectionX, rays.DirectionY, rays.DirectionZ) = (Vector256.Create(s.Forward.X), Vector256.Create(s.Forward.Y), Vector256.Create(s.Forward.Z));
        }
        else
        {
            Vector256<float> distance = Vector256.Create(s.TargetDistance);
            Vector256<float> length = Vector256.Sqrt(distance * distance + right * right + down * down), per = Vector256<float>.One / length;
            (rays.X, rays.Y, rays.Z) = (Vector256.Create(s.Eye.X), Vector256.Create(s.Eye.Y), Vector256.Create(s.Eye.Z));
            rays.DirectionX = (distance * s.Forward.X + right * s.Right.X + down * s.Down.X) * per;
            rays.DirectionY = (distance * s.Forward.Y + right * s.Right.Y + down * s.Down.Y) * per;
            rays.DirectionZ = (distance * s.Forward.Z + right * s.Right.Z + down * s.Down.Z) * per;
            perDistance = length / distance;
        }
        (rays.DirectionX, rays.DirectionY, rays.DirectionZ) = (Safe(rays.DirectionX), Safe(rays.DirectionY), Safe(rays.DirectionZ));
        (rays.PerX, rays.PerY, rays.PerZ) = (Vector256<float>.One / rays.DirectionX, Vector256<float>.One / rays.DirectionY, Vector256<float>.One / rays.DirectionZ);

        // Into the box of the voxels, the cutting planes and the two depths.
        (rays.Begin, rays.End) = (zero, Vector256.Create(1e9f));
        ClipAxis(ref rays, rays.X, rays.PerX, s.SizeI);
        ClipAxis(ref rays, rays.Y, rays.PerY, s.SizeJ);
        ClipAxis(ref rays, rays.Z, rays.PerZ, s.SizeK);
        foreach (Vector4 clip in s.Clips)
        {
            Vector256<float> start = rays.X * clip.X + rays.Y * clip.Y + rays.Z * clip.Z + Vector256.Create(clip.W);
            Vector256<float> slope = Safe(rays.DirectionX * clip.X + rays.DirectionY * clip.Y + rays.DirectionZ * clip.Z), crossing = -start / slope;
            Vector256<float> isEntering = Vector256.GreaterThan(slope, zero);
            rays.Begin = Lanes.Select(isEntering, Lanes.Max(rays.Begin, crossing), rays.Begin);
            rays.End = Lanes.Select(isEntering, rays.End, Lanes.Min(rays.End, crossing));
        }
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            int x = left + lane % PacketWidth, y = top + lane / PacketWidth;
            int pixel = (y - _rows.First) * s.Width + x;
            if (x >= s.Width || y >= _rows.First + _rows.Count)
            {
                rays.End = rays.End.WithElement(lane, -1);
                continue;
            }
            if (_rows.NearMm is { } near) rays.Begin = rays.Begin.WithElement(lane, Math.Max(rays.Begin[lane], near[pixel] * perDistance[lane]));
            if (_rows.FarMm is { } far) rays.End = rays.End.WithElement(lane, Math.Min(rays.End[lane], far[pixel] * perDistance[lane]));
        }
        return rays;

        // No direction is quite along an axis, so that nothing is divided by zero.
        static Vector256<float> Safe(Vector256<float> direction) => Lanes.Select(
            Vector256.LessThan(Vector256.Abs(direction), Vector256.Create(1e-7f)), Vector256.Create(1e-7f), direction);

        static void ClipAxis(ref Rays rays, Vector256<float> start, Vector256<float> per, int size)
        {
            Vector256<float> a = (Vector256.Create(-0.5f) - start) * per, b = (Vector256.Create(size - 0.5f) - start) * per;
            rays.Begin = Lanes.Max(rays.Begin, Lanes.Min(a, b));
            rays.End = Lanes.Min(rays.End, Lanes.Max(a, b));
        }
    }

    private void Store(in Gathered gathered, int left, int top, Vector4* picture)
    {
        for (int lane = 0; lane < Lanes.Count; lane++)
        {
            int x = left + lane % PacketWidth, y = top + lane / PacketWidth;
            if (x < _setup.Width && y < _rows.First + _rows.Count)
                picture[(y - _rows.First) * _setup.Width + x] = new(gathered.Red[lane], gathered.Green[lane], gathered.Blue[lane], gathered.Opacity[lane]);
        }
    }

    private struct Rays
    {
        public Vector256<float> Column, Row, X, Y, Z, DirectionX, DirectionY, DirectionZ, PerX, PerY, PerZ, Begin, End;
    }

    private struct Gathered
    {
        public Vector256<float> Red, Green, Blue, Opacity;

        /// <summary>Puts samples behind all that came before: colours as bytes, times the light, and a white highlight.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Add(Vector256<int> colors, Vector256<float> opacity, Vector256<float> light, Vector256<float> highlight)
        {
            Vector256<float> weight = (Vector256<float>.One - Opacity) * opacity, scaled = light * (1 / 255f);
            Vector256<int> low = Vector256.Create(0xFF);
            Red = Lanes.MultiplyAdd(weight, Lanes.MultiplyAdd(Lanes.ToFloat(colors & low), scaled, highlight), Red);
            Green = Lanes.MultiplyAdd(weight, Lanes.MultiplyAdd(Lanes.ToFloat((colors >> 8) & low), scaled, highlight), Green);
            Blue = Lanes.MultiplyAdd(weight, Lanes.MultiplyAdd(Lanes.ToFloat(colors >> 16), scaled, highlight), Blue);
            Opacity += weight;
        }

        public void Scale(Vector256<float> factor)
        {
            Red *= factor;
            Green *= factor;
            Blue *= factor;
            Opacity *= factor;
        }
    }
}
