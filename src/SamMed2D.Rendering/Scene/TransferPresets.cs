using SamMed2D.Core.Slices;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Rendering.Scene;

/// <summary>Transfer functions by name. Those for CT are in Hounsfield units; those for MR and for projections follow the volume's window.</summary>
public static class TransferPresets
{
    private static readonly TransferFunction s_ctBone = new("ct-bone",
        new(130, 0, 0.6, 0.28, 0.16), new(180, 0.12, 0.78, 0.5, 0.34), new(260, 0.5, 0.93, 0.84, 0.7),
        new(500, 0.85, 1, 0.97, 0.91), new(1500, 0.95, 1, 1, 1))
    { Material = new(0.2, 0.9, 0.2, 10) };

    private static readonly TransferFunction s_ctSoftTissue = new("ct-soft-tissue",
        new(-160, 0, 0.75, 0.5, 0.4), new(-60, 0.015, 0.85, 0.62, 0.5), new(0, 0.06, 0.83, 0.5, 0.42),
        new(60, 0.18, 0.82, 0.36, 0.3), new(160, 0.3, 0.9, 0.6, 0.5), new(350, 0.6, 1, 0.95, 0.88), new(1000, 0.9, 1, 1, 1))
    { Material = new(0.25, 0.85, 0.15, 12) };

    private static readonly TransferFunction s_ctLung = new("ct-lung",
        new(-950, 0, 0.1, 0.1, 0.15), new(-880, 0.006, 0.3, 0.35, 0.5), new(-700, 0.02, 0.65, 0.6, 0.62), new(-500, 0.12, 0.9, 0.62, 0.58),
        new(-350, 0.01, 0.9, 0.5, 0.45), new(-250, 0, 0.9, 0.5, 0.45), new(200, 0, 1, 0.9, 0.85), new(400, 0.08, 1, 0.95, 0.88), new(1000, 0.2, 1, 1, 1))
    { Material = new(0.3, 0.8, 0.1, 10) };

    private static readonly TransferFunction s_ctVessels = new("ct-vessels",
        new(110, 0, 0.5, 0.05, 0.03), new(170, 0.1, 0.75, 0.1, 0.08), new(260, 0.5, 0.9, 0.25, 0.16), new(380, 0.7, 0.96, 0.6, 0.4),
        new(600, 0.8, 1, 0.92, 0.8), new(1500, 0.95, 1, 1, 1))
    { Material = new(0.2, 0.85, 0.35, 20) };

    // In parts of the volume's window.
    private static readonly TransferFunction s_mr = new("mr",
        new(0.12, 0, 0.1, 0.05, 0.04), new(0.25, 0.02, 0.45, 0.28, 0.2), new(0.45, 0.12, 0.72, 0.5, 0.4), new(0.7, 0.3, 0.92, 0.8, 0.7), new(1, 0.6, 1, 1, 0.98))
    { Material = new(0.25, 0.8, 0.2, 12) };

    private static readonly TransferFunction s_projection = new("mip", new(0, 1, 0, 0, 0), new(1, 1, 1, 1, 1)) { Blending = VolumeBlending.MaximumIntensity };

    /// <summary>The names, in the order in which menus show them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["ct-bone", "ct-soft-tissue", "ct-lung", "ct-vessels", "mr", "mip"];

    /// <summary>The preset of a name, fitted to a volume; null where there is no such name.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="window">The window of the volume: what MR and projections are fitted to.</param>
    public static TransferFunction? Find(string name, IntensityWindow window) => name.ToLowerInvariant() switch
    {
        "ct-bone" => s_ctBone,
        "ct-soft-tissue" => s_ctSoftTissue,
        "ct-lung" => s_ctLung,
        "ct-vessels" => s_ctVessels,
        "mr" => InWindow(s_mr, window),
        "mip" => InWindow(s_projection, window),
        _ => null,
    };

    /// <summary>The preset of a name for a volume that nobody has chosen a window for; null where there is no such name.</summary>
    /// <param name="name">One of <see cref="Names"/>, in any case.</param>
    /// <param name="volume">What it is for: MR presets follow its suggested window, projections of CT reach up to dense bone.</param>
    public static TransferFunction? FindFor(string name, Volume volume)
    {
        IntensityWindow window = VolumeLayer.SuggestWindow(volume);
        return Find(name, window == IntensityWindow.Presets["ct-abdomen"] ? new(-100, 1100) : window);
    }

    /// <summary>The preset that suits a volume that nobody has chosen one for: bone for CT, else the one for MR.</summary>
    public static TransferFunction Suggest(Volume volume)
    {
        IntensityWindow window = VolumeLayer.SuggestWindow(volume);
        return window == IntensityWindow.Presets["ct-abdomen"] ? s_ctBone : InWindow(s_mr, window);
    }

    private static TransferFunction InWindow(TransferFunction parts, IntensityWindow window)
    {
        (double low, double high) = parts.Range;
        return parts.Stretch(window.Low + low * window.Width, window.Low + high * window.Width);
    }
}
