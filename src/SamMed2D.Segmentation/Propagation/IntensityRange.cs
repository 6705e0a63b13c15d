using System.Globalization;
using System.Numerics;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Propagation;

/// <summary>The intensities that may be labelled, as 3D Slicer's editable intensity range.</summary>
/// <param name="Low">The lowest, in intensity units (Hounsfield units for CT).</param>
/// <param name="High">The highest, at least <paramref name="Low"/>; both ends belong to the range.</param>
public readonly record struct IntensityRange(double Low, double High)
{
    /// <summary>Reads <c>LOW,HIGH</c>.</summary>
    /// <param name="text">Two numbers and a comma.</param>
    /// <param name="range">The range.</param>
    /// <returns>False when the text is no range, or an empty one.</returns>
    public static bool TryParse(string text, out IntensityRange range)
    {
        range = default;
        string[] parts = text.Split(',');
        if (parts.Length != 2 || !TryParseEnd(parts[0], out double low) || !TryParseEnd(parts[1], out double high) || low > high) return false;
        range = new(low, high);
        return true;
    }

    private static bool TryParseEnd(string text, out double end) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out end) && double.IsFinite(end);

    /// <summary>Marks every voxel outside; one that is not a number lies outside.</summary>
    /// <param name="volume">The scan.</param>
    /// <param name="outside">One element per voxel, set to true outside and left alone inside.</param>
    internal void FixOutside(Volume volume, Memory<bool> outside) => volume.Accept(new Marker(this, outside));

    private sealed class Marker(IntensityRange range, Memory<bool> outside) : IVolumeVisitor<bool>
    {
        public bool Visit<T>(Volume<T> volume) where T : unmanaged, INumber<T>
        {
            ReadOnlySpan<T> voxels = volume.Voxels;
            Span<bool> marks = outside.Span;
            bool any = false;
            for (int n = 0; n < voxels.Length; n++)
            {
                double intensity = volume.Scale.ToIntensity(double.CreateTruncating(voxels[n]));
                if (intensity >= range.Low && intensity <= range.High) continue;
                marks[n] = any = true;
            }
            return any;
        }
    }
}
