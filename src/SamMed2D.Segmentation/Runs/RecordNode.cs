using System.Text.Json;
using SamMed2D.Core.Errors;

namespace SamMed2D.Segmentation.Runs;

/// <summary>A value inside a record's JSON that knows where it is, so that what is missing or of another kind is told with its place.</summary>
internal readonly struct RecordNode(JsonElement element, string file, string place, string remedy)
{
    /// <summary>The whole document.</summary>
    /// <exception cref="InvalidFileException">The text is not JSON.</exception>
    public static RecordNode Parse(string json, string file, string remedy = RemedyOfRecords)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return new(document.RootElement.Clone(), file, "", remedy);
        }
        catch (JsonException problem)
        {
            string reason = problem.Message.Split(" LineNumber:")[0];
            throw new InvalidFileException(file, $"is damaged: line {problem.LineNumber + 1}, position {problem.BytePositionInLine + 1}: {reason} {remedy}", problem);
        }
    }

    private const string RemedyOfRecords = "Take an undamaged copy of the record, or segment again.";

    public bool IsNull => element.ValueKind == JsonValueKind.Null;

    public RecordNode this[string key]
    {
        get
        {
            if (element.ValueKind != JsonValueKind.Object) throw Error("an object");
            string inner = place.Length == 0 ? key : $"{place}.{key}";
            return element.TryGetProperty(key, out JsonElement value) ? new(value, file, inner, remedy) : throw new InvalidFileException(file, $"is damaged: {inner} is missing. {remedy}");
        }
    }

    /// <summary>The value of a key that may be left out.</summary>
    public RecordNode? Find(string key) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(key, out _) ? this[key] : null;

    public string Text => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Error("a text");

    public bool Truth => element.ValueKind is JsonValueKind.True or JsonValueKind.False ? element.GetBoolean() : throw Error("true or false");

    public double Number => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double value) && double.IsFinite(value) ? value : throw Error("a number");

    public double? NumberOrNull => IsNull ? null : Number;

    public int Whole(int min = 0, int max = int.MaxValue) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out int value) && value >= min && value <= max ? value : throw Error($"a whole number from {min} to {max}");

    public IReadOnlyList<RecordNode> Items(int? count = null)
    {
        if (element.ValueKind != JsonValueKind.Array) throw Error("a list");
        List<RecordNode> items = [];
        foreach (JsonElement item in element.EnumerateArray()) items.Add(new(item, file, $"{place}[{items.Count}]", remedy));
        return count is null || items.Count == count ? items : throw Error($"a list of {count}");
    }

    /// <summary>Texts by their keys.</summary>
    public IReadOnlyDictionary<string, string> Texts()
    {
        if (element.ValueKind != JsonValueKind.Object) throw Error("an object");
        Dictionary<string, string> texts = [];
        foreach (JsonProperty property in element.EnumerateObject()) texts[property.Name] = this[property.Name].Text;
        return texts;
    }

    public double[] Numbers(int count) => [.. Items(count).Select(n => n.Number)];

    /// <summary>A value of an enumeration, written in camel case.</summary>
    public T Name<T>() where T : struct, Enum
    {
        string text = Text;
        foreach (T value in Enum.GetValues<T>())
            if (NameOf(value) == text) return value;
        throw Error($"one of {string.Join(", ", Enum.GetValues<T>().Select(NameOf))}");
    }

    public static string NameOf<T>(T value) where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>The error that the value is not what it should be.</summary>
    public InvalidFileException Error(string expected)
    {
        const int longest = 40;
        string text = element.GetRawText();
        if (text.Length > longest) text = text[..longest] + "…";
        return new(file, $"is damaged: {(place.Length == 0 ? "the document" : place)} is {text}; expected {expected}. {remedy}");
    }
}
