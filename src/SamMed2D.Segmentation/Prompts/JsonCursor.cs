using System.Text;
using System.Text.Json;
using SamMed2D.Core.Errors;

namespace SamMed2D.Segmentation.Prompts;

/// <summary>
/// Walks through a JSON text token by token and turns every surprise into an error that says where it is and what was expected,
/// which a serializer or a document tree cannot (they lose the positions).
/// </summary>
internal ref struct JsonCursor
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly string _source;
    private Utf8JsonReader _reader;

    public JsonCursor(string json, string source)
    {
        _utf8 = Encoding.UTF8.GetBytes(json.TrimStart('\uFEFF'));
        _source = source;
        _reader = new Utf8JsonReader(_utf8);
        Advance();
    }

    public readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>The error at the current token.</summary>
    public readonly InvalidPromptException Error(string problem)
    {
        ReadOnlySpan<byte> before = _utf8[..(int)_reader.TokenStartIndex];
        int line = before.Count((byte)'\n') + 1;
        int position = before.Length - (before.LastIndexOf((byte)'\n') + 1) + 1;
        return new($"{_source}: line {line}, position {position}: {problem}");
    }

    /// <summary>Goes to the next token.</summary>
    public void Advance()
    {
        try
        {
            if (!_reader.Read() && _reader.TokenType == JsonTokenType.None) throw Error("the file is empty; expected a JSON object");
        }
        catch (JsonException problem)
        {
            string reason = problem.Message.Split(" LineNumber:")[0];
            throw new InvalidPromptException(
                $"{_source}: line {problem.LineNumber + 1}, position {problem.BytePositionInLine + 1}: not JSON ({reason})", problem);
        }
    }

    /// <summary>Enters an object; <see cref="NextKey"/> then walks its keys.</summary>
    public readonly void EnterObject(string what)
    {
        if (Token != JsonTokenType.StartObject) throw Error($"{what} is {Describe()}; expected an object {{…}}");
    }

    /// <summary>Goes to the next key's value; false at the object's end. Call it with the previous value wholly read.</summary>
    public bool NextKey(string what, ReadOnlySpan<string> known, HashSet<string> seen, out string key)
    {
        Advance();
        key = "";
        if (Token == JsonTokenType.EndObject) return false;
        key = ReadText();
        if (!known.Contains(key))
            throw Error($"{what} has the unknown key '{key}'{Suggestion(key, known)}; expected {string.Join(", ", known!)}");
        if (!seen.Add(key)) throw Error($"{what} has the key '{key}' twice");
        Advance();
        return true;
    }

    /// <summary>Enters an array; <see cref="NextItem"/> then walks its items.</summary>
    public readonly void EnterArray(string what, string expected)
    {
        if (Token != JsonTokenType.StartArray) throw Error($"{what} is {Describe()}; expected {expected}");
    }

    /// <summary>Goes to the next item; false at the array's end.</summary>
    public bool NextItem()
    {
        Advance();
        return Token != JsonTokenType.EndArray;
    }

    public readonly string String(string what, string expected)
    {
        if (Token != JsonTokenType.String) throw Error($"{what} is {Describe()}; expected {expected}");
        return ReadText();
    }

    public readonly double Number(string what, string expected)
    {
        if (Token != JsonTokenType.Number || !_reader.TryGetDouble(out double value) || !double.IsFinite(value))
            throw Error($"{what} is {Describe()}; expected {expected}");
        return value;
    }

    public readonly int WholeNumber(string what, int min, int max, string expected)
    {
        // 2.0 is a whole number to JSON Schema, so it is one here.
        if (Token != JsonTokenType.Number || !_reader.TryGetDouble(out double value) || value != Math.Floor(value) || value < min || value > max)
            throw Error($"{what} is {Describe()}; expected {expected}");
        return (int)value;
    }

    /// <summary>Numbers of an array of a fixed length.</summary>
    public double[] Numbers(string what, int count, string expected)
    {
        EnterArray(what, expected);
        double[] numbers = new double[count];
        for (int n = 0; n < count; n++)
            numbers[n] = NextItem() ? Number(what, expected) : throw Error($"{what} ends after {n} numbers; expected {expected}");
        if (NextItem()) throw Error($"{what} holds more than {count} numbers; expected {expected}");
        return numbers;
    }

    /// <summary>Checks that nothing follows the top-level value.</summary>
    public void End()
    {
        Advance();
    }

    private readonly string ReadText()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Error("the text holds half of a surrogate pair, which is no character");
        }
    }

    private readonly string Describe()
    {
        const int longest = 40;
        string text = Encoding.UTF8.GetString(_reader.ValueSpan);
        if (text.Length > longest) text = text[..longest] + "…";
        return Token switch
        {
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.String => $"'{text}'",
            JsonTokenType.EndArray or JsonTokenType.EndObject => "missing",
            _ => text,
        };
    }

    private static string Suggestion(string key, ReadOnlySpan<string> known)
    {
        foreach (string candidate in known)
            if (candidate.StartsWith(key, StringComparison.OrdinalIgnoreCase) || key.StartsWith(candidate, StringComparison.OrdinalIgnoreCase)
                || candidate.Replace("or", "our") == key)
                return $" (did you mean '{candidate}'?)";
        return "";
    }
}
