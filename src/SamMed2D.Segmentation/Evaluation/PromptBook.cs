using System.Text.Json;
using SamMed2D.Core.Errors;

namespace SamMed2D.Segmentation.Evaluation;

/// <summary>
/// The prompts of a run of the 2D protocol, by mask, as a JSON file: saved to be replayed. Later points came from the first model's errors;
/// replayed, they are the same for every model.
/// </summary>
public sealed class PromptBook
{
    private static readonly JsonSerializerOptions s_format = new(JsonSerializerDefaults.Web) { WriteIndented = true };
    private readonly string _source;
    private readonly IReadOnlyDictionary<string, SavedPrompts> _prompts;

    private PromptBook(string source, IReadOnlyDictionary<string, SavedPrompts> prompts) => (_source, _prompts) = (source, prompts);

    /// <summary>The file's text for the masks of a run.</summary>
    public static string ToJson(IEnumerable<MaskResult> masks) => JsonSerializer.Serialize(masks.ToDictionary(m => m.Mask, m => m.Prompts), s_format);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="json">The text.</param>
    /// <param name="source">The file's name, for messages.</param>
    /// <exception cref="InvalidFileException">The text is no such file.</exception>
    public static PromptBook Parse(string json, string source)
    {
        try
        {
            Dictionary<string, SavedPrompts> prompts = JsonSerializer.Deserialize<Dictionary<string, SavedPrompts>>(json, s_format) ?? [];
            foreach ((string mask, SavedPrompts saved) in prompts)
                if (saved?.Box is not { Count: 4 } || saved.Points is null || saved.Points.Concat(saved.Corrections ?? []).Any(point => point is not (null or { Count: 3 })))
                    throw new InvalidFileException(source, $"'{mask}' has no box of 4 numbers, or points that are not 3 numbers; save the prompts again");
            return new(source, prompts);
        }
        catch (JsonException failure)
        {
            throw new InvalidFileException(source, "is not a file of saved prompts; expected JSON as --save-prompts writes it", failure);
        }
    }

    /// <summary>The prompts of a mask.</summary>
    /// <exception cref="InvalidFileException">The file does not hold them.</exception>
    public SavedPrompts Find(string mask) =>
        _prompts.TryGetValue(mask, out SavedPrompts? saved) ? saved : throw new InvalidFileException(_source, $"holds no prompts for {mask}; save them from the same pictures");
}
