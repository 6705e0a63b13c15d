using System.Security.Cryptography;
using System.Text;
using SamMed2D.Core.Errors;

namespace SamMed2D.Inference.Models;

/// <summary>
/// A folder with a model in it, checked before anything in it is loaded: our own with a <c>model.json</c>, or a pair of ONNX files
/// exported by Segment Anything's or SAM-Med2D's public scripts.
/// </summary>
public sealed class ModelFolder
{
    private const long AlwaysHashedBytes = 16 << 20;

    private static readonly HashSet<string> s_trustedDomains = new(StringComparer.Ordinal) { "", "ai.onnx", "ai.onnx.ml", "com.microsoft" };

    // Reads another file that it names by an attribute.
    private const string FileReadingOperator = "EPContext";

    private readonly Dictionary<ModelFileRole, string> _paths;

    private ModelFolder(string path, ModelManifest? manifest, string id, string name, Dictionary<ModelFileRole, string> paths, string fingerprint) =>
        (Path, Manifest, Id, Name, _paths, Fingerprint) = (path, manifest, id, name, paths, fingerprint);

    /// <summary>The folder of the model that is used when no other is named; it lies beside the program.</summary>
    public static string Bundled { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "models", "compact");

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Its <c>model.json</c>; null for a pair of ONNX files from elsewhere.</summary>
    public ModelManifest? Manifest { get; }

    /// <summary>Stable identity of weights and preprocessing.</summary>
    public string Id { get; }

    /// <summary>SHA-256 over the hashes of its files, 64 hexadecimal digits.</summary>
    internal string Fingerprint { get; }

    /// <summary>Bytes of its files.</summary>
    internal long SizeBytes => Manifest?.Files.Sum(file => file.SizeBytes) ?? _paths.Values.Sum(path => new FileInfo(path).Length);

    /// <summary>Its name, as shown.</summary>
    public string Name { get; }

    /// <summary>The kind of model; a pair of ONNX files is a SAM.</summary>
    public ModelKind Kind => Manifest?.Kind ?? ModelKind.Sam;

    /// <summary>The path of the file that plays a role; the kind says which roles there are.</summary>
    public string PathOf(ModelFileRole role) => _paths[role];

    /// <summary>Opens a folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="verifyHashes">True compares the SHA-256 of every file; false that of files up to 16 MB, and the sizes of all.</param>
    /// <exception cref="ModelException">The folder or a file is missing, damaged, or would make the runtime touch files outside it.</exception>
    public static ModelFolder Open(string folder, bool verifyHashes = false)
    {
        if (File.Exists(folder)) throw new ModelException(folder, "is a file, expected a model's folder; import checkpoints with 'sammed2d model import' first");
        if (!Directory.Exists(folder)) throw new ModelException(folder, "there is no such folder; check the name, or make one with 'sammed2d model import'");
        try
        {
            string description = System.IO.Path.Combine(folder, ModelManifest.FileName);
            return File.Exists(description) ? OpenOwn(folder, ModelManifest.Read(description), verifyHashes) : OpenForeign(folder);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new ModelException(folder, $"cannot be read ({failure.Message})", failure);
        }
    }

    private static ModelFolder OpenOwn(string folder, ModelManifest manifest, bool verifyHashes)
    {
        Dictionary<ModelFileRole, string> paths = [];
        HashSet<string> weights = new(StringComparer.Ordinal);
        foreach (ModelFile file in manifest.Files)
        {
            string path = System.IO.Path.Combine(folder, file.Name);
            CheckFile(path, file, verifyHashes);
            paths.TryAdd(file.Role, path);
            if (file.Role == ModelFileRole.Weights) weights.Add(file.Name);
        }
        ReadOnlySpan<ModelFileRole> graphs = [ModelFileRole.Encoder, ModelFileRole.Decoder, ModelFileRole.Focus];
        foreach (ModelFileRole role in graphs)
            if (paths.TryGetValue(role, out string? graph)) CheckGraph(graph, weights);
        string fingerprint = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', manifest.Files.Select(file => $"{file.Name} {file.Sha256}")))));
        return new(folder, manifest, manifest.Id, manifest.Name, paths, fingerprint);
    }

    private static void CheckFile(string path, ModelFile expected, bool verifyHashes)
    {
        FileInfo file = new(path);
        if (!file.Exists) throw new ModelException(path, "is missing; import or download the model again");
        RefuseLink(file);
        if (file.Length != expected.SizeBytes)
            throw new ModelException(path, $"has {file.Length} bytes, {ModelManifest.FileName} says {expected.SizeBytes}; import or download the model again");
        if (!verifyHashes && file.Length > AlwaysHashedBytes) return;
        using FileStream stream = file.OpenRead();
        string found = ModelFile.HashOf(stream);
        if (!found.Equals(expected.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new ModelException(path, $"has the SHA-256 {found[..12]}…, {ModelManifest.FileName} says {expected.Sha256[..12]}…; import or download the model again");
    }

    private static void CheckGraph(string path, HashSet<string> weights)
    {
        OnnxInspection graph = OnnxInspection.Inspect(path);
        RefuseUnknownOperators(path, graph);
        foreach (string name in graph.ExternalFiles)
            if (!weights.Contains(name))
                throw new ModelException(path, $"takes weights from '{name}', which {ModelManifest.FileName} does not name; do not use this model");
    }

    private static ModelFolder OpenForeign(string folder)
    {
        Dictionary<ModelFileRole, string> paths = new()
        {
            [ModelFileRole.Encoder] = FindForeign(folder, "encoder"),
            [ModelFileRole.Decoder] = FindForeign(folder, "decoder"),
        };
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (string path in paths.Values)
        {
            RefuseLink(new FileInfo(path));
            OnnxInspection graph = OnnxInspection.Inspect(path);
            RefuseUnknownOperators(path, graph);
            if (graph.ExternalFiles.Count > 0)
                throw new ModelException(path, $"keeps weights in another file ('{graph.ExternalFiles.First()}'), which is only taken from models made by "
                    + "'sammed2d model import'; export it as one file, or import its checkpoint");
            using FileStream stream = File.OpenRead(path);
            hash.AppendData(Encoding.ASCII.GetBytes(ModelFile.HashOf(stream)));
        }
        string name = System.IO.Path.GetFileName(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(folder)));
        string fingerprint = Convert.ToHexStringLower(hash.GetHashAndReset());
        return new(folder, null, $"onnx-{fingerprint[..8]}", name, paths, fingerprint);
    }

    private static string FindForeign(string folder, string part)
    {
        string exact = System.IO.Path.Combine(folder, part + ".onnx");
        if (File.Exists(exact)) return exact;
        string[] found = Directory.GetFiles(folder, $"*{part}*.onnx");
        if (found.Length == 1) return found[0];
        string problem = found.Length == 0 ? $"holds neither {ModelManifest.FileName} nor {part}.onnx" : $"holds {found.Length} files named like {part}.onnx";
        throw new ModelException(folder, $"{problem}; expected a folder made by 'sammed2d model import', or an exported encoder.onnx and decoder.onnx");
    }

    private static void RefuseLink(FileInfo file)
    {
        if (file.LinkTarget is not null) throw new ModelException(file.FullName, "is a link, which models may not hold; copy the file itself there");
    }

    private static void RefuseUnknownOperators(string path, OnnxInspection graph)
    {
        foreach (string domain in graph.Domains)
            if (!s_trustedDomains.Contains(domain))
                throw new ModelException(path, $"uses operators of the unknown domain '{domain}'; expected ONNX's own and com.microsoft's. Export it without custom operators");
        if (graph.Operators.Contains(FileReadingOperator))
            throw new ModelException(path, $"uses the operator {FileReadingOperator}, which reads other files; export it without");
    }
}
