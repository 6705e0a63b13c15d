using SamMed2D.Inference.Focus;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Runtime;
using SamMed2D.Inference.Sam;
using SamMed2D.Segmentation;

namespace SamMed2D.Inference;

/// <summary>Opens models.</summary>
public static class SegmenterFactory
{
    /// <summary>Opens the model in a folder, of whatever kind it is.</summary>
    /// <param name="folder">A folder made by <c>sammed2d model import</c> or with an exported pair of ONNX files; null for the bundled model.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <returns>The segmenter; the caller disposes it.</returns>
    /// <exception cref="Core.Errors.ModelException">The folder or the model in it is missing, damaged or of an unknown kind.</exception>
    /// <exception cref="Core.Errors.MissingComponentException">CUDA is asked for and absent, or ONNX Runtime does not load.</exception>
    public static IPromptableSegmenter Open(string? folder = null, InferenceOptions? options = null)
    {
        options ??= new();
        ModelFolder model = ModelFolder.Open(folder ?? ModelFolder.Bundled, options.VerifyHashes);
        return model.Kind == ModelKind.Sam ? SamSegmenter.Open(model, options) : FocusSegmenter.Open(model, options);
    }
}
