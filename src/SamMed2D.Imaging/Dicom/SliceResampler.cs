using System.Numerics;
using SamMed2D.Imaging.Voxels;

namespace SamMed2D.Imaging.Dicom;

/// <summary>Brings slices to an even, upright grid: bilinear within a slice, linear between slices; outside all slices lies the smallest number.</summary>
internal static class SliceResampler
{
    /// <summary>Resamples sorted slices.</summary>
    /// <param name="slices">Slice after slice, columns fastest.</param>
    /// <param name="columns">Pixels in a row.</param>
    /// <param name="rows">Rows of a slice.</param>
    /// <param name="grid">Where each slice lies and what to fill.</param>
    /// <param name="source">For messages.</param>
    /// <param name="cancellation">Stops between planes.</param>
    public static T[] Resample<T>(T[] slices, int columns, int rows, SliceGrid grid, string source, CancellationToken cancellation) where T : unmanaged, INumber<T>
    {
        IReadOnlyList<SlicePlace> places = grid.Places!;
        int sizeI = grid.Geometry.SizeI, sizeJ = grid.Geometry.SizeJ, sizeK = grid.Geometry.SizeK;
        T[] result = VoxelMemory.Allocate<T>(source, grid.Geometry.VoxelCount);
        T background = SmallestOf<T>(slices);
        // Two planes, each one slice brought to its place within the plane; rows move on as k does.
        float[][] planes = [new float[sizeI * sizeJ], new float[sizeI * sizeJ]];
        int[] held = [-1, -1];
        int below = 0;
        for (int k = 0; k < sizeK; k++)
        {
            cancellation.ThrowIfCancellationRequested();
            while (below < places.Count - 2 && places[below + 1].Depth <= k) below++;
            double weight = Math.Clamp((k - places[below].Depth) / (places[below + 1].Depth - places[below].Depth), 0, 1);
            // A plane on a slice is that slice, whatever rounding says.
            if (weight < 1e-3) weight = 0;
            if (weight > 1 - 1e-3) weight = 1;
            float[] lower = Plane(below), upper = weight > 0 ? Plane(below + 1) : lower;
            Span<T> target = result.AsSpan(k * sizeI * sizeJ, sizeI * sizeJ);
            float upperWeight = (float)weight;
            for (int n = 0; n < target.Length; n++) target[n] = Round<T>(lower[n] + (upper[n] - lower[n]) * upperWeight);
        }
        return result;

        float[] Plane(int slice)
        {
            int slot = slice & 1;
            if (held[slot] != slice)
            {
                MoveSlice(slices.AsSpan(slice * columns * rows, columns * rows), columns, rows, places[slice], planes[slot], sizeI, sizeJ, float.CreateTruncating(background));
                held[slot] = slice;
            }
            return planes[slot];
        }
    }

    /// <summary>Shifts a slice by a fraction of pixels into a larger plane.</summary>
    private static void MoveSlice<T>(ReadOnlySpan<T> slice, int columns, int rows, SlicePlace place, float[] plane, int sizeI, int sizeJ, float background)
        where T : unmanaged, INumber<T>
    {
        Array.Fill(plane, background);
        for (int j = 0; j < sizeJ; j++)
        {
            double y = j - place.Row;
            if (y < -1e-6 || y > rows - 1 + 1e-6) continue;
            int row = Math.Clamp((int)y, 0, rows - 1), nextRow = Math.Min(row + 1, rows - 1);
            float down = (float)Math.Clamp(y - row, 0, 1);
            ReadOnlySpan<T> upper = slice.Slice(row * columns, columns), lower = slice.Slice(nextRow * columns, columns);
            Span<float> target = plane.AsSpan(j * sizeI, sizeI);
            for (int i = 0; i < sizeI; i++)
            {
                double x = i - place.Column;
                if (x < -1e-6 || x > columns - 1 + 1e-6) continue;
                int column = Math.Clamp((int)x, 0, columns - 1), nextColumn = Math.Min(column + 1, columns - 1);
                float right = (float)Math.Clamp(x - column, 0, 1);
                float a = float.CreateTruncating(upper[column]), b = float.CreateTruncating(upper[nextColumn]);
                float c = float.CreateTruncating(lower[column]), d = float.CreateTruncating(lower[nextColumn]);
                float top = a + (b - a) * right, bottom = c + (d - c) * right;
                target[i] = top + (bottom - top) * down;
            }
        }
    }

    private static T SmallestOf<T>(ReadOnlySpan<T> values) where T : unmanaged, INumber<T>
    {
        T smallest = values[0];
        foreach (T value in values)
            if (value < smallest) smallest = value;
        return smallest;
    }

    private static T Round<T>(float value) where T : unmanaged, INumber<T> =>
        typeof(T) == typeof(float) ? T.CreateTruncating(value) : T.CreateSaturating(MathF.Round(value));
}
