using SamMed2D.Segmentation;

namespace SamMed2D.Application.Models;

/// <summary>A model that can be chosen.</summary>
/// <param name="Id">Its name in settings and scripts: <c>bundled</c>, or a folder.</param>
/// <param name="Name">Its name, as shown.</param>
/// <param name="Licence">Licence of its weights, as shown.</param>
/// <param name="Provenance">Where its weights come from, as shown.</param>
public sealed record ModelEntry(string Id, string Name, string Licence, string Provenance)
{
    /// <summary>Kind and precision, as shown; may be empty.</summary>
    public string Precision { get; init; } = "";

    /// <summary>Why it cannot be opened, as a sentence; null where it can.</summary>
    public string? Problem { get; init; }
}

/// <summary>Lists and opens models: what the room of models offers to the viewer.</summary>
public interface IModelCatalog
{
    /// <summary>The bundled model first, then those in folders. Reads descriptions only.</summary>
    /// <param name="folders">Folders of imported models; one that is not a model is listed with its problem.</param>
    IReadOnlyList<ModelEntry> List(IReadOnlyList<string> folders);

    /// <summary>Loads a model; takes a second or more.</summary>
    /// <param name="entry">One from <see cref="List"/>.</param>
    /// <returns>The model; the caller disposes it.</returns>
    /// <exception cref="Core.Errors.ModelException">It is missing, damaged or of an unknown kind.</exception>
    /// <exception cref="Core.Errors.MissingComponentException">The machine lacks what it runs on.</exception>
    IPromptableSegmenter Open(ModelEntry entry);
}
