using System.Security.Cryptography;
using System.Text;
using SamMed2D.Core.Errors;
using SamMed2D.Core.Progress;
using SamMed2D.Inference.Checkpoints;
using SamMed2D.Inference.Models;
using SamMed2D.Inference.Onnx;
using SamMed2D.Inference.Runtime;

namespace SamMed2D.Inference.Import;

/// <summary>
/// Turns a PyTorch checkpoint of SAM or SAM-Med2D into a model folder: <c>encoder.onnx</c>, <c>decoder.onnx</c>, their weights beside them and
/// <c>model.json</c>. Weights stream from file to file, so memory does not grow with the checkpoint. The folder appears whole or not at all.
/// </summary>
public static class ModelImport
{
    private const int SmallestImage = 64, LargestImage = 2048;

    /// <summary>Imports a checkpoint.</summary>
    /// <param name="checkpointPath">The <c>.pth</c> file.</param>
    /// <param name="folder">The model folder to make; an earlier model there is replaced.</param>
    /// <param name="options">What the user says about it.</param>
    /// <param name="progress">Told the bytes done and in all.</param>
    /// <param name="cancellation">Stops between tensors, leaving nothing behind.</param>
    /// <exception cref="ModelException">The checkpoint is damaged, of another architecture, or cannot be had at the wanted size.</exception>
    /// <exception cref="OutputException">The folder holds something else than a model, or cannot be written.</exception>
    public static ImportResult Run(string checkpointPath, string folder, ImportOptions options, ProgressCallback? progress = null, CancellationToken cancellation = default)
    {
        using CheckpointFile checkpoint = CheckpointFile.Open(checkpointPath);
        SamArchitecture architecture = SamArchitecture.Read(checkpoint);
        bool hasAdapters = architecture.HasAdapters && !options.WithoutAdapters;
        // Adapters halve the grid and double it again.
        int step = architecture.PatchSize * (hasAdapters ? 2 : 1);
        int imageSize = CheckedImageSize(checkpoint, options.ImageSize ?? architecture.ImageSize, step);
        bool isReduced = options.Precision != ModelPrecision.Float32;
        GraphBuilder reference = new EncoderGraph(checkpoint, architecture, imageSize, hasAdapters).Build();
        GraphBuilder encoder = isReduced ? BuildInt8(checkpoint, architecture, imageSize, hasAdapters) : reference;
        GraphBuilder decoder = new DecoderGraph(checkpoint, architecture, imageSize).Build();

        long done = 0, total = checkpoint.SizeBytes + encoder.WeightBytes + decoder.WeightBytes + (isReduced ? reference.WeightBytes : 0);
        Action<long> advance = bytes => progress?.Invoke(done += bytes, total);
        ModelManifest? manifest = null;
        FolderReplacement.Replace(folder, temporary =>
        {
            List<ModelFile> files =
            [
                .. WriteGraph(checkpoint, encoder, ModelFileRole.Encoder, temporary, "encoder", advance, cancellation),
                .. WriteGraph(checkpoint, decoder, ModelFileRole.Decoder, temporary, "decoder", advance, cancellation),
            ];
            ModelSource source = DescribeSource(checkpoint, advance, cancellation);
            manifest = Describe(checkpoint, architecture, options, imageSize, hasAdapters, source, files);
            if (isReduced) manifest = manifest with { PrecisionCost = MeasureCost(checkpoint, reference, temporary, manifest, advance, cancellation) };
            manifest.Write(temporary);
        });
        return new ImportResult(manifest!, architecture, FindNotes(checkpoint, architecture, options, imageSize));
    }

    private static GraphBuilder BuildInt8(CheckpointFile checkpoint, SamArchitecture architecture, int imageSize, bool hasAdapters)
    {
        bool reducedRange = !ProcessorFeatures.Current.HasExactInt8Products;
        return new EncoderGraph(checkpoint, architecture, imageSize, hasAdapters, graph => new Int8Linear(graph, reducedRange)).Build();
    }

    /// <summary>Compares with the encoder in float32, which is written for that and deleted again.</summary>
    private static PrecisionCost MeasureCost(
        CheckpointFile checkpoint, GraphBuilder reference, string folder, ModelManifest manifest, Action<long> advance, CancellationToken cancellation)
    {
        string aside = Directory.CreateDirectory(Path.Combine(folder, "float32")).FullName;
        ModelFile graph = WriteGraph(checkpoint, reference, ModelFileRole.Encoder, aside, "encoder", advance, cancellation)[0];
        string encoder = Path.Combine(folder, manifest.FindFile(ModelFileRole.Encoder)!.Name), decoder = Path.Combine(folder, manifest.FindFile(ModelFileRole.Decoder)!.Name);
        PrecisionCost cost = PrecisionTrial.Run(Path.Combine(aside, graph.Name), encoder, decoder, manifest.Sam!, cancellation);
        Directory.Delete(aside, recursive: true);
        return cost;
    }

    private static int CheckedImageSize(CheckpointFile checkpoint, int size, int step) =>
        size is >= SmallestImage and <= LargestImage && size % step == 0
            ? size
            : throw new ModelException(checkpoint.Path, $"cannot be imported for images of {size} pixels; choose a multiple of {step} from {SmallestImage} to {LargestImage}");

    private static ModelFile[] WriteGraph(
        CheckpointFile checkpoint, GraphBuilder graph, ModelFileRole role, string folder, string name, Action<long> advance, CancellationToken cancellation)
    {
        string graphPath = Path.Combine(folder, name + ".onnx"), weightsName = name + ".weights";
        using (FileStream graphStream = File.Create(graphPath))
        using (FileStream weightsStream = new(Path.Combine(folder, weightsName), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 18))
        using (WeightsFile weights = new(weightsStream))
        {
            graph.Write(graphStream, weights, weightsName, advance, cancellation);
            graphStream.Flush(flushToDisk: true);
            weightsStream.Flush(flushToDisk: true);
            if (weights.HasNonFinite) throw new ModelException(checkpoint.Path, "holds weights that are not finite (NaN or infinity); it was damaged or its training failed, so choose another one");
            ModelFile described = new(ModelFileRole.Weights, weightsName, weights.Length, weights.GetSha256());
            graphStream.Dispose();
            return [ModelFile.Describe(role, graphPath), described];
        }
    }

    private static ModelSource DescribeSource(CheckpointFile checkpoint, Action<long> advance, CancellationToken cancellation)
    {
        using FileStream stream = new(checkpoint.Path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[1 << 20];
        for (int read; (read = stream.Read(chunk)) > 0; advance(read))
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(chunk.AsSpan(0, read));
        }
        return new(Path.GetFileName(checkpoint.Path), checkpoint.SizeBytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static ModelManifest Describe(
        CheckpointFile checkpoint, SamArchitecture architecture, ImportOptions options, int imageSize, bool hasAdapters, ModelSource source, IReadOnlyList<ModelFile> files)
    {
        int grid = imageSize / architecture.PatchSize;
        SamFamily family = options.Family ?? FamilyOf(architecture);
        string name = options.Name ?? Path.GetFileNameWithoutExtension(checkpoint.Path);
        SamInterface sam = new()
        {
            ImageSize = imageSize,
            EmbeddingShape = [architecture.EmbeddingChannels, grid, grid],
            Preprocessing = ImagePreprocessing.SegmentAnything(family == SamFamily.SamMed2D ? ResizePolicy.PadSmall : ResizePolicy.LongestSide),
            MaskPrompt = family == SamFamily.SamMed2D ? MaskPromptDomain.Probability : MaskPromptDomain.Logits,
            MaskSize = 4 * grid,
            Decoder = new() { Candidates = architecture.MaskCount, AcceptsNoPoints = true },
        };
        return new()
        {
            Kind = ModelKind.Sam,
            Name = name,
            Id = $"{ToIdentifier(name)}-{HashOf(files, sam)}",
            Licence = options.Licence ?? "not stated; see where the checkpoint comes from",
            Provenance = options.Provenance ?? $"Imported from {source.Name}.",
            Sam = sam,
            Precision = options.Precision,
            Architecture = new(architecture.EmbedDim, architecture.Depth, architecture.Heads, architecture.PatchSize, architecture.WindowSize,
                architecture.GlobalBlocks, hasAdapters, architecture.ParameterCount),
            Source = source,
            Files = files,
        };
    }

    // Only SAM-Med2D has adapters, and only it and its like were trained at 256 pixels.
    private static SamFamily FamilyOf(SamArchitecture architecture) => architecture.HasAdapters || architecture.ImageSize == 256 ? SamFamily.SamMed2D : SamFamily.Sam;

    private static string ToIdentifier(string name) =>
        string.Concat(name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' ? letter : '-'));

    private static string HashOf(IReadOnlyList<ModelFile> files, SamInterface sam)
    {
        string text = string.Join('\n', [.. files.Select(file => file.Sha256), $"{sam.ImageSize} {sam.Preprocessing.Resize} {sam.MaskPrompt}"]);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..8];
    }

    private static List<string> FindNotes(CheckpointFile checkpoint, SamArchitecture architecture, ImportOptions options, int imageSize)
    {
        List<string> notes = [];
        if (checkpoint.CodeReferences.Count > 0)
            notes.Add($"The checkpoint refers to code beside its tensors, none of which was run: {string.Join(", ", checkpoint.CodeReferences)}.");
        if (options.WithoutAdapters && !architecture.HasAdapters) notes.Add("The checkpoint has no adapters, so there were none to leave out.");
        if (imageSize != architecture.ImageSize)
            notes.Add($"The checkpoint was made for {architecture.ImageSize} pixels; its position tables were resized to {imageSize}.");
        return notes;
    }
}

/// <summary>What an import made.</summary>
/// <param name="Manifest">The model's description, as written.</param>
/// <param name="Architecture">The checkpoint's network.</param>
/// <param name="Notes">What the user should know: code that the checkpoint refers to, tables that were resized.</param>
public sealed record ImportResult(ModelManifest Manifest, SamArchitecture Architecture, IReadOnlyList<string> Notes);
