using System.Globalization;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>Prompts as the command line takes them: a segment's name, a colon, and voxel indices.</summary>
public static class PromptShorthand
{
    private const string RefineOption = "--refine";

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

    /// <summary>Makes every structure of a label map a segment whose masks on every n-th slice are prompts: what is there is refined, on the slices that it has.</summary>
    /// <param name="labels">The label map.</param>
    /// <param name="file">Its file, which is read again when the prompts are resolved.</param>
    /// <param name="every">How far apart the prompted slices are, from 1.</param>
    /// <exception cref="InvalidPromptException">The label map is empty.</exception>
    public static PromptDocument Refine(LabelMap labels, string file, int every)
    {
        SortedSet<ushort> values = [];
        ushort last = 0;
        foreach (ushort label in labels.Labels)
            if (label != last && (last = label) != 0) values.Add(label);
        if (values.Count == 0) throw new InvalidPromptException($"--refine {file}: the label map is empty; expected at least one voxel that is not 0");
        return new([.. values.Select(value => new SegmentPrompts(labels.FindSegment(value)?.Name ?? $"label {value}", [new GivenMask(file) { Every = every, IsWhole = true }])
        {
            Label = value,
            Color = labels.FindSegment(value)?.Color,
        })], [new(RefineOption, FormattableString.Invariant($"{Path.GetFileName(file)},{every}"))]);
    }

    /// <summary>Reads again what a record holds.</summary>
    /// <param name="source">A prompt file, markups, or a command-line option, word for word.</param>
    /// <param name="folder">Where mask files lie.</param>
    /// <param name="readMask">Gives the label map of a file.</param>
    /// <exception cref="InvalidPromptException">The text is none of them.</exception>
    public static PromptDocument Parse(PromptSource source, string folder, Func<string, LabelMap> readMask)
    {
        if (source.Name == "--box") return ParseBox(source.Text);
        if (source.Name == "--point") return ParsePoint(source.Text);
        if (source.Name != RefineOption) return PromptDocument.Parse(source.Text, source.Name).RelativeTo(folder);
        int comma = source.Text.LastIndexOf(',');
        if (comma < 0 || !int.TryParse(source.Text.AsSpan(comma + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int every) || every < 1)
            throw Malformed(RefineOption, source.Text, "FILE,N");
        string file = Path.Combine(folder, source.Text[..comma]);
        return Refine(readMask(file), file, every);
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
