using SamMed2D.Core.Geometry;
using SamMed2D.Core.Volumes;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>Reads the prompt file, version 1; strict, so that a slip of the pen is told and not ignored. Agrees with <c>prompts.schema.json</c>.</summary>
internal static class PromptFileParser
{
    private static readonly string[] s_documentKeys = ["version", "space", "segments"];
    private static readonly string[] s_segmentKeys = ["name", "label", "color", "axis", "prompts", "range", "accept", "status"];
    private static readonly string[] s_promptKeys = ["box", "points", "mask", "present"];

    public static PromptDocument Parse(string json, string source)
    {
        JsonCursor cursor = new(json, source);
        PromptSpace space = PromptSpace.Ijk;
        List<SegmentPrompts>? segments = null;
        HashSet<string> seen = [];
        cursor.EnterObject("the document");
        while (cursor.NextKey("the document", s_documentKeys, seen, out string key))
        {
            if (key == "version") ReadVersion(ref cursor);
            else if (key == "space") space = ReadSpace(ref cursor);
            else segments = ReadSegments(ref cursor);
        }
        if (!seen.Contains("version")) throw cursor.Error($"the document has no \"version\"; expected \"version\": {PromptDocument.Version}");
        if (segments is null) throw cursor.Error("the document has no \"segments\"; expected an array of at least one segment");
        cursor.End();
        // The space may be written after the segments, so it is filled in at the end.
        return new([.. segments.Select(s => s with { Prompts = [.. s.Prompts.Select(p => p is GivenMask or GivenPresent ? p : p with { Space = space })] })],
            [new(Path.GetFileName(source), json)]);
    }

    private static void ReadVersion(ref JsonCursor cursor) => cursor.WholeNumber("\"version\"", PromptDocument.Version, PromptDocument.Version,
        $"{PromptDocument.Version}, the only version that this program reads");

    private static PromptSpace ReadSpace(ref JsonCursor cursor)
    {
        const string expected = "\"ijk\" (voxel indices), \"ras\" or \"lps\" (mm)";
        return cursor.String("\"space\"", expected) switch
        {
            "ijk" => PromptSpace.Ijk,
            "ras" => PromptSpace.Ras,
            "lps" => PromptSpace.Lps,
            string other => throw cursor.Error($"\"space\" is '{other}'; expected {expected}"),
        };
    }

    private static List<SegmentPrompts> ReadSegments(ref JsonCursor cursor)
    {
        List<SegmentPrompts> segments = [];
        cursor.EnterArray("\"segments\"", "an array of segments");
        while (cursor.NextItem()) segments.Add(ReadSegment(ref cursor));
        if (segments.Count == 0) throw cursor.Error("\"segments\" is empty; expected at least one segment");
        return segments;
    }

    private static SegmentPrompts ReadSegment(ref JsonCursor cursor)
    {
        SegmentPrompts segment = new("", []);
        HashSet<string> seen = [];
        cursor.EnterObject("a segment");
        while (cursor.NextKey("a segment", s_segmentKeys, seen, out string key))
            segment = key switch
            {
                "name" => segment with { Name = ReadName(ref cursor) },
                "label" => segment with { Label = ReadLabel(ref cursor) },
                "color" => segment with { Color = ReadColor(ref cursor) },
                "axis" => segment with { Axis = ReadAxis(ref cursor) },
                "range" => segment with { Range = ReadRange(ref cursor) },
                "accept" => segment with { Accept = ReadSlices(ref cursor, "\"accept\"") },
                "status" => segment with { Status = ReadStatus(ref cursor) },
                _ => segment with { Prompts = ReadPrompts(ref cursor) },
            };
        if (!seen.Contains("name")) throw cursor.Error("a segment has no \"name\"; expected a text that is not empty");
        if (!seen.Contains("prompts") && !seen.Contains("accept") && !seen.Contains("status")) throw cursor.Error($"segment '{segment.Name}' has no \"prompts\"; expected at least one box, points or mask");
        return segment;
    }

    private static string ReadName(ref JsonCursor cursor)
    {
        const string expected = "a text that is not empty";
        string name = cursor.String("\"name\"", expected);
        return string.IsNullOrWhiteSpace(name) ? throw cursor.Error($"\"name\" is empty; expected {expected}") : name;
    }

    private static ushort ReadLabel(ref JsonCursor cursor) =>
        (ushort)cursor.WholeNumber("\"label\"", 1, ushort.MaxValue, "a whole number from 1 to 65535 (0 is the background)");

    private static RgbColor ReadColor(ref JsonCursor cursor)
    {
        const string expected = "a colour such as \"#dd8265\"";
        string text = cursor.String("\"color\"", expected);
        return RgbColor.TryParse(text, out RgbColor color) ? color : throw cursor.Error($"\"color\" is '{text}'; expected {expected}");
    }

    private static SliceAxis ReadAxis(ref JsonCursor cursor)
    {
        const string expected = "\"i\", \"j\" or \"k\"";
        string text = cursor.String("\"axis\"", expected);
        return SliceAxes.TryParse(text, out SliceAxis axis) ? axis : throw cursor.Error($"\"axis\" is '{text}'; expected {expected}");
    }

    private static SliceRange ReadRange(ref JsonCursor cursor)
    {
        const string expected = "[first, last], two slice indices along the axis";
        cursor.EnterArray("\"range\"", expected);
        Span<int> ends = stackalloc int[2];
        for (int n = 0; n < 2; n++)
            ends[n] = cursor.NextItem() ? cursor.WholeNumber("\"range\"", 0, int.MaxValue, expected) : throw cursor.Error($"\"range\" ends early; expected {expected}");
        if (cursor.NextItem()) throw cursor.Error($"\"range\" holds more than two numbers; expected {expected}");
        if (ends[0] > ends[1]) throw cursor.Error($"\"range\" [{ends[0]}, {ends[1]}] is empty; expected the lower index first");
        return new(ends[0], ends[1]);
    }

    private static List<int> ReadSlices(ref JsonCursor cursor, string key)
    {
        const string expected = "slice indices along the axis, such as [40, 52]";
        List<int> slices = [];
        cursor.EnterArray(key, expected);
        while (cursor.NextItem()) slices.Add(cursor.WholeNumber(key, 0, int.MaxValue, expected));
        return slices.Count > 0 ? slices : throw cursor.Error($"{key} is empty; expected {expected}");
    }

    private static SegmentStatus ReadStatus(ref JsonCursor cursor)
    {
        const string expected = "\"notstarted\", \"inprogress\", \"completed\" or \"flagged\"";
        return cursor.String("\"status\"", expected) switch
        {
            "notstarted" => SegmentStatus.NotStarted,
            "inprogress" => SegmentStatus.InProgress,
            "completed" => SegmentStatus.Completed,
            "flagged" => SegmentStatus.Flagged,
            string other => throw cursor.Error($"\"status\" is '{other}'; expected {expected}"),
        };
    }

    private static List<GivenPrompt> ReadPrompts(ref JsonCursor cursor)
    {
        List<GivenPrompt> prompts = [];
        cursor.EnterArray("\"prompts\"", "an array of prompts");
        while (cursor.NextItem()) prompts.Add(ReadPrompt(ref cursor));
        if (prompts.Count == 0) throw cursor.Error("\"prompts\" is empty; expected at least one box, points or mask");
        return prompts;
    }

    private static GivenPrompt ReadPrompt(ref JsonCursor cursor)
    {
        const string expected = "expected one of {\"box\": …}, {\"points\": …}, {\"mask\": …} or {\"present\": …}";
        HashSet<string> seen = [];
        cursor.EnterObject("a prompt");
        if (!cursor.NextKey("a prompt", s_promptKeys, seen, out string key)) throw cursor.Error($"a prompt is empty; {expected}");
        GivenPrompt prompt = key switch
        {
            "box" => ReadBox(ref cursor),
            "points" => ReadPoints(ref cursor),
            "present" => new GivenPresent(ReadSlices(ref cursor, "\"present\"")),
            _ => ReadMask(ref cursor),
        };
        if (cursor.NextKey("a prompt", s_promptKeys, seen, out string second))
            throw cursor.Error($"a prompt has both \"{key}\" and \"{second}\"; {expected}, each in its own braces");
        return prompt;
    }

    private static GivenBox ReadBox(ref JsonCursor cursor)
    {
        const string expected = "two opposite corners, [[x,y,z],[x,y,z]]";
        cursor.EnterArray("\"box\"", expected);
        Span<GivenPosition> corners = stackalloc GivenPosition[2];
        for (int n = 0; n < 2; n++)
            corners[n] = cursor.NextItem() ? PositionOf(cursor.Numbers("a corner of \"box\"", 3, "[x,y,z]")) : throw cursor.Error($"\"box\" ends early; expected {expected}");
        if (cursor.NextItem()) throw cursor.Error($"\"box\" has more than two corners; expected {expected}");
        return new(PromptSpace.Ijk, corners[0], corners[1]);
    }

    private static GivenPoints ReadPoints(ref JsonCursor cursor)
    {
        const string expected = "[x,y,z,1] for a point on the object or [x,y,z,0] for one off it";
        List<(GivenPosition, bool)> points = [];
        cursor.EnterArray("\"points\"", "an array of points, each " + expected);
        while (cursor.NextItem())
        {
            double[] numbers = cursor.Numbers("a point", 4, expected);
            if (numbers[3] is not (0 or 1)) throw cursor.Error(FormattableString.Invariant($"the last number of a point is {numbers[3]}; expected {expected}"));
            points.Add((PositionOf(numbers), numbers[3] == 1));
        }
        if (points.Count == 0) throw cursor.Error("\"points\" is empty; expected at least one point");
        return new(PromptSpace.Ijk, points);
    }

    private static GivenMask ReadMask(ref JsonCursor cursor)
    {
        const string expected = "the name of a label file";
        string file = cursor.String("\"mask\"", expected);
        return string.IsNullOrWhiteSpace(file) ? throw cursor.Error($"\"mask\" is empty; expected {expected}") : new(file);
    }

    private static GivenPosition PositionOf(ReadOnlySpan<double> numbers) => new(numbers[0], numbers[1], numbers[2]);
}
