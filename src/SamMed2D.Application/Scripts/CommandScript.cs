using System.Text.Json;
using System.Text.Json.Nodes;
using SamMed2D.Application.Commands;
using SamMed2D.Core.Errors;

namespace SamMed2D.Application.Scripts;

/// <summary>
/// A session as a list of steps, as JSON: <c>[{ "run": "scan.open", "with": { "path": "a.nii.gz" } }, { "wait": 30 }, { "expect": { "scans": 1 } }]</c>.
/// A step is one of: <c>run</c> (a command, with its arguments under <c>with</c>), <c>key</c> (a chord), <c>wait</c> (seconds at most, until nothing is under
/// way), <c>expect</c> (facts about the workspace, see <see cref="ScriptFacts"/>), <c>note</c> (words for the reader).
/// </summary>
public sealed class CommandScript
{
    private CommandScript(string name, IReadOnlyList<ScriptStep> steps) => (Name, Steps) = (name, steps);

    /// <summary>The script's file, for messages.</summary>
    public string Name { get; }

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<ScriptStep> Steps { get; }

    /// <summary>Reads a script.</summary>
    /// <param name="json">The whole text; comments and trailing commas are allowed.</param>
    /// <param name="name">The script's file, for messages.</param>
    /// <exception cref="InvalidCommandException">The text is no list of steps; the message says where.</exception>
    public static CommandScript Parse(string json, string name)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(json, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException failure)
        {
            throw new InvalidCommandException(name, $"is not JSON (line {failure.LineNumber + 1}); write a list of steps", failure);
        }
        if (root is not JsonArray list) throw new InvalidCommandException(name, "is not a list; write [ { \"run\": … }, … ]");
        List<ScriptStep> steps = [];
        for (int n = 0; n < list.Count; n++) steps.Add(ParseStep(list[n], $"{name}, step {n + 1}"));
        return new(name, steps);
    }

    private static ScriptStep ParseStep(JsonNode? node, string place)
    {
        const string known = "run, key, wait, expect or note";
        const double longestWaitSeconds = 1e6;
        if (node is not JsonObject step) throw new InvalidCommandException(place, $"is not an object; write {{ \"run\": … }}, or another of {known}");
        foreach ((string word, _) in step)
            if (word is not ("run" or "with" or "key" or "wait" or "expect" or "note")) throw new InvalidCommandException(place, $"has '{word}'; a step is {known}, and 'with' goes with run");
        if (step["run"] is { } run) return new RunStep(place, Text(run, place), step["with"] is { } with ? Object(with, place) : null);
        if (step["with"] is not null) throw new InvalidCommandException(place, "has 'with' without 'run'");
        if (step["key"] is { } key) return new KeyStep(place, Chord(Text(key, place), place));
        if (step["wait"] is JsonValue wait) return new WaitStep(place, wait.TryGetValue(out double seconds) && seconds is > 0 and <= longestWaitSeconds ? TimeSpan.FromSeconds(seconds) : throw new InvalidCommandException(place, $"waits for {wait.ToJsonString()}, not for a number of seconds up to {longestWaitSeconds:0}"));
        if (step["expect"] is { } expect) return new ExpectStep(place, Object(expect, place));
        if (step["note"] is { } note) return new NoteStep(place, Text(note, place));
        throw new InvalidCommandException(place, $"is empty; a step is {known}");
    }

    private static string Text(JsonNode node, string place) =>
        node is JsonValue value && value.TryGetValue(out string? text) ? text : throw new InvalidCommandException(place, $"has {node.ToJsonString()} where a word is expected");

    private static KeyChord Chord(string text, string place)
    {
        try
        {
            return KeyChord.Parse(text);
        }
        catch (ArgumentException failure)
        {
            throw new InvalidCommandException(place, $"presses '{text}', which names no key; write one such as Ctrl+S, ? or Left", failure);
        }
    }

    private static JsonObject Object(JsonNode node, string place) =>
        node as JsonObject ?? throw new InvalidCommandException(place, $"has {node.ToJsonString()} where an object is expected");
}

/// <summary>One step of a script.</summary>
/// <param name="Place">Where it stands, for messages.</param>
public abstract record ScriptStep(string Place);

/// <summary>Runs a command.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Command">The command's name.</param>
/// <param name="Arguments">What it takes; null for nothing.</param>
public sealed record RunStep(string Place, string Command, JsonObject? Arguments) : ScriptStep(Place);

/// <summary>Presses a key.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Key">The chord.</param>
public sealed record KeyStep(string Place, KeyChord Key) : ScriptStep(Place);

/// <summary>Waits until nothing is under way.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Longest">How long at most.</param>
public sealed record WaitStep(string Place, TimeSpan Longest) : ScriptStep(Place);

/// <summary>Makes sure of facts.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Facts">What is expected, by name.</param>
public sealed record ExpectStep(string Place, JsonObject Facts) : ScriptStep(Place);

/// <summary>Says something to the reader.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Text">The words; figures measured from here on go under them.</param>
public sealed record NoteStep(string Place, string Text) : ScriptStep(Place);
