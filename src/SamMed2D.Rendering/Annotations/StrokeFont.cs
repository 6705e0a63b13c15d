using System.Numerics;

namespace SamMed2D.Rendering.Annotations;

/// <summary>
/// The few characters that pictures carry, as lines: orientation letters, digits and units. Each glyph lies in a box 4 wide and 6 high,
/// y down. Viewers with a toolkit use its fonts; this one needs no file and looks alike on the CPU and the GPU.
/// </summary>
internal static class StrokeFont
{
    /// <summary>Height of a capital in glyph units.</summary>
    public const float CapHeight = 6;

    /// <summary>From one glyph's left edge to the next one's, in glyph units.</summary>
    public const float Advance = 5.6f;

    // Lines are separated by blanks; each is a chain of points, two digits (x, y) a point.
    private static readonly Dictionary<char, string> s_glyphs = new()
    {
        ['A'] = "062046 1434",
        ['I'] = "2026",
        ['L'] = "000646",
        ['P'] = "06003041423303",
        ['R'] = "06003041423303 2346",
        ['S'] = "413010010213334445361605",
        ['0'] = "103041453616050110",
        ['1'] = "112026 1636",
        ['2'] = "01103041420646",
        ['3'] = "011030414233 13334445361605",
        ['4'] = "300444 3036",
        ['5'] = "400003334445361605",
        ['6'] = "4130100105163645443303",
        ['7'] = "004016",
        ['8'] = "103041423313020110 130405163645443313",
        ['9'] = "4333130201103041453616",
        ['.'] = "2526",
        ['m'] = "0602 03122226 23324246",
        ['c'] = "4232120305163646",
    };

    /// <summary>Width of a text in glyph units.</summary>
    public static float WidthOf(string text) => text.Length == 0 ? 0 : text.Length * Advance - (Advance - 4);

    /// <summary>The lines of a text, from its upper left corner, in glyph units. Characters without a glyph are blank.</summary>
    public static IEnumerable<(Vector2 From, Vector2 To)> LinesOf(string text)
    {
        for (int n = 0; n < text.Length; n++)
        {
            if (!s_glyphs.TryGetValue(text[n], out string? lines)) continue;
            foreach (string line in lines.Split(' '))
                for (int p = 2; p < line.Length; p += 2)
                    yield return (Point(line, p - 2) + new Vector2(n * Advance, 0), Point(line, p) + new Vector2(n * Advance, 0));
        }
    }

    private static Vector2 Point(string line, int at) => new(line[at] - '0', line[at + 1] - '0');
}
