using Microsoft.ML.OnnxRuntime;
using SamMed2D.Core.Errors;

namespace SamMed2D.Inference.Runtime;

/// <summary>
/// One loaded ONNX graph. Serves concurrent runs; cancelling acts inside a run, between two operators.
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

    /// <summary>Runs the graph into buffers that the caller owns.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, before or inside the run.</exception>
    /// <exception cref="ModelException">The graph does not take these inputs.</exception>
    public void Run(
        IReadOnlyList<string> inputNames, IReadOnlyList<OrtValue> inputs, IReadOnlyList<string> outputNames, IReadOnlyList<OrtValue> outputs,
        CancellationToken cancellation) =>
        Guard(cancellation, run =>
        {
            _session.Run(run, inputNames, inputs, outputNames, outputs);
            return true;
        });

    /// <summary>Runs the graph into buffers that ONNX Runtime allocates; the caller disposes the collection.</summary>
    /// <exception cref="OperationCanceledException">Cancelled, before or inside the run.</exception>
    /// <exception cref="ModelException">The graph does not take these inputs.</exception>
    public IDisposableReadOnlyCollection<OrtValue> Run(
        IReadOnlyList<string> inputNames, IReadOnlyList<OrtValue> inputs, IReadOnlyList<string> outputNames, CancellationToken cancellation) =>
        Guard(cancellation, run => _session.Run(run, inputNames, inputs, outputNames));

    /// <inheritdoc/>
    public void Dispose() => _session.Dispose();

    private T Guard<T>(CancellationToken cancellation, Func<RunOptions, T> work)
    {
        cancellation.ThrowIfCancellationRequested();
        using RunOptions run = new() { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        // Disposed before the options: its Dispose waits for a callback that is under way.
        using CancellationTokenRegistration registration = cancellation.Register(static state => ((RunOptions)state!).Terminate = true, run);
        try
        {
            return work(run);
        }
        catch (OnnxRuntimeException failure)
        {
            cancellation.ThrowIfCancellationRequested();
            throw new ModelException(_path, $"fails to run ({Reason(failure)}); check that it is a model of the kind that its folder says", failure);
        }
    }

    private static string Reason(Exception failure) => failure.Message.ReplaceLineEndings(" ").Trim();
}
