using System.Text.Json;
using System.Text.Json.Serialization;
using SamMed2D.Core.Errors;

namespace SamMed2D.Training.Recipes;

/// <summary>Reads recipes: JSON with comments; a name that is not known is an error, for a misspelt one would be a setting lost.</summary>
internal static class RecipeFile
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Reads a recipe.</summary>
    /// <exception cref="InvalidFileException">It is missing, not JSON, or has names or values that are not known.</exception>
    public static T Read<T>(string path)
    {
        if (!File.Exists(path)) throw new InvalidFileException(path, "does not exist; check the path");
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path), s_json) ?? throw new JsonException("null");
        }
        catch (JsonException failure)
        {
            throw new InvalidFileException(path, $"is not a recipe for this model ({failure.Message}); compare it with the recipes that come with the plug-in", failure);
        }
    }
}
