using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace SamMed2D.Rendering.Software;

/// <summary>Draws rows of a slice eight pixels at a time, as <c>flat-slice.frag.glsl</c> draws one.</summary>
internal static unsafe class SlicePacket
{
    private static readonly Vector256<float> s_lanes = Vector256.Create(0f, 1, 2, 3, 4, 5, 6, 7);

    /// <summary>Mixes the grey values of a volume, 0 to 1, into a row, where it lies inside the grid.</summary>
    public static void Grey<TPairs>(in VoxelGrid grid, SliceGrey slice, int y, Span<float> row) where TPairs : IVoxelPairs
    {
        float scale = slice.StoredToGrey.X * TPairs.Unit, shift = slice.StoredToGrey.X * TPairs.Bias + slice.StoredToGrey.Y;
        for (int x = 0; x < row.Length; x += Lanes.Count)
        {
            Places(slice.Steps, s_lanes + Vector256.Create((float)x), Vector256.Create((float)y), out Vector256<float> i, out Vector256<float> j, out Vector256<float> k);
            Vector256<float> isInside = IsInside(i, grid.SizeI) & IsInside(j, grid.SizeJ) & IsInside(k, grid.SizeK);
            if (slice.IsNearest) (i, j, k) = (Nearest(i), Nearest(j), Nearest(k));
            Vector256<float> grey = Lanes.MultiplyAdd(new Cell<TPairs>(grid, i, j, k).Mixed, Vector256.Create(scale), Vector256.Create(shift));
            grey = Lanes.Min(Lanes.Max(grey, Vector256<float>.Zero), Vector256<float>.One);
            Store(Lanes.Mix(Load(row, x), grey, Vector256.Create(slice.Opacity) & isInside), row, x);
        }

        static Vector256<float> IsInside(Vector256<float> place, int size) =>
            Vector256.GreaterThanOrEqual(place, Vector256.Create(-0.5f)) & Vector256.LessThan(place, Vector256.Create(size - 0.5f));

        static Vector256<float> Nearest(Vector256<float> place) => Vector256.Floor(place + Vector256.Create(0.5f));
    }

    /// <summary>Mixes the labels' colours over the greys of a row into pixels, red in the lowest byte.</summary>
    /// <param name="labels">The labels; null for none.</param>
    /// <param name="first">Their first voxel.</param>
    /// <param name="colors">Their colours.</param>
    /// <param name="y">The row.</param>
    /// <param name="greys">Its grey values, 0 to 1.</param>
    /// <param name="row">Gets the pixels.</param>
    public static void Color(SliceLabels? labels, ushort* first, int* colors, int y, ReadOnlySpan<float> greys, Span<uint> row)
    {
        for (int x = 0; x < row.Length; x += Lanes.Count)
        {
            Vector256<float> grey = Load(greys, x), red = grey, green = grey, blue = grey;
            if (labels is not null)
            {
                Vector256<float> column = s_lanes + Vector256.Create((float)x), line = Vector256.Create((float)y);
                Vector256<int> label = LabelAt(labels, first, column, line);
                if (label != Vector256<int>.Zero)
                {
                    Vector256<int> look = Lanes.Gather(colors, label) & ~Vector256.Equals(label, Vector256<int>.Zero);
                    Vector256<float> isOutline = IsOnOutline(labels, first, label, column, line);
                    Vector256<float> weight = Lanes.Select(isOutline, Vector256.Create(labels.OutlineOpacity), Vector256.Create(labels.FillOpacity))
                        * Lanes.ToFloat(Vector256.ShiftRightLogical(look, 24)) * (1 / 255f);
                    red = Lanes.Mix(grey, Part(look), weight);
                    green = Lanes.Mix(grey, Part(look >> 8), weight);
                    blue = Lanes.Mix(grey, Part(look >> 16), weight);
                }
            }
            Vector256<int> pixels = ToByte(red) | ToByte(green) << 8 | ToByte(blue) << 16 | Vector256.Create(unchecked((int)0xFF000000));
            int count = Math.Min(Lanes.Count, row.Length - x);
            if (count == Lanes.Count) pixels.AsUInt32().CopyTo(row[x..]);
            else
                for (int lane = 0; lane < count; lane++) row[x + lane] = (uint)pixels[lane];
        }

        static Vector256<float> Part(Vector256<int> look) => Lanes.ToFloat(look & Vector256.Create(0xFF)) * (1 / 255f);

        static Vector256<int> ToByte(Vector256<float> part) => Lanes.Truncate(Lanes.MultiplyAdd(part, Vector256.Create(255f), Vector256.Create(0.5f)));
    }

    private static Vector256<float> IsOnOutline(SliceLabels labels, ushort* first, Vector256<int> label, Vector256<float> x, Vector256<float> y)
    {
        if (labels.OutlineWidth <= 0) return Vector256<float>.Zero;
        Vector256<float> w = Vector256.Create(labels.OutlineWidth), d = Vector256.Create(labels.OutlineWidth * MathF.Sqrt(0.5f));
        Vector256<int> isAlike = Vector256.Equals(LabelAt(labels, first, x + w, y), label) & Vector256.Equals(LabelAt(labels, first, x - w, y), label)
            & Vector256.Equals(LabelAt(labels, first, x, y + w), label) & Vector256.Equals(LabelAt(labels, first, x, y - w), label)
            & Vector256.Equals(LabelAt(labels, first, x + d, y + d), label) & Vector256.Equals(LabelAt(labels, first, x - d, y - d), label)
            & Vector256.Equals(LabelAt(labels, first, x + d, y - d), label) & Vector256.Equals(LabelAt(labels, first, x - d, y + d), label);
        return (~isAlike).AsSingle();
    }

    // 0 outside the grid.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> LabelAt(SliceLabels labels, ushort* first, Vector256<float> x, Vector256<float> y)
    {
        Places(labels.Steps, x, y, out Vector256<float> i, out Vector256<float> j, out Vector256<float> k);
        Vector256<float> half = Vector256.Create(0.5f), isInside = Vector256<float>.AllBitsSet;
        Vector256<int> offset = Axis(k + half, labels.SizeK, ref isInside) * labels.SizeJ;
        offset = (offset + Axis(j + half, labels.SizeJ, ref isInside)) * labels.SizeI + Axis(i + half, labels.SizeI, ref isInside);
        return Lanes.GatherLabels(first, labels.Labels.Length, offset) & isInside.AsInt32();

        static Vector256<int> Axis(Vector256<float> place, int size, ref Vector256<float> isInside)
        {
            isInside &= Vector256.GreaterThanOrEqual(place, Vector256<float>.Zero) & Vector256.LessThan(place, Vector256.Create((float)size));
            return Lanes.Truncate(Lanes.Min(Lanes.Max(place, Vector256<float>.Zero), Vector256.Create(size - 1f)));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Places(in PixelSteps steps, Vector256<float> x, Vector256<float> y, out Vector256<float> i, out Vector256<float> j, out Vector256<float> k)
    {
        i = Along(steps.Origin.X, steps.StepX.X, steps.StepY.X, x, y);
        j = Along(steps.Origin.Y, steps.StepX.Y, steps.StepY.Y, x, y);
        k = Along(steps.Origin.Z, steps.StepX.Z, steps.StepY.Z, x, y);

        static Vector256<float> Along(float origin, float stepX, float stepY, Vector256<float> x, Vector256<float> y) =>
            Lanes.MultiplyAdd(x, Vector256.Create(stepX), Lanes.MultiplyAdd(y, Vector256.Create(stepY), Vector256.Create(origin)));
    }

    private static Vector256<float> Load(ReadOnlySpan<float> row, int x)
    {
        if (x + Lanes.Count <= row.Length) return Vector256.Create(row[x..]);
        Span<float> rest = stackalloc float[Lanes.Count];
        row[x..].CopyTo(rest);
        return Vector256.Create<float>(rest);
    }

    private static void Store(Vector256<float> values, Span<float> row, int x)
    {
        if (x + Lanes.Count <= row.Length)
        {
            values.CopyTo(row[x..]);
            return;
        }
        for (int lane = 0; x + lane < row.Length; lane++) row[x + lane] = values[lane];
    }
}
