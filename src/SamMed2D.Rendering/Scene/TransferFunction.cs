using System.Numerics;

namespace SamMed2D.Rendering.Scene;

/// <summary>What a volume rendering does with the intensities along a line of sight.</summary>
public enum VolumeBlending
{
    /// <summary>Each sample covers what lies behind it by its opacity.</summary>
    Composite,

    /// <summary>Only the largest intensity counts.</summary>
    MaximumIntensity,
}

/// <summary>One support of a transfer function; between supports everything is linear.</summary>
/// <param name="Intensity">In intensity units (Hounsfield units for CT).</param>
/// <param name="Opacity">What one millimetre of this intensity hides, 0 to 1.</param>
/// <param name="Red">0 to 1.</param>
/// <param name="Green">0 to 1.</param>
/// <param name="Blue">0 to 1.</param>
public readonly record struct TransferPoint(double Intensity, double Opacity, double Red, double Green, double Blue);

/// <summary>How a surface or a sample answers the light, which comes from the eye (Phong's model with one head light).</summary>
/// <param name="Ambient">Part of the colour seen without light.</param>
/// <param name="Diffuse">Part that grows with the cosine between normal and line of sight.</param>
/// <param name="Specular">White highlight.</param>
/// <param name="SpecularPower">How sharp the highlight is.</param>
public sealed record Material(double Ambient, double Diffuse, double Specular, double SpecularPower)
{
    /// <summary>No shading at all.</summary>
    public static Material Flat { get; } = new(1, 0, 0, 1);

    /// <summary>Soft shading with a small highlight.</summary>
    public static Material Soft { get; } = new(0.25, 0.75, 0.15, 12);
}

/// <summary>Colour and opacity by intensity, and how samples are blended and lit. Immutable.</summary>
public sealed class TransferFunction
{
    private readonly TransferPoint[] _points;

    /// <summary>Creates a transfer function.</summary>
    /// <param name="name">Its name, as users give it.</param>
    /// <param name="points">At least two supports, by rising intensity. Below the first and above the last their values hold.</param>
    /// <exception cref="ArgumentException">Fewer than two supports, or intensities that do not rise.</exception>
    public TransferFunction(string name, params ReadOnlySpan<TransferPoint> points)
    {
        if (points.Length < 2) throw new ArgumentException("A transfer function needs two supports or more.", nameof(points));
        for (int n = 1; n < points.Length; n++)
            if (!(points[n].Intensity > points[n - 1].Intensity))
                throw new ArgumentException($"The supports of a transfer function rise; {points[n].Intensity} follows {points[n - 1].Intensity}.", nameof(points));
        (Name, _points) = (name, points.ToArray());
    }

    /// <summary>Its name, as users give it.</summary>
    public string Name { get; }

    /// <summary>How samples are blended.</summary>
    public VolumeBlending Blending { get; init; } = VolumeBlending.Composite;

    /// <summary>How samples are lit; null for no shading.</summary>
    public Material? Material { get; init; }

    /// <summary>The supports, by rising intensity.</summary>
    public ReadOnlySpan<TransferPoint> Points => _points;

    /// <summary>Red, green, blue and the opacity of one millimetre, each 0 to 1.</summary>
    public Vector4 Evaluate(double intensity)
    {
        if (!(intensity > _points[0].Intensity)) return ToVector(_points[0]);
        for (int n = 1; n < _points.Length; n++)
        {
            if (intensity > _points[n].Intensity) continue;
            TransferPoint low = _points[n - 1], high = _points[n];
            return Vector4.Lerp(ToVector(low), ToVector(high), (float)((intensity - low.Intensity) / (high.Intensity - low.Intensity)));
        }
        return ToVector(_points[^1]);
    }

    /// <summary>The intensities outside of which the function no longer changes.</summary>
    public (double Low, double High) Range => (_points[0].Intensity, _points[^1].Intensity);

    /// <summary>The same colours moved to other intensities: the way to fit a preset for MR, where numbers have no unit.</summary>
    /// <param name="low">Intensity that the first support moves to.</param>
    /// <param name="high">Intensity that the last support moves to.</param>
    public TransferFunction Stretch(double low, double high)
    {
        (double first, double last) = Range;
        TransferPoint[] moved = [.. _points];
        for (int n = 0; n < moved.Length; n++)
            moved[n] = moved[n] with { Intensity = low + (moved[n].Intensity - first) / (last - first) * (high - low) };
        return new(Name, moved) { Blending = Blending, Material = Material };
    }

    private static Vector4 ToVector(TransferPoint point) => new((float)point.Red, (float)point.Green, (float)point.Blue, (float)point.Opacity);
}
