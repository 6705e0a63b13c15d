using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using SamMed2D.Core.Errors;
using SamMed2D.Inference.Import;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Onnx;
using SamMed2D.Inference.Onnx.Format;

namespace SamMed2D.Inference.Focus;

/// <summary>Makes a model folder from a trained focus network's weights, and gets them back from one.</summary>
public static class FocusModelFolder
{
    /// <summary>Writes <c>focus.onnx</c>, the model card and <c>model.json</c>, all or nothing.</summary>
    /// <param name="folder">Its place: absent, empty, or an earlier model, which is replaced.</param>
    /// <param name="weights">All weights by the names of training.</param>
    /// <param name="card">What to say of the model.</param>
    /// <param name="rules">How it is to be fed; whether it takes the previous slice's picture follows from the weights.</param>
    /// <exception cref="ModelException">Weights are missing or not finite.</exception>
    /// <exception cref="OutputException">The place holds something else, or cannot be written.</exception>
    public static ModelManifest Write(string folder, IReadOnlyDictionary<string, FocusTensor> weights, FocusCard card, FocusInterface? rules = null)
    {
        foreach ((string name, FocusTensor tensor) in weights)
            foreach (float value in tensor.Values)
                if (!float.IsFinite(value)) throw new ModelException(folder, $"cannot be made: the weight {name} is not finite, so the training failed; use an earlier checkpoint");
        rules = (rules ?? new FocusInterface()) with { PreviousPicture = weights.TryGetValue("stem.weight", out FocusTensor? stem) && stem.Shape[1] == 8 };
        ModelManifest? manifest = null;
        FolderReplacement.Replace(folder, place =>
        {
            string graphPath = Path.Combine(place, "focus.onnx"), cardPath = Path.Combine(place, "README.md");
            using (FileStream stream = File.Create(graphPath)) BuildGraph(folder, weights, rules.CropSize).WriteWhole(stream);
            File.WriteAllText(cardPath, card.Text);
            ModelFile[] files = [ModelFile.Describe(ModelFileRole.Focus, graphPath), ModelFile.Describe(ModelFileRole.Document, cardPath)];
            manifest = new()
            {
                Kind = ModelKind.Focus,
                Name = card.Name,
                Id = $"compact-focus-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(files[0].Sha256)))[..8]}",
                Licence = card.Licence,
                Provenance = card.Provenance,
                Focus = rules,
                Files = files,
            };
            manifest.Write(place);
        });
        return manifest!;
    }

    /// <summary>Reads the weights of a focus model, so that training can start from them.</summary>
    /// <param name="folder">A model folder made by <see cref="Write"/>; null for the bundled model.</param>
    /// <returns>All weights by the names of training.</returns>
    /// <exception cref="ModelException">The folder is missing or damaged, or holds another kind of model.</exception>
    public static IReadOnlyDictionary<string, FocusTensor> Read(string? folder = null)
    {
        ModelFolder model = ModelFolder.Open(folder ?? ModelFolder.Bundled);
        if (model.Kind != ModelKind.Focus) throw new ModelException(model.Path, "holds a SAM model, expected a compact one; name a folder made by 'sammed2d train compact' or leave it out");
        try
        {
            using FileStream stream = File.OpenRead(model.PathOf(ModelFileRole.Focus));
            return FocusGraph.WeightsOf(ModelProto.Parser.ParseFrom(stream).Graph);
        }
        catch (Exception failure) when (failure is IOException or InvalidProtocolBufferException)
        {
            throw new ModelException(model.Path, $"its focus.onnx cannot be read ({failure.Message})", failure);
        }
    }

    private static GraphBuilder BuildGraph(string folder, IReadOnlyDictionary<string, FocusTensor> weights, int cropSize)
    {
        try
        {
            return FocusGraph.Build(weights, cropSize);
        }
        catch (KeyNotFoundException failure)
        {
            throw new ModelException(folder, $"cannot be made: {failure.Message.TrimEnd('.')}; the weights are not those of a focus network", failure);
        }
    }
}

/// <summary>A weight of a network.</summary>
/// <param name="Shape">Its sizes.</param>
/// <param name="Values">Its numbers, row by row; as many as the sizes' product.</param>
public sealed record FocusTensor(long[] Shape, float[] Values);

/// <summary>What a model says of itself.</summary>
/// <param name="Name">Its name, as shown.</param>
/// <param name="Licence">Licence of the weights.</param>
/// <param name="Provenance">Where the weights come from: one sentence.</param>
/// <param name="Text">The model card, Markdown.</param>
public sealed record FocusCard(string Name, string Licence, string Provenance, string Text);
