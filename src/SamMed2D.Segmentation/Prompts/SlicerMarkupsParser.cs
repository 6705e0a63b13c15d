using System.Text.Json;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>
/// Reads 3D Slicer's markups (<c>.mrk.json</c>, schema versions 1.0.0 to 1.0.3): point lists become points and ROIs become 3D boxes of the
/// segment with the markup's name. Selected points are on the object; unselected ones, and those whose label begins with <c>-</c>, are off it.
/// Keys that are of no use here are passed over, since Slicer adds some with every version.
/// </summary>
internal static class SlicerMarkupsParser
{
    /// <summary>True for a JSON object with the key <c>markups</c>.</summary>
    public static bool LooksLikeMarkups(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("markups", out _);
        }
        catch (JsonException)
        {
            return false; // The strict parser says what is wrong.
        }
    }

    public static PromptDocument Parse(string json, string source)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        JsonElement markups = document.RootElement.GetProperty("markups");
        if (markups.ValueKind != JsonValueKind.Array || markups.GetArrayLength() == 0)
            throw new InvalidPromptException($"{source}: \"markups\" is empty; expected at least one point list or ROI");
        List<PromptDocument> parts = [];
        int number = 0;
        foreach (JsonElement markup in markups.EnumerateArray())
            parts.Add(new([ParseMarkup(markup, source, number++, markups.GetArrayLength())], []));
        return PromptDocument.Combine(parts) with { Sources = [new(Path.GetFileName(source), json)] };
    }

    private static SegmentPrompts ParseMarkup(JsonElement markup, string source, int number, int count)
    {
        string where = $"{source}: markups[{number}]";
        if (markup.ValueKind != JsonValueKind.Object) throw new InvalidPromptException($"{where} is no object; expected a markup as 3D Slicer saves it");
        string type = Text(markup, "type") ?? throw new InvalidPromptException($"{where} has no \"type\"; expected Fiducial or ROI");
        PromptSpace space = (Text(markup, "coordinateSystem") ?? "LPS") switch
        {
            "LPS" => PromptSpace.Lps,
            "RAS" => PromptSpace.Ras,
            string other => throw new InvalidPromptException($"{where}.coordinateSystem is '{other}'; expected LPS or RAS"),
        };
        double unitMm = (UnitCode(markup) ?? "mm") switch
        {
            "mm" => 1,
            "um" => 1e-3,
            string other => throw new InvalidPromptException($"{where}.coordinateUnits is '{other}'; expected mm or um"),
        };
        GivenPrompt prompt = type switch
        {
            "Fiducial" => ParsePoints(markup, where, space, unitMm),
            "ROI" => ParseRegion(markup, where, space, unitMm),
            _ => throw new InvalidPromptException($"{where} is of type {type}; expected Fiducial (a point list) or ROI (a box)"),
        };
        return new(NameOf(markup, source, number, count), [prompt]) { Color = ColorOf(markup) };
    }

    private static GivenPoints ParsePoints(JsonElement markup, string where, PromptSpace space, double unitMm)
    {
        List<(GivenPosition, bool)> points = [];
        if (markup.TryGetProperty("controlPoints", out JsonElement list) && list.ValueKind == JsonValueKind.Array)
            foreach (JsonElement point in list.EnumerateArray())
            {
                if (point.ValueKind != JsonValueKind.Object || (Text(point, "positionStatus") ?? "defined") != "defined") continue;
                double[] p = Numbers(point, "position", 3, $"{where}.controlPoints");
                bool selected = !point.TryGetProperty("selected", out JsonElement flag) || flag.ValueKind != JsonValueKind.False;
                bool isForeground = selected && Text(point, "label")?.StartsWith('-') != true;
                points.Add((new(p[0] * unitMm, p[1] * unitMm, p[2] * unitMm), isForeground));
            }
        if (points.Count == 0) throw new InvalidPromptException($"{where} has no placed control points; expected at least one");
        return new(space, points);
    }

    private static GivenRegion ParseRegion(JsonElement markup, string where, PromptSpace space, double unitMm)
    {
        double[] center = Numbers(markup, "center", 3, where), size = Numbers(markup, "size", 3, where);
        // Row by row; column c is the direction of the ROI's own axis c, in the file's coordinate system.
        double[] orientation = markup.TryGetProperty("orientation", out _)
            ? Numbers(markup, "orientation", 9, where)
            : [1, 0, 0, 0, 1, 0, 0, 0, 1];
        List<GivenPosition> corners = new(8);
        Span<double> position = stackalloc double[3];
        for (int corner = 0; corner < 8; corner++)
        {
            for (int row = 0; row < 3; row++)
            {
                position[row] = center[row];
                for (int axis = 0; axis < 3; axis++)
                    position[row] += ((corner >> axis & 1) - 0.5) * size[axis] * orientation[3 * row + axis];
            }
            corners.Add(new(position[0] * unitMm, position[1] * unitMm, position[2] * unitMm));
        }
        return new(space, corners);
    }

    // Slicer leaves the node's name to the file's name where the file holds one markup.
    private static string NameOf(JsonElement markup, string source, int number, int count)
    {
        if (Text(markup, "name") is { } name && !string.IsNullOrWhiteSpace(name)) return name;
        string file = Path.GetFileName(source);
        foreach (string ending in (ReadOnlySpan<string>)[".mrk.json", ".json"])
            if (file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
            {
                file = file[..^ending.Length];
                break;
            }
        if (file.Length == 0) file = "segment";
        return count == 1 ? file : $"{file} {number + 1}";
    }

    private static RgbColor? ColorOf(JsonElement markup)
    {
        if (!markup.TryGetProperty("display", out JsonElement display) || display.ValueKind != JsonValueKind.Object
            || !display.TryGetProperty("selectedColor", out _)) return null;
        double[] c = Numbers(display, "selectedColor", 3, "display");
        static byte ToByte(double part) => (byte)Math.Clamp(Math.Round(part * 255), 0, 255);
        return new(ToByte(c[0]), ToByte(c[1]), ToByte(c[2]));
    }

    private static string? UnitCode(JsonElement markup)
    {
        if (!markup.TryGetProperty("coordinateUnits", out JsonElement units)) return null;
        if (units.ValueKind == JsonValueKind.Array && units.GetArrayLength() > 0) units = units[0]; // [code, scheme, meaning]
        return units.ValueKind == JsonValueKind.String ? units.GetString() : units.GetRawText();
    }

    private static string? Text(JsonElement parent, string key) =>
        parent.TryGetProperty(key, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double[] Numbers(JsonElement parent, string key, int count, string where)
    {
        bool sound = parent.TryGetProperty(key, out JsonElement list) && list.ValueKind == JsonValueKind.Array && list.GetArrayLength() == count;
        double[] numbers = new double[count];
        for (int n = 0; sound && n < count; n++)
            sound = list[n].ValueKind == JsonValueKind.Number && list[n].TryGetDouble(out numbers[n]) && double.IsFinite(numbers[n]);
        return sound ? numbers : throw new InvalidPromptException($"{where}.{key} is {(parent.TryGetProperty(key, out _) ? "malformed" : "missing")}; expected {count} numbers");
    }
}
