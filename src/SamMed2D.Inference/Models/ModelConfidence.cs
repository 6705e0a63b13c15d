using SamMed2D.Core.Errors;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation.Confidence;

namespace SamMed2D.Inference.Models;

/// <summary>Finds out how sure a model's masks may be taken for right: the file <c>confidence.json</c> that may lie in its folder.</summary>
internal static class ModelConfidence
{
    /// <summary>What the folder says; null where it says nothing of this model, which is no error, since masks are the same without.</summary>
    public static ConfidenceModel? Read(ModelFolder folder, InferenceOptions options)
    {
        string path = Path.Combine(folder.Path, ConfidenceFile.Name);
        if (!File.Exists(path)) return null;
        ConfidenceModel confidence;
        try
        {
            confidence = ConfidenceFile.Read(path);
        }
        catch (InvalidFileException problem)
        {
            throw new ModelException(path, problem.Message[(path.Length + 2)..], problem);
        }
        if (confidence.ModelId == folder.Id) return confidence;
        options.Notice?.Invoke($"{ConfidenceFile.Name} was fitted to {confidence.ModelId}, not to {folder.Id}, and is left aside; fit it anew with 'sammed2d calibrate'");
        return null;
    }
}
