using System.Globalization;
using System.Text;
using System.Text.Json;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Imaging.Labels;

/// <summary>
/// Names and colours of labels in files beside a label map: ITK-SNAP's label description (<c>name.label.txt</c>, read and written),
/// and JSON (<c>name.json</c> or <c>labels.json</c>, read) of the form <c>{"1": "liver"}</c> or
/// <c>{"segments": [{"label": 1, "name": "liver", "color": "#dd8265"}]}</c>.
/// </summary>
internal static class LabelDescription
{
    private const int MaxBytes = 4 << 20;

    private static readonly string[] s_endings = [".seg.nrrd", ".nii.gz", ".hdr.gz", ".img.gz"];

    /// <summary>Where ITK-SNAP's description of a label map lies.</summary>
    public static string PathFor(string labelMap) => StemOf(labelMap) + ".label.txt";

    /// <summary>Writes ITK-SNAP's description.</summary>
    public static void Write(IReadOnlyList<Segment> segments, Stream target)
    {
        StringBuilder text = new();
        text.Append("################################################\n# ITK-SnAP Label Description File\n# File format:\n");
        text.Append("# IDX   -R-  -G-  -B-  -A--  VIS MSH  LABEL\n# Where:\n#    IDX:   Zero-based index\n#    -R-:   Red color component (0..255)\n");
        text.Append("#    -G-:   Green color component (0..255)\n#    -B-:   Blue color component (0..255)\n#    -A-:   Label transparency (0.00 .. 1.00)\n");
        text.Append("#    VIS:   Label visibility (0 or 1)\n#    MSH:   Label mesh visibility (0 or 1)\n#  LABEL:   Label description\n");
        text.Append("################################################\n    0     0    0    0        0  0  0    \"Clear Label\"\n");
        foreach (Segment segment in segments.OrderBy(segment => segment.Label))
        {
            string name = segment.Name.Replace('"', '\'').ReplaceLineEndings(" ");
            text.Append(CultureInfo.InvariantCulture, $"{segment.Label,5} {segment.Color.R,5} {segment.Color.G,4} {segment.Color.B,4}        1  1  1    \"{name}\"\n");
        }
        target.Write(Encoding.UTF8.GetBytes(text.ToString()));
    }

    /// <summary>The segments that the files beside a label map name, in the order of their labels; empty where there are none.</summary>
    /// <exception cref="InvalidFileException">Such a file is there and is damaged.</exception>
    public static IReadOnlyList<Segment> Find(string labelMap)
    {
        string text = PathFor(labelMap), json = StemOf(labelMap) + ".json";
        string common = Path.Combine(Path.GetDirectoryName(labelMap) ?? "", "labels.json");
        Dictionary<ushort, Segment> found = [];
        if (File.Exists(text)) ReadSnap(text, found);
        if (found.Count == 0 && File.Exists(json)) ReadJson(json, found);
        if (found.Count == 0 && File.Exists(common)) ReadJson(common, found);
        return [.. found.Values.OrderBy(segment => segment.Label)];
    }

    private static string StemOf(string path)
    {
        foreach (string ending in s_endings)
            if (path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) return path[..^ending.Length];
        return Path.ChangeExtension(path, null);
    }

    private static string ReadText(string path)
    {
        byte[] bytes = SourceFile.ReadHead(path, MaxBytes + 1, out _);
        if (bytes.Length > MaxBytes) throw new InvalidFileException(path, "is far too long for label names; remove it");
        return Encoding.UTF8.GetString(bytes).TrimStart('\uFEFF'); // the mark that editors on Windows begin files with
    }

    private static void ReadSnap(string path, Dictionary<ushort, Segment> found)
    {
        foreach (string line in ReadText(path).Split('\n'))
        {
            if (line.TrimStart() is not { Length: > 0 } trimmed || trimmed[0] == '#') continue;
            int quote = trimmed.IndexOf('"');
            string[] parts = (quote < 0 ? trimmed : trimmed[..quote]).Split((char[])[' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries);
            if (quote < 0 || parts.Length < 4 || !ushort.TryParse(parts[0], CultureInfo.InvariantCulture, out ushort label)
                || !byte.TryParse(parts[1], CultureInfo.InvariantCulture, out byte red) || !byte.TryParse(parts[2], CultureInfo.InvariantCulture, out byte green)
                || !byte.TryParse(parts[3], CultureInfo.InvariantCulture, out byte blue))
                throw new InvalidFileException(path, $"has the line '{trimmed.TrimEnd()[..Math.Min(40, trimmed.TrimEnd().Length)]}', and ITK-SNAP's label description has: number, red, green, blue, three flags and a quoted name; repair or remove it");
            if (label > 0) found[label] = new(label, trimmed[(quote + 1)..].TrimEnd().TrimEnd('"'), new(red, green, blue));
        }
    }

    private static void ReadJson(string path, Dictionary<ushort, Segment> found)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(ReadText(path));
            if (document.RootElement.ValueKind != JsonValueKind.Object) return;
            foreach (JsonProperty property in document.RootElement.EnumerateObject())
            {
                if (property.NameEquals("segments") && property.Value.ValueKind == JsonValueKind.Array)
                    foreach (JsonElement segment in property.Value.EnumerateArray()) AddSegment(segment, found);
                else if (ushort.TryParse(property.Name, NumberStyles.None, CultureInfo.InvariantCulture, out ushort label) && label > 0
                    && property.Value.ValueKind == JsonValueKind.String)
                    found[label] = new(label, property.Value.GetString()!, RgbColor.ForLabel(label));
            }
        }
        catch (JsonException failure)
        {
            throw new InvalidFileException(path, $"is no JSON ({failure.Message.ReplaceLineEndings(" ")}); repair or remove it", failure);
        }
    }

    private static void AddSegment(JsonElement segment, Dictionary<ushort, Segment> found)
    {
        if (segment.ValueKind != JsonValueKind.Object || !segment.TryGetProperty("label", out JsonElement number)
            || number.ValueKind != JsonValueKind.Number || !number.TryGetUInt16(out ushort label) || label == 0) return;
        string name = TextOf("name") ?? $"label {label}";
        found[label] = new(label, name, RgbColor.TryParse(TextOf("color"), out RgbColor color) ? color : RgbColor.ForLabel(label));

        string? TextOf(string key) => segment.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
    }
}
