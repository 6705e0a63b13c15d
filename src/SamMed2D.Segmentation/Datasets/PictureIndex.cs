using System.Text.Json;
using SamMed2D.Core.Errors;

namespace SamMed2D.Segmentation.Datasets;

/// <summary>The index files of a data set: which masks go with which picture, for training and for testing.</summary>
internal static class PictureIndex
{
    /// <summary>Holds an object from pictures to lists of their masks.</summary>
    public const string TrainName = "image2label_train.json";

    /// <summary>Holds an object from masks to their pictures.</summary>
    public const string TestName = "label2image_test.json";

    private static readonly JsonSerializerOptions s_format = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The pictures of the training half with their masks, as the file names them; null where there is no such file.</summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public static IReadOnlyDictionary<string, string[]>? ReadTrain(string folder) => Read<Dictionary<string, string[]>>(Path.Combine(folder, TrainName), "pictures to lists of masks");

    /// <summary>The pictures of the testing half with their masks, as the file names them; null where there is no such file.</summary>
    /// <exception cref="InvalidFileException">The file is damaged.</exception>
    public static IReadOnlyDictionary<string, string[]>? ReadTest(string folder) =>
        Read<Dictionary<string, string>>(Path.Combine(folder, TestName), "masks to pictures")?
            .GroupBy(pair => pair.Value, pair => pair.Key).ToDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The text of the training file.</summary>
    public static string ToTrainJson(IEnumerable<(string Picture, string Mask)> masks) =>
        JsonSerializer.Serialize(masks.GroupBy(m => m.Picture, m => m.Mask).ToDictionary(group => group.Key, group => group.ToArray()), s_format);

    /// <summary>The text of the testing file.</summary>
    public static string ToTestJson(IEnumerable<(string Picture, string Mask)> masks) =>
        JsonSerializer.Serialize(masks.ToDictionary(m => m.Mask, m => m.Picture), s_format);

    private static T? Read<T>(string path, string expected) where T : class
    {
        if (!File.Exists(path)) return null;
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(path)) ?? throw new JsonException("null");
        }
        catch (JsonException failure)
        {
            throw new InvalidFileException(path, $"is damaged; expected a JSON object from {expected}, as 'sammed2d dataset' writes it", failure);
        }
    }
}
