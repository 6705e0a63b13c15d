using SamMed2D.Core.Geometry;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>The one-letter names of grid axes, as prompt files and the command line write them.</summary>
public static class SliceAxes
{
    /// <summary>Reads <c>i</c>, <c>j</c> or <c>k</c>.</summary>
    /// <returns>False when the text is none of them.</returns>
    public static bool TryParse(string text, out SliceAxis axis)
    {
        axis = text switch { "i" => SliceAxis.I, "j" => SliceAxis.J, _ => SliceAxis.K };
        return text is "i" or "j" or "k";
    }

    /// <summary>The letter of an axis.</summary>
    public static string ToLetter(this SliceAxis axis) => axis switch { SliceAxis.I => "i", SliceAxis.J => "j", _ => "k" };
}
