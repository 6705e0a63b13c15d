using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Errors;

namespace SamMed2D.Inference.Runtime;

/// <summary>
/// One loaded ONNX graph. Serves concurrent runs, each by an <see cref="OnnxRun"/> of its own.
/// External data beside the file is mapped into memory, not read.
/// </summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;
    private readonly string _path;

    private OnnxSession(InferenceSession session, string path, string device) => (_session, _path, Device) = (session, path, device);

    /// <summary>Where it runs: <c>cpu</c> or <c>cuda</c>.</summary>
    public string Device { get; }

    /// <summary>Names and shapes of the inputs; -1 for sizes that are free.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>Names and shapes of the outputs; -1 for sizes that are free.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>Loads a graph.</summary>
    /// <param name="path">The ONNX file.</param>
    /// <param name="options">How to run it.</param>
    /// <param name="fingerprint">Hash of the model that it belongs to, by which its optimised form is kept; null keeps none.</param>
    /// <exception cref="ModelException">The file is damaged, or holds what ONNX Runtime cannot run.</exception>
    /// <exception cref="MissingComponentException">CUDA is asked for and absent, or ONNX Runtime's native library is missing.</exception>
    public static OnnxSession Open(string path, InferenceOptions options, string? fingerprint = null)
    {
        OnnxRuntimeInfo.Prepare();
        using SessionOptions settings = SessionSettings.Create(options);
        string device = CudaProvider.Append(settings, options);
        try
        {
            bool isWorthKeeping = fingerprint is not null && options.GraphCacheFolder is not null && device == "cpu";
            return new(isWorthKeeping ? OpenThroughCache(path, options, settings, fingerprint!) : new InferenceSession(path, settings), path, device);
        }
        catch (OnnxRuntimeException failure)
        {
            throw new ModelException(path, $"does not load ({Reason(failure)}); import or download the model again", failure);
        }
    }

    private static InferenceSession OpenThroughCache(string path, InferenceOptions options, SessionOptions settings, string fingerprint)
    {
        GraphCache cache = new(options.GraphCacheFolder!, GraphCache.DefaultCapacityBytes, options.Notice);
        string key = GraphCache.KeyOf(fingerprint, Path.GetFileName(path));
        if (cache.Find(key, options.VerifyHashes) is { } optimised)
        {
            try
            {
                using SessionOptions asItIs = SessionSettings.Create(options, isOptimised: true);
                return new(optimised, asItIs);
            }
            catch (OnnxRuntimeException)
            {
                cache.Discard(key);
            }
        }
        return cache.Store(key, (graph, weights) =>
        {
            using SessionOptions saving = SessionSettings.Create(options);
            SessionSettings.SaveOptimised(saving, graph, weights);
            return new InferenceSession(path, saving);
        }) ?? new(path, settings);
    }

    /// <summary>A way to run the graph, for one thread at a time; the caller disposes it before the session.</summary>
    /// <param name="inputNames">The inputs that will be set.</param>
    /// <param name="outputNames">The outputs that are wanted.</param>
    public OnnxRun CreateRun(string[] inputNames, string[] outputNames) => new(_session, _path, Device == "cpu", inputNames, outputNames);

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    /// <summary>What ONNX Runtime says of a failure, in one line.</summary>
    public static string Reason(Exception failure) => failure.Message.ReplaceLineEndings(" ").Trim();
}
