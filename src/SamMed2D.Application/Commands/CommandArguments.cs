using System.Text.Json;
using System.Text.Json.Nodes;
using SamMed2D.Core.Errors;

namespace SamMed2D.Application.Commands;

/// <summary>What a command was given, checked against its parameters.</summary>
public sealed class CommandArguments
{
    private readonly Command _command;
    private readonly JsonObject _values;

    /// <summary>Wraps arguments.</summary>
    /// <param name="command">The command that takes them.</param>
    /// <param name="values">The arguments by name; null for none.</param>
    /// <exception cref="InvalidCommandException">One has a name that the command does not know, or a required one is missing.</exception>
    internal CommandArguments(Command command, JsonObject? values)
    {
        (_command, _values) = (command, values ?? []);
        foreach ((string name, _) in _values)
            if (!command.Parameters.Any(p => p.Name == name))
                throw new InvalidCommandException(command.Id, $"takes no '{name}'; it takes {(command.Parameters.Count == 0 ? "nothing" : string.Join(", ", command.Parameters.Select(p => p.Name)))}");
        foreach (CommandParameter parameter in command.Parameters)
            if (parameter.IsRequired && !Has(parameter.Name)) throw new InvalidCommandException(command.Id, $"needs '{parameter.Name}' ({parameter.Help})");
    }

    /// <summary>The command that takes them.</summary>
    public string Command => _command.Id;

    /// <summary>All of them, as a copy.</summary>
    public JsonObject ToJson() => _values.DeepClone().AsObject();

    /// <summary>True where the argument was given.</summary>
    public bool Has(string name) => _values[name] is not null;

    /// <summary>Words; null where they were not given.</summary>
    public string? Text(string name) => _values[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonNode other => throw Wrong(name, "words", other),
    };

    /// <summary>Words that must be there.</summary>
    public string RequireText(string name) => Text(name) ?? throw new InvalidCommandException(_command.Id, $"needs '{name}'");

    /// <summary>A number; null where it was not given.</summary>
    public double? Number(string name) => _values[name] switch
    {
        null => null,
        JsonNode node when NumberOf(node) is { } number => number,
        JsonNode other => throw Wrong(name, "a number", other),
    };

    /// <summary>A number that must be there.</summary>
    public double RequireNumber(string name) => Number(name) ?? throw new InvalidCommandException(_command.Id, $"needs '{name}'");

    /// <summary>A whole number; null where it was not given.</summary>
    public int? Integer(string name) => Number(name) is not { } number ? null
        : number == Math.Floor(number) && Math.Abs(number) <= int.MaxValue ? (int)number
        : throw Wrong(name, "a whole number", _values[name]!);

    /// <summary>Yes or no; null where it was not given.</summary>
    public bool? Switch(string name) => _values[name] switch
    {
        null => null,
        JsonValue value when value.TryGetValue(out bool flag) => flag,
        JsonNode other => throw Wrong(name, "true or false", other),
    };

    /// <summary>Positions of a number of coordinates each; empty where none were given.</summary>
    public IReadOnlyList<double[]> Positions(string name, int coordinates)
    {
        if (_values[name] is not { } node) return [];
        if (node is not JsonArray array) throw Wrong(name, "a list of positions", node);
        List<double[]> positions = [];
        foreach (JsonNode? item in array) positions.Add(Position(name, item, coordinates));
        return positions;
    }

    /// <summary>One position; null where it was not given.</summary>
    public double[]? Position(string name, int coordinates) => _values[name] is { } node ? Position(name, node, coordinates) : null;

    /// <summary>One of some words; null where it was not given.</summary>
    public T? Choice<T>(string name) where T : struct, Enum
    {
        if (Text(name) is not { } text) return null;
        foreach (T value in Enum.GetValues<T>())
            if (Words.Of(value) == text.ToLowerInvariant()) return value;
        throw new InvalidCommandException(_command.Id, $"'{name}' is '{text}', not one of {string.Join(", ", Enum.GetValues<T>().Select(Words.Of))}");
    }

    private double[] Position(string name, JsonNode? node, int coordinates)
    {
        if (node is not JsonArray array || array.Count != coordinates) throw Wrong(name, $"a list of {coordinates} numbers", node);
        double[] position = new double[coordinates];
        for (int n = 0; n < coordinates; n++) position[n] = array[n] is { } part && NumberOf(part) is { } number ? number : throw Wrong(name, $"a list of {coordinates} numbers", node);
        return position;
    }

    // Numbers come from a parsed script, or from code that built the node from an int, a long or a double.
    private static double? NumberOf(JsonNode node)
    {
        if (node is not JsonValue value || value.GetValueKind() != JsonValueKind.Number) return null;
        double number = value.TryGetValue(out double real) ? real : value.TryGetValue(out int small) ? small : value.TryGetValue(out long large) ? large : double.NaN;
        return double.IsFinite(number) ? number : null;
    }

    private InvalidCommandException Wrong(string name, string expected, JsonNode? found) =>
        new(_command.Id, $"'{name}' is {Shorten(found?.ToJsonString() ?? "null")}, not {expected}");

    private static string Shorten(string text) => text.Length <= 60 ? text : text[..57] + "...";
}

/// <summary>The names of enumeration values in scripts and settings: lower case, words joined by hyphens.</summary>
internal static class Words
{
    public static string Of<T>(T value) where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
