using SamMed2D.Application.Models;
using SamMed2D.Core.Errors;
using SamMed2D.Inference;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Runtime;
using SamMed2D.Segmentation;

namespace SamMed2D.Viewer.Adapters;

/// <summary>The models of the room of models, as the workspace sees them.</summary>
/// <param name="options">How models are run.</param>
internal sealed class ModelCatalog(InferenceOptions options) : IModelCatalog
{
    private const string Bundled = "bundled";

    /// <inheritdoc/>
    public IReadOnlyList<ModelEntry> List(IReadOnlyList<string> folders) => [Describe(Bundled, ModelFolder.Bundled), .. folders.Select(folder => Describe(folder, folder))];

    /// <inheritdoc/>
    public IPromptableSegmenter Open(ModelEntry entry) => SegmenterFactory.Open(entry.Id == Bundled ? null : entry.Id, options);

    private static ModelEntry Describe(string id, string folder)
    {
        try
        {
            ModelFolder model = ModelFolder.Open(folder);
            return model.Manifest is { } manifest
                ? new(id, manifest.Name, manifest.Licence, manifest.Provenance) { Precision = manifest.Architecture is { } net ? FormattableString.Invariant($"{net.Parameters / 1e6:0.0} M parameters") : "" }
                : new(id, model.Name, "not stated", "a pair of ONNX files from elsewhere");
        }
        catch (SamMed2DException failure)
        {
            return new(id, Path.GetFileName(folder.TrimEnd('/')), "", "") { Problem = failure.Message };
        }
    }
}
