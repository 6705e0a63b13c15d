using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Files;

namespace SamMed2D.Inference.Models;

/// <summary>
/// What <c>model.json</c> says about the model in its folder: how to feed it, what it answers, which files it consists of and where
/// it comes from. Immutable; unknown fields in the file are ignored, so that later versions may add some.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>The name of the file in a model folder.</summary>
    public const string FileName = "model.json";

    /// <summary>What <see cref="Format"/> always says.</summary>
    public const string FormatName = "sammed2d-model";

    /// <summary>The version that is written, and the newest that is read.</summary>
    public const int CurrentVersion = 1;

    private const long MaximumFileBytes = 1 << 20;

    /// <summary>Always <see cref="FormatName"/>.</summary>
    public string Format { get; init; } = FormatName;

    /// <summary>Version of the file's layout, from 1.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Which kind of model it is, and so which files and sections it has.</summary>
    public required ModelKind Kind { get; init; }

    /// <summary>Its name, as shown.</summary>
    public required string Name { get; init; }

    /// <summary>Stable identity of weights and preprocessing: a name and the start of a hash, as in <c>sam-med2d_b-1f0c9a3e</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Licence of the weights, as shown; an SPDX identifier where there is one.</summary>
    public required string Licence { get; init; }

    /// <summary>Where the weights come from, as shown: one sentence.</summary>
    public required string Provenance { get; init; }

    /// <summary>What SAM models need to be fed; null for others.</summary>
    public SamInterface? Sam { get; init; }

    /// <summary>What focus models need to be fed; null for others.</summary>
    public FocusInterface? Focus { get; init; }

    /// <summary>Facts about the network, for people and for export; null where nothing is known.</summary>
    public ModelArchitecture? Architecture { get; init; }

    /// <summary>How the encoder's linear layers are kept and computed; all else is float32.</summary>
    public ModelPrecision Precision { get; init; }

    /// <summary>What that precision changes, as measured at import; null for float32.</summary>
    public PrecisionCost? PrecisionCost { get; init; }

    /// <summary>The checkpoint that the model was imported from; null where there was none.</summary>
    public ModelSource? Source { get; init; }

    /// <summary>Every file of the model beside <c>model.json</c>.</summary>
    public required IReadOnlyList<ModelFile> Files { get; init; }

    /// <summary>The one file that plays a role, or null.</summary>
    public ModelFile? FindFile(ModelFileRole role)
    {
        foreach (ModelFile file in Files)
            if (file.Role == role) return file;
        return null;
    }

    /// <summary>The text of <c>model.json</c>, indented.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ManifestJson.Default.ModelManifest) + "\n";

    /// <summary>Writes <c>model.json</c> into a folder; write it last, when the files that it names are complete.</summary>
    /// <exception cref="OutputException">The folder cannot be written to.</exception>
    public void Write(string folder) => AtomicFile.WriteText(Path.Combine(folder, FileName), ToJson());

    /// <summary>Reads a <c>model.json</c> and checks that it is complete and consistent; the files that it names are not looked at.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="ModelException">The file is missing, not JSON, of another format or version, or contradicts itself.</exception>
    public static ModelManifest Read(string path)
    {
        ModelManifest? manifest;
        try
        {
            FileInfo file = new(path);
            if (!file.Exists) throw new ModelException(path, "is missing; name a folder made by 'sammed2d model import'");
            if (file.Length > MaximumFileBytes)
                throw new ModelException(path, $"is {file.Length} bytes long where a description takes a few thousand; import the model again");
            manifest = JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.ModelManifest);
        }
        catch (JsonException failure)
        {
            throw new ModelException(path, $"is not a model description ({FirstLine(failure.Message)}); import the model again", failure);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(path, $"cannot be read ({failure.Message})", failure);
        }
        if (manifest is null) throw new ModelException(path, "is empty; import the model again");
        if (ManifestRules.FindProblem(manifest) is { } problem) throw new ModelException(path, problem);
        return manifest;
    }

    private static string FirstLine(string message) => message.Split('\n', 2)[0].TrimEnd();
}

/// <summary>The kinds of model that run here.</summary>
public enum ModelKind
{
    /// <summary>SAM and SAM-Med2D: encode a slice once, decode many prompts.</summary>
    Sam,

    /// <summary>A network over a crop round the prompt, with the prompts as image channels.</summary>
    Focus,
}

/// <summary>How linear layers are kept and computed.</summary>
public enum ModelPrecision
{
    /// <summary>32-bit reals.</summary>
    Float32,

    /// <summary>8-bit whole numbers: a scale for each output of a weight, one for a layer's whole input, found at run time.</summary>
    Int8,
}

/// <summary>How far a model's masks are from those in float32, from the same boxes on an artificial abdomen.</summary>
/// <param name="Prompts">How many boxes.</param>
/// <param name="MeanDice">The mean Dice.</param>
/// <param name="LowestDice">The lowest Dice.</param>
public sealed record PrecisionCost(int Prompts, double MeanDice, double LowestDice);

/// <summary>One file of a model.</summary>
/// <param name="Role">What it is for.</param>
/// <param name="Name">Its bare name in the model's folder: no separators.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of its content, 64 lower-case hexadecimal digits.</param>
public sealed record ModelFile(ModelFileRole Role, string Name, long SizeBytes, string Sha256)
{
    /// <summary>Describes a complete file; reads all of it.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ModelFile Describe(ModelFileRole role, string path)
    {
        using FileStream stream = File.OpenRead(path);
        return new(role, Path.GetFileName(path), stream.Length, HashOf(stream));
    }

    internal static string HashOf(Stream stream) => Convert.ToHexStringLower(SHA256.HashData(stream));
}

/// <summary>What a model's file is for.</summary>
public enum ModelFileRole
{
    /// <summary>ONNX graph from <c>input_image</c> to <c>image_embeddings</c>.</summary>
    Encoder,

    /// <summary>ONNX graph from embedding and prompts to masks.</summary>
    Decoder,

    /// <summary>ONNX graph of a focus model.</summary>
    Focus,

    /// <summary>Weights of one of the graphs (ONNX external data).</summary>
    Weights,

    /// <summary>Anything else that travels along, such as a model card.</summary>
    Document,
}

/// <summary>The checkpoint behind an imported model.</summary>
/// <param name="Name">Its bare file name.</param>
/// <param name="SizeBytes">Its length.</param>
/// <param name="Sha256">The SHA-256 of its content, 64 lower-case hexadecimal digits.</param>
public sealed record ModelSource(string Name, long SizeBytes, string Sha256);

/// <summary>Facts about an image encoder, as read from its weights.</summary>
/// <param name="EmbedDim">Width of its tokens.</param>
/// <param name="Depth">Number of blocks.</param>
/// <param name="Heads">Attention heads a block.</param>
/// <param name="PatchSize">Pixels along a patch.</param>
/// <param name="WindowSize">Tokens along an attention window.</param>
/// <param name="GlobalBlocks">Blocks that attend to the whole image.</param>
/// <param name="Adapters">True where the adapter branch is in the graph.</param>
/// <param name="Parameters">Number of weights in all.</param>
public sealed record ModelArchitecture(
    int EmbedDim, int Depth, int Heads, int PatchSize, int WindowSize, IReadOnlyList<int> GlobalBlocks, bool Adapters, long Parameters);

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [
        typeof(KebabCaseEnumConverter<ModelKind>), typeof(KebabCaseEnumConverter<ModelFileRole>),
        typeof(KebabCaseEnumConverter<ModelPrecision>), typeof(KebabCaseEnumConverter<MaskPromptDomain>), typeof(KebabCaseEnumConverter<ResizePolicy>)])]
[JsonSerializable(typeof(ModelManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;

/// <summary>Writes enumeration values as words with hyphens, and reads no numbers in their place.</summary>
internal sealed class KebabCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.KebabCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
