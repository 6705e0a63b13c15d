using System.Globalization;
using SamMed2D.Core.Errors;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>Prompts as the command line takes them: a segment's name, a colon, and voxel indices.</summary>
public static class PromptShorthand
{
    /// <summary>Reads <c>NAME:i0,j0,k0,i1,j1,k1</c>, two opposite corners of a box.</summary>
    /// <exception cref="InvalidPromptException">The text is not of this form.</exception>
    public static PromptDocument ParseBox(string text)
    {
        (string name, double[] n) = Split("--box", text, 6, "NAME:i0,j0,k0,i1,j1,k1, such as liver:120,80,42,260,210,42");
        return Document("--box", text, name, new GivenBox(PromptSpace.Ijk, new(n[0], n[1], n[2]), new(n[3], n[4], n[5])));
    }

    /// <summary>Reads <c>NAME:i,j,k,1</c>, a point on the object, or <c>NAME:i,j,k,0</c>, a point off it.</summary>
    /// <exception cref="InvalidPromptException">The text is not of this form.</exception>
    public static PromptDocument ParsePoint(string text)
    {
        const string expected = "NAME:i,j,k,1 for a point on the object or NAME:i,j,k,0 for one off it";
        (string name, double[] n) = Split("--point", text, 4, expected);
        if (n[3] is not (0 or 1)) throw Malformed("--point", text, expected);
        return Document("--point", text, name, new GivenPoints(PromptSpace.Ijk, [(new(n[0], n[1], n[2]), n[3] == 1)]));
    }

    private static PromptDocument Document(string option, string text, string name, GivenPrompt prompt) =>
        new([new SegmentPrompts(name, [prompt])], [new(option, text)]);

    private static (string Name, double[] Numbers) Split(string option, string text, int count, string expected)
    {
        // The name may hold colons itself; the numbers may not.
        int colon = text.LastIndexOf(':');
        string name = colon < 0 ? "" : text[..colon].Trim();
        string[] parts = text[(colon + 1)..].Split(',');
        double[] numbers = new double[count];
        bool sound = name.Length > 0 && parts.Length == count;
        for (int n = 0; sound && n < count; n++)
            sound = double.TryParse(parts[n], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[n]) && double.IsFinite(numbers[n]);
        return sound ? (name, numbers) : throw Malformed(option, text, expected);
    }

    private static InvalidPromptException Malformed(string option, string text, string expected) => new($"{option} '{text}': expected {expected}");
}
