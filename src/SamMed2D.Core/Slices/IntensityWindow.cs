namespace SamMed2D.Core.Slices;

/// <summary>The intensities shown as black and white. Between them the mapping is linear, outside it is clamped.</summary>
/// <param name="Low">Intensity shown as 0.</param>
/// <param name="High">Intensity shown as 255; above <paramref name="Low"/>.</param>
public readonly record struct IntensityWindow(double Low, double High)
{
    /// <summary>The radiologists' way of saying it: width and centre.</summary>
    public static IntensityWindow FromWidthAndLevel(double width, double level) => new(level - width / 2, level + width / 2);

    /// <summary>High minus low.</summary>
    public double Width => High - Low;

    /// <summary>The middle.</summary>
    public double Level => (Low + High) / 2;

    /// <summary>Named windows, in Hounsfield units: name to window.</summary>
    public static IReadOnlyDictionary<string, IntensityWindow> Presets { get; } = new Dictionary<string, IntensityWindow>(StringComparer.OrdinalIgnoreCase)
    {
        ["ct-abdomen"] = FromWidthAndLevel(400, 40),
        ["ct-soft-tissue"] = FromWidthAndLevel(350, 50),
        ["ct-liver"] = FromWidthAndLevel(150, 80),
        ["ct-lung"] = FromWidthAndLevel(1500, -600),
        ["ct-bone"] = FromWidthAndLevel(1800, 400),
        ["ct-brain"] = FromWidthAndLevel(80, 40),
        ["ct-angio"] = FromWidthAndLevel(600, 300),
    };
}
