using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Geometry;

namespace SamMed2D.Imaging.Dicom;

/// <summary>
/// The regular grid for sorted slices, and what has to be done to get there. Slices at even steps along their normal are the grid.
/// Uneven or missing ones and slices whose corners drift sideways (a tilted gantry) are resampled to an upright, even grid; offsets here say where
/// each slice lies in it.
/// </summary>
internal sealed class SliceGrid
{
    /// <summary>Uneven by less than this part of the spacing is rounding in the file.</summary>
    private const double UnevenPart = 0.02;

    /// <summary>A grid may not have more than this many times the slices that were read.</summary>
    private const int MostGrowth = 4;

    private SliceGrid(VolumeGeometry geometry, IReadOnlyList<SlicePlace>? places, IReadOnlyList<string> notes) =>
        (Geometry, Places, Notes) = (geometry, places, notes);

    /// <summary>The grid of the result.</summary>
    public VolumeGeometry Geometry { get; }

    /// <summary>Where each slice lies in the grid; null where slice n simply is plane n.</summary>
    public IReadOnlyList<SlicePlace>? Places { get; }

    /// <summary>Sentences for the user.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Lays the grid through slices that are sorted along their normal, at least two.</summary>
    /// <exception cref="UnsupportedInputException">The slices are too scattered for one grid.</exception>
    public static SliceGrid Create(IReadOnlyList<DicomFrame> slices, string source)
    {
        PicturePlane plane = slices[0].Plane!;
        RasVector normal = plane.Normal;
        // Depth along the normal and sideways drift of the first pixel, in millimetres and in pixels, against the first slice.
        double[] depths = [.. slices.Select(slice => Offset(slice, plane).Dot(normal))];
        double[] right = [.. slices.Select(slice => Offset(slice, plane).Dot(plane.Right) / plane.ColumnSpacingMm)];
        double[] down = [.. slices.Select(slice => Offset(slice, plane).Dot(plane.Down) / plane.RowSpacingMm)];

        List<string> notes = [];
        double mean = depths[^1] / (slices.Count - 1);
        bool even = IsEven(depths, mean);
        double spacing = even ? mean : ChooseSpacing(depths, source, notes);
        bool drifts = Drifts(depths, right, plane.ColumnSpacingMm) || Drifts(depths, down, plane.RowSpacingMm);
        if (even && !drifts)
        {
            RasVector step = Offset(slices[^1], plane) * (1.0 / (slices.Count - 1));
            return new(new VolumeGeometry(slices[0].Columns, slices[0].Rows, slices.Count,
                Affine.FromColumns(plane.Right * plane.ColumnSpacingMm, plane.Down * plane.RowSpacingMm, step, plane.Position)), null, notes);
        }
        if (drifts) notes.Add(DescribeDrift(depths, right, down, plane));
        return CreateUpright(slices, depths, right, down, drifts, spacing, source, notes);
    }

    /// <summary>True where slices are shifted sideways by more than rounding explains; a smaller, steady shift stays in the affine.</summary>
    private static bool Drifts(double[] depths, double[] pixels, double pixelMm)
    {
        const double toleratedPixels = 0.1, toleratedAngle = 1e-3;
        double slope = pixels[^1] / depths[^1];
        if (Math.Abs(slope * pixelMm) > toleratedAngle && Math.Abs(pixels[^1]) > toleratedPixels) return true;
        for (int n = 0; n < pixels.Length; n++)
            if (Math.Abs(pixels[n] - slope * depths[n]) > toleratedPixels) return true;
        return false;
    }

    private static bool IsEven(double[] depths, double mean)
    {
        double tolerance = Math.Max(UnevenPart * mean, 0.002);
        for (int n = 0; n < depths.Length; n++)
            if (Math.Abs(depths[n] - n * mean) > tolerance) return false;
        return true;
    }

    private static double ChooseSpacing(double[] depths, string source, List<string> notes)
    {
        double[] steps = [.. depths.Zip(depths.Skip(1), (a, b) => b - a)];
        double[] sorted = [.. steps.Order()];
        double usual = sorted[sorted.Length / 2];
        List<string> gaps = [];
        bool onlyGaps = true;
        for (int n = 0; n < steps.Length; n++)
        {
            double ratio = steps[n] / usual;
            if (Math.Abs(ratio - Math.Round(ratio)) > UnevenPart * Math.Max(1, ratio) || ratio < 0.5) onlyGaps = false;
            else if (ratio > 1.5) gaps.Add($"{Mm(ratio - 1, "0")} between {Mm(depths[n])} and {Mm(depths[n + 1])} mm");
        }
        double smallest = sorted[0];
        double spacing = onlyGaps || (depths[^1] / smallest) > MostGrowth * depths.Length ? usual : smallest;
        if (depths[^1] / spacing > MostGrowth * (double)depths.Length + 64)
            throw new UnsupportedInputException(source, $"its slices lie too unevenly for one volume (steps from {Mm(smallest)} to {Mm(sorted[^1])} mm); split the series");
        notes.Add(onlyGaps
            ? $"Slices are missing ({string.Join(", ", gaps)} from the first slice); the gaps were filled by linear interpolation at the usual {Mm(usual)} mm."
            : $"Slices lie unevenly, in steps from {Mm(smallest)} to {Mm(sorted[^1])} mm; resampled linearly to even steps of {Mm(spacing)} mm.");
        return spacing;
    }

    private static string DescribeDrift(double[] depths, double[] right, double[] down, PicturePlane plane)
    {
        double sideways = Math.Sqrt(Math.Pow(right[^1] * plane.ColumnSpacingMm, 2) + Math.Pow(down[^1] * plane.RowSpacingMm, 2));
        double degrees = Math.Atan2(sideways, depths[^1]) * 180 / Math.PI;
        return $"The gantry was tilted by {Mm(degrees)} degrees; resampled to an upright grid.";
    }

    private static SliceGrid CreateUpright(
        IReadOnlyList<DicomFrame> slices, double[] depths, double[] right, double[] down, bool drifts, double spacing, string source, List<string> notes)
    {
        PicturePlane plane = slices[0].Plane!;
        double firstColumn = drifts ? right.Min() : 0, firstRow = drifts ? down.Min() : 0;
        double extraColumns = drifts ? Math.Ceiling(right.Max() - firstColumn - 1e-6) : 0, extraRows = drifts ? Math.Ceiling(down.Max() - firstRow - 1e-6) : 0;
        double count = Math.Round(depths[^1] / spacing) + 1;
        // The last plane may fall short of the last slice by less than half a step.
        if (extraColumns > MostGrowth * (double)slices[0].Columns || extraRows > MostGrowth * (double)slices[0].Rows)
            throw new UnsupportedInputException(source, "its slices are shifted sideways by more than their own size; they make no volume");
        RasVector toCorner = plane.Right * (firstColumn * plane.ColumnSpacingMm) + plane.Down * (firstRow * plane.RowSpacingMm);
        RasPoint origin = new(plane.Position.R + toCorner.R, plane.Position.A + toCorner.A, plane.Position.S + toCorner.S);
        VolumeGeometry geometry = new(slices[0].Columns + (int)extraColumns, slices[0].Rows + (int)extraRows, Math.Max(2, (int)count),
            Affine.FromColumns(plane.Right * plane.ColumnSpacingMm, plane.Down * plane.RowSpacingMm, plane.Normal * spacing, origin));
        SlicePlace[] places = [.. depths.Select((depth, n) => new SlicePlace(depth / spacing, drifts ? right[n] - firstColumn : 0, drifts ? down[n] - firstRow : 0))];
        return new(geometry, places, notes);
    }

    private static RasVector Offset(DicomFrame slice, PicturePlane from)
    {
        RasPoint at = slice.Plane!.Position, origin = from.Position;
        return new(at.R - origin.R, at.A - origin.A, at.S - origin.S);
    }

    private static string Mm(double value, string format = "0.##") => value.ToString(format, CultureInfo.InvariantCulture);
}

/// <summary>Where a slice lies in an upright grid, in voxels.</summary>
/// <param name="Depth">Along k.</param>
/// <param name="Column">Of its first pixel, along i.</param>
/// <param name="Row">Of its first pixel, along j.</param>
internal readonly record struct SlicePlace(double Depth, double Column, double Row);
