using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace SamMed2D.Segmentation.Tests.Prompts;

/// <summary>A second, independent reading of a JSON schema: the keywords that the project's schemas use, no more. Unknown keywords fail.</summary>
internal sealed class MiniJsonSchema(string schemaText)
{
    private readonly JsonNode _root = JsonNode.Parse(schemaText)!;

    public bool Allows(JsonNode? value) => Allows(_root, value);

    private bool Allows(JsonNode schema, JsonNode? value)
    {
        foreach ((string keyword, JsonNode? rule) in schema.AsObject())
        {
            bool sound = keyword switch
            {
                "$schema" or "$defs" or "title" or "description" or "default" => true,
                "$ref" => Allows(Resolve((string)rule!), value),
                "type" => rule is JsonArray types ? types.Any(t => IsOfType((string)t!, value)) : IsOfType((string)rule!, value),
                "anyOf" => rule!.AsArray().Any(one => Allows(one!, value)),
                "const" => JsonNode.DeepEquals(rule, value),
                "enum" => rule!.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)),
                "required" => value is not JsonObject o || rule!.AsArray().All(key => o.ContainsKey((string)key!)),
                "properties" => value is not JsonObject o || o.All(p => rule![p.Key] is not { } inner || Allows(inner, p.Value)),
                "additionalProperties" => value is not JsonObject o || (bool)rule! || o.All(p => schema["properties"]![p.Key] is not null),
                "minProperties" => value is not JsonObject o || o.Count >= (int)rule!,
                "maxProperties" => value is not JsonObject o || o.Count <= (int)rule!,
                "items" => value is not JsonArray a || a.Skip(schema["prefixItems"]?.AsArray().Count ?? 0).All(item => Allows(rule!, item)),
                "prefixItems" => value is not JsonArray a || a.Zip(rule!.AsArray()).All(pair => Allows(pair.Second!, pair.First)),
                "minItems" => value is not JsonArray a || a.Count >= (int)rule!,
                "maxItems" => value is not JsonArray a || a.Count <= (int)rule!,
                "minimum" => !IsOfType("number", value) || (double)value! >= (double)rule!,
                "maximum" => !IsOfType("number", value) || (double)value! <= (double)rule!,
                "pattern" => !IsOfType("string", value) || Regex.IsMatch((string)value!, (string)rule!),
                _ => throw new NotSupportedException($"The schema uses '{keyword}', which this validator does not know."),
            };
            if (!sound) return false;
        }
        return true;
    }

    private JsonNode Resolve(string reference)
    {
        JsonNode node = _root;
        foreach (string part in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries)) node = node[part]!;
        return node;
    }

    private static bool IsOfType(string type, JsonNode? value) => type switch
    {
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "null" => value is null,
        _ => value is JsonValue v && v.GetValueKind() switch
        {
            System.Text.Json.JsonValueKind.String => type == "string",
            System.Text.Json.JsonValueKind.Number => type == "number" || (type == "integer" && (double)v % 1 == 0),
            System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => type == "boolean",
            _ => false,
        },
    };
}
