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
    /// <exception cref="ModelException">The file is damaged, or holds what ONNX Runtime cannot run.</exception>
    /// <exception cref="MissingComponentException">CUDA is asked for and absent, or ONNX Runtime's native library is missing.</exception>
    public static OnnxSession Open(string path, InferenceOptions options)
    {
        OnnxRuntimeInfo.Prepare();
        using SessionOptions settings = new()
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            IntraOpNumThreads = options.Threads > 0 ? options.Threads : ProcessorCores.CountPhysical(),
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        settings.AddSessionConfigEntry("session.intra_op.allow_spinning", options.AllowSpinning ? "1" : "0");
        string device = CudaProvider.Append(settings, options);
        try
        {
            return new(new InferenceSession(path, settings), path, device);
        }
        catch (OnnxRuntimeException failure)
        {
            throw new ModelException(path, $"does not load ({Reason(failure)}); import or download the model again", failure);
        }
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
